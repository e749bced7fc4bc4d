#!/usr/bin/env bash
# In the morning: what came in since yesterday, and nothing of who is restricted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

# kinds SINCE: what changed, in order
kinds()
{
    mu s1 changes --since "$1" --json | jq -r '[.changes[].kind] | join(" ")'
}

families 2
[ "$(kinds today)" = "new-record new-record" ] || fail "$(kinds today)"
exits 0 as of changes
grep -q 'the record came' "$place/out" && grep -q '^next: ' "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
exits 2 mu s1 changes --since "last week"
ok "records that came are listed"

at "2027-06-17 09:00"
[ -z "$(kinds today)" ] || fail "something came today: $(kinds today)"
[ "$(kinds yesterday)" = "new-record new-record" ] || fail "yesterday is lost"
exits 0 mu s1 changes --since today
grep -q 'Nothing has come in since Thu 17 Jun' "$place/out"
one=$(case_of 1)
exits 0 lg jl "$one" wrong-number --contact 1 --point 1
asked()
{
    mu p1 inbox --json | json '.requests | length == 1'
}
wait_for 20 "the request" asked
[ -z "$(kinds today)" ] || fail "our own call is listed"
exits 0 mu p1 answer "$(mu p1 inbox --json | jq -r '.requests[0].id')" \
    --phone "07700 900142" --text "from her sister"
answered()
{
    [[ " $(kinds today) " == *" answer "* ]]
}
wait_for 20 "the answer" answered
[ "$(kinds today)" != "${changed:=$(kinds today | sed 's/changed-record//')}" ] ||
    fail "the corrected record is not listed: $(kinds today)"
mu s1 changes --since today --json | json --arg case "$one" \
    'any(.changes[]; .kind == "answer" and .case == $case and
    .from == "Hillside Primary" and .text == "from her sister")'
exits 0 mu s1 changes --since today --csv
grep -q 'from her sister' "$place/out"
ok "a corrected number and its answer are listed, our own work is not"

exits 0 mu p1 recall "$(upn 8732001 2)" --reason "moved away"
gone()
{
    mu s1 changes --since today --json | json '.taken_back == 1'
}
wait_for 20 "the recall" gone
exits 0 mu s1 changes
grep -q '1 record was taken back' "$place/out"
ok "a record that was taken back is counted, and nothing else is known of it"
