"use strict";
// Where everything is in the picture: virtual memory on the left, what holds it on the
// right. Small machines are shown in full; of large ones the neighbourhood of the current
// page, and the rest as runs and sums.

const ROW = 24;
const SPACE = 10;
const VMA_HEAD = 24;

/** A VMA of up to so many pages is shown page by page. */
const VMA_IN_FULL = 8;
/** Rows of virtual memory above which only what is near is shown in detail. */
const ROWS_MAX = 30;
/** Pages shown on either side of the current one. */
const NEIGHBOURS = 2;
/** Runs shown of one VMA. */
const RUNS_MAX = 9;
/** Changed pages shown by themselves. */
const CHANGED_MAX = 8;
/** Up to so many frames of a group are shown in full; of more, those pointed to and some. */
const FRAMES_MAX = 16;
const FRAMES_OF_MANY = 6;

/** What an event changed, row by row, ready to be asked for. */
class Changed {
  constructor(changes) {
    this.all = changes;
    this.rows = new Map(changes.map((change) => [keyOf(change.table, change.keys), change]));
  }

  /** `new`, `gone`, `changed`, or nothing. */
  mark(table, ...keys) {
    const change = this.rows.get(keyOf(table, keys));
    if (!change) return "";
    if (change.row === null || change.row === false) return "gone";
    return change.before === undefined ? "new" : "changed";
  }

  of(table) {
    return this.all.filter((change) => change.table === table);
  }
}

function keyOf(table, keys) {
  return `${table} ${keys.join(" ")}`;
}

/** What a page is to the one who uses it. */
function kindOf(state, entry) {
  if (!entry) return "empty";
  if (entry.to.slot !== undefined) return "swapped";
  if (!hasBit(entry, "P")) return "hidden";
  if (state.frames.get(entry.to.frame)?.usage === "zero") return "zero";
  return hasBit(entry, "W") ? "writable" : "read-only";
}

/** Places virtual memory and frames: boxes, and arrows between them. */
function layout(state, focus, changed) {
  const left = virtualMemory(state, focus, changed);
  const shown = left.items.filter((item) => item.kind === "page" && item.entry);
  const right = physicalMemory(state, shown, changed);
  const heights = new Map(right.items.map((item) => [item.key, item]));
  const arrows = shown.flatMap((item) => {
    const { frame, slot } = item.entry.to;
    const to = heights.get(slot === undefined ? `frame ${frame}` : `slot ${slot}`);
    return to ? [{ from: item, to, state: item.state }] : [];
  });
  return { left, right, arrows, height: Math.max(left.height, right.height) + SPACE };
}

function virtualMemory(state, focus, changed) {
  const full = placed(processes(state, focus, changed, () => true));
  const rows = full.items.filter((item) => item.kind !== "vma").length;
  if (rows <= ROWS_MAX) return full;
  return placed(processes(state, focus, changed, (pid, start, vma) =>
    isNear(pid, start, vma, focus, changed)));
}

function isNear(pid, start, vma, focus, changed) {
  const [first, end] = [start / PAGE_SIZE, vma.end / PAGE_SIZE];
  const inside = (page) => page >= first && page < end;
  if (focus && focus.pid === pid && inside(focus.page)) return true;
  if (changed.mark("vma", pid, start)) return true;
  const pages = changed.of("page").slice(0, CHANGED_MAX);
  return pages.some(({ keys }) => keys[0] === pid && inside(keys[1]));
}

/** The rows of all processes, from top to bottom. */
function processes(state, focus, changed, inDetail) {
  const byNumber = (a, b) => a[0] - b[0];
  return [...state.processes].sort(byNumber).flatMap(([pid, process]) => {
    const pages = Float64Array.from(process.pages.keys()).sort();
    const vmas = [...process.vmas].sort(byNumber);
    const about = { state, focus, changed, pid, process, pages };
    const rows = [{ kind: "process", pid, mark: changed.mark("process", pid) }];
    let far = [];
    for (const [start, vma] of vmas) {
      if (inDetail(pid, start, vma)) {
        rows.push(...farVmas(about, far), ...vmaInDetail(about, start, vma));
        far = [];
      } else far.push([start, vma]);
    }
    return [...rows, ...farVmas(about, far), ...strays(about, vmas)];
  });
}

