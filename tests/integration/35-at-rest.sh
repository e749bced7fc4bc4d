#!/usr/bin/env bash
# No name, UPN or number of a child or a parent stands in clear in any file of
# an agent or a hub, nor in any log.
. "$(dirname "$0")/lib.sh"

cluster 1 1
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 20

# Words of five letters and more: shorter ones turn up in sealed bytes by chance.
{
    for element in Surname Forename UPN PhoneNo Email; do
        values $element "$file"
    done
    values PhoneNo "$file" | tr -d ' '
    values PhoneNo "$file" | tr -d ' ' | sed 's/^0/44/'
    values AddressLine1 "$file"
} | awk 'length >= 5' | sort -u >"$place/personal"
[ "$(wc -l <"$place/personal")" -ge 60 ]

# found PLACE...: the personal data that stands there in clear
found()
{
    grep -raFioh -f "$place/personal" "$@" | sort -u
}

[ "$(found "$file" | wc -l)" -ge 60 ]
ok "the search finds them where they do stand: in the CTF"

start h1 p1
exits 0 mu p1 leavers import "$file" --send
exits 0 mu p1 restrict add "$(upn 8732001 1)" --contact 2 \
    --kind do-not-contact --basis court-order
sent()
{
    mu p1 leavers list --json | json 'all(.leavers[]; .state == "sent")'
}
wait_for 20 "the hub to have the mail" sent
clear=$(found "$place/h1" "$place/p1") || true
[ -z "$clear" ] || fail "in clear, with mail in the hub: $clear"
ok "none in the hub's mail, nor at the primary, before it is fetched"

start s1
exits 0 mu p1 waitsync --timeout 30
exits 0 mu s1 list
exits 0 mu s1 read "$(upn 8732001 2)"
exits 1 mu p1 leavers show "$(upn 8732001 999)"
clear=$(found "$place"/{h1,p1,s1}) || true
[ -z "$clear" ] || fail "in clear, while they run: $clear"
ok "none in databases, write-ahead logs and logs while they run"

crash p1
crash s1
clear=$(found "$place"/{h1,p1,s1}) || true
[ -z "$clear" ] || fail "in clear, after a crash: $clear"
start p1 s1
stop p1
stop s1
stop h1
clear=$(found "$place"/{h1,p1,s1}) || true
[ -z "$clear" ] || fail "in clear, after a stop: $clear"
ok "none after a crash, none after a stop"
