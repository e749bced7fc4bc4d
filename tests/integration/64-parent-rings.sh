#!/usr/bin/env bash
# A parent rings: found by number, missed calls and call-backs come first, wishes
# are kept, refusals respected; who may do what.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 5
one=$(case_of 1)
two=$(case_of 2)
three=$(case_of 3)
four=$(case_of 4)

as of find --phone "07700 900001" --json | json --arg case "$one" \
    '.found | length == 1 and .[0].case == $case and .[0].contact == 1'
as jl find --name "philomena bram" --json | json --arg case "$one" \
    'any(.found[]; .case == $case)'
exits 2 as jl find --phone 12345
exits 2 as jl find
exits 0 as of log "$one" inbound-missed --contact 1
[ "$(as jl next --json | jq -r .case.case)" = "$one" ]
mu s1 callbacks --today --json | json --arg case "$one" '.callbacks |
    length == 1 and .[0].case == $case and .[0].missed'
exits 0 as jl log spoke --inbound --said "is there a bus?"
mu s1 callbacks --json | json '.callbacks == []'
ok "a call that we missed comes first, and is returned"

exits 2 lg jl "$two" call-back
exits 2 lg jl "$two" call-back --call-back "yesterday"
exits 0 lg jl "$two" call-back --call-back "thu 17:40"
in_state "$two" call-back
mu s1 list --json | json '.blocked.call_back_later == 1'
at "2027-06-17 17:30"
[ "$(as am next --json | jq -r .case.case)" = "$two" ]
as am next --json | json '.case.suggest.why | test("by jl")'
exits 0 as am next --give-back
at "2027-06-17 19:10"
[ "$(as jl next --json | jq -r .case.case)" = "$two" ]
exits 0 as jl next --give-back
ok "a call-back waits for its time, then comes first, with who agreed it"

at "2027-06-18 10:00"
exits 0 as jl wishes "$three" --contact 1 --good EVE --bad MORN
exits 0 as jl barrier "$three" time --source stated --adjust evening-call
mu s1 card "$three" --json | json '.case | .suggest.band == "EVE" and
    .barriers[0].source == "stated" and
    .contacts[0].good_times == ["EVE"]'
exits 0 as jl card "$three"
grep -q 'they asked for the evening' "$place/out"
ok "what a parent stated decides when to ring"

exits 0 lg jl "$four" no-more --said "please write instead"
in_state "$four" action-needed
mu s1 list --all --json | json --arg case "$four" '.calls[] |
    select(.case == $case) | .contacted'
exits 0 as kt review "$four" writing --reason "asked for letters"
in_state "$four" declined
ok "a refusal stops the calls, counts as spoken to, and the lead reviews it"

exits 1 as of next
exits 1 as of card "$one"
exits 1 as jl audit
exits 1 as jl staff edit jl --role admin
exits 0 mu s1 staff edit jl --languages en,pl
mu s1 staff list --json | json 'any(.staff[]; .login == "jl" and
    .languages == "en,pl" and .roles == ["caller"])'
exits 0 mu s1 staff retire jl
exits 1 as jl next
as dd audit --staff jl --json | json '.audit | length > 5 and
    all(.[]; .login == "jl")'
as dd audit --pupil "$(upn 8732001 1)" --json | json --arg case "$one" \
    '.audit | length > 2 and all(.[]; .case == $case or .case == "")'
ok "each may do what the role needs, and everything is in the audit"

as am card "$three" --json | json '.case.pupils[0].needs == []'
exits 2 lg am "$three" shouted
exits 1 as am log no-answer
grep -q 'moveup next' "$place/err"
ok "mistakes say what to do"
