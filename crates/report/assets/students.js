"use strict";
// The table of students: sort by a click on a head, search, filter. The rows are in the page
// already; what is done here is to put them in order, and to hide those that nobody asked for.
// Of thousands, the first are drawn, and more when somebody gets there: a browser would lay
// out forty thousand cells before it showed one. Paper has them all (class.css).

/** Rows that are drawn at a time; class/students.rs marks those behind the first. */
const DRAWN = 100;

const table = document.querySelector("#class");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const names = heads.map((head) => head.firstChild.textContent.trim());
const live = document.querySelector("#live");
const search = document.querySelector("#search");
const filters = ["section", "end", "mistake", "note"]
  .map((name) => [name, document.querySelector(`#${name}`)])
  .filter(([, select]) => select);

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** What is known of a row, read once. */
const known = [...body.rows].map((row, place) => {
  const cells = [...row.cells].map((cell) => cell.textContent);
  const text = (name) => row.querySelector(`.${name}`)?.textContent ?? "";
  const notes = {
    late: text("late") !== "",
    adjusted: text("adjusted") !== "",
    "not graded": text("points") === "–",
  };
  return {
    row,
    place,
    cells,
    told: folded(cells.slice(0, names.indexOf("points")).join(" ")),
    section: [text("section")],
    end: [text("end")],
    mistake: text("found").split(/[\s~/]+/),
    note: Object.keys(notes).filter((name) => notes[name]),
  };
});

let order = { column: 0, descending: true };
let drawn = DRAWN;
const more = document.querySelector("#more");

/** Numbers by size and text by its letters; what is missing comes last, whatever the order. */
function compared(column, descending) {
  const isNumber = heads[column].classList.contains("number");
  const turn = descending ? -1 : 1;
  const value = ({ cells }) => {
    if (!isNumber) return cells[column];
    const number = Number.parseFloat(cells[column].replace("−", "-"));
    return Number.isNaN(number) ? undefined : number;
  };
  const missing = (one) => one === undefined || one === "";
  const keyed = new Map(known.map((one) => [one, value(one)]));
  return (one, other) => {
    const [a, b] = [keyed.get(one), keyed.get(other)];
    if (missing(a) || missing(b)) return missing(a) - missing(b) || one.place - other.place;
    const difference = isNumber ? a - b : collator.compare(a, b);
    return difference * turn || one.place - other.place;
  };
}

function sort(column) {
  const isNumber = heads[column].classList.contains("number");
  const again = order.column === column;
  order = { column, descending: again ? !order.descending : isNumber };
  heads.forEach((head, index) => {
    if (index !== column) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
  });
  known.sort(compared(column, order.descending));
  const isInPlace = known.every(({ row }, index) => body.rows[index] === row);
  if (!isInPlace) body.append(...known.map(({ row }) => row));
  draw(DRAWN);
}

function filter() {
  const words = folded(search.value).split(/\s+/).filter((word) => word);
  for (const one of known) {
    const isFound = words.every((word) => one.told.includes(word));
    const isChosen = filters.every(([name, { value }]) => !value || one[name].includes(value));
    one.row.hidden = !(isFound && isChosen);
  }
  draw(DRAWN);
}

/** Draws so many of the rows that were asked for, and tells how many these are. */
function draw(count) {
  drawn = count;
  const asked = known.filter(({ row }) => !row.hidden);
  asked.forEach(({ row }, index) => row.classList.toggle("later", index >= drawn));
  const left = asked.length - drawn;
  more.hidden = left <= 0;
  more.textContent = `Show the other ${left}`;
  const of = asked.length === known.length ? "" : ` of ${known.length}`;
  const noun = known.length === 1 ? "student" : "students";
  const way = order.descending ? "from the top down" : "in order";
  live.textContent = `${asked.length}${of} ${noun}, by ${names[order.column]}, ${way}`;
}

/** Up and down go from student to student, Home and End to the first and the last. */
function move(event) {
  const link = event.target.closest("th a");
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  if (!link || !(event.key in steps)) return;
  event.preventDefault();
  const rows = [...body.rows].filter((row) => !row.hidden);
  const wanted = rows.indexOf(link.closest("tr")) + steps[event.key];
  const to = Math.max(0, Math.min(rows.length - 1, wanted));
  if (to >= drawn) draw(to + DRAWN);
  rows[to].querySelector("a").focus();
}

/** Whoever scrolls near the end gets more. */
function scrolled() {
  const { scrollTop, clientHeight, scrollHeight } = frame;
  if (!more.hidden && scrollTop + clientHeight > scrollHeight - clientHeight) draw(drawn + DRAWN);
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(column));
  head.append(button);
});
const frame = table.parentElement;
frame.addEventListener("scroll", scrolled, { passive: true });
more.addEventListener("click", () => draw(known.length));
body.addEventListener("keydown", move);
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select");
  if (event.key !== "/" || isTyping) return;
  event.preventDefault();
  search.focus();
});
const controls = document.querySelector("#controls");
controls.hidden = false;
controls.addEventListener("submit", (event) => event.preventDefault());
controls.addEventListener("input", filter);
controls.addEventListener("reset", () => setTimeout(filter));
sort(0);
