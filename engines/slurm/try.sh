#!/bin/bash
# Sees that an array of eight, with three tasks killed and submitted again, makes the gradebook
# that one machine makes. Takes a Slurm: SLURM_CONF, or one that it starts and stops itself.
#
#   engines/slurm/try.sh PATH [ARGUMENTS OF GRADE…]      # `--lab 1` makes it quick
#
# Exits with 0 if they are the same byte for byte, 1 if not, 77 without Slurm.

set -euo pipefail
FAULTLINE=$(realpath "$(dirname "$0")/../..")
CLASS=$(realpath "${1:?usage: try.sh PATH [ARGUMENTS OF GRADE…]}")
shift
GRADE_ARGS=$*
folder=$(mktemp -d "${TMPDIR:-/tmp}/faultline-slurm.XXXXXX")
OUT=$folder/out
XTASK=${XTASK:-$FAULTLINE/target/debug/xtask}
export FAULTLINE CLASS OUT XTASK GRADE_ARGS
slurm=$FAULTLINE/engines/slurm

if [ -z "${SLURM_CONF-}" ]; then
    trap '"$slurm/one-node.sh" stop "$folder/node"' EXIT
    "$slurm/one-node.sh" start "$folder/node"
    export SLURM_CONF=$folder/node/slurm.conf
fi
submit() {
    sbatch --parsable --cpus-per-task=1 --mem=0 --output="$folder/%x-%A_%a.log" "$@"
}
state() { squeue --noheader --array --states=all --jobs="$1" --format=%T; }

echo "on this machine, alone"
# shellcheck disable=SC2086  # arguments are words
(cd "$FAULTLINE" && "$XTASK" grade "$CLASS" --out "$folder/alone" $GRADE_ARGS \
    --progress lines >"$folder/alone.txt")

echo "as an array of eight, of which three are killed"
job=$(submit --array=1-8 "$slurm/grade.sbatch")
merge=$(submit --dependency="afterok:$job" "$slurm/merge.sbatch")

# Waits until a task has graded something, or is over.
begun() {
    until grep -qs ' grade: 1 of' "$OUT/shard-$1/grade.log" || [ -n "$(ended "$1")" ]; do
        sleep 0.05
    done
}
ended() { state "${job}_$1" | grep -Ev 'PENDING|RUNNING|COMPLETING|CONFIGURING' || true; }
# The grader of a task, and no other: nobody else writes into this folder.
kill_grader() {
    pgrep --full -- "^$XTASK grade .* --out $OUT/shard-$1 " | xargs --no-run-if-empty kill -KILL
}
begun 2 && scancel --signal=KILL "${job}_2"
begun 4 && kill_grader 4
begun 6 && scancel "${job}_6"
until [ -z "$(state "$job" | grep -E 'PENDING|RUNNING|COMPLETING' || true)" ]; do sleep 0.5; done
for task in 1 2 3 4 5 6 7 8; do echo "  task $task: $(state "${job}_$task")"; done
missing=$("$slurm/missing.sh")
echo "  missing: $missing"
if [ "$missing" != 2,4,6 ]; then
    echo "error: other tasks are missing than those that were killed; see $folder" >&2
    exit 1
fi
echo "  the job that merges: $(squeue --noheader --jobs="$merge" --format='%T %r')"
scancel "$merge"

echo "the missing ones again, and merge"
again=$(submit --array="$missing" "$slurm/grade.sbatch")
merge=$(submit --wait --dependency="afterok:$again" "$slurm/merge.sbatch")

for book in alone out/merged; do
    (cd "$FAULTLINE" && "$XTASK" export "$folder/$book" --out "$folder/$(basename "$book").export")
done
if cmp "$folder/alone.export" "$folder/merged.export"; then
    echo "the same: $(wc -c <"$folder/alone.export") bytes, $(sha256sum <"$folder/alone.export")"
    rm -r "$folder/out" "$folder/alone"
else
    echo "error: they differ; both are in $folder" >&2
    exit 1
fi
