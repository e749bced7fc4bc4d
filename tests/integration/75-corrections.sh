#!/usr/bin/env bash
# A wrong number, corrected by the primary (domain 3.4): it comes back to the
# school that asked and to the other one that rings the same mother; the
# parent's own word and a restriction come before it.
. "$(dirname "$0")/lib.sh"

cluster 1 2 1
start h1 p1 s1 s2

# A brother and a sister with one mother, at two schools.
sibling()
{
    local file=$place/8732001_CTF_$1_001.xml
    ctf "$file" 8732001 "$1" "$2" 1
    sed -i 's/Thistlewood/Brambleworth/; s/07700 900002/07700 900001/' "$file"
    exits 0 mu p1 leavers import "$file"
}
sibling 8734500 1
sibling 8734501 2
sister=$(upn 8732001 1)
brother=$(upn 8732001 2)
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30

family()
{
    mu p1 leavers list --json | jq -r --arg upn "$1" \
        '.leavers[] | select(.upn == $upn) | .family'
}
case_of()
{
    mu "$1" list --all --json | jq -r '.calls[0].case'
}
# point WHO NUMBER: the mother's point with that value, as the card shows it
point()
{
    mu "$1" card "$(case_of "$1")" --json | jq -c --arg v "$2" \
        '[.case.contacts[].points[] | select(.value == $v)][0]'
}

[ "$(family "$sister")" = none ] || fail "somebody was contacted already"
exits 0 mu s1 ask "$(case_of s1)" --wrong-number 1 --contact 1
exits 1 mu s1 ask "$(case_of s1)" --wrong-number 1 --contact 1
point s1 +447700900001 | json '.status == "wrong"'
asked()
{
    mu p1 inbox --json |
        json '[.requests[] | select(.kind == "wrong-number")] | length == 1'
}
wait_for 20 "the request to reach the primary" asked
mu p1 inbox --json | json --arg upn "$sister" '.requests[0] |
    .from == "8734500" and .upn == $upn and (.due | length) > 9 and
    (.text | contains("07700 900001"))'
ok "a wrong number is asked about, once, with a day by which it is due"

id=$(mu p1 inbox --json | jq -r '.requests[0].id')
exits 2 mu p1 answer "$id" --phone
exits 1 mu p1 answer "$id" --phone "07700 900001"
exits 2 mu p1 answer "$id" --phone "ask at the gate"
exits 0 mu p1 answer "$id" --phone "07700 900142"
mu p1 inbox --json | json '.requests == []'
mu p1 leavers show "$sister" --json | json '.leaver.contacts[0].points |
    map(.raw) | contains(["07700 900142"]) and
    (contains(["07700 900001"]) | not)'
ok "the primary's own record has the new number in place of the wrong one"

corrected()
{
    point "$1" +447700900142 | json '.status == "unverified" and
        (.note | startswith("number corrected by Hillside Primary"))'
}
wait_for 20 "the answer to come back" corrected s1
mu s1 list --json | json '.calls[0] | .state == "ready" and .tries == 0 and
    .suggest.contact == 1'
ok "the case is back on the list, and the card says who corrected it"
wait_for 20 "the answer to reach the other school" corrected s2
mu p1 leavers show "$brother" --json | json '.leaver.contacts[0].points |
    map(.raw) | contains(["07700 900142"])'
ok "the other school that rings the same mother has it too"

# A question, refused; and help, answered in words.
exits 0 mu s1 ask "$(case_of s1)" --question "Does she have a laptop?"
exits 0 mu s1 ask "$(case_of s1)" --help-reach
both()
{
    mu p1 inbox --json | json '[.requests[].kind] | sort ==
        ["help-reach", "question"]'
}
wait_for 20 "both requests" both
mu p1 inbox --json | json '[.requests[] | select(.kind == "question")][0].text
    == "Does she have a laptop?"'
helped()
{
    [ "$(family "$sister")" = help-request ]
}
wait_for 20 "the primary to see that help is wanted" helped
for id in $(mu p1 inbox --json | jq -r '.requests[].id'); do
    exits 0 mu p1 answer "$id" --refuse "We do not know."
done
no_help()
{
    [ "$(family "$sister")" = none ]
}
wait_for 20 "the answers to count" no_help
ok "a question and a call for help go out, and their answers come back"

# A restriction stands above an answer.
exits 0 mu s2 ask "$(case_of s2)" --wrong-number 1 --contact 2
wait_for 20 "the request of the other school" asked
exits 0 mu p1 restrict add "$brother" --contact 2 --kind do-not-contact \
    --basis court-order
exits 0 mu p1 answer "$(mu p1 inbox --json | jq -r '.requests[0].id')" \
    --phone "01632 960777"
exits 0 mu p1 waitsync --timeout 30
exits 0 mu s2 waitsync --timeout 30
mu s2 card "$(case_of s2)" --json >"$place/card"
json '[.case.contacts[].n] == [1]' <"$place/card"
! grep -q 960777 "$place/card" || fail "a restricted adult's number is shown"
ok "an answer for a restricted contact changes nothing that is shown"
