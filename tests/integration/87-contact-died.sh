#!/usr/bin/env bash
# A contact has died: nobody rings, writes to or invites that person again, the
# others stay, the tutor knows, and the primary is asked to correct its record.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
child 1 surname=Okoro forename=Ada contact1_surname=Okoro \
    contact1_forename=Ifeoma contact1_mobile="07700 900118" \
    contact1_address_as_child=yes contact2_surname=Umeh \
    contact2_forename=Chidubem contact2_mobile="07700 900119" \
    contact2_relationship=PAF contact2_responsibility=yes \
    contact2_address_as_child=yes address_1="12 Elder Row" postcode="CB99 1AB"
child 2 surname=Bramble forename=Ben contact1_surname=Bramble \
    contact1_forename=Ann contact1_mobile="07700 900121"
hand_over
one=$(case_of 1)
exits 0 mu s1 session add --type new-intake-evening --place "Main hall" \
    --start "2027-06-24 18:00" --publish
for contact in 1 2; do
    exits 0 mu s1 invite "$one" --session 1 --contact $contact --rsvp yes
done
exits 0 lg jl "$one" spoke --contact 2 --said "looking forward to it"
mu s1 coverage --json | json '.contacted == 1'

exits 1 as jl died "$one" --contact 9
exits 2 as jl died "$one" --contact nobody
exits 2 as jl died "$one"
exits 1 as jl died "$one" --contact 2 --mistake
exits 0 as jl died "$one" --contact 2
grep -q 'not rung, written to or invited again' "$place/out"
grep -q 'asked to correct its record' "$place/out"
grep -q '^next: moveup card' "$place/out"
exits 1 as jl died "$one" --contact 2
ok "it is said once, with a command of its own"

exits 0 as jl card "$one"
grep -q 'Contact 2 (Father) has died' "$place/out"
grep -q '07700 900118' "$place/out" || fail "the mother is not shown"
for command in "card $one" "list --all" "list --all --csv" "find --name Umeh" \
    "find --phone 07700900119" "session doorlist 1" "session letters 1 --csv" \
    "session letters 1" "session fit" "callbacks" "actions" "card $one --json"; do
    # shellcheck disable=SC2086
    mu s1 $command >"$place/out" 2>&1 || true
    ! grep -q 'Chidubem\|900119\|900 119' "$place/out" ||
        fail "$command still names who died"
done
exits 1 mu s1 invite "$one" --session 1 --contact 2 --print
exits 1 lg jl "$one" no-answer --contact 2 --point 1
mu s1 session list --json | json '.sessions[0].taken == 1'
ok "no card, list, letter or sheet names them, and the place is free"

mu s1 coverage --json | json '.contacted == 1' || fail "what was said is lost"
mu s1 card "$one" --json | json '.case.suggest.contact != 2'
mu s1 actions --json | json '[.actions[] | select(.theme == "BEREAVEMENT" and
    .owner == "tutor")] | length == 1'
mu s1 audit --json | json '[.audit[].action] | index("died") != null'
ok "what was spoken stays counted, and the tutor knows"

asked()
{
    mu p1 inbox --json | json '.requests | any(.kind == "question" and
        (.text | test("this contact has died")))'
}
wait_for 20 "the primary to be asked" asked
exits 0 mu p1 inbox
contacted()
{
    mu p1 leavers list --json | json '[.leavers[] |
        select(.family == "contacted")] | length == 1'
}
wait_for 20 "the family to be contacted" contacted
exits 0 mu p1 answer "$(mu p1 inbox --json | jq -r '.requests[0].id')" \
    --text "We are sorry to hear it, and have corrected our record."
ok "the primary is asked to correct its record"

# The only contact: nobody is left to ring.
two=$(case_of 2)
exits 0 as jl died "$two" --contact 1
grep -q 'nobody else to speak to' "$place/out"
in_state "$two" no-contact-point
exits 1 as jl died "$two" --contact 1 --mistake
grep -q 'lead' "$place/err"
exits 0 as kt died "$two" --contact 1 --mistake
in_state "$two" ready
mu s1 card "$two" --json | json '.case.contacts[0].points | length == 1'
back()
{
    mu p1 inbox --json | json '.requests | any(.text | test("by mistake"))'
}
wait_for 20 "the primary to hear of the mistake" back
ok "a mistake is taken back by the lead"
