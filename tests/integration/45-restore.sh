#!/usr/bin/env bash
# Whichever side goes back in time - by restore, by a folder or a database that
# somebody copied back - nothing is lost, doubled or brought back, and status
# says which step needs a person, if one does.
. "$(dirname "$0")/lib.sh"

cluster 1 1
export_1=$place/8732001_CTF_8734500_001.xml
export_2=$place/8732001_CTF_8734500_002.xml
export_3=$place/8732001_CTF_8734500_003.xml
ctf "$export_1" 8732001 8734500 1 20
ctf "$export_2" 8732001 8734500 1 20 12 # a newer one: other mobile numbers
ctf "$export_3" 8732001 8734500 101 5

restore()
{
    local who=$1
    shift
    "$MOVEUP_BIN/moveup" restore --state "$place/$who" "$@" </dev/null
}

# numbers: every telephone number that callers at the secondary are shown
numbers()
{
    mu s1 list --all --json | jq -r '.calls[].contacts[].points[].value |
        select(startswith("+"))' | sort
}

# has COUNT: the secondary has so many leavers, each once
has()
{
    mu s1 list --all --json | json --argjson n "$1" \
        '[.calls[].pupils[].upn] | length == $n and (unique | length) == $n'
}

# check WHO NAME: the level of that check, or "none"
check()
{
    mu "$1" status --json |
        jq -r --arg name "$2" '[.checks[] | select(.name == $name) | .level] |
            first // "none"'
}

# says WHO: its status as one line, in $place/status
says()
{
    mu "$1" status | tr -s ' \n' ' ' >"$place/status"
}

incarnation()
{
    mu "$1" status --json | jq .incarnation
}

is()
{
    [ "$("${@:2}")" = "$1" ]
}

# hidden N: the father of leaver N, who is restricted, is shown to nobody
hidden()
{
    numbers >"$place/shown"
    ! grep -q "4416329600$(printf '%02d' "$1")" "$place/shown" ||
        fail "the number of a restricted contact is in the call list"
}

# restricted N: what the primary itself says of the father of leaver N
restricted()
{
    mu p1 restrict list "$(upn 8732001 "$1")" --json | jq -r '.restrictions |
        if length == 0 then "no" elif length > 1 then "twice"
        elif .[0].contact_name == null then "whom?"
        elif .[0].state == "in-force" then "yes" else "ended" end'
}

# What happened after the backup - one restriction set, another ended - comes
# back to the primary from the secondary, which kept to it all the time.
remembers()
{
    hidden 1
    hidden 2
    is yes restricted 2 && is ended restricted 3
}

settled()
{
    wait_for 30 "all to be applied" mu p1 waitsync --timeout 1
    mu s1 waitsync --timeout 10 >/dev/null
}

# --- backup ---

start h1 p1 s1
exits 0 mu p1 leavers import "$export_1" --send
exits 0 mu p1 restrict add "$(upn 8732001 1)" --contact 2 \
    --kind do-not-contact --basis court-order
exits 0 mu p1 restrict add "$(upn 8732001 3)" --contact 2 \
    --kind do-not-contact --basis court-order
settled
[ "$(numbers | wc -l)" -eq 38 ]
hidden 1
hidden 3

is warning check p1 backup
mu p1 status --json | json '.backup_age_s == null'
exits 1 mu p1 backup "$place/nowhere/p1.backup"
grep -q 'next: Name a file in a folder' "$place/err"
exits 0 mu p1 backup "$place/p1.backup" --json
json --arg f "$place/p1.backup" '.file == $f and .key_file == $f + ".key" and
    .bytes > 10000 and .incarnation == 0 and .progress > 0' "$place/out"
