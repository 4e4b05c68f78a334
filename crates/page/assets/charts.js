"use strict";
// All events at once: the timeline, and curves of faults and pages.

const TIMELINE_HEIGHT = 44;
/** The narrowest column of the timeline, in pixels. */
const COLUMN_MIN = 3;
/** From this width on a column has room for a letter. */
const COLUMN_LETTER = 11;
/** Outcomes from bottom to top. */
const STACKED = [1, 2, 3, 4, 5, 6, 7, 8];

function Timeline({ reader, place, go }) {
  const box = useRef(null);
  const [width, setWidth] = useState(900);
  useSize(box, (size) => setWidth(Math.max(200, Math.floor(size.width))));
  const columns = useMemo(() => columnsOfTime(reader, width), [reader, width]);
  const bars = useMemo(() => columns.all.map((column, at) => html`<${Column} ...${column} at=${at} width=${columns.width} />`), [columns]);
  const x = Math.floor(place.event / columns.events) * columns.width;
  const jump = (happened) => {
    const at = happened.clientX - happened.currentTarget.getBoundingClientRect().left;
    const column = Math.min(columns.all.length - 1, Math.max(0, Math.floor(at / columns.width)));
    go({ event: firstOfColumn(reader, columns, column), step: 0 });
  };
  return html`<section class="timeline" aria-labelledby="timeline-title">
    <h2 id="timeline-title" class="unseen">Timeline</h2>
    <div ref=${box}>
      <svg role="img" aria-label=${timelineInWords(reader)} width=${width} height=${TIMELINE_HEIGHT} onClick=${jump}>
        <defs>
          <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="5" height="5" class="under" /><rect width="2" height="5" class="over" />
          </pattern>
        </defs>
        ${bars}
        <path class="now" d=${`M${x + columns.width / 2},0 m-5,0 h10 l-5,6 Z`} />
        <rect class="here" x=${x} y="6" width=${Math.max(2, columns.width)} height=${TIMELINE_HEIGHT - 6} />
      </svg>
    </div>
    <${Legend} reader=${reader} />
  </section>`;
}

function timelineInWords(reader) {
  return `Timeline of ${count(reader.events, "event")}: ${sums(reader)
    .map(([outcome, number]) => `${grouped(number)} ${outcome.word}`)
    .join(", ")}.`;
}

/** How many events ended in each way, without those that none did. */
function sums(reader) {
  const totals = OUTCOMES.map((outcome, at) => [
    outcome,
    reader.summary.runs[0].buckets.all.reduce((sum, { outcomes }) => sum + outcomes[at], 0),
  ]);
  return totals.filter(([, number]) => number > 0);
}

function Legend({ reader }) {
  return html`<ul class="legend">
    ${sums(reader).map(([outcome, number]) => html`<li>
      <span class=${`badge ${outcome.key}`} aria-hidden="true">${outcome.mark}</span>
      ${outcome.word} <b>${grouped(number)}</b>
    </li>`)}
  </ul>`;
}

/** Columns of the timeline: an event each, if there is room; else some buckets. */
function columnsOfTime(reader, width) {
  const { events } = reader;
  if (events * COLUMN_MIN <= width) {
    const one = Math.min(32, width / Math.max(1, events));
    const all = Array.from({ length: events }, (_, at) => ({ single: reader.flags[at] }));
    return { width: one, events: 1, all };
  }
  const { buckets } = reader.summary.runs[0];
  const perColumn = Math.max(1, Math.ceil((buckets.all.length * COLUMN_MIN) / width));
  const groups = [];
  for (let at = 0; at < buckets.all.length; at += perColumn) {
    groups.push(summed(buckets.all.slice(at, at + perColumn)));
  }
  const most = Math.max(1, ...groups.map((outcomes) => faultsOf(outcomes)));
  return {
    width: width / groups.length,
    events: perColumn * buckets.width,
    all: groups.map((outcomes) => ({ outcomes, most })),
  };
}

function summed(buckets) {
  return OUTCOMES.map((_, at) => buckets.reduce((sum, { outcomes }) => sum + outcomes[at], 0));
}

function faultsOf(outcomes) {
  return STACKED.slice(1).reduce((sum, at) => sum + outcomes[at], 0);
}

function firstOfColumn(reader, columns, column) {
  const first = Math.min(reader.events - 1, column * columns.events);
  if (columns.events === 1) return first;
  // The first fault of the column says more than its first event.
  const fault = reader.find(first - 1, 1, (flags) => flags & FAULT);
  return fault !== undefined && fault < first + columns.events ? fault : first;
}

function Column({ single, outcomes, most, at, width }) {
  if (outcomes) return html`<${Stack} outcomes=${outcomes} most=${most} x=${at * width} width=${width} />`;
  const outcome = OUTCOMES[single & OUTCOME_MASK];
  const height = { call: 6, hit: 10, minor: 22, major: 32 }[outcome.key] ?? 36;
  const gap = width > 5 ? 2 : 0.5;
  const top = TIMELINE_HEIGHT - height;
  return html`<g>
    <rect class=${`bar ${outcome.key}`} x=${at * width} y=${top} width=${width - gap} height=${height} rx=${width > 5 ? 2 : 0} />
    ${width >= COLUMN_LETTER && height > 12 && html`<text
      class=${`letter ${outcome.key}`}
      x=${at * width + (width - gap) / 2}
      y=${TIMELINE_HEIGHT - 6}
    >${outcome.mark}</text>`}
  </g>`;
}

