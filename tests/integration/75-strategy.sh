#!/usr/bin/env bash
# A strategy for a group comes before the usual order, for its members only, and
# says so; it ends when the lead says.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
child 1 surname=Warsame forename=Hodan contact1_surname=Warsame \
    contact1_forename=Amina contact1_mobile="07700 900001" \
    contact1_language=SOM
child 2 surname=Lund forename=Isla contact1_surname=Lund \
    contact1_forename=Ada contact1_mobile="07700 900002" \
    contact1_language=ENG
hand_over
one=$(case_of 1)
two=$(case_of 2)

suggests()
{
    mu s1 card "$1" --json | jq -r .case.suggest.channel
}
[ "$(suggests "$one")" = voice ] && [ "$(suggests "$two")" = voice ]
exits 2 as kt strategy set "Somali welcome" --for somebody --first text-first
exits 2 as kt strategy set "Somali welcome" --for language:SOM --first creche
exits 1 as jl strategy set "Somali welcome" --for language:SOM \
    --first text-first
exits 0 as kt strategy set "Somali welcome" --for language:SOM \
    --first text-first --note "they know the sender then"
grep -q 'for 1 family now' "$place/out"
[ "$(suggests "$one")" = text ] || fail "the strategy changes nothing"
[ "$(suggests "$two")" = voice ] || fail "it is for others too"
mu s1 card "$one" --json |
    json '.case.suggest.why | test("as for all in \"Somali welcome\"")'
ok "a group is tried as its strategy says, and the card says why"

exits 0 lg jl "$one" sent --by text --note "we ring at five"
[ "$(suggests "$one")" = voice ]
exits 0 lg jl "$one" spoke --contact 1 --said "thank you"
mu s1 strategy list --json | json '.strategies | length == 1 and
    .[0].families == 1 and .[0].contacted == 1'
exits 0 as kt strategy list
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
ok "the list says how far it has got"

exits 0 as kt strategy set "Somali welcome" --for language:ENG \
    --first via-primary
mu s1 card "$two" --json | json '.case.suggest.ask_primary'
exits 0 as kt strategy end "Somali welcome"
mu s1 card "$two" --json | json '.case.suggest.ask_primary | not'
exits 1 as kt strategy end "Somali welcome"
mu s1 audit --json | json 'any(.audit[]; .action == "strategy.end")'
ok "set again it is replaced, and ended it is gone"
