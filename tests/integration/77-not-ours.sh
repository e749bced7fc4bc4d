#!/usr/bin/env bash
# A record reaches a school that does not expect the child, and its lead says
# so: nobody rings that family, and the primary answers or moves the record.
. "$(dirname "$0")/lib.sh"

cluster 1 2 1
start h1 p1 s1 s2
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 3
first=$(upn 8732001 1)
second=$(upn 8732001 2)
exits 0 mu p1 leavers import "$file" --send
exits 0 mu p1 waitsync --timeout 30
exits 0 mu s1 staff add caller1 --name "C. Aller" --role caller

# case_of UPN / state UPN: at the first secondary; "" if it is not there
case_of()
{
    mu s1 list --all --json | jq -r --arg upn "$1" \
        '.calls[] | select(any(.pupils[]; .upn == $upn)) | .case'
}
state()
{
    mu s1 list --all --json | jq -r --arg upn "$1" \
        '.calls[] | select(any(.pupils[]; .upn == $upn)) | .state'
}
is()
{
    [ "$("${@:2}")" = "$1" ]
}
asked()
{
    mu p1 inbox --json | json --argjson n "$1" \
        '[.requests[] | select(.kind == "not-ours")] | length == $n'
}

exits 1 mu s1 --as caller1 ask "$(case_of "$first")" --not-ours
grep -q lead "$place/err"
exits 2 mu s1 ask "$(case_of "$first")" --not-ours --help-reach
exits 1 mu s1 ask "$(case_of "$first")" --not-ours --child "$second"
is ready state "$first"
ok "only the lead says that a child is not ours, and of a child of that case"

exits 0 mu s1 ask "$(case_of "$first")" --not-ours
exits 1 mu s1 ask "$(case_of "$first")" --not-ours
grep -q 'asked that already' "$place/err"
is action-needed state "$first"
is ready state "$second"
mu s1 card "$(case_of "$first")" --json |
    json '.case.asked == [{kind: "not-ours", due: .case.asked[0].due}]'
wait_for 20 "the primary to be asked" asked 1
mu p1 inbox --json | json --arg upn "$first" '.requests[0] |
    .upn == $upn and .from == "8734500" and (.due | length) > 9'
mu p1 inbox | tr -s ' \n' ' ' | grep -q 'does not expect this child'
ok "the primary is asked, once, and meanwhile nobody rings the family"

exits 0 mu p1 answer "$(mu p1 inbox --json | jq -r '.requests[0].id')" \
    --text "The offer was accepted on 3 May."
asked 0
wait_for 20 "the family to be on the list again" is ready state "$first"
ok "answered that the child does come, the family is on the list again"

exits 0 mu s1 ask "$(case_of "$second")" --not-ours --child "$second"
wait_for 20 "the primary to be asked" asked 1
exits 0 mu p1 dest set "$second" --to 8734501
asked 0
wait_for 20 "the record to go" is "" case_of "$second"
arrived()
{
    mu s2 list --all --json | json --arg upn "$second" \
        '[.calls[].pupils[].upn] == [$upn]'
}
wait_for 20 "the record to arrive where it belongs" arrived
is ready state "$first"
ok "moved by the primary, the record goes to the other school and is closed"
