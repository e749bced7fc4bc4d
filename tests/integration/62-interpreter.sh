#!/usr/bin/env bash
# Interpreter needed, twins, a looked-after child: who rings whom, and who
# counts.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
child 1 surname=Warsame forename=Hodan contact1_surname=Warsame \
    contact1_forename=Fadumo contact1_mobile="07700 900711" \
    contact1_language=SOM contact1_interpreter=spoken
child 2 surname=Penhallow forename=Jory contact1_id=P-1 \
    contact1_surname=Penhallow contact1_forename=Kerra \
    contact1_mobile="07700 900712"
child 3 surname=Penhallow forename=Merryn contact1_id=P-1 \
    contact1_surname=Penhallow contact1_forename=Kerra \
    contact1_mobile="07700 900712"
child 4 surname=Ashdown forename=Perry in_care=yes contact1_surname=Holt \
    contact1_forename=Greta contact1_relationship=SWR \
    contact1_responsibility=no contact1_mobile="07700 900714" \
    contact2_surname=Marlow contact2_forename=Dilys \
    contact2_relationship=CAR contact2_mobile="07700 900715" \
    contact2_order=2
child 5 surname=Netherby forename=Tobias contact1_surname=Netherby \
    contact1_forename=Ruth contact1_mobile="07700 900716"
hand_over
somali=$(case_of 1)
twins=$(case_of 2)
care=$(case_of 4)
later=$(case_of 5)

[ "$(case_of 3)" = "$twins" ]
mu s1 card "$twins" --json | json '.case | (.pupils | length) == 2 and
    (.contacts | length) == 1'
exits 0 lg jl "$twins" spoke --said "both love swimming" --json
mu s1 list --all --json | json --arg case "$twins" '[.calls[] |
    select(.case == $case)] | length == 1 and .[0].contacted'
ok "twins are one case with one parent, and one call is enough"

[ "$(as jl next --json | jq -r .case.case)" = "$care" ]
exits 0 as jl card "$care"
grep -q 'carer and to the social' "$place/out"
exits 0 lg jl "$care" spoke --contact 1 --said "placement is settled" --json
json '.logged.contacted == false' "$place/out"
ok "a looked-after child comes first, and a social worker alone does not count"
exits 0 lg jl "$care" spoke --contact 2 --said "likes chess" --json
json '.logged.contacted' "$place/out"
ok "the carer does"

[ "$(as jl next --json | jq -r .case.case)" = "$later" ]
exits 0 as jl next --another --json
json '.case.case != "'"$somali"'"' "$place/out" || fail "given to one who speaks no Somali"
as jl list --json | json '.blocked.needs_interpreter == 1'
ok "a family that needs Somali is not given to a caller without it"
as am next --json | json --arg case "$somali" '.case.case == $case and
    .case.suggest.interpreter == false'
exits 0 as am next --give-back
ok "but to one who speaks it, first"
as jl next --another --with-interpreter --json >"$place/out"
exits 0 as jl next --give-back

exits 0 lg jl "$later" language --language pl --json
json '.logged.interpreter_booked' "$place/out"
in_state "$later" cooling
mu s1 actions --json | json --arg case "$later" '[.actions[] |
    select(.case == $case and .owner == "office" and .state == "open" and
        .due == "2027-06-17" and (.text | test("Polish")))] | length == 1' ||
    fail "nobody books the interpreter"
exits 0 lg jl "$later" language --language pl --json
json '.logged.interpreter_booked | not' "$place/out" || fail "booked twice"
at "2027-06-17 10:00"
mu s1 card "$later" --json | json '.case.contacts[0] | .interpreter == "spoken"
    and .language == "POL"'
exits 0 as jl card "$later"
grep -q 'needs an interpreter' "$place/out"
mu s1 list --all --json | json --arg case "$later" '.calls[] |
    select(.case == $case) | .contacted == false and .suggest.interpreter'
ok "no language in common: an interpreter from the next working day, not closed"
