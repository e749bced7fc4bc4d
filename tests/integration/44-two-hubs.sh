#!/usr/bin/env bash
# Two hubs: schools put to the first that answers and fetch from both.  Either
# can be killed at any time; a letter that comes by both has its effect once.
. "$(dirname "$0")/lib.sh"

cluster 1 1 2
start h1 h2 p1 s1
both()
{
    mu "$1" status --json |
        json '[.hubs[] | select(.state == "connected")] | length == 2'
}
wait_for 20 "p1 to reach both hubs" both p1
wait_for 20 "s1 to reach both hubs" both s1
ok "schools are connected to both hubs"

sent=0
# send COUNT: so many more leavers
send()
{
    local file
    file=$(printf '%s/8732001_CTF_8734500_%03d.xml' "$place" $((sent / 100 + 1)))
    ctf "$file" 8732001 8734500 $((sent + 1)) "$1"
    sent=$((sent + $1))
    exits 0 mu p1 leavers import "$file" --send
}

in_list_once()
{
    mu s1 list --json | json --argjson n "$sent" '[.calls[].pupils[].upn] |
        length == $n and (unique | length == $n)'
}

send 200
crash h1
exits 0 mu p1 waitsync --timeout 60
applied p1 $sent
ok "the first hub is killed in the middle: all goes by the second"

send 200
start h1
wait_for 30 "p1 to reach both hubs" both p1
crash h2
exits 0 mu p1 waitsync --timeout 60
applied p1 $sent
ok "the first is back and the second is killed: all goes by the first"

send 200
start h2
sleep 0.3
crash h1
sleep 0.3
start h1
crash h2
start h2
exits 0 mu p1 waitsync --timeout 60
applied p1 $sent
in_list_once || fail "$sent leavers are not there once each"
ok "each hub killed while the other comes back: nothing lost, nothing doubled"

stop s1
send 100
at_hub()
{
    mu p1 queue --json | json '.queue | length > 0 and
        all(.[]; .state == "at-hub")'
}
wait_for 20 "a hub to have taken the mail" at_hub
crash h1
rm -f "$place"/h1/hub.db*
start h1 s1
wait_for 30 "p1 to reach both hubs" both p1
exits 0 mu p1 waitsync --timeout 60
in_list_once || fail "$sent leavers are not there once each"
mu s1 quarantine list --json | json '.quarantine | length == 0'
ok "what a hub lost with its disk goes again by the other, and counts once"
