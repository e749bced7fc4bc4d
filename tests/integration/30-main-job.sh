#!/usr/bin/env bash
# The main job: leavers go from a CTF to the secondary's call list, sealed and
# receipted; a newer export replaces what the secondary has.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 5

exits 0 mu p1 leavers import "$file" --dry-run --json
json '.files[0].accepted == 5' "$place/out"
mu p1 leavers list --json | json '.leavers == []'
ok "a dry run says what would be taken and takes nothing"

exits 0 mu p1 leavers import "$file" --json
json '.files[0] | .accepted == 5 and .refused == 0' "$place/out"
json '.refused == []' "$place/out"
mu p1 leavers list --json | json '[.leavers[] | .state == "ready"] == [
    true, true, true, true, true]'
ok "five leavers are imported and ready"

exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
applied p1 5
mu p1 leavers list --json | json 'all(.leavers[]; .to == "8734500" and
    .sent_at and .received_at and .applied_at and .problems == [])'
ok "all are applied at the secondary, with signed receipts"

mu s1 list --json >"$place/list"
json '.calls | length == 5' "$place/list"
json --arg upn "$(upn 8732001 1)" '.calls[] |
    select(any(.pupils[]; .upn == $upn)) |
    (.pupils[0] | .forename == "Tamsin" and .surname == "Brambleworth" and
        .from == "8732001") and
    (.contacts | length == 2) and
    (.contacts[0] | .n == 1 and .relationship == "PAM" and
        .name == "Mrs Philomena Brambleworth" and
        .parental_responsibility == "yes" and
        .points[0].kind == "mobile" and
        .points[0].value == "+447700900001")' "$place/list"
ok "each family is on the call list with its contacts in order"

case_id=$(jq -r --arg upn "$(upn 8732001 1)" '.calls[] |
    select(any(.pupils[]; .upn == $upn)) | .case' "$place/list")
exits 0 mu s1 card "$case_id"
grep -q 'Tamsin' "$place/out" && grep -q '900001' "$place/out"
ok "the card shows the child and the number"

exits 0 mu p1 leavers import "$file" --json
json '.files[0] | .unchanged == 5 and .changed == 0 and .accepted == 0' \
    "$place/out"
mu p1 leavers list --json | json 'all(.leavers[]; .revision == 1)'
ok "the same file again changes nothing"

newer=$place/8732001_CTF_8734500_002.xml
ctf "$newer" 8732001 8734500 1 2 17
exits 0 mu p1 leavers import "$newer" --send --json
json '.files[0] | .changed == 2' "$place/out"
exits 0 mu p1 waitsync --timeout 30
applied p1 5
mu p1 leavers list --json |
    json '[.leavers[] | select(.revision == 2)] | length == 2'
mu s1 list --json >"$place/list"
json '.calls | length == 5' "$place/list"
grep -q '+447700900501' "$place/list"
! grep -q '+447700900001' "$place/list" || fail "the old number is still there"
ok "a newer export replaces the record, and only where it changed"

exits 0 mu s1 read "$(upn 8732001 1)"
is_read()
{
    mu p1 leavers list --json | json --arg upn "$(upn 8732001 1)" \
        'any(.leavers[]; .upn == $upn and .state == "read" and .read_at)'
}
wait_for 20 "the primary to hear that the record was read" is_read
ok "the primary hears who has read the record"
