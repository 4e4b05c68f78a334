#!/bin/bash
# Prints the shards that have not been graded to their end, as `--array` takes them: `3,5,8`.
# Nothing if all have been.

set -euo pipefail
: "${OUT:?set it to the folder of the results, on shared storage}"

if ! [ -e "$OUT/shards" ]; then
    echo "error: $OUT/shards is not there: no task has begun" >&2
    echo "help: sbatch engines/slurm/grade.sbatch" >&2
    exit 2
fi
missing=()
for ((shard = 1; shard <= $(<"$OUT/shards"); shard++)); do
    [ -e "$OUT/shard-$shard/complete" ] || missing+=("$shard")
done
(IFS=, && echo "${missing[*]-}")
