#!/usr/bin/env bash
# Two primaries send to two secondaries at the same time, through one hub.
. "$(dirname "$0")/lib.sh"

cluster 2 2
start h1 p1 p2 s1 s2
for p in p1 p2; do
    for s in s1 s2; do
        first=$([ $s = s1 ] && echo 1 || echo 41)
        ctf "$place/${laestab[$p]}_CTF_${laestab[$s]}_001.xml" \
            "${laestab[$p]}" "${laestab[$s]}" "$first" 40
    done
done

jobs_of=()
for p in p1 p2; do
    mu $p leavers import "$place/${laestab[$p]}"_CTF_*.xml --send \
        >"$place/$p.out" &
    jobs_of+=($!)
done
for job in "${jobs_of[@]}"; do
    wait "$job"
done
for p in p1 p2; do
    exits 0 mu $p waitsync --timeout 60
    applied $p 80
done
ok "two primaries have 80 leavers each applied"

for s in s1 s2; do
    mu $s list --json >"$place/list"
    json '[.calls[].pupils[]] | length == 80' "$place/list"
    json '[.calls[].pupils[].from] | group_by(.) | map(length) == [40, 40]' \
        "$place/list"
    json '[.calls[].pupils[].upn] | length == (unique | length)' "$place/list"
done
ok "each secondary has its 80 children, 40 of each primary, none twice"

mu s1 list --json | jq -r '.calls[].pupils[].upn' | sort >"$place/s1.upns"
mu s2 list --json | jq -r '.calls[].pupils[].upn' | sort >"$place/s2.upns"
[ -z "$(comm -12 "$place/s1.upns" "$place/s2.upns")" ]
ok "no child is at both secondaries"

mu s1 peers --json | json '[.peers[].laestab] |
    contains(["8732001", "8732002"])'
ok "the secondary's peers are both primaries"
