"use strict";
// What the picture shows, as words and tables: TLBs, counters, changes, and everything in
// it for people who cannot see it.

/** Rows of a table that are shown; more is of no use to anybody. */
const TABLE_ROWS_MAX = 200;
const CHANGES_MAX = 24;

function Table({ caption, columns, rows, empty = "nothing" }) {
  if (rows.length === 0) return html`<p class="muted">${caption}: ${empty}.</p>`;
  const more = rows.length - TABLE_ROWS_MAX;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${caption}>
    <table>
      <caption>${caption}${more > 0 ? `, the first ${TABLE_ROWS_MAX} of ${grouped(rows.length)}` : ""}</caption>
      <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>
        ${rows.slice(0, TABLE_ROWS_MAX).map(
          ([first, ...cells]) => html`<tr>
            <th scope="row">${first}</th>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The text alternative of the picture. */
function PictureTables({ state }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details class="tables" onToggle=${({ target }) => setOpen(target.open)}>
    <summary>The picture as tables</summary>
    ${isOpen && html`<${AllTables} state=${state} />`}
  </details>`;
}

function AllTables({ state }) {
  return html`
    ${sorted(state.processes).map(([pid, { vmas, pages }]) => html`
      <${Table}
        caption=${`VMAs of process ${pid}`}
        columns=${["from", "to", "promise"]}
        rows=${sorted(vmas).map(([start, vma]) => [hex(start), hex(vma.end), promise(vma)])}
      />
      <${Table}
        caption=${`Pages of process ${pid}`}
        columns=${["page", "entry"]}
        rows=${sorted(pages).map(([page, entry]) => [pageAddress(page), entryInWords(state, entry)])}
      />`)}
    <${Table}
      caption="Frames in use"
      columns=${["frame", "number", "used for", "references"]}
      rows=${[...state.frames]
        .map(([number, frame]) => ({ number, frame }))
        .sort(byName)
        .map(({ number, frame }) => [frameName(state, number), number, usageInWords(frame), frame.refs])}
    />
    <${Table}
      caption="Swap slots in use"
      columns=${["slot", "references"]}
      rows=${sorted(state.slots).map(([number, slot]) => [number, slot.refs])}
    />`;
}

function sorted(map) {
  return [...map].sort(([a], [b]) => a - b);
}

function usageInWords(frame) {
  const words = {
    zero: "the shared zero page",
    private: "private memory",
    cache: "page cache",
    table: "a page table",
    free: "nothing: it is free",
  };
  const parts = [words[frame.usage] ?? frame.usage];
  if (frame.caches) parts.push(frame.caches);
  if (frame.dirty) parts.push("dirty");
  if (frame.slot !== undefined) parts.push(`also in swap slot ${frame.slot}`);
  return parts.join(", ");
}

/** What each CPU remembers. */
function Tlbs({ state, changed, cpus }) {
  const all = Array.from({ length: cpus }, (_, cpu) => [cpu, state.tlbs.get(cpu) ?? new Map()]);
  return html`<section class="tlbs">
    <h3>${cpus === 1 ? "TLB" : "TLBs"}</h3>
    <div class="cpus">
      ${all.map(([cpu, tlb]) => html`<${Tlb} cpu=${cpu} tlb=${tlb} state=${state} changed=${changed} />`)}
    </div>
  </section>`;
}

/** Entries of a TLB that are shown. */
const TLB_ROWS_MAX = 12;

function Tlb({ cpu, tlb, state, changed }) {
  const about = changed.of("tlb").filter(({ keys }) => keys[0] === cpu);
  const rows = about.slice(0, TLB_ROWS_MAX).map(({ keys, row, before }) => ({
    pid: keys[1],
    page: keys[2],
    entry: row ?? before,
    mark: changed.mark("tlb", ...keys),
  }));
  // What changed comes first; of a full TLB, only some of the rest.
  const size = [...tlb.values()].reduce((sum, pages) => sum + pages.size, 0);
  for (const [pid, pages] of tlb) {
    for (const [page, entry] of pages) {
      if (rows.length >= TLB_ROWS_MAX) break;
      if (!changed.mark("tlb", cpu, pid, page)) rows.push({ pid, page, entry, mark: "" });
    }
  }
  const shown = rows.filter((row) => row.entry).sort((a, b) => a.pid - b.pid || a.page - b.page);
  const more = size - shown.filter((row) => row.mark !== "gone").length;
  return html`<table class="tlb">
    <caption>CPU ${cpu}: ${entriesInWords(size)}${more > 0 ? ", some of them" : ""}</caption>
    <thead class=${shown.length === 0 ? "unseen" : ""}>
      <tr><th scope="col">page</th><th scope="col">leads to</th><th scope="col">bits</th></tr>
    </thead>
    <tbody>
      ${shown.map(({ pid, page, entry, mark }) => html`<tr class=${mark}>
        <th scope="row"><span class="pid">${pid}:</span>${pageAddress(page)}</th>
        <td>${frameName(state, entry.to.frame)}</td>
        <td><code>${entry.bits}</code>${mark && html` <b>${mark === "gone" ? "flushed" : mark}</b>`}</td>
      </tr>`)}
    </tbody>
  </table>`;
}

function entriesInWords(size) {
  if (size === 0) return "remembers nothing";
  return size === 1 ? "1 entry" : `${grouped(size)} entries`;
}

const COUNTERS = [
  ["minor", "minor faults"],
  ["major", "major faults"],
  ["signals", "signals"],
  ["zeroed", "frames zeroed"],
  ["copied", "pages copied"],
  ["disk-reads", "disk reads"],
  ["disk-writes", "disk writes"],
  ["local-flushes", "flushes here"],
  ["remote-flushes", "flushes elsewhere"],
];

function Counters({ state, changed }) {
  const before = new Map(changed.of("total").map(({ keys, before: was }) => [keys[0], was ?? 0]));
  return html`<section class="counters">
    <h3>Counters</h3>
    <dl>
      ${COUNTERS.map(([key, words]) => {
        const now = state.totals.get(key) ?? 0;
        const more = before.has(key) ? now - before.get(key) : 0;
        return html`<div key=${key} class=${more > 0 ? "changed" : ""}>
          <dt>${words}</dt>
          <dd>${grouped(now)}${more > 0 && html` <b>+${more}</b>`}</dd>
        </div>`;
      })}
    </dl>
  </section>`;
}

/** What the event changed, row by row, in words. */
function Changes({ state, changed, step }) {
  const told = changed.all.flatMap((change) => changeInWords(state, change) ?? []);
  return html`<section class="changes">
    <h3>What it changed</h3>
    ${told.length === 0 && html`<p class="muted">${step > 0 ? "Nothing, up to this step." : "Nothing."}</p>`}
    <ul>
      ${told.slice(0, CHANGES_MAX).map((text) => html`<li>${text}</li>`)}
      ${told.length > CHANGES_MAX && html`<li>and ${grouped(told.length - CHANGES_MAX)} more</li>`}
    </ul>
  </section>`;
}

function changeInWords(state, { table, keys, row, before }) {
  switch (table) {
    case "process":
      return `process ${keys[0]} ${row ? "begins" : "ends"}`;
    case "vma": {
      const promised = row ? promise(row) : "given up";
      return `process ${keys[0]}: VMA ${hex(keys[1])}: ${promised}`;
    }
    case "page":
      return `process ${keys[0]}, page ${pageAddress(keys[1])}: ${entryInWords(state, row)}`;
    case "frame":
      return frameInWords(state, keys[0], row, before);
    case "slot":
      return row
        ? `swap slot ${keys[0]}: ${count(row.refs, "reference")}`
        : `swap slot ${keys[0]} is free`;
    default:
      // TLBs and counters show their changes themselves.
      return undefined;
  }
}

function frameInWords(state, number, row, before) {
  if (!row) return `${before?.name ?? `frame ${number}`} is free`;
  const said = `${frameName(state, number)}: ${usageInWords(row)}, ${count(row.refs, "reference")}`;
  return before && before.refs !== row.refs ? `${said} (before: ${before.refs})` : said;
}
