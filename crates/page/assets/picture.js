"use strict";
// The picture: pages on the left, frames and swap slots on the right, arrows between them.

/** Marks of what the event did, in words as well as in shape. */
const MARKS = { new: "new", changed: "changed", gone: "gone" };

function Picture({ state, focus, changed, width, label, id }) {
  const placed = layout(state, focus, changed);
  const columns = columnsOf(width);
  const about = { state, columns, changed, id };
  return html`<svg
    class="picture"
    role="img"
    aria-label=${label}
    width=${width}
    height=${placed.height}
    viewBox=${`0 0 ${width} ${placed.height}`}
  >
    <defs>
      ${["writable", "read-only", "zero", "swapped", "hidden"].map(
        (kind) => html`<marker
          key=${kind}
          id=${`${id}-${kind}`}
          class=${kind}
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0.5,1 L9,5 L0.5,9 Z" />
        </marker>`,
      )}
    </defs>
    ${placed.left.items.map((item) => html`<${LeftItem} item=${item} ...${about} />`)}
    ${placed.right.items.map((item) => html`<${RightItem} item=${item} ...${about} />`)}
    ${placed.arrows.map((arrow) => html`<${Arrow} arrow=${arrow} ...${about} />`)}
  </svg>`;
}

function columnsOf(width) {
  const right = Math.min(230, Math.round(width * 0.33));
  const left = Math.min(330, Math.round(width * 0.52));
  return { left, right, rightAt: width - right, wide: left > 220, roomy: right > 150 };
}

function LeftItem({ item, state, columns }) {
  switch (item.kind) {
    case "process":
      return html`<text class="process" x="0" y=${item.y + 17}>process ${item.pid}</text>
        <${Mark} mark=${item.mark} x=${columns.left} y=${item.y} />`;
    case "vma":
      return html`<${VmaBox} item=${item} columns=${columns} />`;
    case "far":
      return html`<g class="far">
        <rect x="0" y=${item.y} width=${columns.left} height=${item.height - 2} rx="6" />
        <text x="10" y=${item.y + 17}>${clipped(item.text, columns.left - 20)}</text>
        <text x="10" y=${item.y + 34} class="muted">${item.detail}</text>
      </g>`;
    case "run":
      return html`<text class="run" x="16" y=${item.y + 16}>${runInWords(item, columns)}</text>`;
    default:
      return html`<${PageBox} item=${item} state=${state} columns=${columns} />`;
  }
}

function VmaBox({ item, columns }) {
  const { vma, start } = item;
  const text = columns.wide ? `${hex(start)}  ${promise(vma)}` : promise(vma);
  return html`<g class=${`vma ${item.current ? "current" : ""} ${item.mark}`}>
    <rect x="0.5" y=${item.y} width=${columns.left - 1} height=${(item.bottom ?? item.y) - item.y} rx="7" />
    <text x="10" y=${item.y + 16}>${clipped(text, columns.left - (item.mark ? 80 : 20))}</text>
    <${Mark} mark=${item.mark} x=${columns.left - 8} y=${item.y} />
  </g>`;
}

function PageBox({ item, columns }) {
  const right = columns.left - 8;
  const { state, mark } = item;
  return html`<g class=${`page ${state} ${mark} ${item.current ? "current" : ""}`}>
    <rect x="8" y=${item.y + 1} width=${right - 8} height=${ROW - 2} rx="4" />
    ${item.current && html`<path class="caret" d=${`M1,${item.y + 5} l8,7 l-8,7 Z`} />`}
    <text class="address" x="16" y=${item.y + 16}>${pageAddress(item.page)}</text>
    ${state === "read-only" || state === "zero"
      ? html`<${Lock} x=${right - 16} y=${item.y + 5} />`
      : null}
    <text class="state" x=${right - (state === "read-only" || state === "zero" ? 22 : 8)} y=${item.y + 16}>
      ${pageState(item, columns)}
    </text>
  </g>`;
}

function pageState({ state, mark, entry }, { wide }) {
  const short = { writable: "rw", "read-only": "ro", zero: "ro", swapped: "swap", hidden: "none", empty: "–" };
  if (!wide) return short[state];
  const words = { zero: "read-only", swapped: "in swap", hidden: "PROT_NONE", empty: "not touched" };
  const word = words[state] ?? state;
  const dirty = entry && hasBit(entry, "D") ? ", dirty" : "";
  if (mark === "gone") return "gone";
  return mark ? `${MARKS[mark]} · ${word}` : `${word}${dirty}`;
}

