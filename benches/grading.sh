#!/usr/bin/env bash
# What grading a class costs, against what the compiler alone needs for it.
#
#   benches/grading.sh [N] [OPTIONS OF `cargo xtask grade`]
#
# Makes a class of N (default 300) from the samples, grades it on all labs with everything
# (sandbox, runs, comparing, gradebook, reports), and calls rustc once for each submission:
# the same files, flags and libraries, linking included, no sandbox. Prints CPU time (user
# and system, of all processes) and the ratio. Half of the compilations come before, half
# after the grading, so that a machine that slows down does so for both.
#
# Needs unzip, for the submissions that are archives.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-300}
shift || true

cargo build --quiet --package xtask
cargo build --quiet --package vmsim --package runner --package solution
xtask=target/debug/xtask
built=$PWD/target/debug
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$xtask" cohort --count "$count" --quick --layout plain --out "$work/class" >/dev/null

# A folder for each submission, with the skeleton's files for those that it lacks.
mkdir "$work/bare"
for submission in "$work"/class/*; do
    here=$work/bare/$(basename "$submission")
    mkdir -p "$here/src" "$here/in"
    cp labs/skeleton/src/lab?.rs labs/skeleton/src/policy.rs "$here/src/"
    case $submission in
    *.zip) unzip -qq -o "$submission" -d "$here/in" || true ;;
    *) cp -r "$submission"/. "$here/in/" ;;
    esac
    find "$here/in" -type f \( -name 'lab?.rs' -o -name policy.rs \) -exec cp {} "$here/src/" \;
    {
        echo '#![allow(dead_code)]'
        for module in lab1 lab2 lab3 lab4 lab5 lab6 lab7 lab8 policy; do
            echo "#[path = \"src/$module.rs\"] mod $module;"
        done
        cat <<'MAIN'
struct Submission;
::vmsim::handlers_from_labs!(Submission);
fn policy() -> Box<dyn ::vmsim::replacement::Policy> { Box::<policy::Own>::default() }
fn main() -> std::process::ExitCode {
    let reference = std::rc::Rc::new(solution::Reference);
    runner::process::main(std::rc::Rc::new(Submission), Some(reference), policy)
}
MAIN
    } >"$here/main.rs"
done

rustc=$(rustc --print sysroot)/bin/rustc
compile() {
    for here in "$@"; do
        (
            cd "$here"
            # Some do not compile; that takes its time, too.
            "$rustc" --edition 2024 --crate-name program --crate-type bin -o program \
                -C opt-level=1 -C debug-assertions=on -C debuginfo=0 -C strip=symbols \
                -C codegen-units=1 -A warnings -F unsafe_code -F long_running_const_eval \
                -F text_direction_codepoint_in_comment -F text_direction_codepoint_in_literal \
                -D unused_must_use -L dependency="$built/deps" \
                --extern vmsim="$built/libvmsim.rlib" --extern runner="$built/librunner.rlib" \
                --extern solution="$built/libsolution.rlib" main.rs 2>/dev/null || touch rejected
            rm -f program
        )
    done
}

# CPU seconds of a command and of all that it starts.
cpu() {
    { TIMEFORMAT='%U %S'; time "$@" >"$work/said" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}
sum() { awk "BEGIN { print $1 + $2 }"; }

folders=("$work"/bare/*)
half=$((${#folders[@]} / 2))
compile "${folders[0]}"
before=$(cpu compile "${folders[@]:0:half}")
clock=$(date +%s)
grading=$(cpu "$xtask" grade "$work/class" --out "$work/grades" --no-progress --format csv "$@")
clock=$(($(date +%s) - clock))
after=$(cpu compile "${folders[@]:half}")
bare=$(sum "$before" "$after")

rejected=$(find "$work/bare" -name rejected | wc -l)
awk -v n="${#folders[@]}" -v rejected="$rejected" -v bare="$bare" -v grading="$grading" -v clock="$clock" 'BEGIN {
    print "| " n " submissions, all labs | CPU time, s | a submission, s |"
    print "|---|---|---|"
    printf "| one rustc call each, no sandbox | %.1f | %.3f |\n", bare, bare / n
    printf "| `cargo xtask grade`, everything | %.1f | %.3f |\n", grading, grading / n
    printf "| ratio | %.2f | |\n", grading / bare
    printf "\n%d s on the clock for the grading; %d do not compile\n", clock, rejected
}'
