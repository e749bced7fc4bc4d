#!/usr/bin/env bash
# A school goes back to a backup in which many records were just recalled.  The
# other school does not destroy them before somebody there says so; what people
# recall afterwards does not wait.
. "$(dirname "$0")/lib.sh"

cluster 1 1
export_1=$place/8732001_CTF_8734500_001.xml
ctf "$export_1" 8732001 8734500 1 20

has()
{
    mu s1 list --all --json |
        json --argjson n "$1" '[.calls[].pupils[].upn] | length == $n'
}

# says WHO TEXT: its status, as one line, has this
says()
{
    mu "$1" status | tr -s ' \n' ' ' >"$place/status"
    grep -q "$2" "$place/status"
}

waits()
{
    mu s1 peers --json | json 'any(.peers[]; .waits_for_approval == true)'
}

recall()
{
    exits 0 mu p1 recall "$(upn 8732001 "$1")" --reason "sent by mistake"
}

start h1 p1 s1
exits 0 mu p1 leavers import "$export_1" --send
wait_for 30 "all to be applied" mu p1 waitsync --timeout 1
has 20

# --- recalls that are in the backup, and that nobody has heard of ---

stop h1
for n in 1 2 3; do recall $n; done
exits 0 mu p1 backup "$place/p1.backup"
stop p1
exits 0 "$MOVEUP_BIN/moveup" restore --state "$place/p1" "$place/p1.backup" \
    </dev/null
start h1 p1
wait_for 30 "the secondary to say so" \
    says s1 'would have 3 of the 20 records from there destroyed here'
grep -q 'moveup approve 8732001' "$place/status"
wait_for 30 "the primary to say so" says p1 'waits with our recalls'
waits
mu s1 peers | tr -s ' \n' ' ' | grep -q '8732001 wait for a person'
has 20
mu s1 quarantine list --json | json '.quarantined | length == 1 and
    .[0].reason == "mass-recall"'
ok "recalls of a restored school wait, and both schools say what to do"

recall 4
wait_for 30 "a recall of today" has 19
ok "what somebody recalls after the restore does not wait"

exits 0 mu s1 quarantine retry "$(mu s1 quarantine list --json |
    jq '.quarantined[0].id')"
has 19
exits 0 mu s1 approve --to 8732001
has 19
exits 0 mu s1 approve 8732001
has 16
wait_for 30 "the primary to be told" mu p1 waitsync --timeout 1
exits 1 waits
exits 1 says s1 'destroyed here'
wait_for 30 "the check to go" eval '! says p1 "waits with our recalls"'
mu p1 leavers show "$(upn 8732001 1)" --json |
    json '.. | .recall_confirmed_at? // empty | strings' >/dev/null
mu s1 audit --json | json 'any(.audit[]; .action == "approve")'
ok "approved, they are destroyed, and the primary has its confirmation"
