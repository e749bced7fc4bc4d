#!/usr/bin/env bash
# The hub is stopped, killed in the middle, and loses its disk: nothing that a
# primary has sent is lost or doubled.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1

stop h1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 3
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
exits 1 mu p1 waitsync --timeout 1
mu p1 status --json | json '.outbound.queued + .outbound.unreceipted > 0'
mu p1 status --json | json 'all(.hubs[]; .state != "connected")'
ok "while the hub is away the primary keeps the leavers and says so"

start h1
exits 0 mu p1 waitsync --timeout 60
applied p1 3
ok "the hub is back and everything is applied without anyone's help"

ctf "$place/8732001_CTF_8734500_002.xml" 8732001 8734500 101 400
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_002.xml" --send
crash h1
start h1
wait_for 30 "the primary to be back" connected p1
crash h1
start h1
exits 0 mu p1 waitsync --timeout 60
applied p1 403
mu s1 list --json | json '[.calls[].pupils[].upn] |
    length == 403 and (unique | length == 403)'
ok "a hub killed twice in the middle loses and doubles nothing"
