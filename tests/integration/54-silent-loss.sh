#!/usr/bin/env bash
# The first of two hubs loses mail and says nothing: the same storage, the same
# cursors, the letters gone as if they had been fetched.  What nobody answers
# goes again after a day by the second hub; and if somebody has set that to a
# month, the daily heartbeat shows the gap.
. "$(dirname "$0")/lib.sh"

# later HOURS WHO...: start them with the clock so much on
later()
{
    local hours=$1
    shift
    export MOVEUP_FAKE_TIME=$((hours * 3600))
    start "$@"
    unset MOVEUP_FAKE_TIME
}

both()
{
    mu "$1" status --json |
        json '[.hubs[] | select(.state == "connected")] | length == 2'
}

at_hub()
{
    mu p1 queue --json | json '.queue | length > 0 and
        all(.[]; .state == "at-hub")'
}

# letters HUB: how many of the primary's batches it has or had; it is stopped
letters()
{
    sqlite3 "$place/$1/hub.db" \
        "SELECT count(*) FROM letters WHERE author = '8732001' AND lane < 3"
}

# lose: what the first hub keeps of the primary's is gone, and nothing shows it
lose()
{
    stop h1
    before=$(letters h1)
    sqlite3 "$place/h1/hub.db" \
        "UPDATE letters SET size = 0, sealed = x'' WHERE author = '8732001'"
}

# send N: the leavers from N, five of them
send()
{
    ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 "$1" 5
    exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
}

has()
{
    mu s1 list --all --json | json --argjson n "$1" '[.calls[].pupils[].upn] |
        length == $n and (unique | length) == $n'
}

says()
{
    grep -q "$2" "$place/$1/log"
}

cluster 1 1 2
printf '[send]\nheartbeat_hours = 168\n' >"$place/p1.conf"
start h1 p1 s1
send 1
exits 0 mu p1 waitsync --timeout 30
has 5

# --- by the other hub ---

stop s1
send 101
wait_for 20 "the first hub to have the mail" at_hub
lose
start h1 h2 s1
wait_for 20 "the primary to reach both hubs" both p1
wait_for 20 "the secondary to reach both hubs" both s1
exits 1 mu p1 waitsync --timeout 2
has 5
ok "a hub that loses mail in silence is not found out at once"

for who in p1 s1 h1 h2; do stop $who; done
later 25 h1 h2 p1 s1
wait_for 60 "the letters to come again" has 10
exits 0 mu p1 waitsync --timeout 30
applied p1 10
says p1 'sending again'
for who in p1 s1 h1 h2; do stop $who; done
[ "$(letters h2)" -gt 0 ] || fail "nothing went by the second hub"
[ "$(letters h1)" -eq "$before" ] || fail "it went by the first hub again"
ok "after a day they go again, by the other hub, and count once"

# --- by the heartbeat ---

printf '[send]\nresend_hours = 720\n' >"$place/p1.conf"
later 26 h1 p1
send 201
wait_for 20 "the first hub to have the mail" at_hub
lose
: >"$place/p1/log"
stop p1
later 52 h1 h2 p1 s1
wait_for 60 "the gap to be seen" has 15
exits 0 mu p1 waitsync --timeout 30
applied p1 15
says p1 'sending again what is missing'
! says p1 'took letters long ago' || fail "it was not the heartbeat"
mu s1 status --json | json '.quarantined == 0'
ok "a heartbeat shows that something is missing, and it comes again"
