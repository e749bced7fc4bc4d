#!/usr/bin/env bash
# Separated parents, do not contact: the restricted adult is dialled by nobody,
# named to nobody and found by nobody; the safeguarding lead decides.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
child 1 surname=Quarmby forename=Isla strengths="Dad Gareth Quarmby taught her chess" \
    contact1_surname=Quarmby contact1_forename=Nell \
    contact1_mobile="07700 900721" contact2_surname=Quarmby \
    contact2_forename=Gareth contact2_relationship=PAF \
    contact2_responsibility=yes contact2_mobile="07700 900722" contact2_order=2
child 2 surname=Selwood forename=Una contact1_surname=Selwood \
    contact1_forename=Marian contact1_mobile="07700 900723"
exits 0 mu p1 leavers import "$place/leavers.csv"
exits 0 mu p1 restrict add "$(upn 8732001 1)" --contact 2 \
    --kind do-not-contact --basis court-order --note "order of 3 June"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
one=$(case_of 1)
two=$(case_of 2)

# Everything that anybody can be shown, into $place/seen.
look()
{
    local who
    for who in jl am kt dd of; do
        as $who list --all --why || true
        as $who list --all --json || true
        as $who list --csv || true
        as $who card "$one" || true
        as $who card "$one" --json || true
        as $who callbacks --json || true
        as $who escalated --json || true
        as $who find --phone 07700900722 --json || true
        as $who find --name gareth --json || true
        as $who audit --json || true
    done >"$place/seen" 2>&1
}
hidden()
{
    look
    ! grep -qi 'gareth\|900722\|900 722\|order of 3' "$place/seen" ||
        fail "the restricted adult is shown"
}

exits 0 lg jl "$one" spoke-short --contact 1 --call-back "tomorrow 10:00" \
    --said "Gareth Quarmby must not know, he rang from 07700 900722"
hidden
grep -q 'names a restricted adult' "$place/seen"
ok "what a parent said is not shown where it names the restricted adult"

exits 1 lg jl "$one" no-answer --contact 2
grep -q 'must not be contacted' "$place/err"
in_state "$one" held
exits 1 as kt review "$one" go-on --reason "a slip"
exits 0 as dd review "$one" go-on --reason "a slip of the keys"
[ "$(state_of "$one")" != held ]
exits 1 lg jl "$one" no-answer --phone "+44 7700 900722"
in_state "$one" held
hidden
exits 0 as dd audit --json
json '[.audit[] | select(.detail == "stopped-restricted")] | length == 2' \
    "$place/out"
ok "a try with the restricted adult is stopped, held and audited"

as jl find --phone 07700900722 --json | json '.found == [] and
    .instructions == []'
as dd find --phone 07700900722 --json | json '.found == [] and
    (.instructions | length) == 1'
as kt find --phone 07700900722 --json | json '(.instructions | length) == 1'
ok "only the safeguarding lead and the lead are told what to do when he rings"

# A restriction that comes between next and log.
exits 0 as dd review "$one" go-on --reason "a slip of the keys"
[ "$(as jl next --json | jq -r .case.case)" = "$two" ]
exits 0 mu p1 restrict add "$(upn 8732001 2)" --contact 1 \
    --kind do-not-contact --basis police-or-marac
exits 0 mu p1 waitsync --timeout 30
arrived()
{
    mu s1 card "$two" --json | json '.case.contacts == []'
}
wait_for 20 "the restriction to arrive" arrived
exits 1 as jl log no-answer
in_state "$two" held
! mu s1 card "$two" --json | grep -qi 'marian\|900723' || fail "she is shown"
ok "a restriction that comes while a family is leased stops the log"

exits 0 as jl log "$one" met --contact 1 --said "thank you" --concern
in_state "$one" action-needed
as jl card "$one" --json | json 'all(.case.before[]; .said != "thank you")'
as dd card "$one" --json | json 'any(.case.before[]; .said == "thank you")'
as dd list --state action-needed --json | json '.calls | length == 1'
exits 1 as kt review "$one" go-on --reason "seen"
exits 0 as dd review "$one" go-on --reason "seen to"
ok "a concern goes to the safeguarding lead, who alone reads it and lets go"
