#!/usr/bin/env bash
# A connected agent with nothing to do sleeps, and is small.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1

# wakeups WHO: voluntary context switches of all its threads so far
wakeups()
{
    cat /proc/"${pid[$1]}"/task/*/status |
        awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }'
}

# The one place where time itself is measured, so the one that sleeps.
sleep 3
declare -A before=()
for who in h1 p1 s1; do before[$who]=$(wakeups "$who"); done
sleep 10
for who in p1 s1 h1; do
    woke=$(($(wakeups "$who") - before[$who]))
    echo "      $who woke $woke times in 10 s"
    [ "$woke" -le 30 ] || fail "$who does not sleep"
done
ok "nobody wakes more than three times a second"

for who in p1 s1; do
    kib=$(awk '/^VmRSS/ { print $2 }' "/proc/${pid[$who]}/status")
    echo "      $who has $kib KiB resident"
    [ "$kib" -lt $((30 * 1024)) ] || fail "$who is over 30 MiB"
done
ok "an idle agent is under 30 MiB"
