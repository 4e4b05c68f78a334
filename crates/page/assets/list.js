"use strict";
// The list of events. Only rows that can be seen exist, so a million of them cost nothing.

const LIST_ROW = 34;
/** The tallest list: browsers cannot scroll further than some ten million pixels. */
const LIST_HEIGHT_MAX = 8_000_000;
const ROWS_AROUND = 4;

function EventList({ reader, place, go }) {
  const box = useRef(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const scale = useMemo(() => scaleOf(reader.events, view.height), [reader, view.height]);
  useSize(box, ({ height }) => setView((old) => ({ ...old, height })));
  useLayoutEffect(() => reveal(box.current, scale, place.event), [place.event, scale]);

  const first = Math.max(0, Math.floor(scale.rowAt(view.top)) - ROWS_AROUND);
  const number = Math.ceil(view.height / LIST_ROW) + 2 * ROWS_AROUND;
  const last = Math.min(reader.events, first + number);
  const scenes = useScenes(reader, first, last);
  const shift = scale.topOf(first, view.top);
  const rows = [];
  for (let at = first; at < last; at += 1) {
    rows.push(html`<${EventRow}
      key=${at}
      at=${at}
      top=${shift + (at - first) * LIST_ROW}
      scene=${scenes.get(at)}
      reader=${reader}
      current=${at === place.event}
      go=${go}
    />`);
  }
  return html`<section class="events" aria-labelledby="events-title">
    <h2 id="events-title">Events</h2>
    <div
      class="rows"
      ref=${box}
      role="listbox"
      tabindex="0"
      aria-labelledby="events-title"
      aria-activedescendant=${place.event >= first && place.event < last ? `event-${place.event}` : undefined}
      onScroll=${(happened) => setView({ top: happened.target.scrollTop, height: happened.target.clientHeight })}
    >
      <div class="all" role="presentation" style=${{ height: `${scale.height}px` }}>${rows}</div>
    </div>
  </section>`;
}

function EventRow({ at, top, scene, reader, current, go }) {
  const outcome = reader.outcome(at);
  const flags = reader.flags[at];
  const marks = [flags & VIOLATION && "kernel bug", flags & DIFFERS && "differs"].filter(Boolean);
  return html`<div
    class=${`row ${outcome.key} ${current ? "current" : ""}`}
    id=${`event-${at}`}
    role="option"
    aria-selected=${current}
    aria-posinset=${at + 1}
    aria-setsize=${reader.events}
    style=${{ top: `${top}px` }}
    onClick=${() => go({ event: at, step: 0 })}
  >
    <span class=${`badge ${outcome.key}`} aria-hidden="true">${outcome.mark}</span>
    <span class="line">${scene ? scene.line : ""}</span>
    <span class="text">${scene ? scene.text : "…"}</span>
    <span class="class">${reader.className(at)}${marks.map((mark) => html` <b class="flag">${mark}</b>`)}</span>
  </div>`;
}

/** How rows and pixels belong together. A list that is too tall is compressed: scrolling
 * then jumps over rows, and what is seen lies around the place that it comes to. */
function scaleOf(events, viewHeight) {
  const full = events * LIST_ROW;
  const height = Math.min(full, LIST_HEIGHT_MAX);
  const range = Math.max(1, height - viewHeight);
  const factor = full > height ? (full - viewHeight) / range : 1;
  return {
    height,
    rowAt: (top) => (top * factor) / LIST_ROW,
    topOf: (row, top) => top - (top * factor - row * LIST_ROW),
    scrollFor: (pixels) => pixels / factor,
    factor,
  };
}

/** Scrolls as little as needed to see a row. */
function reveal(box, scale, row) {
  if (!box) return;
  const top = row * LIST_ROW;
  const seenFrom = box.scrollTop * scale.factor;
  const seenTo = seenFrom + box.clientHeight - LIST_ROW;
  const margin = Math.min(3 * LIST_ROW, box.clientHeight / 4);
  if (top < seenFrom + LIST_ROW / 2) box.scrollTop = scale.scrollFor(Math.max(0, top - margin));
  else if (top > seenTo) box.scrollTop = scale.scrollFor(top - box.clientHeight + LIST_ROW + margin);
}

/** The scenes of some rows, as soon as their chunks are unpacked. */
function useScenes(reader, first, last) {
  const [scenes, setScenes] = useState(new Map());
  const key = `${first} ${last}`;
  useEffect(() => {
    let wanted = true;
    scenesOf(reader, first, last).then((found) => wanted && setScenes(found));
    return () => {
      wanted = false;
    };
  }, [key]);
  return scenes;
}

async function scenesOf(reader, first, last) {
  const found = new Map();
  for (let at = first; at < last; at += 1) {
    const chunk = await reader.chunkOf(at);
    found.set(at, longest(chunk.runs)[at - chunk.first]);
  }
  return found;
}

/** Tells the size of an element, now and when it changes. */
function useSize(ref, tell) {
  useLayoutEffect(() => {
    if (!ref.current) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => tell(contentRect));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
}
