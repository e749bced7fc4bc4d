#!/usr/bin/env bash
# A school's own rules in its settings; a session that changes; who is rung
# first because a session is near; and what staff choose themselves is kept.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 5
one=$(case_of 1)
two=$(case_of 2)
last=$(case_of 5)

cat >"$place/s1.conf" <<CONF
[call]
hours = Mo-Fr 10:30-12:00
[lease]
minutes = 5
[attempt]
limit_voice = 1
min_bands = 1
min_days = 1
CONF
at "2027-06-16 10:05"
as jl next --json | json '.case == null and
    .blocked.opens_at == "2027-06-16T09:30:00Z"'
at "2027-06-16 10:35"
as jl next --json | json '.lease_until | startswith("2027-06-16T09:40")'
exits 0 as jl next
grep -q 'with jl until Wed 16 Jun 10:40' "$place/out"
exits 0 as jl next --give-back
exits 0 lg jl "$two" no-answer --contact 1 --point 1
in_state "$two" escalated
ok "hours, lease and ladder are those of the settings"
rm "$place/s1.conf"

at "2027-06-17 10:00"
exits 0 mu s1 list --json
json --arg last "$last" '.calls[0].case != $last' "$place/out"
# Only the last family's mother says when she can come: a session then is near.
for family in "$one" "$two" "$(case_of 3)" "$(case_of 4)"; do
    exits 0 as jl wishes "$family" --contact 1 --bad EVE
    exits 0 as jl wishes "$family" --contact 2 --bad EVE
done
exits 0 mu s1 session add --type new-intake-evening --publish \
    --start "2027-06-23 18:00" --place "Main hall" --capacity 5
exits 0 mu s1 list --json
json --arg last "$last" '.calls[0].case == $last' "$place/out" ||
    fail "who can come to a session that is near is not first"
exits 0 mu s1 list --why
grep -q 'a session is near' "$place/out"
mu s1 card "$last" --json | json '.case.sessions_fit[0].session == 1'
mu s1 card "$one" --json | json '.case.sessions_fit == []'
exits 0 as jl card "$last"
grep -q 'COULD COME *1 ' "$place/out"
ok "families not invited who can make a session this week are rung first"

exits 0 as jl invite "$last" --session 1 --rsvp yes --guests 2
mu s1 card "$last" --json | json '.case | .sessions_fit == [] and
    .invitations[0].rsvp == "yes" and .invitations[0].guests == 2'
exits 1 mu s1 session edit 1 --capacity 2
grep -q '3 places' "$place/err"
exits 0 mu s1 session edit 1 --start "2027-06-24 18:30" --capacity 30 --json
json --arg last "$last" '.session.start == "2027-06-24T17:30:00Z" and
    .session.end == "2027-06-24T18:30:00Z" and .session.capacity == 30 and
    .session.place == "Main hall" and .tell[0].case == $last' "$place/out"
exits 0 mu s1 session edit 1 --title "Welcome evening"
grep -q 'They have to be told' "$place/out"
exits 2 mu s1 session edit 1 --start yesterday
exits 1 as jl session edit 1 --title "Mine"
exits 0 mu s1 session cancel 1
exits 1 mu s1 session edit 1 --title "Anew"
mu s1 audit --json | json 'any(.audit[]; .action == "session.edit")'
ok "a session changes, nobody loses a place, and who must be told is named"

exits 0 as jl next --json
family=$(jq -r .case.case "$place/out")
exits 0 as jl log no-answer --json
json '.logged.own_choice == false' "$place/out"
at "2027-06-17 15:00"
exits 0 as am log "$family" no-answer --contact 2 --point 1
grep -q 'another way than was suggested' "$place/out"
mu s1 card "$family" --json | json '.case.before |
    map(.own_choice) == [false, true]'
ok "that staff chose otherwise than was suggested is kept"
