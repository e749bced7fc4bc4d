#!/usr/bin/env bash
# The secondary's sessions and dates reach the primaries that sent it children,
# so that their office can tell a parent who asks; who is invited does not.
. "$(dirname "$0")/lib.sh"

# board FILTER: true of what p1's office sees
board()
{
    mu p1 sessions --json | json "$@"
}

year=$(($(date +%Y) + 1))
cluster 2 2
start h1 p1 p2 s1 s2
exits 0 mu p1 sessions
grep -q 'No secondary school has a record' "$place/out"
grep -q '^next: ' "$place/out"

exits 0 mu s1 dates set entry "$year-09-02"
exits 0 mu s1 dates set induction "$year-07-06"
exits 0 mu s1 dates set primary-closes "$year-07-16"
exits 0 mu s1 session add --type new-intake-evening --start "$year-06-24 18:00" \
    --finish 19:30 --place "Main hall" --creche 10 --step-free \
    --interpreters so,ur --person "J. Lund" --phone "020 7946 0118" --publish
exits 0 mu s1 session add --type meet-the-tutor --start "$year-06-26 10:00" \
    --place Library
exits 0 mu s1 session add --type one-to-one --start "$year-06-28 10:00" \
    --place "Room 4" --publish

file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 3
other=$place/8732001_CTF_8734501_001.xml
ctf "$other" 8732001 8734501 11 1
exits 0 mu p1 leavers import "$file" "$other"
exits 0 mu p1 leavers send --all
wait_for 20 "the dates to come" board '.schools[] |
    select(.laestab == "8734500") | .entry != null'
board --arg year "$year" '(.schools | length) == 2 and (.schools[] |
    select(.laestab == "8734500") | .leavers == 3 and .entry == $year + "-09-02"
    and .induction == $year + "-07-06" and .term_end == null and
    (.sessions | length) == 1 and (.sessions[0] | .session == 1 and
    .title == "New intake evening" and .place == "Main hall" and .creche and
    .step_free and (.online | not) and .status == "published" and
    .interpreters == ["SOM", "URD"]))'
mu p1 sessions --json >"$place/out"
for word in 020 Lund 07-16 Library "Room 4"; do
    ! grep -q "$word" "$place/out" || fail "$word is told"
done
ok "dates and open sessions are told, and neither drafts nor what is for one family"

exits 0 mu p1 sessions
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
grep -q 'Northgate Academy (3 leavers), told us' "$place/out"
grep -q 'New intake evening' "$place/out"
grep -q 'interpreters: Somali, Urdu' "$place/out"
grep -q "St Anne's High (1 leaver), has told us nothing yet" "$place/out"
grep -q '^next: ' "$place/out"
exits 0 mu p1 sessions "$(upn 8732001 11)" --json
json '[.schools[].laestab] == ["8734501"]' "$place/out"
exits 0 mu p1 sessions --to 8734500 --json
json '[.schools[].laestab] == ["8734500"]' "$place/out"
exits 0 mu p1 sessions --csv
grep -q '^8734500,Northgate Academy,1,.*,Main hall,no,yes,yes,"SOM, URD",published' \
    "$place/out"
exits 1 mu p1 sessions "$(upn 8732001 99)"
mu p1 staff add ca --name "C. Ash" --role caller >/dev/null
exits 1 mu p1 sessions --as ca
mu p1 audit --json | json '[.audit[].action] | index("sessions") != null'
mu p2 sessions --json | json '.schools == []'
ok "the office sees them by school and by child, and nobody else's primary does"

# Invitations and answers change nothing that is told.
told=$(mu p1 sessions --to 8734500 --json | jq -r '.schools[0].told_at')
family=$(mu s1 list --all --json | jq -r '.calls[0].case')
exits 0 mu s1 invite "$family" --session 1 --rsvp yes --guests 2
exits 0 mu s1 session edit 1 --start "$year-06-25 18:30"
moved()
{
    board '.schools[0].sessions[0].start | test("-06-25T17:30")'
}
wait_for 20 "the new time" moved
exits 0 mu s1 session publish 2
wait_for 20 "the second session" board '.schools[0].sessions | length == 2'
exits 0 mu s1 session cancel 1 --reason "the hall is flooded"
wait_for 20 "that it was called off" board \
    '.schools[0].sessions[0].status == "cancelled"'
exits 0 mu p1 sessions
grep -q 'CALLED OFF' "$place/out"
! grep -q 'flooded' "$place/out" || fail "the reason is told"
[ "$told" != "$(mu p1 sessions --to 8734500 --json |
    jq -r '.schools[0].told_at')" ] || fail "told_at stands still"
ok "a session that moves or is called off is told again"

# An adult who is restricted after the words were typed.
exits 0 mu s1 session add --type learning-at-home --start "$year-06-27 10:00" \
    --title "Reading with $(mu s1 card "$family" --json |
        jq -r '.case.contacts[1].name')" --place Library --publish
wait_for 20 "the third session" board '.schools[0].sessions | length == 3'
hidden=$(mu s1 card "$family" --json | jq -r '.case.contacts[1].n')
child=$(mu s1 card "$family" --json | jq -r '.case.pupils[0].upn')
exits 0 mu p1 restrict add "$child" --contact "$hidden" --kind do-not-contact \
    --basis court-order
wait_for 20 "the title to go" board \
    '.schools[0].sessions | any(.title == "Learning at home")'
ok "no title names an adult who was restricted since"

# The last child goes elsewhere: that school is no concern of ours.
exits 0 mu p1 recall "$(upn 8732001 11)" --reason "moved away"
board '[.schools[].laestab] == ["8734500"]'
stop p1
start p1
board '.schools[0].sessions | length == 3'
ok "a school that has none of our children is not shown"
