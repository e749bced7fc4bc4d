#!/usr/bin/env bash
# A hub changes its keys and stays who it is: it signs with the new one at once,
# and goes on with its old transport key until everybody had time to hear of the
# new one; then agents that know both find it by the new one.
. "$(dirname "$0")/lib.sh"

day=86400
connected_to_it()
{
    mu "$1" status --json | json '.hubs[0].state == "connected"'
}
version_is()
{
    mu "$1" status --json | json --argjson v "$2" '.directory.version == $v'
}

cluster 1 1
start h1 p1 s1
wait_for 20 "p1 to be connected" connected_to_it p1
cp "$place/h1/identity/curve.pub" "$place/before"

exits 2 "$MOVEUP_BIN/moveup" keys rotate --hub-state "$place/h1"
exits 2 "$MOVEUP_BIN/moveup" keys rotate --hub-state "$place/p1" -o "$place/x"
exits 0 "$MOVEUP_BIN/moveup" keys rotate --hub-state "$place/h1" \
    -o "$place/h1.renewal"
[ "$(stat -c %a "$place/h1/identity/next-sign.key")" = 600 ]
grep -q 'Fingerprint  [0-9 ]*$' "$place/out"
exits 0 admin enrol "$place/h1.renewal" -o "$place/h1.answer"
exits 0 admin publish
version=$(admin list --json | jq .version)
wait_for 20 "p1 to have the directory" version_is p1 "$version"
wait_for 20 "the hub to use its new signing key" \
    grep -q "a new certificate is in use" "$place/h1/log"
cmp "$place/before" "$place/h1/identity/curve.pub"
stop p1
start p1
wait_for 20 "p1 to be back, with the old key" connected_to_it p1
ok "it signs with the new key at once, and keeps the old transport key"

# The agents' clocks stay: only the hub's overlap is over, some seconds after it
# is started again; it looks each hour, and when it is told to.
stop h1
export MOVEUP_FAKE_TIME=$((120 * day - 20))
start h1
unset MOVEUP_FAKE_TIME
cmp "$place/before" "$place/h1/identity/curve.pub"
wait_for 20 "p1 to be back, with the old key" connected_to_it p1
in_use()
{
    kill -HUP "${pid[h1]}"
    grep -q "the new transport key is in use" "$place/h1/log"
}
wait_for 40 "the new transport key" in_use
! cmp -s "$place/before" "$place/h1/identity/curve.pub" ||
    fail "the old transport key is still there"
[ ! -e "$place/h1/identity/next-request" ]
wait_for 40 "p1 to find it by its new key" connected_to_it p1
wait_for 40 "s1 to find it by its new key" connected_to_it s1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 3
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
exits 0 mu p1 waitsync --timeout 30
letter=$(mu p1 receipts "$(upn 8732001 1)" --json | jq -r .envelope)
exits 0 admin trace "$letter" --json
json '.letters[0].attested == "verified"' "$place/out"
ok "after 120 days it changes the transport key, and agents find it"
