"use strict";
// Where the reader is: an event, and a step of one of its faults. Step 0 is the event at a
// glance; the steps of a second fault follow those of the first.

const STEPS_OF_A_FAULT = 7;

function faultOf(step) {
  return step === 0 ? 0 : Math.floor((step - 1) / STEPS_OF_A_FAULT);
}

function stepOfFault(step) {
  return step === 0 ? 0 : ((step - 1) % STEPS_OF_A_FAULT) + 1;
}

/** `#line=5&fault=2&step=4`, which a teacher can link to. */
function hashOf(line, step) {
  const fault = faultOf(step) > 0 ? `&fault=${faultOf(step) + 1}` : "";
  return `#line=${line}` + (step > 0 ? `${fault}&step=${stepOfFault(step)}` : "");
}

/** The line and the step of a hash; none if it names no line. */
function placeOfHash(hash) {
  const fields = new URLSearchParams(hash.slice(1));
  const number = (name, least, most) =>
    Math.min(most, Math.max(least, Number.parseInt(fields.get(name), 10) || least));
  if (!fields.has("line")) return undefined;
  const step = number("step", 0, STEPS_OF_A_FAULT);
  const fault = number("fault", 1, 99);
  return {
    line: number("line", 0, Number.MAX_SAFE_INTEGER),
    step: step === 0 ? 0 : (fault - 1) * STEPS_OF_A_FAULT + step,
  };
}

/** Which of an event's changes are to be seen at a step: the entry of a fault's page from
 * its sixth step on, everything else when the last fault is repaired, and at a glance. */
function seenAt(scene, step) {
  const faults = scene?.faults ?? [];
  const repaired = faults.slice(0, faultOf(step) + (stepOfFault(step) >= 6 ? 1 : 0));
  if (step === 0 || repaired.length === faults.length) return () => true;
  const entries = new Set(repaired.map((fault) => `${fault.pid} ${fault.page}`));
  return ({ table, keys }) => table === "page" && entries.has(keys.join(" "));
}
