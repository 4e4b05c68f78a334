"use strict";
// The page: where the reader is, what is shown of it, and how one moves.

const KEYS = [
  ["←  →", "previous and next step"],
  ["↑  ↓", "previous and next event"],
  ["n  N", "next and previous fault"],
  ["d  D", "next and previous signal, difference or kernel bug"],
  ["Home  End", "first and last event"],
  ["g", "go to a line of the trace"],
  ["/", "search; Enter finds the next one"],
  ["t", "dark, light, or as the system has it"],
  ["?", "this help"],
];

const MOVES = {
  ArrowRight: { step: 1 },
  ArrowLeft: { step: -1 },
  ArrowDown: { events: 1 },
  ArrowUp: { events: -1 },
  PageDown: { events: 10 },
  PageUp: { events: -10 },
  Home: { events: -Infinity },
  End: { events: Infinity },
  n: { fault: 1 },
  N: { fault: -1 },
  d: { grave: 1 },
  D: { grave: -1 },
};

const isFault = (flags) => (flags & FAULT) !== 0;
const isGrave = (flags) =>
  (flags & OUTCOME_MASK) >= FIRST_GRAVE || (flags & (VIOLATION | DIFFERS)) !== 0;

/** How long the hash lags behind, so that a held key does not write it a hundred times. */
const HASH_DELAY_MS = 250;

function App({ reader }) {
  const [shown, go, wanted] = usePlace(reader);
  const [theme, nextTheme] = useTheme();
  const [said, say] = useState("");
  const help = useRef(null);
  const move = (how) => moveFrom({ reader, go, say, here: wanted() }, how);
  useKeys(move, nextTheme, help);
  if (!shown) return null;
  const { place, chunk } = shown;
  const compared = reader.summary.runs.length > 1;
  const runs = reader.summary.runs.map((run, number) => html`<${RunView}
    key=${number}
    number=${number}
    run=${run}
    chunk=${chunk}
    place=${place}
    compared=${compared}
    go=${(step) => go({ event: place.event, step })}
  />`);
  return html`
    <header class="top">
      <h1><span class="kit">Faultline</span> ${reader.summary.title}</h1>
      <button type="button" onClick=${nextTheme} aria-label=${`theme: ${theme}; change`}>
        ${{ auto: "◐", dark: "●", light: "○" }[theme]} <span class="wide">${theme}</span>
      </button>
      <button type="button" aria-label="help" onClick=${() => help.current.showModal()}>? <span class="wide">help</span></button>
    </header>
    <main class=${compared ? "compared" : ""}>
      <${Timeline} reader=${reader} place=${place} go=${go} />
      <${Find} reader=${reader} place=${place} go=${go} say=${say} said=${said} />
      <${EventList} reader=${reader} place=${place} go=${go} />
      <${EventHead} chunk=${chunk} place=${place} reader=${reader} />
      ${runs}
      <${Charts} reader=${reader} place=${place} go=${go} theme=${theme} />
    </main>
    <${Buttons} move=${move} chunk=${chunk} place=${place} />
    <${Help} dialog=${help} />
    <p class="unseen" role="status" id="live">${said || placeInWords(chunk, place)}</p>
  `;
}

