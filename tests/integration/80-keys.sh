#!/usr/bin/env bash
# A school changes its keys and stays who it is: over the hub, with a request
# file while no hub is reached, and with mail on its way; the hub's two
# transport keys; what was signed before a revocation; an authority that changes
# its own keys while a school is away, and one that goes on from an old copy.
. "$(dirname "$0")/lib.sh"

moveup=$MOVEUP_BIN/moveup
cd "$place"

fingerprints()
{
    openssl x509 -in "$1/identity/sign.crt" -noout -pubkey
    openssl x509 -in "$1/identity/encrypt.crt" -noout -pubkey
    cat "$1/identity/curve.pub"
}

# send FIRST COUNT NUMBER: leavers of p1 to s1
send()
{
    ctf "$place/8732001_CTF_8734500_00$3.xml" 8732001 8734500 "$1" "$2"
    exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_00$3.xml" --send
}

has_no_pending()
{
    mu "$1" keys show --json | json '.pending | not'
}

knows()
{
    mu "$1" status --json | json --argjson v "$2" '.directory.version == $v'
}

cluster 2 1
start h1 p1 p2 s1
send 1 5 1
exits 0 mu p1 waitsync --timeout 30
fingerprints s1 >before

exits 0 mu s1 keys rotate
grep -q 'at the hub' out || fail "it does not say where the request is"
exits 0 mu s1 keys rotate --json
json '.hubs == 1 and (.request | startswith("-----BEGIN MOVEUP REQUEST"))' out
mu s1 keys show --json | json '.pending and (.former | length) == 0'
stop s1
send 6 5 2
wait_for 20 "the hub to have the mail" sh -c "\"$moveup\" --socket \
    '$place/p1/agent.sock' status --json | jq -e '.outbound.queued == 0'"
exits 0 admin publish --renew --json
json '.renewed | length == 1 and .[0].laestab == "8734500" and
    .[0].renewed' out
wait_for 20 "p1 to have the new directory" knows p1 3
send 11 5 3
start s1
wait_for 20 "s1 to use its new keys" has_no_pending s1
fingerprints s1 >after
[ "$(sort before after | uniq -d | grep -vc -- -----)" -eq 0 ] ||
    fail "a key stayed the same"
exits 0 mu p1 waitsync --timeout 60
applied p1 15
mu s1 status --json | json '.quarantined == 0' ||
    fail "mail was put aside while the keys changed"
mu p1 status --json | json '.quarantined == 0'
ok "new keys over the hub, with mail sealed for the old and for the new ones"

# signed before and after the change
for child in 1 12; do
    exits 0 mu p1 receipts "$(upn 8732001 $child)" --export receipt.cms
    openssl cms -verify -binary -inform DER -in receipt.cms \
        -CAfile receipt.cms.authority.pem -certfile receipt.cms.signer.pem \
        -nointern -purpose any -out /dev/null 2>openssl.err ||
        fail "openssl does not take the receipt of child $child"
done
ok "receipts are exported with the certificate that they were signed with"

mu s1 keys show --json | json '(.former | length) == 1 and .days_left > 390'
ls s1/identity/former-*.key >/dev/null || fail "the old key is not kept"
[ "$(stat -c %a s1/identity/former-*.key)" = 600 ]
ls s1/identity/next-* 2>/dev/null && fail "something is left of the change"
exits 0 mu s1 doctor
grep -q 'kept for mail under way' out || fail "doctor does not say so"
export MOVEUP_FAKE_TIME=$((121 * 24 * 3600))
stop s1
launch s1
destroyed()
{
    ! ls s1/identity/former-*.key 2>/dev/null
}
wait_for 20 "the old key to be destroyed" destroyed
wait_for 5 "the log to say so" grep -q 'was destroyed' s1/log
unset MOVEUP_FAKE_TIME
stop s1
start s1
ok "the old key opens what is under way, and is destroyed after 120 days"

# The old transport key ended when s1 came with the new one.
exits 0 admin publish --renew --json
json '.renewed == []' out
grep -q 'has come with its new transport key' h1/log
ok "one renewal is answered once, and the old transport key has ended"

stop h1
exits 0 mu p1 keys rotate --sign --encrypt -o p1.renewal
grep -q 'no hub is reached' out
exits 0 admin enrol p1.renewal -o p1.again
exits 1 "$moveup" join --state s1 p1.again
exits 0 "$moveup" join --state p1 p1.again
kill -HUP "${pid[p1]}"
wait_for 20 "p1 to use the new keys" has_no_pending p1
start h1
exits 0 admin publish
send 16 5 4
exits 0 mu p1 waitsync --timeout 60
applied p1 20
mu s1 status --json | json '.quarantined == 0'
ok "the same with a request file and a welcome, while the agent runs"

exits 0 mu p1 keys rotate --transport
exits 0 admin revoke 8732001 --reason "machine was stolen"
exits 0 admin publish --renew --json
json '.renewed[0] | (.renewed | not) and (.reason | test("revoked"))' out
ok "a school that is not in good standing is not renewed"

mv p1 p1.stolen
stop p1 || true
enrol p1
admin enrol p1.request -o welcome/ --readmit >/dev/null
"$moveup" join --state p1 welcome/p1.welcome >/dev/null
exits 0 admin publish
start p1
fingerprints p1 >before
stop p2
cp -a authority authority.copy
exits 0 admin authority rotate
grep -q 'cluster publish' out
cmp -s authority/authority.crt authority.copy/authority.crt &&
    fail "the authority has the same keys"
ls authority/next-* 2>/dev/null && fail "something is left of the new keys"
exits 0 admin publish
version=$(admin list --json | jq .version)
wait_for 20 "p1 to follow" knows p1 "$version"
wait_for 20 "s1 to follow" knows s1 "$version"
fingerprints p1 >after
cmp -s before after || fail "the school's keys changed with the authority's"
follows_new()
{
    openssl verify -CAfile authority/authority.crt "$1/identity/sign.crt" \
        "$1/identity/encrypt.crt" &&
        cmp -s "$1/identity/authority.crt" authority/authority.crt
}
wait_for 10 "p1 to have the new authority's certificates" follows_new p1
start p2
wait_for 20 "p2, which was away, to follow" knows p2 "$version"
wait_for 10 "p2 to have the new authority's certificates" follows_new p2
send 21 5 5
exits 0 mu p1 waitsync --timeout 60
mu s1 status --json | json '.quarantined == 0'
stop s1
stop h1
start h1 s1
ok "an authority with new keys: nobody enrols anew, not even who was away"

exits 1 "$moveup" cluster recover --dir authority.copy
grep -q 'hands the cluster over' err
cp -a authority authority.copy2
exits 0 admin publish --renew
version=$(admin list --json | jq .version)
rm -r authority
mv authority.copy2 authority
exits 0 admin recover --json
json --argjson v "$version" '.version == $v' out
exits 0 admin publish --renew
wait_for 20 "s1 to follow" knows s1 $((version + 1))
ok "an old copy of the authority's folder goes on from the newest directory"
