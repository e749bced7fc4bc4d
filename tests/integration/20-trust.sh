#!/usr/bin/env bash
# The whole set-up of a cluster, as people do it: authority, requests, welcomes,
# a second school later, new keys, a revocation, the directory to the hub; and
# what must be refused on the way.
. "$(dirname "$0")/lib.sh"

moveup=$MOVEUP_BIN/moveup
groups='[0-9]{5}( [0-9]{5}){5}'
cd "$place"

"$moveup" cluster init --dir authority --name "Test cluster" >out
grep -qE "fingerprint +$groups" out || fail "no fingerprint of the authority"
exits 1 "$moveup" cluster init --dir authority --name "Another"
[ "$(stat -c %a authority/authority.key authority/directory.key \
    authority/admin.curve.key | sort -u)" = 600 ]
ok "an authority is made once, and its keys are private"

enrol p1
enrol h1
cp p1.request first.request
enrol p1
cmp -s p1.request first.request || fail "enrolling again gave another request"
exits 1 "$moveup" enrol --state p1 --laestab 8732009 --urn 100009 \
    --name "Somebody else" --phase primary -o other.request
grep -q 'enrolled already, as 8732001' err
[ ! -e other.request ]
[ "$(stat -c %a p1/identity/*.key | sort -u)" = 600 ]
[ "$(stat -c %a p1)" = 700 ]
ok "a school enrols once; again gives the same request, another name nothing"

for bad in "--laestab 873200" "--urn 10000" "--phase nursery" "--name "; do
    exits 2 "$moveup" enrol --state "$place/bad" --laestab 8732001 \
        --urn 100001 --name X --phase primary "${bad%% *}" "${bad#* }" -o bad
done
exits 2 "$moveup" enrol --state "$place/bad" --hub 'tcp://*:7700' --name X \
    -o bad
exits 2 "$moveup" enrol --state "$place/bad" --hub tcp://127.0.0.1:7700 \
    --laestab 8732001 --name X -o bad
[ ! -e bad ] || fail "a wrong value left something behind"
ok "a LAESTAB, URN, phase, name or address that cannot be is refused"

"$moveup" enrol --state p1 --laestab 8732001 --urn 100001 \
    --name "Hillside Primary" --phase primary -o p1.request --json >enrolled
mkdir welcome
admin enrol h1.request -o welcome/h1.welcome --json >answered
json '.version == 2 and .enrolled[0].standing == "new" and .publish == false' \
    answered
"$moveup" join --state h1 welcome/h1.welcome >/dev/null
admin enrol p1.request -o welcome/ --json >answered
json .publish answered
[ "$(jq -r .fingerprint enrolled)" = \
    "$(jq -r '.enrolled[0].fingerprint' answered)" ] ||
    fail "school and administrator see different fingerprints"
"$moveup" join --state p1 welcome/p1.welcome --json >joined
[ "$(jq -r .authority_fingerprint joined)" = \
    "$(jq -r .authority_fingerprint answered)" ] ||
    fail "they see different fingerprints of the authority"
ok "both sides see the same fingerprints, and the school joins"

tr A B <p1.request >changed.request
exits 1 admin enrol changed.request -o welcome/
exits 1 admin enrol p1.request changed.request -o welcome/
exits 2 admin enrol p1.request h1.request -o one.welcome
admin list --json | json '.version == 3'
ok "a request that was changed on the way enrols nobody"

enrol s1
admin enrol s1.request -o welcome/ >/dev/null
exits 1 "$moveup" join --state p1 welcome/s1.welcome
grep -q 'this welcome is for 8734500, not for 8732001' err
tr A B <welcome/s1.welcome >changed.welcome
exits 1 "$moveup" join --state s1 changed.welcome
exits 1 "$moveup" join --state p2 welcome/s1.welcome
[ ! -e s1/directory.cms ] || fail "a refused welcome left a directory"
"$moveup" join --state s1 welcome/s1.welcome >/dev/null
"$moveup" join --state s1 welcome/s1.welcome >/dev/null
ok "only the right welcome, whole, is taken; twice does no harm"

