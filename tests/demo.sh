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

# clock DAY HOUR: from now on everybody's clock says so, in England
clock()
{
    local moment who
    moment=$(TZ=Europe/London date -d "$1 $2" +%s)
    export MOVEUP_FAKE_TIME=$((moment - $(date +%s)))
    [ "${#pid[@]}" -gt 0 ] || return 0
    for who in "${everyone[@]}"; do
        stop "$who"
    done
    start "${everyone[@]}"
}

desk()
{
    printf -- '---- %s %s\n\n' "$1" \
        "$(printf '%*s' $((72 - ${#1})) '' | tr ' ' -)"
}

# Families are rung in their hours only, so it is ten o'clock on a Wednesday.
day=$(date -d 'last wednesday' +%F)
clock "$day" 10:00

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
# case_at UPN
case_at()
{
    mu northgate list --all --json | jq -r --arg upn "$1" \
        'first(.calls[] | select(any(.pupils[]; .upn == $upn))).case'
}
case_of=$(case_at $daisy)
tell "Daisy's card. Her father is on no list, card or export; the card says only
    that somebody is restricted."
show northgate moveup card "$case_of"
tell "The SENCO reads the record, and the primary is told by whom."
mu northgate staff add mpatel --name "M. Patel" --role senco >/dev/null
show northgate moveup read $daisy --as mpatel

desk "Northgate Academy, the calls"
tell "The aim: somebody with a name has spoken with every family before the
    child starts. Nobody has yet. (For this story it is a Wednesday, ten in the
    morning: families are rung in their hours only.)"
mu northgate staff add jlund --name "J. Lund" --role caller,lead >/dev/null
mu northgate staff add amusa --name "A. Musa" --role caller --languages en,ti \
    >/dev/null
show northgate moveup coverage
show northgate moveup session add --type new-intake-evening \
    --start "$(date -d "$day +8 days" +%F) 18:00" --place "Main hall" \
    --capacity 80 --publish
tell "J. Lund takes the first family. It is Daisy's, and nobody answers."
show northgate moveup next --as jlund
show northgate moveup log no-answer --as jlund
tell "The next number is somebody else's. That is asked of Hillside by itself."
mahin=$(case_at G873200119429)
show northgate moveup log "$mahin" wrong-number --contact 1 --point 1 --as jlund
tell "A. Musa speaks Tigrinya, so the family that needs it is given to her, and to
    nobody who would need an interpreter."
show northgate moveup next --as amusa
show northgate moveup log spoke --said "Which days is the homework club?" \
    --for tutor --as amusa

desk "Hillside Primary"
asked()
{
    mu hillside inbox --json | json '.requests | length == 1'
}
wait_for 20 "the request" asked
show hillside moveup inbox
show hillside moveup answer "$(mu hillside inbox --json |
    jq -r '.requests[0].id')" --phone "07700 900142"

desk "Northgate Academy, in the evening"
corrected()
{
    mu northgate card "$mahin" --json | grep -q 447700900142
}
wait_for 20 "the answer" corrected
clock "$day" 17:40
tell "The new number is on the card, with who corrected it, and the family is back
    on the list as if nobody had tried."
show northgate moveup card "$mahin"
tell "Daisy's mother works by day. In the evening she answers, and comes to the
    information session."
show northgate moveup log "$case_of" spoke --contact 1 \
    --said "Daisy is worried about the bus" --as jlund
show northgate moveup invite "$case_of" --session 1 --rsvp yes --guests 1 \
    --as jlund
show northgate moveup session doorlist 1
show northgate moveup coverage

desk "Hillside Primary"
is_read()
{
    mu hillside leavers list --json | json --arg upn $daisy \
        'any(.leavers[]; .upn == $upn and .state == "read")'
}
wait_for 20 "the reader's receipt" is_read
is_told()
{
    mu hillside leavers list --json | json --arg upn $daisy \
        'any(.leavers[]; .upn == $upn and .family == "contacted")'
}
wait_for 20 "the calls to be known" is_told
tell "Delivered is not enough. Hillside sees for every child whether the record
    was received, applied and read, and how far the calls have come. It sees
    neither the tries nor what anybody said."
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
    export MOVEUP_FAKE_TIME=$MOVEUP_FAKE_TIME    # here it is Wednesday evening
    moveup list
    moveup help

and when you have seen enough: $place/stop
NEXT
