#!/usr/bin/env bash
# A restricted adult is in no output of the secondary: from the first send on,
# and as soon as a later restriction arrives.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 3
child=$(upn 8732001 1)
later=$(upn 8732001 2)

# Everything the secondary can be asked to show, in one file.
all_outputs()
{
    local case_id
    mu s1 list
    mu s1 list --json
    mu s1 list --csv
    mu s1 list --all --why
    for case_id in $(mu s1 list --all --json | jq -r '.calls[].case'); do
        mu s1 card "$case_id"
        mu s1 card "$case_id" --json
    done
    mu s1 status --json
    mu s1 peers
}

# hidden NAME NUMBER: neither is in $place/outputs, however it is spaced
hidden()
{
    local squeezed
    squeezed=$(tr -d ' ' <"$place/outputs")
    ! grep -qi -- "$1" "$place/outputs" || fail "$1 is shown"
    [[ $squeezed != *"${2#0}"* ]] || fail "the number of $1 is shown"
}

exits 0 mu p1 leavers import "$file"
exits 0 mu p1 restrict add "$child" --contact 2 --kind do-not-contact \
    --basis court-order --note "order of 3 June, seen by the head"
exits 0 mu p1 restrict add "$child" --contact 2 --kind do-not-contact \
    --basis court-order
grep -q 'already set' "$place/out"
mu p1 restrict list "$child" --json | json '.restrictions | length == 1'
ok "the same restriction again is the one that is there"

exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
applied p1 3
all_outputs >"$place/outputs"
grep -q 'Mrs Philomena Brambleworth' "$place/outputs" ||
    fail "the other parent is not shown either"
hidden 'Montgomery Brambleworth' 01632960001
hidden 'order of 3 June' 01632960001
grep -q 'Montgomery Thistlewood' "$place/outputs" ||
    fail "somebody else's father is not shown"
ok "a contact restricted before the first send is never shown"

grep -qi 'restricted' "$place/outputs"
ok "the card says that another adult is restricted"

exits 0 mu p1 restrict add "$later" --contact 2 --kind do-not-contact \
    --basis police-or-marac
exits 0 mu p1 waitsync --timeout 30
no_longer()
{
    ! mu s1 list --json | grep -q 'Montgomery Thistlewood'
}
wait_for 20 "the restriction to arrive" no_longer
all_outputs >"$place/outputs"
hidden 'Montgomery Thistlewood' 01632960002
ok "a later restriction takes a contact out of every output"

# The school's own system goes on listing him, now to be called first.
again=$place/8732001_CTF_8734500_002.xml
ctf "$again" 8732001 8734500 1 3 12
sed -i 's/<Order>1</<Order>9</; s/<Order>2</<Order>1</; s/<Order>9</<Order>2</' \
    "$again"
exits 0 mu p1 leavers import "$again" --json
json --arg upn "$later" 'any(.warnings[]; .reason == "restricted-contact" and
    .upn == $upn)' "$place/out"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
all_outputs >"$place/outputs"
hidden 'Montgomery Thistlewood' 01632960002
ok "a later file that lists a restricted contact first changes nothing, and warns"

exits 0 mu p1 restrict list --json
id=$(jq -r --arg upn "$later" '[.. | objects | select(.upn? == $upn)][0].id' \
    "$place/out")
exits 2 mu p1 restrict end "$id"
exits 0 mu p1 restrict end "$id" --evidence "letter of 9 July, seen by the head"
exits 0 mu p1 waitsync --timeout 30
shown_again()
{
    mu s1 list --json | grep -q 'Montgomery Thistlewood'
}
wait_for 20 "the end of the restriction to arrive" shown_again
ok "a restriction ends with evidence only"
