#!/usr/bin/env bash
# The first days at the new school: who started, who did not come and what is done
# about it step by step, and what the primary sees of it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 6
exits 0 mu s1 staff add hy --name "H. Year" --role head-of-year
exits 0 mu s1 dates set entry 2027-09-02
one=$(case_of 1)
two=$(case_of 2)
exits 0 lg jl "$one" spoke --contact 1 --said "ready"

# seen_as N WORD: leaver N at the primary
seen_as()
{
    [ "$(mu p1 leavers list --json | jq -r --arg upn "$(upn 8732001 "$1")" \
        '.leavers[] | select(.upn == $upn) | .family')" = "$2" ]
}

# step_of N STEP: what to do next about leaver N
step_of()
{
    local is
    is=$(mu s1 entry missing --json | jq -r --arg upn "$(upn 8732001 "$1")" \
        '.pupils[] | select(.pupil.upn == $upn) | .step')
    [ "$is" = "$2" ] || fail "the next step for leaver $1 is '$is', not $2"
}

wait_for 20 "the primary to hear of the call" seen_as 1 contacted
exits 0 as of entry missing
grep -q 'Nobody is missing' "$place/out"
grep -q '6 expected later' "$place/out"
exits 1 as of entry mark "$one" started
grep -q 'expected on 2027-09-02' "$place/err"
ok "before the first day nobody is missing, and nobody is marked"

exits 0 mu s1 dates set entry 2027-06-16 # today
exits 0 as hy entry missing
grep -q '6 not marked' "$place/out" && grep -q '^next: ' "$place/out"
exits 1 as jl entry mark "$one" started
grep -q 'needs one of the roles' "$place/err"
exits 2 as of entry mark "$one"
exits 2 as of entry mark "$one" started --csv
exits 2 as of entry mark "$one" started --dry-run
exits 2 as of entry mark "$one" gone
grep -q 'started-elsewhere' "$place/err"
exits 1 as of entry mark "$one" started --date 2027-06-15
exits 1 as of entry mark "$one" started --date 2027-06-17
grep -q 'not come yet' "$place/err"
exits 2 as of entry mark "$one" started --date 16/6/2027
exits 1 as of entry mark 9999 started
exits 0 as of entry mark "$one" started
grep -q 'started, 16 Jun 2027' "$place/out" && grep -q '^next: ' "$place/out"
exits 0 as hy entry mark "$(upn 8732001 2)" not-arrived --note "hush hush"
grep -q "next: ring the family: moveup card $two" "$place/out"
in_state "$one" started
in_state "$two" not-arrived
ok "who started and who did not is marked from the first day on"

# A sheet, as `entry missing --csv` prints it and somebody filled it in.
exits 0 as of entry missing --csv
head -n 1 "$place/out" | grep -q 'upn,.*result,date,'
grep -c "$(upn 8732001 3)" "$place/out" >/dev/null
cat >"$place/sheet.csv" <<CSV
UPN,Result,Date,Form
$(upn 8732001 3),Started,,7A
$(upn 8732001 4),home educated,2027-06-16,
$(upn 8732001 5),,,
$(upn 8732001 9),started,,
B123456789012,started,,
$(upn 8732001 6),gone,,
$(upn 8732001 6),started,16/06/2027,
$(upn 8732001 6),started,2027-06-15,
$(upn 8732001 3),started,,
$(upn 8732001 2),not-arrived,,
CSV
exits 1 as of entry mark --csv "$place/sheet.csv" --dry-run
grep -q 'This would be 2 children new' "$place/out"
mu s1 entry missing --json | json '.started == 1 and .elsewhere == 0'
exits 1 as jl entry mark --csv "$place/sheet.csv"
exits 1 as of entry mark --csv "$place/sheet.csv" --json
json '.accepted == 2 and .changed == 0 and .unchanged == 2 and
    [.refused[] | "\(.line) \(.reason)"] == ["5 no-record",
    "6 upn-check-letter", "7 bad-result", "8 bad-date", "9 wrong-day",
    "10 twice"]' "$place/out"
exits 1 as of entry mark --csv "$place/sheet.csv"
grep -q '4 as they were' "$place/out"
mu s1 entry missing --json | json '.started == 2 and .elsewhere == 1 and
    .not_arrived == 1 and .unmarked == 2 and .later == 0'
mu s1 entry missing --csv >"$place/printed.csv"
exits 0 as of entry mark --csv "$place/printed.csv"
grep -q '3 as they were' "$place/out"
printf 'upn,outcome\nx,y\n' >"$place/bad.csv"
exits 1 as of entry mark --csv "$place/bad.csv"
grep -q 'must name the column result' "$place/err"
ok "a sheet is taken line by line, and each refusal says why"

told()
{
    seen_as 1 started && seen_as 2 not-arrived && seen_as 3 started &&
        seen_as 4 closed && mu p1 outcomes --json |
        json '.totals | .started == 2 and .not_arrived == 1 and .contacted == 1'
}
wait_for 20 "the primary to be told" told
exits 0 mu p1 outcomes
grep -q 'say: 2 started, 1 not arrived' "$place/out"
exits 0 mu p1 leavers list
grep -q 'not arrived' "$place/out" && grep -q 'started' "$place/out"
mu p1 leavers show "$(upn 8732001 2)" --json >"$place/out"
! grep -q hush "$place/out" || fail "the note reached the primary"
ok "the primary sees who started and who has not arrived, and no note"

# The ladder, step by step.
step_of 2 ring
step_of 5 mark
exits 0 as jl card "$two"
exits 0 lg jl "$two" no-answer --contact 1 --point 1
step_of 2 ask-primary
exits 0 as jl ask "$two" --help-reach
step_of 2 visit
exits 0 as kt plan "$two" --by home-visit --when "2027-06-17 10:00"
step_of 2 tell-authority
exits 0 as of entry missing
grep -q "next: tell the safeguarding lead and the local authority" "$place/out"
grep -q ' tell the local authority$' "$place/out" || fail "the step is cut"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
exits 0 lg jl "$two" spoke --contact 1 --said "they come on Monday"
step_of 2 agree
ok "each step follows from what was done, and speaking to them comes first"

# It was a mistake: marked again.
exits 0 as of entry mark "$two" started --date 2027-06-16
in_state "$two" started
corrected()
{
    seen_as 2 started && mu p1 outcomes --json |
        json '.totals | .started == 3 and .not_arrived == 0'
}
wait_for 20 "the primary to be told of the correction" corrected
mu s1 audit --json | json '[.audit[] | select(.action == "entry.mark" and
    .detail != "refused") | .detail] | sort == ["home-educated", "not-arrived",
    "started", "started", "started"]' || fail "not each mark is in the audit"
ok "marked again it is corrected, at the primary too"

# Nobody may ring: nobody is told to.
exits 0 as of entry mark "$(case_of 5)" not-arrived
exits 0 lg jl "$(case_of 5)" no-answer --contact 1 --point 1 --concern
step_of 5 decide
exits 0 as jl card "$(case_of 5)"
grep -q 'Do not ring' "$place/out"
exits 0 as of entry mark "$(case_of 6)" unknown
step_of 6 tell-authority
at "2027-06-29 10:00"
step_of 5 tell-authority
ok "a concern stops the calls, and the tenth school day tells the authority"
