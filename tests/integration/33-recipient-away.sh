#!/usr/bin/env bash
# The secondary is away: the hub keeps sealed mail, the primary says how old it
# is, and the secondary catches up when it is back - also after being killed.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 20
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
sent()
{
    mu p1 leavers list --json | json 'all(.leavers[]; .state == "sent")'
}
wait_for 20 "the hub to have taken the mail" sent
mu p1 status --json | json '.outbound.unreceipted > 0 and
    .outbound.oldest_unreceipted_s >= 0'
exits 1 mu p1 waitsync --timeout 1
ok "with the secondary away the leavers are sent, not received"

stop p1
start s1
in_list()
{
    mu s1 list --json | json --argjson n "$1" '[.calls[].pupils[]] | length == $n'
}
wait_for 20 "the mail" in_list 20
ok "the secondary gets its mail though the primary is away by now"

start p1
exits 0 mu p1 waitsync --timeout 30
applied p1 20
ok "the primary finds the receipts when it is back"

ctf "$place/8732001_CTF_8734500_002.xml" 8732001 8734500 101 300
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_002.xml" --send
crash s1
start s1
exits 0 mu p1 waitsync --timeout 60
applied p1 320
in_list 320
mu s1 list --json | json '[.calls[].pupils[].upn] | unique | length == 320'
ok "a secondary killed in the middle applies each leaver once"
