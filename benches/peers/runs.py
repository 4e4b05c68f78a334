"""What is run: our command lines and theirs, in one place."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FRAMES = {"a": 10_000, "a-file": 10_000, "a-short": 10_000, "scan": 10_000, "b": 50, "b-short": 50}

# Bits of the library's hash table, the best of those tried.
TABLE_BITS = {10_000: 16, 50: 9}

# How our reference is run; each reads a work, text or binary, on its standard input. Rows
# against others are with the summary, whose counts are checked. `compare.py --with
# NAME=OPTIONS` adds more.
SUMMARY = ["--format", "summary"]
OTHER_WAYS = {
    "classes recorded": ["--format", "classes"],
    "audit sampled": [*SUMMARY, "--audit-every", "1000"],
    "log written": ["--format", "log"],
}


@dataclass
class Run:
    """One program on one work."""

    name: str
    work: str
    command: list
    stdin: Path | None = None
    # Finds the number of misses in what is printed; None if it prints only a ratio.
    misses: re.Pattern | None = None
    ratio: re.Pattern | None = None
    seconds: list = field(default_factory=list)
    seen: object = None


MISSES_OURS = re.compile(r"^major \S+(?: copy)? +(\d+)$|^minor demand-zero +(\d+)$", re.M)
MISSES = re.compile(r"^(?:misses|Miss count:) (\d+)$|misses (\d+) ", re.M)
RATIO = re.compile(r"miss ratio ([0-9.]+)")


def ours(programs, works, work, form, *, policy=None, way=None, options=SUMMARY):
    policy_words = ["--policy", policy] if policy else []
    return Run(" ".join(filter(None, ["ours", form, policy, way])), work,
               [programs["ours"], *options, *policy_words],
               stdin=works / f"{work}.{form}",
               misses=MISSES_OURS if options[:2] == SUMMARY else None)


def ours_clear(programs, works, work, form):
    """Ours with the CLOCK of course simulators, whose newcomers' bit is clear."""
    return Run(f"ours {form} newcomers-clear", work, [programs["clock"]],
               stdin=works / f"{work}.{form}", misses=MISSES_OURS)


def cachesim(programs, works, work, form, policy="clock"):
    file, kind = {"binary": (f"{work}.oracleGeneral", "oracleGeneral"),
                  "text": (f"{work}.pages", "txt")}[form]
    # A page enters with its reference bit set, as an accessed bit is.
    bit = ["-e", "init-freq=1"] if policy == "clock" else []
    algorithm = {"opt": "belady"}.get(policy, policy)
    command = [programs["cachesim"], works / file, kind, algorithm, FRAMES[work],
               "--ignore-obj-size=true", *bit]
    return Run(f"libCacheSim {form} {policy}", work, command, ratio=RATIO)


def library(programs, works, work, policy="clock"):
    frames = FRAMES[work]
    command = [programs["library"], policy, frames, TABLE_BITS[frames], works / f"{work}.u32"]
    return Run(f"libCacheSim library {policy}", work, command, misses=MISSES)


def course(programs, works, work):
    command = [programs["course"], "-f", works / f"{work}.ref", "-m", FRAMES[work],
               "-s", 100_000, "-a", "clock"]
    return Run("course's simulator", work, command, misses=MISSES)


def ostep(programs, works, work, policy="CLOCK"):
    command = ["python3", programs["ostep"], "-f", works / f"{work}.pages", "-p", policy,
               "-b", 1, "-C", FRAMES[work], "-N", "-c"]
    return Run(f"OSTEP {policy}", work, command, misses=MISSES)


def crate(programs, works, work, name):
    command = [programs["caches"], name, FRAMES[work], works / f"{work}.u32"]
    return Run(f"crate {name}", work, command, misses=MISSES)
