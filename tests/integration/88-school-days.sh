#!/usr/bin/env bash
# Working days know weekends, bank holidays and the school's own holidays: what
# is needed a day, what is due when, and when families are rung.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

days_left()
{
    mu s1 coverage --json | jq .working_days_left
}

families 3
one=$(case_of 1)
exits 0 mu s1 dates set entry 2027-09-02
before=$(days_left)
exits 0 as kt dates set closed 2027-07-22..2027-09-01
[ "$(days_left)" -eq $((before - 29)) ] ||
    fail "$before days, then $(days_left): 29 weekdays are no bank holiday"
exits 0 as kt dates set open 2027-08-31..2027-09-01
[ "$(days_left)" -eq $((before - 27)) ] || fail "two days are open after all"
exits 0 as kt dates set closed 2027-06-21
mu s1 dates list --json | json '.closed == [
    {"first":"2027-06-21","last":"2027-06-21"},
    {"first":"2027-07-22","last":"2027-08-30"}] and
    .bank_holidays[0] == "2027-08-30" and (.bank_holidays | index("2028-01-03") != null)'
exits 0 mu s1 dates list
grep -q 'closed  *22 Jul 2027 to 30 Aug 2027' "$place/out"
grep -q 'bank holiday  *30 Aug 2027' "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
for wrong in 2027-07-32 2027-09-01..2027-07-22 summer 2027-07-22..; do
    exits 2 mu s1 dates set closed "$wrong"
done
exits 1 as jl dates set closed 2027-07-21
ok "the holidays of a school are no working days"

# In five days it is Monday 21 June, when the school is closed.
exits 0 as jl actions add "$one" "send the uniform list" --owner office
mu s1 actions --json | json '[.actions[].due] == ["2027-06-22"]'
exits 0 lg jl "$one" language --contact 1 --language pl
mu s1 actions --json | json 'any(.actions[];
    .theme == "INTERPRETER" and .due == "2027-06-17")'
at "2027-07-16 10:00"
exits 0 as kt ask "$(case_of 2)" --question "Does she wear glasses?"
mu s1 card "$(case_of 2)" --json >"$place/out"
grep -q '2027-08-31' "$place/out" || fail "an answer is due in the holidays"
ok "nothing is due on a day when the school is not there"

at "2027-08-30 11:00"
exits 0 as jl next --json
json '.case == null' "$place/out" || fail "a family is rung on a bank holiday"
mu s1 list --json | json '.blocked.opens_at | startswith("2027-08-31")' ||
    fail "it does not say when it opens"
at "2027-08-27 11:00"
exits 0 as jl next --json
json '.case != null' "$place/out" || fail "nobody is rung in the holidays"
ok "families are rung in the holidays, and not on a bank holiday"
