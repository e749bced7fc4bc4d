#!/usr/bin/env bash
# The whole story on this machine: two primaries send their leavers to two
# secondaries.  `./run demo` builds the programs and runs it; with --keep the
# cluster is left running to play with.
MOVEUP_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=integration/lib.sh
. "$MOVEUP_SOURCE/tests/integration/lib.sh"

keep=no
case ${1:-} in
    '') ;;
    --keep) keep=yes ;;
    *) echo "demo: only --keep is known" >&2 && exit 2 ;;
esac
PATH=$MOVEUP_BIN:$PATH
cd "$place"
started=$SECONDS

member hillside primary "Hillside Primary" 8732001
member fairfield primary "Fairfield Primary" 8732002
member northgate secondary "Northgate Academy" 8734500
member st-annes secondary "St Anne's High" 8734501
member hub hub "County hub"
everyone=(hub hillside fairfield northgate st-annes)

tell()
{
    printf '%s' "$*" | tr -s ' \n' ' ' | fold -s -w 76 |
        sed 's/ *$//; s/^/# /'
    printf '\n\n'
}

# typed COMMAND...: as somebody would type it, in lines of less than 80
typed()
{
    local word line='$'
    for word; do
        [[ $word = *[!A-Za-z0-9_./:=,-]* ]] && word="\"$word\""
        if [ $((${#line} + ${#word})) -gt 75 ]; then
            printf '%s \\\n' "$line"
            line='     '
        fi
        line+=" $word"
    done
    printf '%s\n' "$line"
}

# show WHO COMMAND...: what is typed at WHO's desk, and what it answers.  An
# answer of "no" (exit code 1) is part of the story.
show()
{
    local who=$1 code=0
    shift
    typed "$@"
    MOVEUP_SOCKET=$place/$who/agent.sock "$@" </dev/null 2>&1 || code=$?
    [ $code -le 1 ] || fail "exit $code"
    [ $code -eq 0 ] || printf '(exit code %s)\n' "$code"
    printf '\n'
}

desk()
{
    printf -- '---- %s %s\n\n' "$1" \
        "$(printf '%*s' $((72 - ${#1})) '' | tr ' ' -)"
}

mkdir exports
cp "$data"/*.xml "$data"/*.csv exports/

cat <<'TITLE'
Moveup moves what a primary school knows about its leavers, and how to reach
their families, to each child's secondary school: early, sealed, receipted.

TITLE

desk "The county office"
tell "A cluster of schools has one authority: a folder, kept offline. It says
    who belongs to the cluster."
show hub moveup cluster init --dir authority --name "Fenland schools"

desk "Hillside Primary"
tell "A school makes its keys where it runs. They never leave it. What it sends
    to the office is a request; its fingerprint is read out by telephone."
show hillside moveup enrol --state hillside --laestab 8732001 --urn 100001 \
    --name "Hillside Primary" --phase primary -o hillside.request
for who in hub fairfield northgate st-annes; do
    enrol "$who"
done

desk "The county office"
tell "The other three schools and the hub have done the same. The office
    compares the fingerprints and answers with a welcome for each."
mkdir welcome
show hub moveup cluster enrol --dir authority hillside.request \
    fairfield.request northgate.request st-annes.request hub.request \
    -o welcome/

desk "Hillside Primary"
show hillside moveup join --state hillside welcome/hillside.welcome
for who in hub fairfield northgate st-annes; do
    moveup join --state "$who" "welcome/$who.welcome" >/dev/null
done
start "${everyone[@]}"
tell "Everybody has joined; a hub and four agents run now. Schools only dial
    out; the hub keeps sealed mail that it cannot read."
tell "Hillside's office exports the statutory leavers' files (CTF) from its own
    system, one for each secondary, and has two late ones on a spreadsheet. One
    file was cut short on the way, and one child's number has a mistake."
show hillside moveup leavers import exports/8732001_CTF_8734500_001.xml \
    exports/8732001_CTF_8734501_001.xml exports/8732001_CTF_8734501_002.xml \
    exports/leavers.csv

tell "A court order is on file for Daisy's father, who must not be contacted.
    The restriction travels inside the record, so there is no moment at which
    Northgate has the one without the other."
daisy=T873200119430
show hillside moveup restrict add $daisy --contact 2 --kind do-not-contact \
    --basis court-order
show hillside moveup leavers send --all

desk "Fairfield Primary"
tell "Now the hub fails, and Fairfield sends too. Nothing is lost: a school keeps
    every change until the signed receipt for it is back."
crash hub
show fairfield moveup leavers import exports/8732002_CTF_8734500_001.xml --send
show fairfield moveup queue
tell "The hub comes back."
start hub
show fairfield moveup waitsync --timeout 60
mu hillside waitsync --timeout 60 >/dev/null

desk "Northgate Academy"
tell "At the secondary the leavers have become families to call before the
    children start, with numbers in the order to try. A brother and sister are
    one family, called once."
show northgate moveup list
case_of=$(mu northgate list --json | jq -r --arg upn $daisy \
    'first(.calls[] | select(any(.pupils[]; .upn == $upn))).case')
tell "Daisy's card. Her father is on no list, card or export; the card says only
    that somebody is restricted."
show northgate moveup card "$case_of"
tell "The SENCO reads the record, and the primary is told by whom."
mu northgate staff add mpatel --name "M. Patel" --role senco >/dev/null
show northgate moveup read $daisy --as mpatel

desk "Hillside Primary"
is_read()
{
    mu hillside leavers list --json | json --arg upn $daisy \
        'any(.leavers[]; .upn == $upn and .state == "read")'
}
wait_for 20 "the reader's receipt" is_read
tell "Delivered is not enough. Hillside sees for every child whether the record
    was received, applied and read."
show hillside moveup leavers list
tell "And it holds signed receipts, which anybody can check without Moveup."
show hillside moveup receipts $daisy --export receipt.cms
show hillside openssl cms -verify -binary -inform DER -in receipt.cms \
    -CAfile receipt.cms.authority.pem -certfile receipt.cms.signer.pem \
    -nointern -purpose any -out receipt.cms.pb
tell "That was Moveup, in $((SECONDS - started)) seconds."

[ $keep = yes ] || exit 0

cat >stop <<STOP
#!/bin/sh
# Ends this demo's programs and removes its folder.
kill ${pid[*]}
rm -rf "$place"
STOP
chmod +x stop
trap - EXIT
disown -a
cat <<NEXT
The cluster is still running in $place.  To go on:

    cd $place
    PATH=$MOVEUP_BIN:\$PATH
    export MOVEUP_SOCKET=\$PWD/northgate/agent.sock    # or hillside, ...
    moveup list
    moveup help

and when you have seen enough: $place/stop
NEXT
