#!/usr/bin/env bash
# A child who moved in May: both primaries export it, under one UPN.  Nobody is
# rung until one of them has taken it back; then the other's record is there by
# itself, with nothing left for anybody to do.
. "$(dirname "$0")/lib.sh"

cluster 2 1 1
start h1 p1 p2 s1
child=$(upn 8732001 1)

before=$place/8732001_CTF_8734500_001.xml
ctf "$before" 8732001 8734500 1 1
exits 0 mu p1 leavers import "$before" --send
exits 0 mu p1 waitsync --timeout 30

after=$place/8732002_CTF_8734500_001.xml
sed 's/<Estab>2001/<Estab>2002/; s/<URN>100001/<URN>100002/
    s/900001/900777/' "$before" >"$after"
exits 0 mu p2 leavers import "$after" --send
refused()
{
    mu p2 leavers list --json | json '.leavers[0].state == "quarantined"'
}
wait_for 20 "the second primary to hear of it" refused
mu p2 inbox --json | json '.requests | length == 1 and
    .[0].reason == "upn-conflict"'
mu s1 list --json | json '.calls == []' || fail "somebody would ring them"
ok "two records of one child: nobody rings, and both schools are told"

exits 0 mu p1 recall "$child" --reason "left us in May"
taken()
{
    mu p2 leavers list --json | json '.leavers[0].state == "applied"'
}
wait_for 30 "the other record to be taken" taken
mu s1 quarantine list --json | json '.quarantined == []'
mu s1 list --json | json '.calls | length == 1'
mu s1 card "$(mu s1 list --json | jq -r '.calls[0].case')" --json |
    json 'any(.case.contacts[].points[]; .value == "+447700900777")'
wait_for 10 "its request to be closed" sh -c "
    '$MOVEUP_BIN/moveup' --socket '$place/p2/agent.sock' inbox --json |
    jq -e '.requests == []'"
ok "one takes it back: the other's is taken by itself, and nothing is left to do"
