#!/usr/bin/env bash
# Twin siblings: one primary contact, one call, two support checks, two tutors;
# guests count once, coverage goes up by two.  A restriction for one of them is
# for that one.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
names=(Jory Merryn)
for n in 1 2; do
    child $n surname=Penhallow forename="${names[n - 1]}" \
        contact1_id=P-1 contact1_surname=Penhallow contact1_forename=Kerra \
        contact1_mobile="07700 900712" contact2_id=P-2 \
        contact2_surname=Tremaine contact2_forename=Austol \
        contact2_relationship=PAF contact2_responsibility=yes \
        contact2_mobile="07700 900713" contact2_order=2
done
child 3 surname=Netherby forename=Tobias contact1_surname=Netherby \
    contact1_forename=Ruth contact1_mobile="07700 900716"
hand_over
twins=$(case_of 1)
[ "$(case_of 2)" = "$twins" ]
mu s1 coverage --json | json '.pupils == 3 and .contacted == 0'

exits 0 lg jl "$twins" spoke --contact 1 --said "both love swimming"
mu s1 coverage --json | json '.contacted == 2 and .to_go == 1'
ok "one call to the mother of twins, and coverage goes up by two"

exits 0 as kt tutor set "$(upn 8732001 1)" --name "Ms Lund" --told
exits 0 as kt tutor set "$(upn 8732001 2)" --name "Mr Dale" --told
exits 0 as jl support check "$(upn 8732001 1)" none-needed
mu s1 session add --type new-intake-evening --start "2027-06-24 18:00" \
    --place "Main hall" --publish >/dev/null
exits 0 as jl invite "$twins" --session 1 --contact 1 --rsvp yes --guests 2
exits 0 as jl invite "$twins" --session 1 --contact 2 --rsvp yes --guests 2 --json
json '.session.taken == 4' "$place/out" || fail "two adults and two guests"
in_state "$twins" contacted
as jl card "$twins" --json | json '.case.to_do | tostring | test("support")'
exits 0 as jl support check "$(upn 8732001 2)" none-needed
in_state "$twins" complete
ok "two support checks and two tutors before it is complete; guests count once"

exits 0 mu p1 restrict add "$(upn 8732001 2)" --contact 2 \
    --kind do-not-contact --basis court-order
exits 0 mu p1 waitsync --timeout 30
only_jory()
{
    as jl card "$twins" --json | json 'any(.case.contacts[];
        .n == 2 and .about_only == ["Jory"])'
}
wait_for 20 "the restriction to arrive" only_jory
as jl card "$twins" --json | json '.case.restricted_adults == 1'
exits 1 lg jl "$twins" spoke --contact 102
in_state "$twins" held
exits 0 as dd review "$twins" go-on --reason "a slip"
ok "a restriction for one twin: the father may be spoken to about the other"
