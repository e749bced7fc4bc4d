#!/usr/bin/env bash
# boot.sh: install by the README's steps in a small Debian that systemd boots
# (debootstrap, systemd-nspawn; needs root and some minutes), and see the units
# work: start, status, reload, a watchdog that starts a stopped agent again.
# Not part of ./run test; MOVEUP_BIN says which programs.
set -euo pipefail
: "${MOVEUP_BIN:?the folder with moveup, moveup-agent and moveup-hub}"
source=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(id -u)" -eq 0 ] || {
    echo "boot.sh: this needs root" >&2
    exit 2
}
root=$(mktemp -d)
chmod 755 "$root"
trap 'rm -rf --one-file-system "$root"' EXIT

packages=systemd,systemd-sysv,sudo,openssl
packages+=$(awk '$1 == "lib" { printf ",%s", $2 }' "$source/docker/packages.txt")
debootstrap --variant=minbase --include="$packages" bookworm "$root" \
    >"$root.log" 2>&1 || {
    tail "$root.log" >&2
    exit 1
}
rm -f "$root.log"
echo "127.0.0.1 localhost moveup hub.example.org" >"$root/etc/hosts"
mkdir "$root/srv/moveup"
cp -r "$MOVEUP_BIN" "$root/srv/moveup/bin"
cp -r "$source/docker" "$source/tests/data" "$root/srv/moveup"
install -m 0755 "$source/tests/systemd/inside.sh" "$root/srv/inside.sh"
cat >"$root/etc/systemd/system/inside.service" <<'TEXT'
[Service]
Type=oneshot
ExecStart=/srv/inside.sh
ExecStopPost=/bin/systemctl poweroff --no-block
[Install]
WantedBy=multi-user.target
TEXT
ln -s /etc/systemd/system/inside.service \
    "$root/etc/systemd/system/multi-user.target.wants/"
timeout 180 systemd-nspawn -q -D "$root" -b --private-network --keep-unit \
    --register=no --hostname=moveup </dev/null >"$root/console" 2>&1 || true
cat "$root/srv/inside.log"
tail -n 1 "$root/srv/inside.log" | grep -q '^all well$'
