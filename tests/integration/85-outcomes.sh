#!/usr/bin/env bash
# The end of the year at the primary: whom the secondaries spoke to, in time or
# not, and how quickly this school answered what it was asked.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

# figure KEY VALUE: of all schools together
figure()
{
    local is
    is=$(mu p1 outcomes --json | jq ".totals.$1")
    [ "$is" = "$2" ] || fail "$1 is $is, not $2"
}

families 4
exits 0 mu p1 outcomes
grep -q 'Northgate Academy' "$place/out" && grep -q '^next: ' "$place/out"
figure leavers 4
figure received 4
figure contacted 0
figure median_days_to_answer null

exits 0 lg jl "$(case_of 1)" spoke --contact 1 --said "glad to hear from you"
exits 0 lg jl "$(case_of 2)" no-answer --contact 1 --point 1
exits 0 lg jl "$(case_of 3)" wrong-number --contact 1 --point 1
exits 0 as jl read "$(upn 8732001 1)"
asked()
{
    mu p1 inbox --json | json '.requests | length == 1'
}
wait_for 20 "the request" asked
exits 0 mu p1 answer "$(mu p1 inbox --json | jq -r '.requests[0].id')" \
    --phone "07700 900142"
exits 0 as kt ask "$(case_of 4)" --help-reach
told()
{
    asked && mu p1 outcomes --json | json '.totals |
        .contacted == 1 and .requests == 2'
}
wait_for 20 "the steps" told
figure read 1
figure contacted_before_entry 1
figure answered 1
figure corrected 1
figure median_days_to_answer 0
exits 0 mu p1 outcomes
grep -q 'You answered 1 of 2 requests, half of them within 1 day' "$place/out"
grep -q 'Contacted: a two-way exchange' "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
ok "the figures are those of the children"

# After the first day a family is spoken to, but not in time.
exits 0 mu s1 dates set entry 2027-06-16
exits 0 lg jl "$(case_of 2)" spoke --contact 1 --said "moved house"
late()
{
    mu p1 outcomes --json | json '.totals |
        .contacted == 2 and .contacted_before_entry == 0'
}
wait_for 20 "the late one" late
ok "who was spoken to on the first day was not spoken to before it"

mu p1 outcomes --year 2026 --json | json '.year == 2026 and .schools == []'
exits 2 mu p1 outcomes --year soon
exits 2 mu p1 outcomes --year 1066
exits 0 mu p1 outcomes --csv
[ "$(wc -l <"$place/out")" -eq 2 ] || fail "not one line a school"
exits 0 mu p1 recall "$(upn 8732001 1)" --reason "moved away"
figure leavers 3
figure contacted 1
ok "another year and a recalled child do not count"
