#!/usr/bin/env bash
# A copy of a running agent's folder is started: the older of the two is fenced,
# is still, and says why, until it is started again.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1
phase[twin]=primary
stop p1
cp -r "$place/p1" "$place/twin"
rm -f "$place/twin/log" "$place/twin/agent.sock"
start p1
start twin
fenced()
{
    mu "$1" status --json | json 'any(.checks[]; .name == "clone" and
        .level == "critical" and (.next | test("Stop one")))'
}
wait_for 10 "the older to be fenced" fenced p1
connected twin
ok "the older of two agents with the same keys says that it is fenced"

ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 3
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
stop h1
start h1
wait_for 30 "the newer to be back" connected twin
sleep 2
fenced p1
mu p1 status --json | json 'all(.hubs[]; .state != "connected")'
mu p1 leavers list --json | json 'all(.leavers[]; .state == "queued")'
connected twin
ok "it sends nothing and takes nothing back, also when the hub was away"

stop twin
stop p1
start p1
exits 0 mu p1 waitsync --timeout 30
applied p1 3
ok "when it is started again and is alone it goes on"