is ok check p1 backup
mu p1 status --json | json '.backup_age_s < 60'
[ "$(stat -c '%a %a' "$place"/p1.backup{,.key} | sort -u)" = "600 600" ]
exits 1 mu p1 backup "$place/p1.backup"
grep -q force "$place/err"
exits 0 mu p1 backup "$place/p1.backup" --force
printf 'correct horse battery staple\n' >"$place/passphrase"
chmod 600 "$place/passphrase"
exits 0 mu s1 backup "$place/s1.backup" --passphrase-file "$place/passphrase"
[ ! -e "$place/s1.backup.key" ]
exits 1 grep -qaE "Thistlewood|BEGIN|SQLite" "$place"/{p1,s1}.backup
[ -z "$(find "$place" -name '*.copy' -o -name '*backup.??????')" ]
ok "a running agent is backed up into one sealed file, for its owner only"

exits 1 restore p1 "$place/p1.backup"
grep -q 'an agent runs' "$place/err"
stop p1
find "$place/p1" -type f -exec sha256sum {} + | sort >"$place/before"
exits 1 restore p1 "$place/s1.backup"
exits 1 restore p1 "$place/s1.backup" --passphrase-file "$place/passphrase"
grep -q 'the backup is of 8734500' "$place/err"
exits 1 restore p1 "$place/p1.backup" --key "$place/before"
exits 1 restore p1 "$place/p1.request"
head -c -1 "$place/p1.backup" >"$place/short"
exits 1 restore p1 "$place/short" --key "$place/p1.backup.key"
head -c $((48 + 65552)) "$place/p1.backup" >"$place/short"
exits 1 restore p1 "$place/short" --key "$place/p1.backup.key"
exits 1 restore h1 "$place/p1.backup"
find "$place/p1" -type f -exec sha256sum {} + | sort | cmp - "$place/before"
[ -z "$(find "$place" -maxdepth 1 -name '*.new' -o -name '*before-restore*')" ]
ok "a restore that must not be refuses, says why, and changes nothing"
start p1

# --- the author goes back ---

exits 0 mu p1 leavers import "$export_2" --send
exits 0 mu p1 leavers import "$export_3" --send
exits 0 mu p1 restrict add "$(upn 8732001 2)" --contact 2 \
    --kind do-not-contact --basis court-order
exits 0 mu p1 restrict end "$(mu p1 restrict list "$(upn 8732001 3)" --json |
    jq -r '.restrictions[0].id')" --evidence "order lifted"
settled
has 25
remembers
numbers >"$place/newest"

stop p1
exits 0 restore p1 "$place/p1.backup"
grep -q 'moveup status' "$place/out"
grep -q 'Restrictions' "$place/out"
[ -d "$place/p1.before-restore-1" ] && [ ! -e "$place/p1.new" ]
start p1
is 1 incarnation p1
[ ! -e "$place/p1/restored" ]
wait_for 20 "the check" is warning check p1 restore
says p1
grep -q '20 records at Northgate Academy are newer than ours' "$place/status"
grep -q 'moveup approve --to 8734500' "$place/status"
numbers | cmp - "$place/newest"
has 25
ok "the author went back: newer records stay, and status names the next step"

wait_for 20 "the restriction, and the end of another" remembers
ok "a restriction and an end that it forgot come back from the secondary"

exits 0 mu p1 leavers import "$export_2" --send
exits 0 mu p1 leavers import "$export_3" --send
settled
is none check p1 restore
applied p1 25
has 25
remembers
numbers | cmp - "$place/newest"
ok "the newest files make it whole again: each leaver once, nobody unhidden"

# --- older data, approved ---

stop p1
exits 0 restore p1 "$place/p1.backup"
[ -d "$place/p1.before-restore-2" ]
start p1
is 2 incarnation p1
wait_for 20 "the check" is warning check p1 restore
exits 0 mu p1 approve --to 8734500
wait_for 20 "the check to go" is none check p1 restore
settled
has 25
remembers
numbers >"$place/older"
exits 1 cmp -s "$place/older" "$place/newest"
exits 0 mu p1 leavers import "$export_2" --send
exits 0 mu p1 leavers import "$export_3" --send
settled
remembers
numbers | cmp - "$place/newest"
ok "ours go over theirs once somebody approves, and a newer file over those"

# --- the recipient goes back ---

