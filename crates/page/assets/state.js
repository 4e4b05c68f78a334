"use strict";
// What a machine holds between two events: tables, and changes of single rows. The same as
// crates/film does, and it can be undone.

function numbered(object, value = (row) => row) {
  return new Map(Object.entries(object ?? {}).map(([key, row]) => [Number(key), value(row)]));
}

/** The state that a chunk begins with. */
function stateOf(json) {
  const process = ({ vmas, pages }) => ({ vmas: numbered(vmas), pages: numbered(pages) });
  return {
    processes: numbered(json.processes, process),
    frames: numbered(json.frames),
    slots: numbered(json.slots),
    tlbs: numbered(json.tlbs, (tlb) => numbered(tlb, (pages) => numbered(pages))),
    totals: new Map(Object.entries(json.totals ?? {})),
  };
}

/** A change as `{ table, keys, row }`. */
function changeOf(json) {
  const [[table, value]] = Object.entries(json);
  return { table, keys: value.slice(0, -1), row: value.at(-1) };
}

/** The table that a change writes to; it is made if there is none yet. */
function tableOf(state, { table, keys }) {
  const child = (map, key, make) => map.get(key) ?? map.set(key, make()).get(key);
  const process = () =>
    child(state.processes, keys[0], () => ({ vmas: new Map(), pages: new Map() }));
  switch (table) {
    case "process":
      return state.processes;
    case "vma":
      return process().vmas;
    case "page":
      return process().pages;
    case "frame":
      return state.frames;
    case "slot":
      return state.slots;
    case "tlb":
      return child(child(state.tlbs, keys[0], () => new Map()), keys[1], () => new Map());
    default:
      return state.totals;
  }
}

/** Applies a change and returns what undoes it. */
function apply(state, change) {
  const map = tableOf(state, change);
  const key = change.keys.at(-1);
  const before = map.get(key);
  const row = change.table === "process" ? processRow(change.row) : change.row;
  write(map, key, row);
  return { map, key, before };
}

/** A process begins with empty tables; one that is put back has its own. */
function processRow(alive) {
  return alive ? { vmas: new Map(), pages: new Map() } : null;
}

function undo({ map, key, before }) {
  write(map, key, before ?? null);
}

function write(map, key, row) {
  if (row === null) map.delete(key);
  else map.set(key, row);
}

/** Brings a state behind some scenes. */
function applyAll(state, scenes) {
  for (const { changes = [] } of scenes) {
    for (const change of changes) apply(state, changeOf(change));
  }
}

/** A state that can be moved to any event of a chunk, and into one. */
class Cursor {
  constructor(state, scenes) {
    this.state = state;
    this.scenes = scenes;
    this.passed = [];
    this.partial = [];
  }

  /** Shows the state before an event of the chunk, and of its changes those that `seen`
   * accepts. Returns these, each with the row that was there before. */
  show(event, seen) {
    this.leave();
    while (this.passed.length > event) this.back();
    while (this.passed.length < event) this.forth();
    const changes = (this.scenes[event]?.changes ?? []).map(changeOf).filter(seen);
    this.partial = changes.map((change) => apply(this.state, change));
    return changes.map((change, at) => ({ ...change, before: this.partial[at].before }));
  }

  leave() {
    this.partial.reverse().forEach(undo);
    this.partial = [];
  }

  forth() {
    const changes = this.scenes[this.passed.length]?.changes ?? [];
    this.passed.push(changes.map((change) => apply(this.state, changeOf(change))));
  }

  back() {
    this.passed.pop().reverse().forEach(undo);
  }
}
