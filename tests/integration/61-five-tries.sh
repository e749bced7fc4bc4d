#!/usr/bin/env bash
# Five tries, not reached: each is another try than the last, a number that is
# wrong is not offered again, then the lead decides, and nothing is closed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
child 1 surname=Larkspur forename=Wren contact1_surname=Larkspur \
    contact1_forename=Ida contact1_mobile="07700 900701" \
    contact1_home="01632 960701" strengths="Builds kites" \
    contact2_surname=Larkspur contact2_forename=Amos \
    contact2_relationship=PAF contact2_responsibility=yes \
    contact2_mobile="07700 900702" contact2_order=2
hand_over
one=$(case_of 1)
in_state "$one" ready

as jl next --json >"$place/card"
json '.case | .say_first == "Wren: Builds kites" and .lease.by == "jl"' \
    "$place/card"
in_state "$one" allocated
exits 0 as jl log no-answer --json
json '.logged | .state == "cooling" and .tries == 1 and .suggest.band != "MORN"
    and .contacted == false' "$place/out"
in_state "$one" cooling
mu s1 list --json | json '.calls == [] and .blocked.called_too_recently == 1'
ok "no answer in the morning: not again at once, and not in the morning"

# suggestion: what would be tried, as contact/point/channel/band
suggestion()
{
    mu s1 card "$one" --json | jq -r '.case.suggest |
        "\(.contact)/\(.point)/\(.channel)/\(.band)"'
}

# try WHEN OUTCOME: as the planner suggests, which is never the last try again
last=none
try()
{
    local now way
    at "$1"
    in_state "$one" retry-due
    now=$(suggestion)
    [ "$now" != "$last" ] || fail "the same try again: $now"
    last=$now
    way=$(cut -d/ -f3 <<<"$now")
    exits 0 lg "$3" "$one" "$2" --by "$way" --contact "$(cut -d/ -f1 <<<"$now")" \
        --point "$(cut -d/ -f2 <<<"$now")"
}

try "2027-06-16 17:40" vm-none jl
at "2027-06-18 09:00"
[ "$(suggestion | cut -d/ -f3)" = text ]
exits 0 as jl card "$one"
grep -q 'send a text first' "$place/out"
exits 0 lg jl "$one" sent --by text --note "we ring on Monday at 14:00"
ok "after two calls that failed a text goes first"
mu s1 list --all --json | json '.calls[0].contacted == false'
ok "a text does not count as spoken to"

try "2027-06-21 14:00" no-answer am
exits 0 mu s1 card "$one" --json
json '.case.suggest.ask_primary' "$place/out"
ok "after three the primary school is asked to help"
try "2027-06-22 17:30" no-answer am
exits 0 mu s1 card "$one" --json
json '.case.suggest.write' "$place/out"
ok "after four an invitation in writing, and another caller"
try "2027-06-26 11:00" vm-left jl
in_state "$one" escalated
exits 0 as kt escalated
grep -q 'BEFORE' "$place/out"
as kt escalated --json | json '.escalated | length == 1 and
    (.[0] | .before | length == 6) and (.[0].ways_not_tried |
    index("home-visit")) and (.[0].bands_tried | length) >= 3'
exits 1 as jl escalated
ok "after five over three parts of the day and five days the lead decides"

exits 0 as kt plan "$one" --by home-visit --place "at home" --who kt
as kt escalated --json | json '.escalated[0].plan.by == "home-visit"'
exits 0 as kt plan "$one" --more 2 --reason "an aunt says they are back on Monday"
in_state "$one" cooling
mu s1 list --state not-contacted --why | grep -q Larkspur
ok "nothing is closed: the lead may allow more tries"

at "2027-06-28 14:00"
exits 0 lg jl "$one" wrong-number --contact 1 --point 1
mu s1 card "$one" --json | json '(.case.contacts[0].points[0].status == "wrong")
    and ([.case.suggest.contact, .case.suggest.point] != [1, 1])'
ok "a wrong number is not offered again; the next one is, at once"

exits 0 lg jl "$one" spoke --contact 2 --said "just moved" --json
json '.logged.contacted and .logged.state == "contacted"' "$place/out"
mu s1 card "$one" --json | json 'any(.case.contacts[1].points[];
    .status == "verified")'
ok "spoken to: it counts, and the number is checked"