function Stack({ outcomes, most, x, width }) {
  let y = TIMELINE_HEIGHT - 3;
  const room = TIMELINE_HEIGHT - 12;
  const bars = STACKED.slice(1).flatMap((at) => {
    if (outcomes[at] === 0) return [];
    const height = Math.max(2, (outcomes[at] / most) * room);
    y -= height;
    return [html`<rect class=${`bar ${OUTCOMES[at].key}`} x=${x} y=${y} width=${width - 0.5} height=${height} />`];
  });
  return html`<g><rect class="bar hit" x=${x} y=${TIMELINE_HEIGHT - 3} width=${width} height="3" />${bars}</g>`;
}

/** The curves of a chart: what they show, and how they look without colour. */
const CHARTS = [
  {
    title: "Faults so far",
    curves: [
      { key: "minor", label: "minor", colour: "--minor", dash: [] },
      { key: "major", label: "major", colour: "--major", dash: [8, 4] },
      { key: "signals", label: "signals", colour: "--signal", dash: [2, 3] },
    ],
  },
  {
    title: "Memory in use",
    curves: [
      { key: "resident", label: "resident pages", colour: "--accent", dash: [] },
      { key: "frames", label: "frames", colour: "--muted", dash: [8, 4] },
      { key: "slots", label: "swap slots", colour: "--failed", dash: [2, 3] },
    ],
  },
];

function Charts({ reader, place, go, theme }) {
  return html`<section class="charts" aria-labelledby="charts-title">
    <h2 id="charts-title">All events</h2>
    <div class="pair">
      ${CHARTS.map((chart) => html`<${Chart} key=${chart.title} chart=${chart} reader=${reader} place=${place} go=${go} theme=${theme} />`)}
    </div>
    <${ClassTable} reader=${reader} />
  </section>`;
}

function Chart({ chart, reader, place, go, theme }) {
  const box = useRef(null);
  const plot = useRef(null);
  const latest = useRef(place.event);
  latest.current = place.event;
  useEffect(() => {
    const options = optionsOf(chart, reader, box.current, go, () => latest.current);
    plot.current = new uPlot(options, dataOf(chart, reader), box.current);
    const observer = new ResizeObserver(([{ contentRect }]) => {
      const width = Math.floor(contentRect.width);
      if (width > 0) plot.current.setSize({ width, height: options.height });
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      plot.current.destroy();
    };
  }, [reader, theme]);
  useEffect(() => plot.current?.redraw(false), [place.event]);
  return html`<figure>
    <figcaption>${chart.title}</figcaption>
    <div ref=${box} class="plot" role="img" aria-label=${chartInWords(chart, reader)}></div>
  </figure>`;
}

function chartInWords(chart, reader) {
  const last = reader.summary.runs[0].buckets.all.at(-1)?.level ?? {};
  const curves = chart.curves.map(({ key, label }) => `${label} ${grouped(last[key] ?? 0)}`);
  return `${chart.title}, at the end: ${curves.join(", ")}.`;
}

/** A point for the last event of each bucket. */
function dataOf(chart, reader) {
  const { buckets } = reader.summary.runs[0];
  const events = buckets.all.map((_, at) => Math.min(reader.events, (at + 1) * buckets.width) - 1);
  return [events, ...chart.curves.map(({ key }) => buckets.all.map(({ level }) => level[key]))];
}

function optionsOf(chart, reader, box, go, current) {
  const colour = (name) => resolved(box, `var(${name})`);
  const axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
  const whole = (plot, splits) => splits.map((at) => (Number.isInteger(at) ? grouped(at) : ""));
  return {
    width: Math.max(200, Math.floor(box.clientWidth)),
    height: 170,
    scales: { x: { time: false }, y: { range: (plot, least, most) => [0, Math.max(1, most * 1.05)] } },
    axes: [{ ...axis, values: whole, size: 28 }, { ...axis, values: whole, size: 52 }],
    series: [
      { label: "event", value: (plot, at) => (at === null || at === undefined ? "–" : grouped(at + 1)) },
      ...chart.curves.map(({ label, colour: name, dash }) => ({
        label,
        stroke: colour(name),
        width: 2,
        dash,
        points: { show: false },
        paths: uPlot.paths.stepped({ align: 1 }),
        value: (plot, at) => (at === null || at === undefined ? "–" : grouped(at)),
      })),
    ],
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    hooks: {
      ready: [(plot) => plot.over.addEventListener("click", () => clicked(plot, reader, go))],
      draw: [(plot) => drawPlace(plot, current(), colour("--ink"))],
    },
  };
}

/** A colour as a canvas takes it: without variables, and for dark or light. */
function resolved(box, colour) {
  const probe = box.appendChild(document.createElement("i"));
  probe.style.color = colour;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function clicked(plot, reader, go) {
  const at = Math.round(plot.posToVal(plot.cursor.left, "x"));
  go({ event: Math.min(reader.events - 1, Math.max(0, at)), step: 0 });
}

/** A line where the reader is. */
function drawPlace(plot, current, colour) {
  const x = Math.round(plot.valToPos(current, "x", true));
  const { top, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(x - 1, top, 2, height);
  plot.ctx.restore();
}

function ClassTable({ reader }) {
  const rows = [...reader.summary.classes].filter(({ count: number }) => number > 0);
  rows.sort((a, b) => b.count - a.count);
  return html`<details class="tables">
    <summary>The charts as tables</summary>
    <${Table}
      caption="Events by class"
      columns=${["class", "events"]}
      rows=${rows.map(({ name: title, count: number }) => [title || "no access", grouped(number)])}
    />
  </details>`;
}
