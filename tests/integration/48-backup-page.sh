#!/usr/bin/env bash
# The backup and restore procedures of docs/operating.md, line by line: folders
# are put where a test may have them, and systemctl starts and stops the test's
# own daemons.
. "$(dirname "$0")/lib.sh"

page=$MOVEUP_SOURCE/docs/operating.md
cluster 1 1
mkdir "$place/usb" "$place/backups"
printf 'correct horse battery staple\n' >"$place/passphrase"
chmod 600 "$place/passphrase"

# section HEADING: its lines of code
section()
{
    awk -v heading="## $1" '/^#/ { inside = $0 == heading }
        inside && sub(/^    /, "")' "$page"
}

# obey: each line of stdin, as the page means it
lines=0
obey()
{
    local line
    while IFS= read -r line; do
        line=${line//\/mnt\/usb/$place/usb}
        line=${line//\/mnt\/backups/$place/backups}
        line=${line//\/etc\/moveup.passphrase/$place/passphrase}
        line=${line//\/var\/lib\/moveup-hub/$place/h1}
        line=${line//\/var\/lib\/moveup/$place/p1}
        line=${line//hub-identity.tar/$place/hub-identity.tar}
        case $line in
            'systemctl '*' moveup-agent') line="${line:10:5}" who=p1 ;;
            'systemctl '*' moveup-hub') line="${line:10:5}" who=h1 ;;
            *) who= ;;
        esac
        if [ -n "$who" ]; then
            ${line% *} "$who"
        else
            (PATH=$MOVEUP_BIN:$PATH MOVEUP_SOCKET=$place/p1/agent.sock \
                bash -euc "$line") </dev/null >"$place/out" 2>&1 ||
                { cat "$place/out" >&2 && fail "does not work: $line"; }
        fi
        lines=$((lines + 1))
    done
}

start h1 p1 s1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 3
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" --send
exits 0 mu p1 waitsync --timeout 30

obey < <(section Backup)
[ $lines -eq 3 ] || fail "$lines lines of the section Backup, not 3"
[ -s "$place/usb/hillside.backup.key" ]
[ -s "$place/backups/hillside.backup" ]
[ ! -e "$place/backups/hillside.backup.key" ]
ok "a school and a hub are backed up as the page says"

obey < <(section Restore)
[ $lines -eq 11 ] || fail "$((lines - 3)) lines of the section Restore, not 8"
[ -d "$place/p1.before-restore-1" ]
mu p1 status --json | json '.incarnation == 1'
wait_for 20 "the hub" connected p1
exits 0 mu p1 waitsync --timeout 30
applied p1 3
ok "both are restored as the page says, and go on"
