#!/bin/sh
# Makes the corpus of fuzz_cert and fuzz_seal_open with openssl and the fixed
# keys of fuzz_seal_open.c.  Run from the source root; the files are committed,
# so it is needed again only when the form of a message changes.
set -eu
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# fixed_key BYTE FILE: ECPrivateKey of 32 such bytes.
fixed_key()
{
    hex=30310201010420
    i=0
    while [ $i -lt 32 ]; do hex=$hex$1; i=$((i + 1)); done
    printf '%s' "${hex}a00a06082a8648ce3d030107" | xxd -r -p > "$2.der"
    openssl ec -inform DER -in "$2.der" -out "$2" 2> /dev/null
}

# certificate PROFILE KEY: PROFILE.der and .pem
certificate()
{
    openssl req -new -key "$2" -subj "/O=Fuzz/CN=Fuzz" |
        openssl x509 -req -days 9000 -CA authority.pem -CAkey sign.key \
            -set_serial 1 -extfile "$root/certs/profiles.cnf" \
            -extensions "$1" -out "$1.pem" 2> /dev/null
    openssl x509 -in "$1.pem" -outform DER -out "$1.der"
}

fixed_key 11 sign.key
fixed_key 22 encrypt.key
openssl req -new -key sign.key -subj "/O=Fuzz/CN=Fuzz" |
    openssl x509 -req -days 9000 -signkey sign.key \
        -extfile "$root/certs/profiles.cnf" -extensions authority \
        -out authority.pem 2> /dev/null
openssl x509 -in authority.pem -outform DER -out authority.der
certificate sign sign.key
certificate encrypt encrypt.key
certificate directory sign.key

seal()
{
    openssl cms -encrypt -binary -in signed -outform DER -keyid "$@"
}
printf 'one\ntwo\n' > content
openssl cms -sign -binary -nodetach -nocerts -nosmimecap -keyid -md sha256 \
    -signer sign.pem -inkey sign.key -in content -outform DER -out signed
sha256='-recip encrypt.pem -keyopt ecdh_kdf_md:sha256'
# shellcheck disable=SC2086 # several words
{
    seal -aes-256-gcm $sha256 > sealed
    seal -aes-256-cbc $sha256 > enveloped
    seal -aes-256-gcm -stream $sha256 > ber
}
seal -aes-256-gcm -recip encrypt.pem > sealed-sha1
head -c 300 sealed > sealed-cut
head -c 200 signed > signed-cut
head -c 400 sign.der > sign-cut.der
cp signed sealed sealed-sha1 enveloped ber sealed-cut signed-cut \
    "$root/tests/fuzz/corpus/seal_open/"
cp authority.der sign.der encrypt.der directory.der sign.pem sign-cut.der \
    "$root/tests/fuzz/corpus/cert/"
