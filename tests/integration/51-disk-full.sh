#!/usr/bin/env bash
# Disks that are full: the secondary's, the hub's and the primary's, each a small
# tmpfs of its own.  New work is refused with a sentence, nothing is lost, and
# all goes on by itself when there is space again.
. "$(dirname "$0")/lib.sh"

skip()
{
    echo "skip: $*"
    exit 77
}

[ "$(id -u)" -eq 0 ] || skip "only root can mount a small disk"
mkdir "$place/try"
mount -t tmpfs -o size=64k tmpfs "$place/try" 2>/dev/null ||
    skip "this machine does not let us mount a small disk"
umount "$place/try"

disks=()
undo()
{
    local who
    for who in "${disks[@]}"; do
        umount "$place/$who" || true
    done
}

# small WHO KIB: its state folder moves to a disk of that size
small()
{
    cp -a "$place/$1" "$place/$1.was"
    mount -t tmpfs -o "size=$2k,mode=0700" tmpfs "$place/$1"
    disks+=("$1")
    cp -a "$place/$1.was/." "$place/$1/"
}

# fill WHO: not a byte is free any more
fill()
{
    head -c 1G /dev/zero >"$place/$1/filler" 2>/dev/null || true
    [ "$(df --output=avail "$place/$1" | tail -n 1)" -eq 0 ] ||
        fail "the disk of $1 is not full"
}

space()
{
    rm "$place/$1/filler"
}

in_list()
{
    mu s1 list --all --json |
        json --argjson n "$1" '[.calls[].pupils[].upn] | unique | length == $n'
}

says()
{
    grep -qiE 'disk|space|full' "$@"
}

batch=0
# leavers FIRST COUNT: import and send; the file is outside the small disks
leavers()
{
    batch=$((batch + 1))
    ctf "$place/8732001_CTF_8734500_00$batch.xml" 8732001 8734500 "$1" "$2"
    mu p1 leavers import "$place/8732001_CTF_8734500_00$batch.xml" --send
}

cluster 1 1
printf '[quota]\ndisk_reserve_mib = 16\n' >"$place/h1.conf"
small p1 24576
small s1 24576
small h1 49152
start h1 p1 s1
exits 0 leavers 1 5
exits 0 mu p1 waitsync --timeout 30
ok "three small disks, and five leavers applied"

fill s1
exits 0 leavers 11 200
exits 1 mu p1 waitsync --timeout 3
kill -0 "${pid[s1]}" || fail "the secondary ended"
exits 1 mu s1 list --all
says "$place/err" || fail "the secondary does not say why it shows nothing"
mu s1 status --json | json 'any(.checks[]; .name == "disk" and
    .level != "ok")' || fail "the secondary's status does not mention the disk"
space s1
exits 0 mu p1 waitsync --timeout 90
in_list 205
ok "a full secondary takes nothing half, says so, and recovers by itself"

fill h1
exits 0 leavers 301 200
exits 1 mu p1 waitsync --timeout 3
kill -0 "${pid[h1]}" || fail "the hub ended"
{
    mu p1 status
    mu p1 queue
    cat "$place/p1/log"
} >"$place/seen" 2>&1
says "$place/seen" || fail "the primary is not told that the hub's disk is full"
space h1
exits 0 mu p1 waitsync --timeout 120
in_list 405
ok "a full hub refuses, the primary says so, and all goes on by itself"

stop p1 # the log of the database keeps the room of a large import
start p1
fill p1
got=0
leavers 501 200 >"$place/out" 2>"$place/err" || got=$?
[ "$got" -eq 1 ] || fail "a full primary answered $got to an import"
says "$place/out" "$place/err" || {
    cat "$place/out" "$place/err" >&2
    fail "the primary does not say that its disk is full"
}
kill -0 "${pid[p1]}" || fail "the primary ended"
exits 0 mu p1 leavers list --json
applied p1 405
space p1
exits 0 leavers 501 200
exits 0 mu p1 waitsync --timeout 60
in_list 605
ok "a full primary refuses new work in a sentence and keeps what it has"

fill s1
crash s1
launch s1
sleep 1
rm -f "$place/s1/filler"
gone "${pid[s1]}" && { unset "pid[s1]"; start s1; }
wait_for 20 "the secondary to answer" answers s1
exits 0 leavers 801 5
exits 0 mu p1 waitsync --timeout 90
in_list 610
mu s1 status --json | json '.quarantined == 0'
mu p1 leavers list --json | json 'all(.leavers[]; .problems == [])'
ok "killed on a full disk and started again: nothing is lost or doubled"
