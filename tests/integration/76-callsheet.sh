#!/usr/bin/env bash
# Families on paper: leased to the caller, filled in by hand, entered the next
# morning with the times of the evening before.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 5
at "2027-06-16 17:00"
exits 1 as jl callsheet print --n 2 --caller am
exits 2 as kt callsheet print --n 2 --caller of
exits 2 as kt callsheet print --n 0
exits 0 as kt callsheet print --n 3 --caller jl --csv
cp "$place/out" "$place/sheet.csv"
[ "$(wc -l <"$place/sheet.csv")" = 4 ] || fail "not three families"
mu s1 list --json | json '.blocked.leased == 3 and (.calls | length) == 2'
exits 0 as am callsheet print --n 9
[ "$(grep -c '^CASE' "$place/out")" = 2 ] || fail "a family is on two sheets"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
as am next --json | json '.case != null'
ok "a sheet is one caller's, and no family is on two"

first=$(sed -n 2p "$place/sheet.csv" | cut -d, -f1)
second=$(sed -n 3p "$place/sheet.csv" | cut -d, -f1)
third=$(sed -n 4p "$place/sheet.csv" | cut -d, -f1)
cat >"$place/filled.csv" <<CSV
case,outcome,at,contact,said,note
$first,spoke,2027-06-16 18:10,1,"asked about the bus, and lunch",
$second,no-answer,2027-06-16 18:20,1,,
$third,,,,,
CSV
at "2027-06-17 09:00"
exits 0 as jl callsheet enter "$place/filled.csv"
grep -q '2 calls entered, 0 not taken' "$place/out"
in_state "$first" contacted
mu s1 card "$first" --json | json '.case.before[0] |
    .at == "2027-06-16T17:10:00Z" and .band == "EVE" and
    .said == "asked about the bus, and lunch" and .by == "jl"'
mu s1 card "$second" --json | json '.case.before[0].band == "EVE"'
[ "$(state_of "$third")" = allocated ] || fail "who was not rung is free too soon"
ok "what was filled in is entered, with the time it was"

cat >"$place/wrong.csv" <<CSV
case,outcome,at
$second,no-answer,2027-06-17 19:00
$second,no-answer,18:00
999,no-answer,
$second,gone,
CSV
exits 1 as jl callsheet enter "$place/wrong.csv"
grep -q '0 calls entered, 4 not taken' "$place/out"
grep -q "line 3, case $second: not taken" "$place/out"
printf 'name,outcome\nx,spoke\n' >"$place/none.csv"
exits 1 as jl callsheet enter "$place/none.csv"
at "2027-06-17 14:00"
in_state "$third" ready
ok "a line that cannot be is refused by its number; the lease ends by itself"

cat >"$place/number.csv" <<CSV
case,outcome,at,contact,point
$third,no-answer,,Mum,
$third,no-answer,,1,2x
$third,no-answer,,1,-1
CSV
exits 1 as jl callsheet enter "$place/number.csv"
grep -q '0 calls entered, 3 not taken' "$place/out"
grep -q "line 2, case $third: contact is not a number" "$place/out"
grep -q "line 3, case $third: point is not a number" "$place/out"
in_state "$third" ready
ok "a contact that is no number is not taken for the one who was suggested"

exits 0 as dd actions add "$third" "a bruise was seen" --owner dsl \
    --kind concern
exits 0 as kt callsheet print --n 9 --caller dd --json
json --arg case "$third" 'any(.sheet[]; .case == $case)' <"$place/out"
! grep -q bruise "$place/out" || fail "the lead reads a concern on a sheet"
exits 0 as dd card "$third"
grep -q bruise "$place/out"
ok "a sheet for another shows what both of them may see"
