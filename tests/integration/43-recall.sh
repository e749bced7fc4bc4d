#!/usr/bin/env bash
# Domain 3.4 with the real programs: a destination changes in August, the wrong
# school has received a record; what was taken back never comes back.
. "$(dirname "$0")/lib.sh"

cluster 1 2 2
start h1 h2 p1 s1 s2
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 6
moved=$(upn 8732001 1)
wrong=$(upn 8732001 2)
stays=$(upn 8732001 3)

# shows WHO UPN: it is in some output of that secondary
shows()
{
    local id
    {
        mu "$1" list --all --json
        for id in $(mu "$1" list --all --json | jq -r '.calls[].case'); do
            mu "$1" card "$id" --json
        done
    } >"$place/shown"
    grep -q "$2" "$place/shown"
}

shows_not()
{
    ! shows "$@"
}

# leaver UPN FILTER
leaver()
{
    mu p1 leavers list --json |
        json --arg upn "$1" ".leavers[] | select(.upn == \$upn) | $2"
}

exits 0 mu p1 leavers import "$file" --send
exits 0 mu p1 waitsync --timeout 30
applied p1 6
shows s1 "$moved"
shows s1 "$wrong"
children=$(mu s1 list --all --json | jq '[.calls[].pupils[]] | length')
[ "$children" -eq 6 ]

exits 1 mu p1 recall "$(upn 8732001 99)" --reason "no such child"
exits 2 mu p1 recall "$moved"
exits 1 mu p1 dest set "$moved" --to 8734500
exits 1 mu p1 dest set "$moved" --to 8739999
ok "what cannot be recalled or moved is refused, and says why"

# The CTF of August names another school.
ctf "$place/8732001_CTF_8734501_001.xml" 8732001 8734501 1 1
exits 1 mu p1 leavers import "$place/8732001_CTF_8734501_001.xml"
grep -q 'moveup dest set' "$place/out"
mu p1 leavers check >"$place/check"
grep -q 'moveup dest set' "$place/check"
ok "a file does not move a child who was sent, and says what does"

exits 0 mu p1 dest set "$moved" --to 8734501 --reason "letter of 9 August"
wait_for 20 "the record to leave the old school" shows_not s1 "$moved"
wait_for 20 "the record to be at the new school" shows s2 "$moved"
wait_for 20 "the old school's confirmation" leaver "$moved" \
    '.state == "applied" and .to == "8734501" and
     .recalls[0].school == "8734500" and .recalls[0].confirmed_at != null'
mu p1 leavers show "$moved" >"$place/show"
grep -q 'destroyed there' "$place/show"
ok "destination changes in August: recalled, destroyed, confirmed, sent on"

exits 0 mu p1 recall "$wrong" --reason "sent to the wrong school"
wait_for 20 "the recalled record to go" shows_not s1 "$wrong"
wait_for 20 "the confirmation" leaver "$wrong" \
    '.state == "recalled" and .recall_confirmed_at != null'
children=$(mu s1 list --all --json | jq '[.calls[].pupils[]] | length')
[ "$children" -eq 4 ]
exits 1 mu p1 leavers send "$wrong"
exits 0 mu p1 leavers send --all
shows_not s1 "$wrong"
ok "wrong school receives a record: recalled, and not sent again by mistake"

# Both hubs lose all they had, and the author sends again.
for who in p1 s1 h1 h2; do
    stop "$who"
done
rm "$place/h1/"hub.db* "$place/h2/"hub.db*
start h1 h2 p1 s1
exits 0 mu p1 waitsync --timeout 30
shows_not s1 "$moved"
shows_not s1 "$wrong"
shows s1 "$stays"
ok "nothing comes back when both hubs have lost their mail"

# A changed export of the same school does not bring the recalled one back.
ctf "$place/8732001_CTF_8734500_002.xml" 8732001 8734500 2 5 24
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_002.xml" --send
exits 0 mu p1 waitsync --timeout 30
leaver "$wrong" '.state == "recalled"'
shows_not s1 "$wrong"
shows s1 "$stays"
ok "a newer file does not send a recalled record"

exits 0 mu p1 dest set "$wrong" --to 8734500
wait_for 20 "the child to be back" shows s1 "$wrong"
wait_for 20 "its state" leaver "$wrong" '.state == "applied"'
ok "a child who comes back is taken again"

exits 0 mu p1 dest set "$wrong" --to 8734501
wait_for 20 "it to be gone again" shows_not s1 "$wrong"
wait_for 20 "it to be at the other" shows s2 "$wrong"
stop s1
for name in "$moved" "$wrong" Quillfeather; do
    ! grep -aq "$name" "$place/s1/agent.db" "$place/s1/log" ||
        fail "$name is in the old school's files"
done
ok "the old school's files name neither child"

exits 0 mu p1 inbox --json
json '.requests == []' "$place/out"
exits 1 mu p1 answer 7 --text "nothing was asked"
exits 2 mu p1 answer seven --text "no number"
ok "an empty inbox says so"
