#!/usr/bin/env bash
# The hub is disposable: wiped, restored from an old copy, or full, nothing that
# a primary has sent is lost or doubled, and each refusal is shown at the school
# that it concerns.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1
stop s1

sent=0
send()
{
    local file
    file=$(printf '%s/8732001_CTF_8734500_%03d.xml' "$place" $((sent / 10 + 1)))
    ctf "$file" 8732001 8734500 $((sent + 1)) "$1"
    sent=$((sent + $1))
    exits 0 mu p1 leavers import "$file" --send
}
at_hub()
{
    mu p1 queue --json | json '.queue | length > 0 and
        all(.[]; .state == "at-hub")'
}
in_list_once()
{
    mu s1 list --json | json --argjson n "$sent" '[.calls[].pupils[].upn] |
        length == $n and (unique | length == $n)'
}
all_there()
{
    exits 0 mu p1 waitsync --timeout 60
    applied p1 $sent
    in_list_once || fail "$sent leavers are not there once each"
}

send 20
wait_for 20 "the hub to have taken the mail" at_hub
stop h1
rm -f "$place"/h1/hub.db*
start h1 s1
all_there
ok "a wiped hub: authors send again by themselves"

stop h1
mkdir "$place/copy"
cp "$place"/h1/hub.db* "$place/copy/"
start h1
wait_for 30 "p1 to be back" connected p1
stop s1
send 20
wait_for 20 "the hub to have taken the mail" at_hub
stop h1
rm -f "$place"/h1/hub.db*
cp "$place"/copy/hub.db* "$place/h1/"
start h1 s1
all_there
grep -q "the hub lost some of its mail" "$place/p1/log"
ok "a hub restored from an old copy: found out, and sent again"

# shown REASON WORDS: the queue and the hubs of p1 say so
shown()
{
    mu p1 queue --json | json --arg reason "$1" 'any(.queue[];
        .state == "waiting" and .reason == $reason)' &&
        mu p1 status --json | json --arg words "$2" \
            'any(.hubs[]; .text | test($words))'
}
stop s1
send 10
wait_for 20 "the hub to have taken the mail" at_hub
printf '[quota]\ndisk_reserve_mib = 1048576\n' >"$place/h1.conf"
stop h1
start h1
wait_for 30 "p1 to be back" connected p1
send 10
wait_for 20 "the refusal to be shown" shown disk-full "disk is full"
start s1
fetched()
{
    mu s1 list --json | json --argjson n $((sent - 10)) \
        '[.calls[].pupils[]] | length == $n'
}
wait_for 20 "what is at the hub to be fetched" fetched
ok "a full hub takes no letters, says so at the school, and still hands out mail"

rm "$place/h1.conf"
stop h1
start h1
all_there
ok "when there is room again everything goes by itself"

printf '[quota]\nmailbox_mib = 1\n' >"$place/h1.conf"
printf '[send]\nbatch_records = 1\n' >"$place/p1.conf"
stop h1
stop p1
stop s1
start h1 p1
send 300
for newer in 11 12; do
    sed "s/2026-07-10/2026-07-$newer/; s/Lantern Steps/Lantern Hill $newer/" \
        "$place/8732001_CTF_8734500_007.xml" \
        >"$place/8732001_CTF_8734500_1$newer.xml"
    exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_1$newer.xml" --send
done
wait_for 30 "the full mailbox to be shown" shown quota "mailbox"
start s1
exits 0 mu p1 waitsync --timeout 90
applied p1 $sent
in_list_once || fail "$sent leavers are not there once each"
ok "a full mailbox is shown, and empties by itself when it is fetched"

# A disk that is really full, where this machine lets us make one.
if [ "$(id -u)" -eq 0 ] && mkdir "$place/small" &&
    mount -t tmpfs -o size=24m tmpfs "$place/small" 2>/dev/null; then
    unmount()
    {
        stop h1 || true
        umount "$place/small" || true
        finish
    }
    trap unmount EXIT
    rm "$place/h1.conf"
    stop h1
    printf '[quota]\ndisk_reserve_mib = 16\n' >"$place/h1.conf"
    rm -f "$place"/h1/hub.db*
    mv "$place/h1" "$place/small/h1"
    ln -s small/h1 "$place/h1"
    start h1
    wait_for 30 "p1 to be back" connected p1
    head -c 12M /dev/zero >"$place/small/filler"
    stop s1
    send 10
    wait_for 20 "the full disk to be shown" shown disk-full "disk is full"
    head -c 24M /dev/zero >"$place/small/filler" 2>/dev/null || true
    start s1
    rm "$place/small/filler"
    all_there
    ok "a disk that is full to the last byte loses nothing"
fi