openssl cms -verify -binary -inform DER -in s1/directory.cms \
    -certfile s1/identity/directory.crt -CAfile s1/identity/authority.crt \
    -purpose any -out /dev/null 2>out || fail "openssl does not accept it"
openssl cms -verify -binary -inform DER -in s1/directory.cms \
    -certfile s1/identity/sign.crt -CAfile s1/identity/authority.crt \
    -purpose any -out /dev/null 2>out && fail "any certificate will do"
openssl verify -CAfile authority/authority.crt s1/identity/sign.crt \
    s1/identity/encrypt.crt >out
ok "openssl alone verifies the directory and the certificates"

exits 3 admin publish
[ "$(wc -L <out)" -le 80 ] || fail "a line is too long"
start h1
admin publish --json >published
json '.version == 4 and (.hubs | all(.published))' published
admin publish >/dev/null
ok "the hub that joined first takes the directory with the schools in it"

admin revoke 8732001 --reason "machine was stolen" >out
grep -q 'cluster publish' out || fail "it does not say what must follow"
exits 1 admin revoke 8732001 --reason again
exits 1 admin revoke 8739999 --reason unknown
admin publish >/dev/null
admin list --json | json '.version == 5 and (.schools[] |
    select(.laestab == "8732001") | .status == "revoked" and
    .reason == "machine was stolen" and .certificate_days_left == null)'
ok "a revocation is the next directory, and the hub has it"

exits 1 admin enrol p1.request -o again.welcome
grep -q readmit err
exits 1 admin enrol p1.request -o again.welcome --readmit
mv p1 p1-stolen
enrol p1
admin enrol p1.request -o welcome/ --readmit --json |
    json '.enrolled[0].standing == "readmitted"'
"$moveup" join --state p1 welcome/p1.welcome >/dev/null
admin publish >/dev/null
ok "a revoked school comes back with new keys and not with the old"

admin publish --renew --json | json '.version == 7'
stop h1
[ "$(cut -d' ' -f1 h1/directory.seen)" = 7 ] || fail "the hub is behind"
cp authority/history/2.cms h1/directory.cms
exits 1 timeout 10 "$MOVEUP_BIN/moveup-hub" --state h1
grep -q 'older than 7' err
ok "a hub whose directory was set back does not start"

printf 'correct horse battery staple\n' >passphrase
chmod 600 passphrase
"$moveup" cluster init --dir guarded --name "Guarded" \
    --passphrase-file passphrase >/dev/null
grep -q ENCRYPTED guarded/authority.key
exits 1 "$moveup" cluster enrol --dir guarded h1.request -o x.welcome
grep -q passphrase-file err
printf 'wrong\n' >wrong
chmod 600 wrong
exits 1 "$moveup" cluster enrol --dir guarded h1.request -o x.welcome \
    --passphrase-file wrong
chmod 644 passphrase
exits 1 "$moveup" cluster enrol --dir guarded h1.request -o x.welcome \
    --passphrase-file passphrase
grep -q 'chmod 600' err
chmod 600 passphrase
"$moveup" cluster enrol --dir guarded h1.request -o x.welcome \
    --passphrase-file passphrase >/dev/null
exits 1 "$moveup" join --state h1 x.welcome
grep -q 'another authority' err
"$moveup" cluster list --dir guarded >/dev/null
ok "a passphrase guards the keys, and another authority is not obeyed"

# Whoever is not root cannot be somebody else.
if [ "$(id -u)" -eq 0 ] && chmod 711 "$place" &&
    [ -x "$(command -v setpriv)" ]; then
    for wrong in "join --state p1 welcome/p1.welcome" \
        "enrol --state p1 --laestab 8732001 --urn 100001 --phase primary \
            --name X -o /dev/null"; do
        # shellcheck disable=SC2086 # words
        exits 1 setpriv --reuid=65534 --regid=65534 --clear-groups \
            "$moveup" $wrong
        grep -q 'you may not use p1' err
        grep -q "sudo -u root moveup ${wrong%% *}" err
    done
    ok "another user's folder is refused with the user's name"
fi