/** Read-only: the shape says it where colour cannot. */
function Lock({ x, y }) {
  return html`<g class="lock" transform=${`translate(${x},${y})`}>
    <path d="M2.2,6 v-2.2 a2.8,2.8 0 0 1 5.6,0 v2.2" />
    <rect x="0.5" y="6" width="9" height="7" rx="1.5" />
  </g>`;
}

function runInWords({ what, first, end, resident: held }, { wide }) {
  const pages = count(end - first, "page");
  const from = wide ? `${pageAddress(first)}  ` : "";
  const words = {
    empty: "not touched",
    zero: "zero page, read-only",
    swapped: "in swap",
    hidden: "PROT_NONE",
    mixed: `${grouped(held ?? 0)} in memory`,
  };
  return `⋮ ${from}${pages}, ${words[what] ?? what}`;
}

function RightItem({ item, columns, changed }) {
  const x = columns.rightAt;
  switch (item.kind) {
    case "group":
      return html`<text class="group" x=${x} y=${item.y + 17}>${item.text}</text>`;
    case "more":
      return html`<text class="run" x=${x + 8} y=${item.y + 16}>${item.text}</text>
        <${Mark} mark=${item.mark} x=${x + columns.right} y=${item.y} />`;
    case "slot":
      return html`<${SlotBox} item=${item} x=${x} columns=${columns} />`;
    default:
      return html`<${FrameBox} item=${item} x=${x} columns=${columns} changed=${changed} />`;
  }
}

function FrameBox({ item, x, columns }) {
  const { frame, number, mark } = item;
  const isShared = frame.usage === "private" && frame.refs > 1;
  const classes = `frame ${frame.usage} ${isShared ? "shared" : ""} ${mark}`;
  return html`<g class=${classes}>
    <rect x=${x + 0.5} y=${item.y + 1} width=${columns.right - 1} height=${ROW - 1} rx="4" />
    <text class="name" x=${x + 9} y=${item.y + 17}>${frame.name ?? `#${number}`}</text>
    <text class="state" x=${x + columns.right - 8} y=${item.y + 17}>${frameState(item, columns)}</text>
    ${isShared && html`<rect class="second" x=${x + 3.5} y=${item.y + 4} width=${columns.right - 7} height=${ROW - 7} rx="3" />`}
  </g>`;
}

function frameState({ frame, mark }, { roomy, right }) {
  if (mark === "gone") return "freed";
  const room = Math.floor((right - 60) / 7) - (mark && roomy ? 16 : 6);
  const parts = [];
  if (mark && roomy) parts.push(MARKS[mark]);
  if (frame.caches) parts.push(shortened(frame.caches, Math.max(4, room)));
  if (frame.dirty && roomy) parts.push("dirty");
  if (frame.slot !== undefined && roomy) parts.push(`= slot ${frame.slot}`);
  if (frame.usage !== "zero") parts.push(`${frame.refs}×`);
  return parts.join(" · ");
}

function SlotBox({ item, x, columns }) {
  const { slot, number, mark } = item;
  const text = mark === "gone" ? "freed" : `${mark && columns.roomy ? `${MARKS[mark]} · ` : ""}${slot.refs}×`;
  return html`<g class=${`slot ${mark}`}>
    <rect x=${x + 0.5} y=${item.y + 1} width=${columns.right - 1} height=${ROW - 1} rx="11" />
    <text class="name" x=${x + 12} y=${item.y + 17}>slot ${number}</text>
    <text class="state" x=${x + columns.right - 10} y=${item.y + 17}>${text}</text>
  </g>`;
}

function Arrow({ arrow, columns, id }) {
  const { from, to, state } = arrow;
  const [x1, y1] = [columns.left - 8, from.y + ROW / 2];
  const [x2, y2] = [columns.rightAt - 1, to.y + ROW / 2];
  const bend = (x2 - x1) / 2;
  const classes = `arrow ${state} ${from.mark} ${from.current ? "current" : ""}`;
  return html`<path
    class=${classes}
    d=${`M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2 - 2},${y2}`}
    marker-end=${`url(#${id}-${state})`}
  />`;
}

function Mark({ mark, x, y }) {
  return mark ? html`<text class="mark" x=${x} y=${y + 16}>${MARKS[mark]}</text>` : null;
}

/** A name of so many letters: its end tells more than its start. */
function shortened(text, letters) {
  return text.length <= letters ? text : `…${text.slice(1 - letters)}`;
}

/** Text that fits into so many pixels. */
function clipped(text, width) {
  const letters = Math.floor(width / 7.2);
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
