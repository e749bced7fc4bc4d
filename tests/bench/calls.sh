#!/usr/bin/env bash
# What a caller waits for: ./run bench calls.  It enrols a secondary in a
# temporary folder and leaves the rest to bench_calls.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BENCH_BUILD:-$root/build}
export MOVEUP_SOURCE=$root MOVEUP_BIN=$build/bin

cmake --build "$build" --target moveup bench_calls >/dev/null
. "$root/tests/integration/lib.sh"
cluster 1 1
"$build/tests/bench/bench_calls" "$place/s1"
