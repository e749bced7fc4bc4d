#!/usr/bin/env bash
# A local authority: 40 primaries and 9 secondaries, one process each, with the
# children of a year, and one look at all of them.
. "$(dirname "$0")/lib.sh"

primaries=40
secondaries=9
each=36 # leavers of a primary

all=()
for ((n = 1; n <= primaries; n++)); do
    member "p$n" primary "Primary School $n" "$((8732000 + n))"
    all+=("p$n")
done
for ((n = 1; n <= secondaries; n++)); do
    member "s$n" secondary "Academy $n" "$((8734500 + n))"
    all+=("s$n")
done
for who in "${all[@]}"; do
    printf '[report]\nminutes = 1\nseconds = 5\n' >"$place/$who.conf"
done
cluster $primaries $secondaries

# Fifty processes at once, as after a power cut.
start h1
for who in "${all[@]}"; do launch "$who"; done
for who in "${all[@]}"; do
    wait_for 60 "$who to answer" answers "$who"
    wait_for 60 "$who to reach the hub" connected "$who"
done
ok "49 schools are connected"

# Each primary sends to two secondaries; the last has nothing ready.
for ((n = 1; n < primaries; n++)); do
    a=s$(((n % secondaries) + 1)) b=s$(((n + 3) % secondaries + 1))
    from=${laestab[p$n]}
    one=$place/${from}_CTF_${laestab[$a]}_001.xml
    two=$place/${from}_CTF_${laestab[$b]}_001.xml
    ctf "$one" "$from" "${laestab[$a]}" 1 $((each / 2))
    ctf "$two" "$from" "${laestab[$b]}" 101 $((each / 2))
    mu "p$n" leavers import "$one" "$two" --send >/dev/null
    for ((k = 1; k <= each / 2; k++)); do
        echo "$from,${laestab[$a]}"
        echo "$from,${laestab[$b]}"
    done >>"$place/offers.body"
done
echo "${laestab[p40]},${laestab[s1]}" >>"$place/offers.body"
{
    echo from,to
    cat "$place/offers.body"
} >"$place/offers.csv"
for ((n = 1; n < primaries; n++)); do
    mu "p$n" waitsync --timeout 60 >/dev/null
done
leavers=$(((primaries - 1) * each))
ok "$leavers leavers are applied"

told()
{
    admin health --json >"$place/health.json" || true
    json --argjson n "$leavers" '.totals | .schools == 49 and .silent == 0 and
        .leavers == $n and .applied == $n and .pupils == $n' \
        "$place/health.json"
}
wait_for 60 "all reports" told
json --arg v "$("$MOVEUP_BIN/moveup" version --json | jq -r .version)" \
    'all(.schools[]; .version == $v and .last_report_s < 300)' \
    "$place/health.json"
SECONDS=0
admin health >"$place/text" || true
[ $SECONDS -le 3 ] || fail "health took $SECONDS s"
# Nobody has a backup, which is one line and not 48.
[ "$(grep -c '^WARN\|^CRIT' "$place/text")" -eq 1 ]
grep -q '^WARN  48 schools, of which the first: Has no backup' "$place/text"
ok "the administrator sees all 49, and the year's totals"

admin pushes --expected "$place/offers.csv" --json |
    json --argjson n "$leavers" '.totals | .expected == $n + 1 and .sent == $n
        and .missing == 1 and .extra == 0'
admin certs --json | json '.certificates | length == 49'
admin coverage --json | json --argjson n "$leavers" \
    '(.schools | length) == 9 and .cluster.pupils == $n and
        .cluster.contacted == 0'
[ "$(admin digest --week | tr -cd '\f' | wc -c)" -eq 48 ]
ok "offers, certificates, first contact and the digest are of all"

kib=0
for who in "${all[@]}"; do
    kib=$((kib + $(awk '/^RssAnon/ { print $2 }' "/proc/${pid[$who]}/status")))
done
echo "      an agent has $((kib / 49)) KiB of its own"
awk '/^VmRSS/ { print "      the hub has " $2 " KiB resident" }' \
    "/proc/${pid[h1]}/status"