/** Where the reader is, together with the chunk of it: both change at once. */
function usePlace(reader) {
  const [shown, setShown] = useState(undefined);
  const wanted = useRef({ event: 0, step: 0 });
  // Whoever moves on before the chunk is there moves on from where they wanted to be.
  const go = async (target) => {
    const event = Math.min(reader.events - 1, Math.max(0, target.event));
    const here = { event, step: target.step };
    wanted.current = here;
    const chunk = await reader.chunkOf(event);
    if (wanted.current !== here) return;
    here.step = Math.min(here.step, lastStep(chunk, event));
    setShown({ place: { ...here }, chunk });
  };
  useEffect(() => {
    const follow = () => startingPlace(reader).then(go);
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  useHash(shown);
  return [shown, go, () => wanted.current];
}

/** Where the hash says, or where the runs first differ, or at the first fault. */
async function startingPlace(reader) {
  const linked = placeOfHash(location.hash);
  if (linked) return { event: await reader.eventOfLine(linked.line), step: linked.step };
  const differs = reader.summary.first_difference;
  return { event: differs ?? reader.find(-1, 1, isFault) ?? 0, step: 0 };
}

function useHash(shown) {
  useEffect(() => {
    if (!shown) return undefined;
    const { place, chunk } = shown;
    const hash = hashOf(sceneAt(chunk, place.event)?.line ?? 0, place.step);
    const later = setTimeout(() => history.replaceState(null, "", hash), HASH_DELAY_MS);
    return () => clearTimeout(later);
  }, [shown]);
}

function sceneAt(chunk, event) {
  return longest(chunk.runs)[event - chunk.first];
}

/** The last step of an event, in the run that has most faults there. */
function lastStep(chunk, event) {
  const faults = chunk.runs.map((run) => run.scenes[event - chunk.first]?.faults?.length ?? 0);
  return STEPS_OF_A_FAULT * Math.max(...faults);
}

/** Moves by a step, by events, or to what comes next. */
async function moveFrom({ reader, go, say, here }, { step, events, fault, grave }) {
  say("");
  if (events) return go({ event: here.event + events, step: 0 });
  if (step) return go(await stepped(reader, here, step));
  const test = fault ? isFault : isGrave;
  const found = reader.find(here.event, fault ?? grave, test);
  if (found === undefined) return say(fault ? "No further fault." : "No further signal, difference or kernel bug.");
  return go({ event: found, step: 0 });
}

/** The next step, or the one before: behind the last one comes the next event. */
async function stepped(reader, { event, step }, by) {
  const chunk = await reader.chunkOf(event);
  if (by > 0 && step < lastStep(chunk, event)) return { event, step: step + 1 };
  if (by > 0) return { event: event + 1, step: event + 1 < reader.events ? 0 : step };
  if (step > 0) return { event, step: step - 1 };
  return { event: event - 1, step: event > 0 ? Infinity : 0 };
}

function useTheme() {
  const [theme, setTheme] = useState("auto");
  useLayoutEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = () => setTheme((now) => ({ auto: "dark", dark: "light", light: "auto" })[now]);
  return [theme, next];
}

function useKeys(move, nextTheme, help) {
  const latest = useRef(null);
  latest.current = { move, nextTheme };
  useEffect(() => {
    const pressed = (key) => {
      if (key.ctrlKey || key.metaKey || key.altKey) return;
      if (key.target.closest("input, dialog[open]")) return;
      const others = {
        t: latest.current.nextTheme,
        g: () => document.getElementById("line").focus(),
        "/": () => document.getElementById("search").focus(),
        "?": () => help.current.showModal(),
      };
      const wanted = MOVES[key.key];
      const act = wanted ? () => latest.current.move(wanted) : others[key.key];
      if (!act) return;
      key.preventDefault();
      act();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** Goes to a line, and searches. */
function Find({ reader, place, go, say, said }) {
  const latest = useRef(0);
  const jump = async (form) => {
    form.preventDefault();
    const line = Number.parseInt(form.target.elements.line.value, 10);
    if (Number.isNaN(line)) return say("Which line? Type its number.");
    say("");
    form.target.elements.line.blur();
    return go({ event: await reader.eventOfLine(line), step: 0 });
  };
  const search = async (form) => {
    form.preventDefault();
    const words = form.target.elements.search.value.trim();
    if (!words) return;
    latest.current += 1;
    const turn = latest.current;
    say("Searching …");
    const found = await reader.search(words, place.event, 1, () => latest.current === turn);
    if (latest.current !== turn) return;
    say(found === undefined ? `No other event has “${words}”.` : "");
    if (found !== undefined) go({ event: found, step: 0 });
  };
  const leave = (key) => key.key === "Escape" && key.target.blur();
  return html`<div class="find" role="search">
    <form onSubmit=${search}>
      <label for="search">Search</label>
      <input id="search" name="search" type="search" placeholder="fork, 0x1000, copy-on-write" onKeyDown=${leave} />
    </form>
    <form onSubmit=${jump}>
      <label for="line">Line</label>
      <input id="line" name="line" inputmode="numeric" autocomplete="off" onKeyDown=${leave} />
    </form>
    ${said && html`<p class="said">${said}</p>`}
  </div>`;
}

/** The event that is shown, as the trace has it and what came of it. */
function EventHead({ chunk, place, reader }) {
  const scene = sceneAt(chunk, place.event);
  const differences = chunk.differences[place.event] ?? [];
  return html`<section class="head" aria-labelledby="event-title">
    <h2 id="event-title">
      <span class="line">line ${scene.line}</span> <code>${scene.text}</code>
    </h2>
    <p class="came">
      ${scene.class && html`<span class=${`tag ${scene.outcome}`}>
        <span class=${`badge ${scene.outcome}`} aria-hidden="true">${outcomeOf(scene).mark}</span> ${scene.class}</span>`}
      ${scene.value !== undefined && html` <span>reads <b>${scene.value}</b></span>`}
      ${scene.end && html` <span class="end">${scene.end}</span>`}
      <span class="of">event ${grouped(place.event + 1)} of ${grouped(reader.events)}, CPU ${scene.cpu}</span>
    </p>
    ${differences.length > 0 && html`<${Differences} differences=${differences} first=${place.event === reader.summary.first_difference} />`}
  </section>`;
}

function Differences({ differences, first }) {
  return html`<div class="differences">
    <table>
      <caption>${first ? "The first difference" : "The runs differ here"}</caption>
      <thead>
        <tr><th scope="col">fact</th><th scope="col">your run</th><th scope="col">expected</th></tr>
      </thead>
      <tbody>
        ${differences.map(({ what, yours, expected }) => html`<tr>
          <th scope="row">${what}</th>
          <td class="yours">${yours}</td>
          <td class="expected">${expected}</td>
        </tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** One run at a place: the picture, the steps, and what belongs to them. */
function RunView({ number, run, chunk, place, compared, go }) {
  const box = useRef(null);
  const [width, setWidth] = useState(0);
  useSize(box, (size) => setWidth(Math.floor(size.width)));
  const cursor = chunk.runs[number];
  const at = place.event - chunk.first;
  const scene = cursor.scenes[at];
  const title = compared ? html`<h2 class="whose">${run.name}</h2>` : null;
  const hasEnded = scene === undefined;
  const changed = new Changed(cursor.show(Math.min(at, cursor.scenes.length), seenAt(scene, place.step)));
  const { state } = cursor;
  const focus = hasEnded ? undefined : focusOf(scene, place.step);
  const fault = scene?.faults?.[faultOf(place.step)];
  const address = fault?.addr ?? scene?.addr;
  const isLast = place.event >= run.events - 1;
  const name = compared ? `, ${run.name}` : "";
  return html`<article class=${`run run-${number}`} data-step=${stepOfFault(place.step)}>
    ${title}
    ${isLast && html`<${Ending} run=${run} />`}
    ${scene?.violations && html`<${Violations} all=${scene.violations} />`}
    <div class="column">
      <section class="view" aria-label=${`Memory${name}`}>
        <h3>${viewTitle(scene, place.step)}</h3>
        <div ref=${box} class="canvas">
          ${width > 0 && html`<${Picture}
            state=${state}
            focus=${focus}
            changed=${changed}
            width=${width}
            id=${`run${number}`}
            label=${pictureInWords(state, focus)}
          />`}
        </div>
        <${PictureTables} state=${state} />
      </section>
      ${address && html`<${Walk} address=${address} fault=${fault} step=${place.step} state=${state} entry=${entryOf(state, focus)} />`}
      <${Tlbs} state=${state} changed=${changed} cpus=${run.cpus} />
    </div>
    <div class="column">
      <section class="told" aria-label=${`The seven steps${name}`}>
        ${scene && html`<${Steps} scene=${scene} step=${place.step} go=${go} />`}
      </section>
      <${Changes} state=${state} changed=${changed} step=${place.step} />
      <${Counters} state=${state} changed=${changed} />
    </div>
  </article>`;
}

function viewTitle(scene, step) {
  if (!scene) return "Memory at the end";
  if (step === 0) return "Memory after this event";
  const isRepaired = stepOfFault(step) >= 6;
  return isRepaired ? "Memory after the repair" : "Memory before the repair";
}

/** The page that an event is about. */
function focusOf(scene, step) {
  const fault = scene.faults?.[faultOf(step)];
  if (fault) return { pid: fault.pid, page: fault.page };
  if (!scene.addr || scene.pid === undefined) return undefined;
  return { pid: scene.pid, page: pageOf(scene.addr) };
}

function entryOf(state, focus) {
  return focus && state.processes.get(focus.pid)?.pages.get(focus.page);
}

function pictureInWords(state, focus) {
  const pages = [...state.processes].map(
    ([pid, process]) => `process ${pid} has ${count(process.vmas.size, "VMA")} and ${count(process.pages.size, "page")}`,
  );
  const entry = entryOf(state, focus);
  const current = focus ? ` The current page, ${pageAddress(focus.page)} of process ${focus.pid}: ${entryInWords(state, entry)}.` : "";
  return `Picture of memory: ${pages.join("; ")}; ${count(state.frames.size, "frame")} in use.${current} The tables below have the same facts.`;
}

/** How a run ended, at its last event. */
function Ending({ run }) {
  const { stopped, violations } = run;
  if (!stopped && violations.length === 0) return null;
  return html`<div class="alert">
    ${stopped && html`<p><b>The run stops here.</b> ${stopped}</p>`}
    ${violations.length > 0 && html`<p><b>At the end of the trace:</b></p><${Violations} all=${violations} />`}
  </div>`;
}

function Violations({ all }) {
  return html`<ul class="violations">
    ${all.map(({ what, at }) => html`<li><b>kernel bug</b> ${what} ${at && html`<code class="at">${at}</code>`}</li>`)}
  </ul>`;
}

function Buttons({ move, chunk, place }) {
  const last = lastStep(chunk, place.event);
  const step = stepOfFault(place.step);
  const button = (how, text, words) =>
    html`<button type="button" onClick=${() => move(how)} aria-label=${words} title=${words}>${text}</button>`;
  return html`<nav class="buttons" aria-label="Step through the film">
    ${button({ fault: -1 }, "⇤ fault", "previous fault")}
    ${button({ events: -1 }, "↑ event", "previous event")}
    ${button({ step: -1 }, "← step", "previous step")}
    <span class="where" aria-hidden="true">${last === 0 ? "no fault" : step === 0 ? "at a glance" : `step ${step} of 7`}</span>
    ${button({ step: 1 }, "step →", "next step")}
    ${button({ events: 1 }, "event ↓", "next event")}
    ${button({ fault: 1 }, "fault ⇥", "next fault")}
    ${button({ grave: 1 }, "signal !", "next signal, difference or kernel bug")}
  </nav>`;
}

function Help({ dialog }) {
  return html`<dialog ref=${dialog} aria-labelledby="help-title">
    <h2 id="help-title">How to read and to move</h2>
    <table class="keys">
      <caption class="unseen">Keys</caption>
      <tbody>
        ${KEYS.map(([keys, words]) => html`<tr>
          <th scope="row">${keys.split("  ").map((key) => html`<kbd>${key}</kbd> `)}</th>
          <td>${words}</td>
        </tr>`)}
      </tbody>
    </table>
    <h3>The picture</h3>
    <p>On the left what each process was promised (VMAs, with their pages), on the right what
      holds it: frames, and swap slots. A solid arrow may be written through, a dashed one with
      a lock may only be read, a dotted one leads to swap. Two arrows into one frame are two
      owners: <b>2×</b> counts them, and a private frame with several owners has a double edge.
      What the event changed has a thick edge and says <b>new</b>, <b>changed</b> or
      <b>gone</b>.</p>
    <h3>Steps</h3>
    <p>An event is first shown at a glance, as it was afterwards. Stepping into it shows memory
      as it was before, until step 6 updates the page table.</p>
    <form method="dialog"><button>Close</button></form>
  </dialog>`;
}

/** What the live region speaks. */
function placeInWords(chunk, { event, step }) {
  const scene = sceneAt(chunk, event);
  if (!scene) return "";
  const head = `Line ${scene.line}: ${scene.text}. ${scene.class || outcomeOf(scene).word}.`;
  const fault = scene.faults?.[faultOf(step)];
  if (step === 0 || !fault) return head;
  const number = stepOfFault(step);
  return `Step ${number} of 7, ${stepTitle(fault, number)}: ${fault.steps[number - 1].join("; ")}`;
}

Reader.open().then(
  (reader) => {
    document.getElementById("app").textContent = "";
    if (reader.events > 0) render(html`<${App} reader=${reader} />`, document.getElementById("app"));
    else document.getElementById("app").textContent = "The trace has no events.";
  },
  (problem) => {
    document.getElementById("app").textContent = `This page cannot be shown: ${problem.message}`;
  },
);
