#!/usr/bin/env bash
# What parents said reaches whoever must reply, the primary only what was typed
# for it; the support check, and referrals with the family's consent.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 4
mu s1 staff add se --name "S. Eno" --role senco >/dev/null
one=$(case_of 1)
two=$(case_of 2)
three=$(case_of 3)

exits 0 lg jl "$one" spoke --contact 1 --said "worried about the bus" \
    --for tutor --due 2027-06-19 --theme transport
grep -q 'tutor replies by 19 Jun 2027' "$place/out"
mu s1 actions --owner tutor --json | json --arg case "$one" '.actions |
    length == 1 and .[0].case == $case and .[0].due == "2027-06-19" and
    .[0].text == "worried about the bus" and .[0].kind == "question" and
    .[0].theme == "transport"'
exits 2 lg jl "$one" spoke --contact 1 --said "hello" --for nobody
exits 2 lg jl "$one" spoke --contact 1 --for senco
exits 2 lg jl "$one" spoke --contact 1 --said "secret" --for tutor --concern
exits 2 lg jl "$one" spoke --contact 1 --said "secret" --for dsl
exits 2 lg jl "$one" spoke --contact 1 --said "why?" --for primary
[ "$(mu s1 actions --json | jq '.actions | length')" = 1 ] ||
    fail "a refused log left an action"
ok "what a parent said becomes an action with an owner and a day"

exits 0 lg jl "$two" spoke --contact 1 --said "he hit her, and she has glasses" \
    --for primary --ask "Does she wear glasses in class?"
grep -q 'the primary school is asked' "$place/out"
asked()
{
    mu p1 inbox --json | json '.requests | length == 1'
}
wait_for 20 "the question to reach the primary" asked
mu p1 inbox --json >"$place/inbox"
json '.requests[0] | .kind == "question" and
    .text == "Does she wear glasses in class?"' "$place/inbox"
! grep -q 'hit her' "$place/inbox" || fail "what the parent said went out"
ok "the primary is sent what was typed for it, and nothing else"

# The support check, in the call and by itself.
exits 0 lg jl "$three" spoke --contact 1 --said "-" --support none-needed
mu s1 card "$three" --json | json '.case.to_do | index("support check") == null'
exits 2 lg jl "$three" spoke --contact 1 --said "x" --support new
exits 0 as jl support check "$one" new --needs semh,travel
exits 1 as jl support
exits 0 as se support --open --json
json --arg one "$one" --arg three "$three" '[.checks[].case] as $c |
    ($c | length == 2) and ($c | index($one) == null) and
    ($c | index($three) == null) and .referrals == []' "$place/out"
ok "the support check is noted in the call; who has none is listed"

exits 2 as se support refer "$one" --service magician --consent given
exits 2 as se support refer "$one" --service senco
exits 1 as jl support refer "$one" --service senco --consent given
exits 0 as se support refer "$one" --service school-nurse --consent given
exits 0 as se support refer "$(upn 8732001 1)" --service early-help \
    --consent refused
grep -q 'did not agree' "$place/out"
exits 0 as se support --open --json
json '.referrals | length == 1 and .[0].service == "SCHOOL_NURSE" and
    .[0].state == "made"' "$place/out"
number=$(jq -r '.referrals[0].referral' "$place/out")
exits 0 as se support --open
grep -q 'the school nurse' "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
mu s1 card "$one" --as se --json | json '.case.support_open | length == 1'
mu s1 card "$one" --as jl --json | json '.case.support_open == null'
exits 0 as se support state "$number" started --note "first visit in July"
exits 2 as se support state "$number" made
exits 1 as se support state 9999 started
exits 0 as se support --open --json
json '.referrals == []' "$place/out"
exits 0 as se support --json
json '.referrals | map(.state) | sort == ["not-taken-up", "started"]' "$place/out"
ok "a referral is made with consent, and its state is kept"

sleep 3
mu p1 leavers show "$(upn 8732001 1)" --json >"$place/leaver"
! grep -qi 'nurse\|semh\|bus' "$place/leaver" ||
    fail "the primary sees what was found"
ok "nothing of it is told to the primary"
