#!/usr/bin/env bash
# 200 times an agent or a hub is killed or frozen in the middle of the work
# (tests/storm/storm.sh); the seed is another one each time, and printed.
seed=${MOVEUP_SEED:-$RANDOM}
exec "$(dirname "$0")/../storm/storm.sh" 200 "$seed"
