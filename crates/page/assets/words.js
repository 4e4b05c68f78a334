"use strict";
// Words, marks and numbers, said the same way everywhere.

const { html, render, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } =
  htmPreact;

const PAGE_SIZE = 4096;

/** How events end, in the order of their numbers in the index. */
const OUTCOMES = [
  { key: "call", word: "no access", mark: "–" },
  { key: "hit", word: "hit", mark: "·" },
  { key: "minor", word: "minor fault", mark: "m" },
  { key: "major", word: "major fault", mark: "M" },
  { key: "failed", word: "failed call", mark: "e" },
  { key: "signal", word: "signal", mark: "!" },
  { key: "oom", word: "out of memory", mark: "×" },
  { key: "livelock", word: "livelock", mark: "∞" },
  { key: "stopped", word: "stopped", mark: "■" },
];

const OUTCOME_MASK = 15;
const FAULT = 16;
const VIOLATION = 32;
const DIFFERS = 64;
const FIRST_GRAVE = 5;

/** The seven steps, and who takes them. */
const STEPS = [
  { title: "the MMU detects", who: "hardware" },
  { title: "the exception is raised", who: "hardware" },
  { title: "the kernel takes control", who: "hardware, kernel" },
  { title: "the kernel investigates", who: "kernel: classify" },
  { title: "the kernel acts", who: "kernel: repair" },
  { title: "the page table is updated", who: "kernel: repair" },
  { title: "the process resumes", who: "hardware" },
];

const STOPS = "the process does not resume";

function stepTitle(fault, number) {
  return number === 7 && !fault.resumes ? STOPS : STEPS[number - 1].title;
}

function outcomeOf(scene) {
  return OUTCOMES.find((outcome) => outcome.key === scene.outcome) ?? OUTCOMES[0];
}

/** `0x10000000`: where a page begins. */
function pageAddress(page) {
  return "0x" + (page * PAGE_SIZE).toString(16);
}

function hex(number) {
  return "0x" + number.toString(16);
}

/** The page of an address, which is text because it may have 64 bits. */
function pageOf(address) {
  return Number(BigInt(address) >> 12n);
}

/** `1 page`, `2 pages`, `10,000 pages`. */
function count(number, noun) {
  return `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;
}

function grouped(number) {
  return number.toLocaleString("en");
}

/** `f3`, `zero page`, or the number of a frame that has no name yet. */
function frameName(state, number) {
  const name = state.frames.get(number)?.name;
  if (name === "zero") return "zero page";
  return name ?? `frame ${number}`;
}

function hasBit(entry, bit) {
  return entry.bits.split(" ").includes(bit);
}

/** What an entry says, for people who cannot see the picture. */
function entryInWords(state, entry) {
  if (!entry) return "empty";
  const { frame, slot } = entry.to;
  if (slot !== undefined) return `not present, notes swap slot ${slot}`;
  const rights = hasBit(entry, "W") ? "writable" : "read-only";
  return `${frameName(state, frame)}, ${rights} (${entry.bits})`;
}

/** `rw private anon`: what a VMA promises. */
function promise(vma) {
  const sharing = vma.shared ? "shared" : "private";
  return `${vma.prot} ${sharing} ${vma.backing}${vma.grows_down ? " growsdown" : ""}`;
}
