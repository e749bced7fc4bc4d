#!/usr/bin/env bash
# A secondary that is away for three weeks of the holidays: the hub keeps its
# mail, the primary shows how old it is, and nobody has to do anything when the
# secondary is back.  MOVEUP_FAKE_TIME moves the wall clock of a daemon.
. "$(dirname "$0")/lib.sh"

weeks=$((21 * 24 * 3600))

# later WHO...: start them again with the clock three weeks on
later()
{
    export MOVEUP_FAKE_TIME=$weeks
    start "$@"
    unset MOVEUP_FAKE_TIME
}

in_list()
{
    mu s1 list --all --json |
        json --argjson n "$1" '[.calls[].pupils[].upn] | unique | length == $n'
}

cluster 1 1
start h1 p1 s1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 10
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
exits 0 mu p1 waitsync --timeout 30
stop s1
ctf "$place/8732001_CTF_8734500_002.xml" 8732001 8734500 1 20 17
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_002.xml" --send
all_put()
{
    mu p1 status --json |
        json '.outbound | .queued == 0 and .unreceipted > 0'
}
wait_for 20 "the hub to have the mail" all_put
stop p1
stop h1

for who in h1 p1 s1; do
    ! grep -q "clock is moved" "$place/$who/log" || fail "$who's clock is right"
done
later h1 p1
for who in h1 p1; do
    grep -q "clock is moved for a test" "$place/$who/log" ||
        fail "$who keeps quiet about its clock"
done
mu p1 status --json | json --argjson s $weeks \
    '.outbound.oldest_unreceipted_s >= $s' ||
    fail "three weeks are not shown as an age"
ok "after three weeks the primary says how old the mail is"
exits 1 mu p1 waitsync --timeout 1

later s1
exits 0 mu p1 waitsync --timeout 60
applied p1 20
in_list 20
mu s1 list --all --json >"$place/list"
[ "$(grep -o '+447700900[5-9]' "$place/list" | wc -l)" -ge 20 ] ||
    fail "the newer numbers are not there"
ok "the secondary is back and has everything, once and as last sent"

start_again()
{
    crash h1
    later h1
}
start_again
ctf "$place/8732001_CTF_8734500_003.xml" 8732001 8734500 101 5
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_003.xml" --send
exits 0 mu p1 waitsync --timeout 60
in_list 25
mu p1 status --json | json '.quarantined == 0'
mu s1 status --json | json '.quarantined == 0'
ok "what is sent then arrives as ever"
