#!/bin/bash
# What boot.sh runs inside: the README's steps on machine A, then the units.
exec >/srv/inside.log 2>&1
set -euo pipefail
trap 'echo "FAIL  line $LINENO: $BASH_COMMAND"
    journalctl -u moveup-agent -u moveup-hub --no-pager | tail -n 40' ERR
cd /srv/moveup

as_moveup()
{
    sudo -u moveup moveup "$@"
}

restarts()
{
    systemctl show -p NRestarts --value "$1"
}

install -m 0755 bin/* /usr/local/bin/
useradd --system --home-dir /var/lib/moveup --shell /usr/sbin/nologin moveup
install -d -m 0700 -o moveup -g moveup /var/lib/moveup /var/lib/moveup-hub
install -m 0644 docker/moveup-*.service /etc/systemd/system/
moveup cluster init --dir ~/cluster --name "Fenland schools" >/dev/null
as_moveup enrol --state /var/lib/moveup-hub --hub tcp://hub.example.org:7700 \
    --name "County hub" -o /tmp/hub.request >/dev/null
as_moveup enrol --state /var/lib/moveup --laestab 8732001 --urn 100001 \
    --name "Hillside Primary" --phase primary -o /tmp/hillside.request >/dev/null
mkdir /tmp/welcome
moveup cluster enrol --dir ~/cluster /tmp/*.request -o /tmp/welcome/ >/dev/null
as_moveup join --state /var/lib/moveup-hub /tmp/welcome/hub.welcome >/dev/null
as_moveup join --state /var/lib/moveup /tmp/welcome/hillside.welcome >/dev/null
systemctl daemon-reload
systemctl enable --now moveup-hub moveup-agent
sleep 3
as_moveup status
as_moveup status | grep -q connected
[ "$(restarts moveup-hub)$(restarts moveup-agent)" = 00 ]
echo "ok    both units start, and the agent reaches the hub"

useradd --create-home jlund
as_moveup staff add jlund --name "J. Lund" --role lead,office >/dev/null
usermod -aG moveup jlund
cp data/8732001_CTF_8734500_001.xml ~jlund/
chown jlund: ~jlund/*.xml
sudo -u jlund moveup leavers import ~jlund/8732001_CTF_8734500_001.xml || true
sudo -u jlund moveup leavers list
echo "ok    the office works under its own login"

printf '[metrics]\nport = 9770\n' >/var/lib/moveup/agent.conf
mkdir /etc/systemd/system/moveup-agent.service.d
cat >/etc/systemd/system/moveup-agent.service.d/test.conf <<'TEXT'
[Service]
WatchdogSec=3
ExecStart=
ExecStart=/usr/local/bin/moveup-agent --state /var/lib/moveup --config /var/lib/moveup/agent.conf
TEXT
systemctl daemon-reload
systemctl restart moveup-agent
(exec 3<>/dev/tcp/127.0.0.1/9770)
echo '[metrics]' >/var/lib/moveup/agent.conf
systemctl reload moveup-agent
sleep 1
if (exec 3<>/dev/tcp/127.0.0.1/9770) 2>/dev/null; then
    echo "FAIL  the port is open after reload"
    exit 1
fi
sleep 5
[ "$(restarts moveup-agent)" = 0 ]
echo "ok    metrics are served, reload reads the settings"

kill -STOP "$(systemctl show -p MainPID --value moveup-agent)"
sleep 13
[ "$(restarts moveup-agent)" = 1 ]
as_moveup status >/dev/null || [ $? -eq 1 ]
echo "ok    one that hangs is started again"
systemd-analyze security --no-pager moveup-agent moveup-hub | tail -n 3
echo "all well"
