"use strict";
// The seven steps of a fault, and the walk of the page tables.

function Steps({ scene, step, go }) {
  const faults = scene.faults ?? [];
  const box = useRef(null);
  useEffect(() => box.current?.querySelector(".now")?.scrollIntoView({ block: "nearest" }), [step]);
  if (faults.length === 0) return html`<${NoFault} scene=${scene} />`;
  const all = faults.map(
    (fault, number) => html`<section class=${`fault ${isAt(step, number)}`} key=${number}>
      <h3>
        ${faults.length > 1 ? `Fault ${number + 1} of ${faults.length}: ` : ""}
        <span class=${`tag ${fault.class.split(" ")[0]}`}>${fault.class}</span>
      </h3>
      ${step > 0 && html`<p class="now-title" aria-hidden="true">
        ${stepOfFault(step)} ${stepTitle(fault, stepOfFault(step))}
      </p>`}
      <ol class=${`steps ${step > 0 ? "stepping" : ""}`}>
        ${fault.steps.map((lines, at) => {
          const flat = number * STEPS_OF_A_FAULT + at + 1;
          return html`<${Step}
            key=${flat}
            fault=${fault}
            number=${at + 1}
            lines=${lines}
            when=${step === 0 || flat < step ? "past" : flat === step ? "now" : "later"}
            go=${() => go(flat)}
          />`;
        })}
      </ol>
      ${fault.rule && html`<p class="rule"><b>Rule ${fault.rule}</b> ${fault.rule_says}</p>`}
    </section>`,
  );
  return html`<div ref=${box}>${all}</div>`;
}

/** Whether a step is one of a fault, so that a phone shows that fault alone. */
function isAt(step, number) {
  return step === 0 || faultOf(step) === number ? "" : "elsewhere";
}

function Step({ fault, number, lines, when, go }) {
  const title = stepTitle(fault, number);
  return html`<li class=${when} aria-current=${when === "now" ? "step" : undefined}>
    <button type="button" class="step" onClick=${go}>
      <span class="disc">${number}</span>
      <span class="title">${title}</span>
      <span class="who">${STEPS[number - 1].who}</span>
    </button>
    <dl>${lines.filter((line) => !line.startsWith("rule R")).map((line) => html`<${Told} line=${line} />`)}</dl>
  </li>`;
}

/** A line of a step: `permission? yes, …` has a question and an answer, and a call of a
 * service the line of code that made it. */
function Told({ line }) {
  const named = /^([\w ]+\?|verdict:|before:|after:)\s+(.*)$/.exec(line);
  if (named) return html`<div class="pair"><dt>${named[1]}</dt><dd>${named[2]}</dd></div>`;
  const [what, ...at] = line.split(/\s{2,}/);
  return html`<div>
    <dt class="unseen">told</dt>
    <dd>${what}${at.length > 0 && html` <code class="at">${at.join(" ")}</code>`}</dd>
  </div>`;
}

function NoFault({ scene }) {
  const { calls = [], note } = scene;
  return html`<section class="fault">
    <h3>No page fault</h3>
    ${note
      ? html`<p class="note">${note}</p>`
      : scene.outcome === "hit" &&
        html`<p>The TLB has the entry, or the walk of the page tables finds one that allows the
          access. The kernel does not run, and hears nothing of it.</p>`}
    ${calls.length > 0 && html`<h4>What the kernel did</h4>`}
    <${Calls} calls=${calls} />
  </section>`;
}

function Calls({ calls }) {
  if (calls.length === 0) return null;
  return html`<ol class="calls">
    ${calls.slice(0, 40).map(
      ({ what, at }) => html`<li>${what} <code class="at">${at.split("/").at(-1)}</code></li>`,
    )}
    ${calls.length > 40 && html`<li>and ${grouped(calls.length - 40)} more</li>`}
  </ol>`;
}

const LEVELS = [
  { name: "PGD", from: 39 },
  { name: "PUD", from: 30 },
  { name: "PMD", from: 21 },
  { name: "PTE", from: 12 },
];

/** The address, cut into the indices of the four levels, and what the walk met. */
function Walk({ address, fault, step, state, entry }) {
  const bits = (from, width) =>
    (BigInt.asUintN(64, BigInt(address)) >> BigInt(from)) & ((1n << BigInt(width)) - 1n);
  const binary = (from, width) => bits(from, width).toString(2).padStart(width, "0");
  const walk = fault?.walk ?? [];
  const now = stepOfFault(step) === 1;
  const about = { state, fault, entry };
  return html`<section class=${`walk ${now ? "now" : ""}`}>
    <h3>Walk of the page tables</h3>
    <table>
      <caption>${address}${walkInWords(fault)}</caption>
      <thead>
        <tr>
          <th scope="col">level</th>
          <th scope="col">bits of the address</th>
          <th scope="col">index</th>
          <th scope="col">entry</th>
        </tr>
      </thead>
      <tbody>
        ${LEVELS.map(({ name: level, from }, at) => {
          const met = walk[at];
          return html`<tr key=${level} class=${met ? "met" : "unmet"}>
            <th scope="row">${level}</th>
            <td><code>${binary(from, 9)}</code></td>
            <td>${bits(from, 9).toString()}</td>
            <td>${metInWords(about, met, level)}</td>
          </tr>`;
        })}
        <tr class="offset">
          <th scope="row">offset</th>
          <td><code>${binary(0, 12)}</code></td>
          <td>${bits(0, 12).toString()}</td>
          <td>byte in the page</td>
        </tr>
      </tbody>
    </table>
  </section>`;
}

function walkInWords(fault) {
  if (!fault) return ", as the MMU cuts it";
  return fault.walk.length === 0 ? ": no walk, a TLB entry refused" : ": TLB miss, so the MMU walks";
}

/** What the walk met at a level. Of an access without a fault only the last entry is
 * known: it is in the page table still. */
function metInWords({ state, fault, entry }, met, level) {
  if (!fault && level === "PTE" && entry) return entryInBits(state, entry);
  if (!met) return fault && fault.walk.length > 0 ? "not reached" : "–";
  const isSwapped = level === "PTE" && fault.before.startsWith("not present");
  if (met.bits === "") return isSwapped ? "P=0, notes a swap slot" : html`<b>empty</b>`;
  return entryInBits(state, { to: met, bits: met.bits });
}

function entryInBits(state, { to: { frame }, bits }) {
  const leads = frame === undefined ? "" : ` → ${frameName(state, frame)}`;
  return html`<code>${bits}</code>${leads}`;
}
