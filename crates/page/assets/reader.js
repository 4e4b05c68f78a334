"use strict";
// The film in the page: what is known of all events, and chunks that are unpacked when they
// are looked at.

/** Unpacked chunks that are kept. */
const CHUNKS_KEPT = 6;

class Reader {
  constructor(summary, flags, classes) {
    this.summary = summary;
    this.flags = flags;
    this.classes = classes;
    this.kept = new Map();
  }

  static async open() {
    const summary = JSON.parse(document.getElementById("summary").textContent);
    const bytes = async (id) => new Uint8Array(await unpacked(id).arrayBuffer());
    const [flags, classes] = await Promise.all([bytes("flags"), bytes("classes")]);
    return new Reader(summary, flags, classes);
  }

  get events() {
    return this.summary.events;
  }

  className(event) {
    return this.summary.classes[this.classes[event]]?.name ?? "";
  }

  outcome(event) {
    return OUTCOMES[this.flags[event] & OUTCOME_MASK];
  }

  /** The chunk of an event, unpacked: a promise. The ones used last are kept. */
  chunkOf(event) {
    const number = Math.floor(event / this.summary.chunk);
    const chunk = this.kept.get(number) ?? this.unpack(number);
    this.kept.delete(number);
    this.kept.set(number, chunk);
    if (this.kept.size > CHUNKS_KEPT) this.kept.delete(this.kept.keys().next().value);
    return chunk;
  }

  /** Unpacks a chunk. Not every chunk has the state before it: the last one that has is
   * read first, and what happened since is applied. */
  async unpack(number) {
    const base = this.summary.keyframes.findLast((keyframe) => keyframe <= number);
    let { runs, differences } = await parsed(base);
    const states = runs.map((run) => stateOf(run.state));
    for (let next = base + 1; next <= number; next += 1) {
      runs.forEach(({ scenes }, run) => applyAll(states[run], scenes));
      ({ runs, differences } = await parsed(next));
    }
    const cursors = runs.map(({ scenes }, run) => new Cursor(states[run], scenes));
    return { first: number * this.summary.chunk, differences, runs: cursors };
  }

  /** The next event from one on whose flags pass a test; none: `undefined`. */
  find(from, step, test) {
    for (let event = from + step; event >= 0 && event < this.events; event += step) {
      if (test(this.flags[event])) return event;
    }
    return undefined;
  }

  /** The event of a line, or the next one after it. */
  async eventOfLine(line) {
    const { lines, chunk } = this.summary;
    const number = Math.max(0, lines.findLastIndex((first) => first <= line));
    const { first, runs } = await this.chunkOf(number * chunk);
    const scenes = longest(runs);
    const within = scenes.findIndex((scene) => scene.line >= line);
    return Math.min(first + (within < 0 ? scenes.length : within), this.events - 1);
  }

  /** The next event after one whose text or class has these words, round the end. Chunks
   * without them are not parsed. */
  async search(words, from, step, stillWanted) {
    const wanted = words.toLowerCase();
    const { chunk, lines } = this.summary;
    const start = Math.floor(from / chunk);
    for (let turn = 0; turn <= lines.length; turn += 1) {
      if (!stillWanted()) return undefined;
      const number = (((start + turn * step) % lines.length) + lines.length) % lines.length;
      // The chunk that one starts in comes twice: first behind that event, last before it.
      const within = (event) =>
        number !== start || (turn === 0 ? (event - from) * step > 0 : (event - from) * step < 0);
      const found = await this.searchChunk(number, wanted, within, step);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async searchChunk(number, wanted, within, step) {
    if (!this.kept.has(number)) {
      const text = await unpacked(`chunk-${number}`).text();
      if (!text.toLowerCase().includes(JSON.stringify(wanted).slice(1, -1))) return undefined;
    }
    const { first, runs } = await this.chunkOf(number * this.summary.chunk);
    const events = longest(runs).map((scene, at) => ({ scene, event: first + at }));
    const matches = events.filter(
      ({ scene, event }) =>
        within(event) && `${scene.line} ${scene.text} ${scene.class}`.toLowerCase().includes(wanted),
    );
    return (step > 0 ? matches[0] : matches.at(-1))?.event;
  }
}

/** The scenes of the run that goes on longest. */
function longest(runs) {
  return runs.reduce((most, run) => (run.scenes.length > most.length ? run.scenes : most), []);
}

async function parsed(number) {
  return JSON.parse(await unpacked(`chunk-${number}`).text());
}

/** Unpacks an element of data: base64, then deflate. */
function unpacked(id) {
  const text = document.getElementById(id).textContent;
  const bytes = Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream);
}
