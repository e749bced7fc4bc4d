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
    printf '\n'
    printf '%s' "$*" | tr -s ' \n' ' ' | fold -s -w 78 | sed 's/ *$//; s/^/# /'
    printf '\n\n'
}

# show WHO COMMAND...: print the command as typed at WHO's desk, and run it.
# What it answers is part of the story, whatever its exit code.
show()
{
    local who=$1 word line="$ "
    shift
    for word; do
        [[ $word = *[!A-Za-z0-9_./:=,-]* ]] && word="\"$word\""
        line+="$word "
    done
    printf '%s\n' "${line% }"
    code=0
    MOVEUP_SOCKET=$place/$who/agent.sock "$@" </dev/null 2>&1 || code=$?
    [ $code -le 1 ] || fail "exit $code"
    [ $code -eq 0 ] || printf '(exit code %s)\n' "$code"
    printf '\n'
}

desk()
{
    printf -- '---- %s %s\n\n' "$1" \
        "$(printf '%*s' $((73 - ${#1})) '' | tr ' ' -)"
}

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
    to the office is a request, and the fingerprint is read out by telephone."
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
tell "Everybody has joined; one hub and four agents run now. Schools only dial
    out: the hub keeps sealed mail and cannot read it. Hillside's office
    exports the statutory leavers' file (CTF) from its own system and imports
    it. Two of the children are not as they should be."
show hillside moveup leavers import "$data/8732001_CTF_8734500_001.xml"
show hillside moveup leavers check

tell "One father must not be contacted. The restriction travels inside the
    record, so there is no moment at which Northgate has the one without the
    other."
restricted=$(mu hillside leavers list --json |
    jq -r 'first(.leavers[] | select(.state == "ready")).upn')
show hillside moveup restrict add "$restricted" --contact 2 \
    --kind do-not-contact --basis court-order
show hillside moveup leavers send --all

desk "The hub"
tell "Now the hub is taken away, and Fairfield sends too. Nothing is lost: a
    school keeps every change until the signed receipt for it is here."
stop hub
printf '$ systemctl stop moveup-hub\n\n'
desk "Fairfield Primary"
show fairfield moveup leavers import \
    "$data/8732002_CTF_8734500_001.xml" --send
show fairfield moveup status
desk "The hub"
printf '$ systemctl start moveup-hub\n\n'
start hub
desk "Fairfield Primary"
show fairfield moveup waitsync --timeout 60
wait_for 60 "Hillside's leavers to be applied" mu hillside waitsync --timeout 1

desk "Northgate Academy"
tell "At the secondary the leavers have become families to call before the
    children start, with numbers in the order to try."
show northgate moveup list
first=$(mu northgate list --json | jq -r --arg upn "$restricted" \
    'first(.calls[] | select(any(.pupils[]; .upn == $upn))).case')
tell "One family's card. The restricted father is on no list, card, print or
    export; the card says only that somebody is restricted."
show northgate moveup card "$first"
tell "The head of year reads a record and says so by name."
show northgate moveup read "$restricted"

desk "Hillside Primary"
is_read()
{
    mu hillside leavers list --json | json --arg upn "$restricted" \
        'any(.leavers[]; .upn == $upn and .state == "read")'
}
wait_for 20 "the reader's receipt" is_read
tell "Delivered is not enough: Hillside sees for each child whether the record
    was received, applied and read, and holds signed receipts for it."
show hillside moveup leavers list
show hillside moveup receipts "$restricted"
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
