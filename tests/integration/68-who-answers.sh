#!/usr/bin/env bash
# The child answers, a voicemail, "stop" by text, a hoaxer who rings "back", and
# what a text or a voicemail counts for.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 5
one=$(case_of 1)
two=$(case_of 2)
three=$(case_of 3)
four=$(case_of 4)

exits 0 lg jl "$one" other-person --contact 1 --note "the child answered" --json
json '.logged | .contacted == false and .state == "cooling" and
    (.next_at | startswith("2027-06-16T13:0"))' "$place/out" ||
    fail "not four hours"
as jl card "$one" --json | json 'all(.case.contacts[].points[];
    .status == "unverified")'
ok "the child answers: no detail is given, it does not count, four hours later"

for try in "vm-left" "sent --by text" "sent --by email" "sent --by letter"; do
    # shellcheck disable=SC2086 # an outcome and an option
    exits 0 lg jl "$two" $try --contact 1 --note x
done
mu s1 list --all --json | json --arg case "$two" '.calls[] |
    select(.case == $case) | .contacted == false'
mu s1 coverage --json | json '.contacted == 0'
ok "a voicemail, a text, an e-mail and a letter never count as spoken to"

exits 0 lg jl "$three" no-more --contact 1 --by text --inbound --said stop
in_state "$three" action-needed
mu s1 list --json | json --arg case "$three" 'all(.calls[]; .case != $case) and
    .blocked.action_needed == 1'
as kt card "$three" --json | json '.case.warnings | tostring | test("Do not ring")'
exits 0 as kt review "$three" writing --reason "stop by text"
in_state "$three" declined
ok "\"stop\" by text: nobody rings again, the lead is asked what next"

exits 0 as of find --phone "07700 900799" --json
json '.found == [] and .instructions == []' "$place/out"
exits 0 as of find --phone "07700 900799"
grep -qi 'give nothing\|no information\|tell them nothing' "$place/out" ||
    fail "find does not say to give nothing"
grep -qi 'ring back\|ring the number' "$place/out" ||
    fail "find does not say to ring the known number"
! grep -q "Brambleworth\|Featherstone" "$place/out" || fail "a family is named"
exits 0 lg of "$four" inbound-missed --note "a caller from an unknown number"
mu s1 list --all --json | json --arg case "$four" '.calls[] |
    select(.case == $case) | .contacted == false'
[ "$(as jl next --json | jq -r '.case.case')" = "$four" ]
as jl next --json | json '.case.suggest.point == 1 and
    .case.contacts[0].points[0].value == "+447700900004"'
ok "a hoaxer rings back: no information, and we ring the number that is known"
