#!/usr/bin/env bash
# Measure the main job beside its floor: ./run bench.  It enrols a primary, a
# secondary and a hub in a temporary folder and leaves the rest to bench_moveup.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BENCH_BUILD:-$root/build}
export MOVEUP_SOURCE=$root MOVEUP_BIN=$build/bin

cmake --build "$build" --target moveup moveup-agent moveup-hub \
    make_ctf bench_moveup >/dev/null
. "$root/tests/integration/lib.sh"

library()
{
    dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo unknown
}

echo "machine   $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "$(nproc) cores, Linux $(uname -r)"
echo "libraries OpenSSL $(library libssl3), SQLite $(library libsqlite3-0)"
echo "          libzmq $(library libzmq5), expat $(library libexpat1)"
echo "disk      $(df --output=fstype "$place" | tail -n 1) on" \
    "$(df --output=source "$place" | tail -n 1), load $(cut -d' ' -f1 /proc/loadavg)"
echo
cluster 1 1
MAKE_CTF=$build/tests/bench/make_ctf \
    "$build/tests/bench/bench_moveup" "$MOVEUP_BIN" "$place" "$@"
