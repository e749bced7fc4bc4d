#!/usr/bin/env bash
# A receipt can be checked by anybody with openssl alone, and an altered one, or
# another school's certificate, does not pass.
. "$(dirname "$0")/lib.sh"

cluster 1 2
start h1 p1 s1
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 3
child=$(upn 8732001 1)

exits 0 mu p1 leavers import "$file"
exits 1 mu p1 receipts "$child"
ok "a leaver that was not sent has no receipt"

exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
exits 0 mu p1 receipts "$child" --json
json '[.receipts[].kind] | contains(["received", "applied"])' "$place/out"
ok "an applied leaver has a receipt for each step"

receipt=$place/receipt.cms
exits 0 mu p1 receipts "$child" --export "$receipt"
sed -n '/^ *openssl cms/,/-out/p' "$place/out" >"$place/check"
grep -q 'openssl cms -verify' "$place/check"
exits 0 sh "$place/check"
[ -s "$receipt.pb" ]
ok "the openssl line that it prints accepts the receipt"

openssl x509 -in "$receipt.signer.pem" -noout -subject | grep -q 8734500
cmp "$place/authority/authority.crt" "$receipt.authority.pem"
ok "it is signed by the secondary, under the cluster's authority"

exits 0 openssl cms -verify -binary -inform DER -in "$receipt" \
    -CAfile "$place/authority/authority.crt" \
    -certfile "$place/s1/identity/sign.crt" -nointern -purpose any -out /dev/null
for wrong in p1 s2; do
    if openssl cms -verify -binary -inform DER -in "$receipt" \
        -CAfile "$place/authority/authority.crt" \
        -certfile "$place/$wrong/identity/sign.crt" -nointern -purpose any \
        -out /dev/null 2>/dev/null; then
        fail "the certificate of $wrong passes too"
    fi
done
ok "only the secondary's own certificate passes"

size=$(stat -c %s "$receipt")
for at in $((size / 4)) $((size / 2)) $((size - 8)); do
    perl -e 'local $/; $_ = <STDIN>;
        substr($_, $ARGV[0], 1) ^= "\x01"; print' "$at" \
        <"$receipt" >"$place/altered.cms"
    if openssl cms -verify -binary -inform DER -in "$place/altered.cms" \
        -CAfile "$place/authority/authority.crt" \
        -certfile "$place/s1/identity/sign.crt" -nointern -purpose any \
        -out /dev/null 2>/dev/null; then
        fail "altered at byte $at, it passes too"
    fi
done
ok "an altered receipt does not pass"
