#!/usr/bin/env python3
"""Grades a class the naive way and ours, by turns, and prints the ratio of wall-clock times.

    benches/peers/naive.py [--submissions N] [--rounds N]

The naive way: for each student a fresh copy of the handout, the student's files in it, and
`cargo test`, which builds what it needs and replays all traces of labs 1 to 8, public and
hidden, in one process. Ours: `cargo xtask grade --fresh` on the same submissions. Both have
all CPUs. The submissions are those of the bundled sample class that come to an end by
themselves.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KINDS = ("perfect-", "failed-", "only-", "not-written-", "skeleton-", "panicked-")


def main():
    args = arguments()
    cargo("build", "--package", "xtask", "--package", "solution")
    with tempfile.TemporaryDirectory(prefix="faultline-naive-") as folder:
        folder = Path(folder)
        handout = folder / "handout"
        cargo("xtask", "handout", "--out", handout, "--allow-changed", "--no-proof", "--no-git")
        traces = make_traces(folder / "traces")
        submissions = sample_class()[:args.submissions]
        print(f"{len(submissions)} submissions, {traces} traces, {os.cpu_count()} CPUs")
        cargo("xtask", "grade", "--fresh", "--out", folder / "warm", submissions[0])
        naive, ours = [], []
        for turn in range(args.rounds):
            ours.append(timed(lambda: grade(folder / f"grades-{turn}", submissions)))
            naive.append(timed(lambda: [test(folder, one) for one in submissions]))
            print(f"round {turn + 1}: naive {naive[-1]:.1f} s, grade --fresh {ours[-1]:.1f} s",
                  file=sys.stderr)
    show("`cargo test` in a fresh copy each", naive, len(submissions))
    show("`cargo xtask grade --fresh`", ours, len(submissions))
    print(f"ratio: {statistics.median(n / o for n, o in zip(naive, ours)):.1f}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def cargo(*words):
    done = subprocess.run(["cargo", *map(str, words)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"`cargo {' '.join(map(str, words))}` failed:\n{done.stderr[-2000:]}")


def sample_class():
    samples = (ROOT / "grader/samples").iterdir()
    return sorted(path for path in samples if path.is_dir() and path.name.startswith(KINDS))


def make_traces(folder):
    """All traces of labs 1 to 8, each with the reference's log as its key."""
    folder.mkdir()
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    found = [*ROOT.glob("labs/0[1-8]-*/traces/*.trace"), *ROOT.glob("grader/hidden/0[1-8]-*/*.trace")]
    for number, trace in enumerate(sorted(found)):
        text = trace.read_bytes()
        log = subprocess.run([target / "debug/solution", "--format", "log"], input=b"\n" + text,
                             stdout=subprocess.PIPE, check=True).stdout
        # What follows is the run's end, for the channel.
        log = log[:log.rindex(b"===")]
        (folder / f"{number}.trace").write_bytes(text)
        (folder / f"{number}.key").write_bytes(log)
    return len(found)


def test(folder, submission):
    """One student, the naive way."""
    copy = folder / "student"
    shutil.copytree(folder / "handout", copy)
    for file in submission.rglob("lab?.rs"):
        shutil.copy(file, copy / "labs/skeleton/src" / file.name)
    tests = copy / "labs/skeleton/tests"
    shutil.copytree(folder / "traces", tests / "traces")
    shutil.copy(HERE / "naive.rs", tests / "traces.rs")
    env = {**os.environ, "CARGO_TARGET_DIR": str(copy / "target"), "RUST_BACKTRACE": "0"}
    done = subprocess.run(["cargo", "test", "--quiet", "--package", "skeleton", "--test", "traces"],
                          cwd=copy, env=env, capture_output=True, text=True)
    last = [line for line in done.stdout.splitlines() if "traces passed" in line]
    if not last and "test result" not in done.stdout:
        sys.exit(f"{submission.name}: {done.stderr[-2000:]}")
    shutil.rmtree(copy)


def grade(out, submissions):
    cargo("xtask", "grade", "--fresh", "--no-progress", "--out", out, *submissions)


def timed(work):
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def show(name, seconds, submissions):
    least = min(seconds)
    print(f"{name}: {least:.1f} s, {least / submissions:.2f} s a submission")


if __name__ == "__main__":
    main()