stop s1
exits 0 restore s1 "$place/s1.backup" --passphrase-file "$place/passphrase"
start s1
wait_for 30 "what came since the backup" has 25
settled
is 1 incarnation s1
hidden 1
hidden 2
numbers | cmp - "$place/newest"
is none check p1 restore
ok "the recipient went back: it has everything again, by itself"

# --- both at once ---

stop p1
stop s1
exits 0 restore p1 "$place/p1.backup"
exits 0 restore s1 "$place/s1.backup" --passphrase-file "$place/passphrase"
start p1 s1
wait_for 30 "the leavers of the backup" has 20
exits 0 mu p1 leavers import "$export_2" --send
exits 0 mu p1 leavers import "$export_3" --send
wait_for 30 "the newer ones" has 25
settled
applied p1 25
hidden 1
hidden 3 # nobody at all knows any more that it was ended
exits 0 mu p1 restrict add "$(upn 8732001 2)" --contact 2 \
    --kind do-not-contact --basis court-order
exits 0 mu p1 restrict end "$(mu p1 restrict list "$(upn 8732001 3)" --json |
    jq -r '.restrictions[0].id')" --evidence "order lifted"
settled
remembers
numbers | cmp - "$place/newest"
ok "both went back at once: they agree again"

# --- a folder, or a database, that somebody copied back ---

# copied_back WHO WHAT: as it was 5 leavers ago, without telling the agent
copied_back()
{
    local who=$1 what=$2
    rm -rf "$place/aside"
    stop "$who"
    cp -a "$place/$who" "$place/aside"
    start "$who"
    ctf "$place/more.xml" 8732001 8734500 "$next" 5
    exits 0 mu p1 leavers import "$place/more.xml" --send
    next=$((next + 5))
    total=$((total + 5))
    settled
    has $total
    stop "$who"
    rm -f "$place/$who"/agent.db*
    case $what in
        folder)
            rm -rf "${place:?}/$who"
            cp -a "$place/aside" "$place/$who"
            ;;
        database) cp -a "$place"/aside/agent.db* "$place/$who/" ;;
    esac
    start "$who"
}
next=201
total=25

for what in folder database; do
    for who in p1 s1; do
        was=$(incarnation $who)
        copied_back $who $what
        wait_for 30 "$who to notice" is $((was + 1)) incarnation $who
        wait_for 30 "the leavers" has $total
        exits 0 mu p1 leavers import "$place/more.xml" --send
        settled
        applied p1 $total
        has $total
        ok "a $what of $who copied back is noticed, and loses nothing"
    done
done

# --- a clone ---

cp -a "$place/p1" "$place/p1b"
rm "$place/p1b/agent.sock"
member p1b primary "Hillside Primary" 8732001
launch p1b
named()
{
    says p1
    grep -q 'Another agent with this school.s keys took over at.*Stop one' \
        "$place/status"
}
wait_for 30 "the first to be fenced" named
stop p1b
stop p1
start p1
wait_for 30 "a hub" connected p1
exits 0 mu p1 leavers import "$export_1" --send
settled
has $total
ok "of an agent and its copy one is fenced and says so; the other goes on"

# --- the hub ---

stop h1
mkdir "$place/kept"
cp -a "$place/h1/identity" "$place"/h1/directory.* "$place/kept/"
rm -rf "${place:?}/h1"
cp -a "$place/kept" "$place/h1"
start h1
wait_for 30 "the primary to be back" connected p1
wait_for 30 "the secondary to be back" connected s1
ctf "$place/last.xml" 8732001 8734500 301 3
exits 0 mu p1 leavers import "$place/last.xml" --send
settled
has $((total + 3))
ok "a hub needs no backup but of its identity and the directory"

# --- a new machine ---

exits 0 mu s1 backup "$place/s1.last" --passphrase-file "$place/passphrase"
stop s1
rm -rf "${place:?}/s1"
exits 0 restore s1 "$place/s1.last" --passphrase-file "$place/passphrase"
start s1
has $((total + 3))
settled
ok "a school goes on from its backup alone, on an empty disk"