/** Sorted pages from one on and before another. */
function between(pages, first, end) {
  const lower = (wanted) => {
    let [low, high] = [0, pages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pages[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return pages.subarray(lower(first), lower(end));
}

function resident({ process }, pages) {
  let sum = 0;
  for (const page of pages) if (process.pages.get(page).to.frame !== undefined) sum += 1;
  return sum;
}

/** VMAs that follow one another and of which nothing is to be seen now, as one row. */
function farVmas(about, vmas) {
  if (vmas.length === 0) return [];
  const sizes = vmas.map(([start, vma]) => (vma.end - start) / PAGE_SIZE);
  const size = sizes.reduce((sum, more) => sum + more, 0);
  const held = vmas
    .map(([start, vma]) => between(about.pages, start / PAGE_SIZE, vma.end / PAGE_SIZE))
    .reduce((sum, pages) => sum + resident(about, pages), 0);
  const [[start, vma]] = vmas;
  const what = vmas.length === 1 ? `${hex(start)} ${promise(vma)}` : count(vmas.length, "range");
  return [{ kind: "far", text: what, detail: `${grouped(held)} of ${count(size, "page")} in memory` }];
}

function vmaInDetail(about, start, vma) {
  const { changed, pid, focus } = about;
  const [first, end] = [start / PAGE_SIZE, vma.end / PAGE_SIZE];
  const current = focus && focus.pid === pid && focus.page >= first && focus.page < end;
  const rows = pagesOf(about, first, end);
  const mark = changed.mark("vma", pid, start);
  return [{ kind: "vma", pid, start, vma, rows: rows.length, current, mark }, ...rows];
}

/** The pages of a range: some by themselves, the others as runs. */
function pagesOf(about, first, end) {
  if (end - first <= VMA_IN_FULL) {
    return Array.from({ length: end - first }, (_, at) => pageRow(about, first + at));
  }
  const single = [...singled(about, first, end)].sort((a, b) => a - b);
  const rows = [];
  let next = first;
  for (const page of [...single, end]) {
    rows.push(...runs(about, next, page));
    if (page < end) rows.push(pageRow(about, page));
    next = page + 1;
  }
  return rows;
}

/** Pages that are worth a row: the current one with its neighbours, and changed ones. */
function singled({ focus, changed, pid }, first, end) {
  const pages = new Set();
  const add = (page) => page >= first && page < end && pages.add(page);
  if (focus && focus.pid === pid) {
    for (let by = -NEIGHBOURS; by <= NEIGHBOURS; by += 1) add(focus.page + by);
  }
  changed
    .of("page")
    .filter(({ keys }) => keys[0] === pid)
    .slice(0, CHANGED_MAX)
    .forEach(({ keys }) => add(keys[1]));
  return pages;
}

/** Runs of pages that are alike; too many of them become one row. */
function runs(about, first, end) {
  const { state, process, pages } = about;
  const all = [];
  let next = first;
  const add = (kind, from, to) => {
    const last = all.at(-1);
    if (last?.what === kind) last.end = to;
    else if (to > from) all.push({ kind: "run", what: kind, first: from, end: to });
  };
  const there = between(pages, first, end);
  for (const page of there) {
    add("empty", next, page);
    add(kindOf(state, process.pages.get(page)), page, page + 1);
    next = page + 1;
  }
  add("empty", next, end);
  if (all.length <= RUNS_MAX) return all;
  return [{ kind: "run", what: "mixed", first, end, resident: resident(about, there) }];
}

function pageRow({ state, process, changed, pid, focus }, page) {
  const entry = process.pages.get(page);
  return {
    kind: "page",
    pid,
    page,
    entry,
    state: kindOf(state, entry),
    mark: changed.mark("page", pid, page),
    current: focus?.pid === pid && focus.page === page,
  };
}

/** Entries that no VMA covers any more: a mistake of the kernel's. */
function strays(about, vmas) {
  const covered = (page) =>
    vmas.some(([start, { end }]) => page * PAGE_SIZE >= start && page * PAGE_SIZE < end);
  const pages = [...about.pages].slice(0, 10_000).filter((page) => !covered(page));
  if (pages.length === 0) return [];
  const rows = pages.slice(0, VMA_IN_FULL).map((page) => pageRow(about, page));
  return [{ kind: "far", text: "entries that no VMA covers", detail: count(pages.length, "page") }, ...rows];
}

/** Gives each row its place. */
function placed(rows) {
  let y = 0;
  let vma;
  for (const row of rows) {
    const isHead = row.kind === "process" || row.kind === "vma" || row.kind === "far";
    if (isHead && y > 0) y += row.kind === "process" ? SPACE : 6;
    row.y = y;
    row.height = row.kind === "far" ? 2 * ROW - 6 : row.kind === "vma" ? VMA_HEAD : ROW;
    y += row.height;
    if (row.kind === "vma") {
      vma = { row, left: row.rows };
    } else if (vma?.left > 0) {
      vma.left -= 1;
    }
    if (vma && vma.left === 0) {
      vma.row.bottom = y + 4;
      y += 4;
      vma = undefined;
    }
  }
  return { items: rows, height: y };
}

/** Frames by what they are used for, then swap: what is pointed at first of all. */
function physicalMemory(state, shownPages, changed) {
  const pointed = new Set(shownPages.map((item) => item.entry.to.frame));
  const gone = changed.of("frame").filter(({ row, before }) => row === null && before);
  const all = [
    ...[...state.frames].map(([number, frame]) => ({ number, frame })),
    ...gone.map(({ keys, before }) => ({ number: keys[0], frame: before })),
  ];
  const used = (...usages) => all.filter(({ frame }) => usages.includes(frame.usage));
  const isNear = ({ number }) => pointed.has(number) || changed.mark("frame", number) !== "";
  const rows = [
    ...frameGroup("frames", used("zero", "private", "free"), isNear, changed),
    ...frameGroup("page cache", used("cache"), isNear, changed),
    ...tableFrames(used("table"), changed),
    ...slotGroup(state, shownPages, changed),
  ];
  return placedRight(rows);
}

/** The order of first use, which does not change while one steps on. */
function byName(a, b) {
  const rank = ({ number, frame: { name } }) => {
    if (name === "zero") return -1;
    return name ? Number.parseInt(name.slice(1), 10) : 1e9 + number;
  };
  return rank(a) - rank(b);
}

function frameGroup(title, frames, isNear, changed) {
  if (frames.length === 0) return [];
  const near = frames.filter(isNear).sort(byName).slice(0, 2 * FRAMES_MAX);
  const most = frames.length <= FRAMES_MAX ? FRAMES_MAX : FRAMES_OF_MANY;
  const room = Math.max(0, most - near.length);
  const others = frames.filter((frame) => !isNear(frame)).sort(byName);
  const shown = [...near, ...others.slice(0, room)].sort(byName);
  const rows = shown.map(({ number, frame }) => ({
    kind: "frame",
    key: `frame ${number}`,
    number,
    frame,
    mark: changed.mark("frame", number),
  }));
  const more = frames.length - shown.length;
  const rest = more > 0 ? [{ kind: "more", text: `and ${grouped(more)} more` }] : [];
  return [{ kind: "group", text: title }, ...rows, ...rest];
}

function tableFrames(frames, changed) {
  const isNew = frames.some(({ number }) => changed.mark("frame", number) === "new");
  const there = frames.filter(({ number }) => changed.mark("frame", number) !== "gone").length;
  if (there === 0) return [];
  return [
    { kind: "group", text: "page tables" },
    { kind: "more", text: `in ${count(there, "frame")}`, mark: isNew ? "new" : "" },
  ];
}

function slotGroup(state, shownPages, changed) {
  const pointed = new Set(shownPages.map((item) => item.entry.to.slot));
  const gone = changed.of("slot").filter(({ row, before }) => row === null && before);
  const all = [
    ...[...state.slots].map(([number, slot]) => ({ number, slot })),
    ...gone.map(({ keys, before }) => ({ number: keys[0], slot: before })),
  ];
  if (all.length === 0) return [];
  const isNear = ({ number }) => pointed.has(number) || changed.mark("slot", number) !== "";
  const order = [...all.filter(isNear), ...all.filter((slot) => !isNear(slot))];
  const shown = order.slice(0, FRAMES_MAX).sort((a, b) => a.number - b.number);
  const rows = shown.map(({ number, slot }) => ({
    kind: "slot",
    key: `slot ${number}`,
    number,
    slot,
    mark: changed.mark("slot", number),
  }));
  const more = all.length - shown.length;
  const rest = more > 0 ? [{ kind: "more", text: `and ${grouped(more)} more` }] : [];
  return [{ kind: "group", text: "swap" }, ...rows, ...rest];
}

function placedRight(rows) {
  let y = 0;
  for (const row of rows) {
    if (row.kind === "group" && y > 0) y += SPACE;
    row.y = y;
    row.height = ROW;
    y += row.kind === "frame" || row.kind === "slot" ? ROW + 4 : ROW;
  }
  return { items: rows, height: y };
}
