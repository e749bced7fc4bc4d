#!/usr/bin/env bash
# Three weeks, three months, four months away: the clock of hub and agents is
# moved, and mail that nobody fetches is kept, warned of, and its end is told.
. "$(dirname "$0")/lib.sh"

cluster 1 1
day=86400

# on_day N: stop all, and start WHO... again N days after the beginning
on_day()
{
    local who
    export MOVEUP_FAKE_TIME=$(($1 * day))
    for who in "${!pid[@]}"; do stop "$who"; done
    shift
    start "$@"
}
in_list()
{
    mu s1 list --json | json --argjson n "$1" '[.calls[].pupils[].upn] |
        length == $n and (unique | length == $n)'
}
states()
{
    mu p1 leavers list --json | json --arg s "$1" --argjson n "$2" \
        '[.leavers[] | select(.state == $s)] | length == $n'
}
check_says()
{
    mu p1 status --json | json --arg l "$1" --arg t "$2" \
        'any(.checks[]; .name == "mail" and .level == $l and
            (.text | test($t)))'
}

start h1 p1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 30
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
wait_for 20 "the hub to have taken the mail" states sent 30
on_day 21 h1 s1
wait_for 20 "the mail of three weeks" in_list 30
on_day 22 h1 p1
exits 0 mu p1 waitsync --timeout 30
applied p1 30
ok "a secondary three weeks away gets everything, and says so"

ctf "$place/8732001_CTF_8734500_002.xml" 8732001 8734500 101 5
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_002.xml" --send
wait_for 20 "the hub to have taken the mail" states sent 5
check_says ok "No mail waits"
on_day 100 h1 p1
check_says ok "No mail waits"
on_day 113 h1 p1
wait_for 20 "the warning" check_says warning "Northgate Academy has not fetched 5"
states sent 5
stop p1
start p1
check_says warning "Northgate Academy has not fetched 5.* signed this"
ok "at three quarters of the time the primary is warned, and keeps the warning"

on_day 143 h1
stop h1
on_day 144 h1 p1
wait_for 20 "the end to be told" check_says critical "did not fetch 5 leavers"
states expired 5
mu p1 leavers list --json | json 'any(.leavers[]; .reason == "expired")' ||
    true
mu p1 queue --json | json 'any(.queue[]; .state == "expired" and
    any(.hubs_say[]; .reason == "expired" and .signed))'
check_says critical "did not fetch 5 leavers.*tcp://.* signed this"
exits 0 mu p1 queue --export "$place/signed"
letter=$(echo "$place"/signed/*-expired.cms)
openssl cms -verify -binary -inform DER -in "$letter" \
    -CAfile "${letter%.cms}.authority.pem" \
    -certfile "${letter%.cms}.signer.pem" -nointern -purpose any \
    -attime $((144 * day + $(date +%s))) -out "$place/attestation.pb" \
    2>"$place/err" || fail "openssl does not verify it: $(cat "$place/err")"
grep -q 'tcp://' "$place/attestation.pb"
mu p1 status --json | json 'any(.checks[]; .name == "mail" and
    (.next | test("moveup leavers send --to 8734500")))'
ok "the end is told to a primary that was away, and shown with the next step"

stop h1
start h1
wait_for 20 "p1 to be back" connected p1
grep -c "nobody has fetched" "$place/p1/log" >"$place/told"
stop p1
start p1
sleep 1
[ "$(grep -c "nobody has fetched" "$place/p1/log")" = "$(cat "$place/told")" ]
states expired 5
ok "it is told once and remembered"

start s1
exits 0 mu p1 leavers send --to 8734500
arrived()
{
    states applied 35
}
wait_for 30 "what was sent again" arrived
in_list 35
check_says ok "No mail waits"
ok "sent again, everything is there once"
