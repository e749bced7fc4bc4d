#!/usr/bin/env bash
# Information sessions: places and the waiting list, adults who may not meet,
# who came, and what is sent and printed.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 4
exits 0 mu p1 leavers import "$file"
# Family 1: the parents may not meet.  Family 2: the father is restricted.
exits 0 mu p1 restrict add "$(upn 8732001 1)" --contact 2 \
    --kind not-together-with --basis court-order
exits 0 mu p1 restrict add "$(upn 8732001 2)" --contact 2 \
    --kind do-not-contact --basis court-order
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
applied p1 4

# case_of SURNAME
case_of()
{
    mu s1 list --all --json | jq -r --arg name "$1" \
        '[.calls[] | select(any(.pupils[]; .surname == $name)).case][0]'
}
apart=$(case_of Brambleworth)
hidden=$(case_of Thistlewood)
third=$(case_of Marchbanks)
fourth=$(case_of Featherstone)

# rsvp CASE SESSION: how that family's first invitation stands
rsvp()
{
    mu s1 invite "$1" --session "$2" --json | jq -r .invitation.rsvp
}

exits 0 mu s1 session list
grep -q 'No sessions yet' "$place/out" && grep -q '^next: ' "$place/out"
year=$(($(date +%Y) + 1))
exits 0 mu s1 session add --type new-intake-evening --start "$year-06-24 18:00" \
    --finish 19:30 --place "Main hall; stage, left" --capacity 5 --creche 1 \
    --title "New intake evening, with a tour of the library and the drama studio" \
    --person "J. Lund" --phone "020 7946 0118"
exits 1 mu s1 invite "$third" --session 1
grep -q 'not published' "$place/err"
exits 0 mu s1 session publish 1
exits 0 mu s1 session add --type learning-at-home --start "$year-06-26 10:00" \
    --place Library --publish
exits 1 mu s1 session publish 2
exits 1 mu s1 invite "$third" --session 9
exits 2 mu s1 session add --type party --start "$year-06-26 10:00" --place Hall
exits 2 mu s1 session add --type online --start "2020-06-26 10:00" --place Hall
ok "a session is open for invitations once it is published"

exits 0 mu s1 invite "$third" --session 1 --rsvp yes --guests 2 --json
json '.invitation.rsvp == "yes" and .session.taken == 3' "$place/out"
exits 0 mu s1 invite "$third" --session 1 --contact 2 --rsvp yes --guests 2 --json
json '.session.taken == 4' "$place/out" ||
    fail "guests of one family are counted twice"
ok "guests are counted once a family"

exits 0 mu s1 invite "$fourth" --session 1 --rsvp yes --guests 1
grep -q 'number 1 on the waiting list' "$place/out"
exits 1 mu s1 invite "$hidden" --session 1 --rsvp yes --guests 5
exits 1 mu s1 invite "$hidden" --session 1 --rsvp yes --creche 2
exits 0 mu s1 invite "$hidden" --session 1 --rsvp yes
[ "$(rsvp "$hidden" 1)" = yes ] || fail "the last place was not given"
[ "$(rsvp "$fourth" 1)" = waiting ]
exits 0 mu s1 invite "$third" --session 1 --contact 2 --rsvp cancelled --json
json '.moved_up == []' "$place/out"
exits 0 mu s1 invite "$hidden" --session 1 --rsvp no --reason "at work" --json
json --arg c "$fourth" '.moved_up[0].case == $c' "$place/out"
[ "$(rsvp "$fourth" 1)" = yes ] || fail "nobody moved up"
ok "who does not fit waits, and moves up when somebody cancels"

exits 0 mu s1 invite "$apart" --session 2 --contact 1 --rsvp tentative
exits 1 mu s1 invite "$apart" --session 2 --contact 2
grep -q 'may not meet' "$place/err"
! grep -q Philomena "$place/err" || fail "the refusal names the other parent"
exits 0 mu s1 session fit --json
json --arg c "$apart" '[.without[] | select(.case == $c)] |
    length == 1 and .[0].contact == 2' "$place/out" ||
    fail "the father has no session: 1 is full, and the mother is in 2"
exits 0 mu s1 invite "$fourth" --session 1 --rsvp yes --guests 0
exits 0 mu s1 session fit --json
json '.families_without == 0' "$place/out"
exits 0 mu s1 session add --type meet-the-tutor --start "$year-06-26 10:30" \
    --place library --publish
exits 1 mu s1 invite "$apart" --session 3 --contact 2
exits 0 mu s1 session cancel 3 --reason "the tutor is ill"
exits 0 mu s1 invite "$apart" --session 1 --contact 2 --rsvp yes
exits 1 mu s1 invite "$apart" --session 1 --contact 1
for session in 1 2; do
    for form in --json --csv ''; do
        # shellcheck disable=SC2086 # nothing, or one option
        mu s1 session doorlist $session $form >"$place/sheet"
        # shellcheck disable=SC2086
        mu s1 session letters $session $form >>"$place/sheet"
        ! { grep -q 'Philomena Brambleworth' "$place/sheet" &&
            grep -q 'Montgomery Brambleworth' "$place/sheet"; } ||
            fail "both are on one sheet of session $session"
    done
done
grep -q 'Philomena Brambleworth' "$place/sheet" ||
    fail "session 2 does not have the mother either"
