#!/usr/bin/env bash
# Tutors: from a sheet with some lines wrong, told to the primary by itself, to
# the family in the call.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 4
sheet=$place/tutors.csv

tutor_of()
{
    mu p1 leavers list --json | jq -r --arg upn "$(upn 8732001 "$1")" \
        '.leavers[] | select(.upn == $upn) | .tutor'
}

cat >"$sheet" <<CSV
Surname,UPN,Tutor,Staff,Told
Bramble,$(upn 8732001 1),Ms Lund,,
Thistle,$(upn 8732001 2),Mr Okoro,jl,
Nobody,$(upn 8732001 9),Mr Okoro,,
Wrong,B123456789012,Mr Okoro,,
Empty,$(upn 8732001 3),,,
Twice,$(upn 8732001 1),Mr Okoro,,
Login,$(upn 8732001 4),Mr Okoro,zz,
CSV
exits 1 mu s1 tutor load "$sheet" --dry-run
grep -q 'This would be 2 tutors new' "$place/out"
[ "$(mu s1 card "$(case_of 1)" --json | jq -r '.case.pupils[0].tutor')" = null ] ||
    fail "a dry run changed something"
exits 1 mu s1 tutor load "$sheet" --json
json '.accepted == 2 and .unchanged == 0 and
    [.refused[] | "\(.line) \(.reason)"] == ["4 no-record",
    "5 upn-check-letter", "6 no-tutor", "7 twice", "8 no-such-login"]' \
    "$place/out"
exits 1 mu s1 tutor load "$sheet"
grep -q '2 as they were' "$place/out"
grep -q 'line 4' "$place/out"
exits 1 as jl tutor load "$sheet"
grep -q 'needs one of the roles' "$place/err"
printf 'upn,name\nx,y\n' >"$place/bad.csv"
exits 1 mu s1 tutor load "$place/bad.csv"
grep -q 'must name the column tutor' "$place/err"
ok "a sheet of tutors is taken line by line, and each refusal says why"

told()
{
    [ "$(tutor_of 1)" = "Ms Lund" ] && [ "$(tutor_of 2)" = "Mr Okoro" ]
}
wait_for 20 "the primary to be told the tutors" told
[ -z "$(tutor_of 3)" ] || fail "a tutor nobody named"
exits 0 mu p1 leavers show "$(upn 8732001 1)"
grep -q 'tutor  *Ms Lund' "$place/out"
exits 0 mu p1 leavers list
grep -q 'Ms Lund' "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
primary_told()
{
    mu s1 card "$(case_of 1)" --json | json '.case.pupils[0].tutor.told_primary'
}
wait_for 10 "the card to say so" primary_told
ok "the primary sees who will be the tutor"

one=$(case_of 1)
mu s1 card "$one" --json | json '.case.pupils[0].tutor |
    .name == "Ms Lund" and .told_parent == false'
exits 0 as jl card "$one"
grep -q 'tutor Ms Lund' "$place/out"
exits 0 lg jl "$one" spoke --contact 1 --said "who is the tutor?" --told-tutor
mu s1 card "$one" --json | json '.case.pupils[0].tutor.told_parent and
    (.case.to_do | map(test("tutor")) | any | not)'
exits 1 lg jl "$(case_of 3)" spoke --contact 1 --told-tutor
grep -q 'no tutor is named' "$place/err"
[ "$(state_of "$(case_of 3)")" = ready ] || fail "half of the log was kept"
ok "the family is told in the call, and the card says so"

# Another tutor: both are to be told anew.
exits 0 mu s1 tutor set "$one" --name "Mrs Fay"
mu s1 card "$one" --json | json '.case.pupils[0].tutor.told_parent == false'
renamed()
{
    [ "$(tutor_of 1)" = "Mrs Fay" ]
}
wait_for 20 "the primary to be told of the change" renamed
ok "a change of tutor is told again"
