#!/usr/bin/env python3
"""Runs our replay and other programs on the same page references, and prints the ratios.

    benches/peers/compare.py [--rounds N] [--only WORD] [--with NAME='OPTIONS']

Fetches and builds the others (PyPI, crates.io, GitHub; pinned in sources.toml), makes the
works, and runs all programs by turns. Time is user and system time of the whole process,
from reading its file to printing its result. Needs cmake, pkg-config, valgrind, a C and a
C++ compiler, and the headers of glib and zstd (Debian: cmake pkg-config valgrind
build-essential libglib2.0-dev libzstd-dev). Everything is kept in target/peers (5 GB).
"""

import argparse
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.dont_write_bytecode = True

import fetch
import rows
import runs

FOLDER = fetch.ROOT / "target/peers"


def main():
    args = arguments()
    programs, missing = fetch.everything(FOLDER)
    for reason in missing:
        print(f"not here: {reason}", file=sys.stderr)
    works = make_works(programs)
    ways = runs.OTHER_WAYS | {name: shlex.split(options) for name, options in (w.split("=", 1) for w in args.ways)}
    table = [row for row in rows.table(programs, works, ways)
             if not args.only or any(word.lower() in row.title.lower() for word in args.only)]
    # A run that several rows share is run once a round.
    all_runs = list({id(run): run for row in table for run in (row.theirs, row.ours)}.values())
    for turn in range(args.rounds):
        # Each round begins with another program, so that none always follows the same one.
        first = turn % len(all_runs)
        for run in all_runs[first:] + all_runs[:first]:
            measure(run)
        print(f"round {turn + 1} of {args.rounds}", file=sys.stderr)
    show_machine(args.rounds)
    references = count_references(works)
    show_ratios(table)
    show_runs(all_runs, references)
    return show_misses(all_runs, references)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", metavar="WORD",
                        help="rows whose title has this word; may be repeated")
    parser.add_argument("--with", action="append", default=[], dest="ways", metavar="NAME=OPTIONS",
                        help="also ours with other options, as `audit=--format summary --audit-every 64`")
    return parser.parse_args()


def make_works(programs):
    works = FOLDER / "works"
    if not (works / "b-short.binary").exists():
        print("making the works", file=sys.stderr)
        subprocess.run([programs["works"], works], check=True, stdout=subprocess.DEVNULL)
    return works


def count_references(works):
    return {path.stem: path.stat().st_size // 4 for path in works.glob("*.u32")} | {
        "a-file": (works / "a.u32").stat().st_size // 4}


def measure(run):
    """Runs a program once, and notes its CPU time and what it counted."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryDirectory() as folder:
        # A log goes where logs go that nobody reads; a result is read.
        sink = out if run.misses or run.ratio else subprocess.DEVNULL
        stdin = open(run.stdin, "rb") if run.stdin else subprocess.DEVNULL
        child = subprocess.Popen([str(word) for word in run.command], stdin=stdin, stdout=sink,
                                 stderr=subprocess.DEVNULL, cwd=folder)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"`{shlex.join(map(str, run.command))}` ended with {child.returncode}")
        run.seconds.append(usage.ru_utime + usage.ru_stime)
        out.seek(0)
        note_misses(run, out.read().decode(errors="replace"))


def note_misses(run, text):
    if run.misses:
        run.seen = sum(int(number) for found in run.misses.findall(text)
                       for number in (found if isinstance(found, tuple) else (found,)) if number)
    elif run.ratio:
        run.seen = run.ratio.search(text)[1]


def show_machine(rounds):
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), "?")
    print(f"{model}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}, "
          f"{date.today()}, {rounds} rounds by turns\n")


def show_ratios(table):
    print("| against | ratio of minima | median of rounds | must | aim | |")
    print("|---|---|---|---|---|---|")
    for row in table:
        by_round = [t / o for t, o in zip(row.theirs.seconds, row.ours.seconds)]
        ratio = min(row.theirs.seconds) / min(row.ours.seconds)
        verdict = ("" if row.must is None else "aim" if ratio >= row.aim
                   else "must" if ratio >= row.must else "**below**")
        print(f"| {row.title} | {ratio:.2f} | {statistics.median(by_round):.2f} "
              f"| {row.must or ''} | {row.aim or ''} | {verdict} |")


def show_runs(runs, references):
    print("\n| program | work | CPU s, least | median | Mref/s | misses |")
    print("|---|---|---|---|---|---|")
    for run in sorted(runs, key=lambda run: (run.work, run.name)):
        least = min(run.seconds)
        print(f"| {run.name} | {run.work} | {least:.3f} | {statistics.median(run.seconds):.3f} "
              f"| {references[run.work] / least / 1e6:.3g} | {run.seen or ''} |")


def show_misses(runs, references):
    """Whether programs with the same policy agree; the exit code is 1 if not."""
    same = {}
    for run in runs:
        policy = next((p for p in rows.POLICIES if p in run.name.lower()), "clock")
        if run.name in ("crate lru", "crate schnellru"):
            policy = "lru"
        elif run.name == "course's simulator":
            policy = "newcomers-clear"
        elif not run.name.startswith(("ours", "libCacheSim")):
            continue
        if run.seen is None:
            continue
        work = run.work.removesuffix("-file")
        ratio = run.seen if isinstance(run.seen, str) else f"{run.seen / references[work]:.4f}"
        same.setdefault((work, policy), {}).setdefault(ratio, []).append((run.name, run.seen))
    print()
    disagree = 0
    for (work, policy), ratios in sorted(same.items()):
        exact = {seen for names in ratios.values() for _, seen in names if isinstance(seen, int)}
        agree = len(ratios) == 1 and len(exact) <= 1
        disagree += not agree
        who = sum(len(names) for names in ratios.values())
        print(f"miss ratio of {work}, {policy.upper()}: {', '.join(ratios)}"
              f" ({who} programs {'agree' if agree else f'DISAGREE: {ratios}'})")
    return 1 if disagree else 0


if __name__ == "__main__":
    sys.exit(main())