mu s1 session doorlist 1 | grep -q 'Montgomery Brambleworth' ||
    fail "session 1 does not have the father"
ok "separated, both with responsibility: different sessions, never one sheet"

exits 1 mu s1 invite "$hidden" --session 1 --contact 2
exits 0 mu s1 invite "$hidden" --session 2 --rsvp yes --needs \
    "not with Montgomery Thistlewood" --print --format large-print
grep -q 'Dear Mrs Philomena Thistlewood' "$place/out"
grep -q '18 points' "$place/out"
{
    cat "$place/out"
    for n in 1 2 3; do
        for verb in doorlist letters ics; do
            mu s1 session $verb $n
            mu s1 session $verb $n --json
        done
        mu s1 session doorlist $n --csv
        mu s1 session letters $n --csv
    done
    mu s1 session fit
    mu s1 session fit --csv
    mu s1 session fit --json
    mu s1 session list --all --json
    mu s1 invite "$hidden" --session 2 --channel text --print
    mu s1 invite "$hidden" --session 2 --channel email --print --json
} >"$place/outputs"
! grep -q 'Montgomery Thistlewood' "$place/outputs" ||
    fail "the restricted father is named"
[[ $(tr -d ' ' <"$place/outputs") != *1632960002* ]] ||
    fail "the restricted father's number is shown"
exits 1 mu s1 session add --type one-to-one --start "$year-07-01 10:00" \
    --place "with Montgomery Thistlewood"
ok "no door list, letter, calendar file or CSV holds a restricted contact"

mu s1 session ics 1 -o "$place/one.ics" >"$place/out"
awk 'substr($0, length($0)) != "\r" { exit 1 } length($0) > 76 { exit 1 }' \
    "$place/one.ics" || fail "a line is too long or does not end with CR LF"
unfolded=$(tr -d '\r' <"$place/one.ics" | sed -z 's/\n //g')
[[ $unfolded == *"DTSTART;TZID=Europe/London:${year}0624T180000"* ]]
[[ $unfolded == *'LOCATION:Main hall\; stage\, left'* ]]
mu s1 session ics 3 | grep -q 'METHOD:CANCEL'
ok "a session goes into a calendar"

exits 0 mu s1 session doorlist 1 --csv
awk -F, -v c="$fourth" 'NR == 1 || $1 != c { print $0 (NR == 1 ? "" : "y") }
    NR > 1 && $1 == c { print $0 "n" }' <(tr -d '\r' <"$place/out") >"$place/door.csv"
exits 0 mu s1 session mark 1 --csv "$place/door.csv" --json
json --arg c "$fourth" '.session.attended == 2 and .session.missed == 1 and
    .missed[0].case == $c' "$place/out"
exits 0 mu s1 session mark 2 "$hidden"
exits 0 mu s1 session mark 2 --rest-absent
grep -q 'came: 1  did not come: 0' "$place/out" ||
    fail "somebody without a place was taken for absent"
exits 1 mu s1 session mark 2 "$third"
exits 2 mu s1 session mark 2
ok "who came is marked, from a sheet too, and who did not is followed up"

exits 0 mu s1 staff add kim --name "Kim" --role caller
exits 1 mu s1 --as kim session cancel 1
exits 0 mu s1 --as kim session doorlist 1
for screen in "session list" "session doorlist 1" "session fit" \
    "session letters 1"; do
    # shellcheck disable=SC2086 # words of a command
    mu s1 $screen >"$place/out"
    [ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "$screen is too wide"
    tail -n 3 "$place/out" | grep -q '^next: ' || fail "$screen has no next step"
done
ok "callers may not cancel a session, and every screen says what comes next"

exits 0 mu s1 actions --json
json --arg c "$fourth" 'any(.actions[]; .case == $c and .owner == "lead" and
    .kind == "follow-up" and .state == "open")' "$place/out" ||
    fail "nobody follows up who did not come"
exits 0 mu s1 actions add "$third" "Send the bus times" --owner tutor \
    --kind question --due 2020-01-02 --json
number=$(jq .action.action "$place/out")
mu s1 actions --owner tutor | grep -q ' late .*Send the bus times'
exits 1 mu s1 --as kim actions "done" 999999
exits 0 mu s1 --as kim actions "done" "$number" --note "sent by text"
exits 1 mu s1 actions drop "$number" --reason "twice"
! mu s1 actions | grep -q 'bus times' || fail "it is done and still shown"
exits 2 mu s1 actions add "$third" "x" --owner nobody
exits 0 mu s1 actions add "$hidden" "Mr Montgomery Thistlewood was at the gate" \
    --owner dsl --kind concern
! mu s1 --as kim actions --json | grep -q '"dsl"' || fail "a caller sees a concern"
mu s1 actions --json | json 'any(.actions[]; .owner == "dsl" and .text == "")' ||
    fail "the restricted father is named among the actions"
ok "what was promised has an owner and a day, until it is done"

exits 2 mu s1 --as kim support check "$(upn 8732001 3)" new
exits 0 mu s1 --as kim support check "$(upn 8732001 3)" new --needs travel
exits 1 mu s1 --as kim tutor set "$(upn 8732001 3)" --name "Ms Lund"
exits 0 mu s1 tutor set "$(upn 8732001 3)" --name "Ms Lund" --told
exits 1 mu s1 tutor set "$(upn 8732001 44)" --name "Ms Lund"
ok "a child has a tutor and a support check"
