#!/usr/bin/env bash
# Whom to expect, from the list of admissions: awaiting the record, a parent who
# rings before it comes, and what happened stays with the child when it does.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 2
three=$(upn 8732001 3)
four=$(upn 8732001 4)
sheet=$place/offers.csv
cat >"$sheet" <<CSV
upn,surname,forename,from,contact_title,contact_surname,contact_forename,contact_phone
$(upn 8732001 1),Brambleworth,Aurelia,8732001,,,,
$three,Marchbanks,Cordelia,8732001,,,,
$four,Featherstone,Drusilla,8732001,Mrs,Featherstone,Philomena,07700 900004
B123456789012,Nobody,At,8732001,,,,
$(upn 8732001 5),Noschool,Eve,873,,,,
$(upn 8732001 6),Nophone,Fay,8732001,Mrs,Nophone,Ada,ask at the gate
CSV
exits 1 mu s1 offers load "$sheet" --dry-run
mu s1 offers list --json | json '.offers == []'
exits 1 mu s1 offers load "$sheet" --json
json '.accepted == 3 and ([.refused[].reason] == ["upn-check-letter",
    "bad-school", "bad-phone"])' "$place/out"
exits 1 mu s1 offers load "$sheet" --json
json '.accepted == 0 and .unchanged == 3' "$place/out"
exits 0 mu s1 offers list --missing
grep -q 'not yet' "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
mu s1 offers list --json | json '.offers | map(.record) == [true, false, false]'
exits 1 as jl offers load "$sheet"
ok "the list of admissions says whom to expect, and whose record is missing"

third=$(case_of 3)
fourth=$(case_of 4)
in_state "$third" awaiting-record
in_state "$fourth" ready
mu s1 list --json | json '.blocked.awaiting_record == 1'
mu s1 coverage --json | json '.pupils == 4'
exits 0 as jl card "$fourth"
grep -q 'No record yet' "$place/out"
exits 1 as jl ask "$fourth" --help-reach
grep -q 'no record of that child' "$place/err"
ok "who has no number awaits the record; who has one can be rung, with care"

at "2027-06-17 10:00"
as of find --phone "07700 900004" --json | json --arg case "$fourth" \
    '.found[0].case == $case'
exits 0 lg jl "$fourth" spoke --inbound --contact 1 --said "is there a bus?"
in_state "$fourth" contacted
exits 0 lg jl "$third" inbound-missed
ok "a parent who rings before the record is contacted"

file=$place/8732001_CTF_8734500_003.xml
ctf "$file" 8732001 8734500 3 2
exits 0 mu p1 leavers import "$file"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
[ "$(case_of 3) $(case_of 4)" = "$third $fourth" ] ||
    fail "the record came as another case"
in_state "$fourth" contacted
in_state "$third" ready
mu s1 card "$fourth" --json | json '.case | (.before | length) == 1 and
    (.contacts | length) == 2 and (.warnings == []) and .contacted'
mu s1 coverage --json | json '.pupils == 4 and .contacted == 1'
mu s1 offers list --missing --json | json '.offers == []'
told()
{
    mu p1 leavers list --json | json --arg upn "$four" \
        'any(.leavers[]; .upn == $upn and .family == "contacted")'
}
wait_for 20 "the primary to be told" told
ok "the record joins what happened before it, and the primary is told"

stop s1
launch s1
wait_for 10 "s1 to answer" answers s1
in_state "$fourth" contacted
exits 0 mu s1 offers drop "$three"
exits 1 mu s1 offers drop "$three"
[ "$(case_of 3)" = "$third" ] || fail "the record went with the offer"
ok "it is so after a restart, and an offer can be dropped"
