#!/usr/bin/env bash
# Monitoring: what agent and hub serve on loopback is what monitoring systems
# read, names nobody, and is what the rules and the dashboard ask for.
. "$(dirname "$0")/lib.sh"

promtool=$MOVEUP_SOURCE/build/tools/promtool
[ -x "$promtool" ] || promtool=promtool
command -v "$promtool" >/dev/null ||
    fail "there is no promtool; ./run test fetches it"

# scrape PORT [HEADER...]: the page without its head, which is in $place/head
scrape()
{
    local port=$1 line
    shift
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    {
        printf 'GET %s HTTP/1.1\r\n' "${path:-/metrics}"
        printf '%s\r\n' "Host: ${host:-localhost}" "Connection: close" "$@" ""
    } >&3
    : >"$place/head"
    while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do
        echo "${line%$'\r'}" >>"$place/head"
    done
    cat <&3
    exec 3<&-
}

head_has()
{
    grep -q "$1" "$place/head" || {
        cat "$place/head" >&2
        fail "no \"$1\" in the answer"
    }
}

# value FILE NAME-AND-LABELS
value()
{
    awk -v name="$2" '$1 == name { print $2 }' "$1"
}

cluster 1 1 1
a=$(free_port) h=$(free_port)
printf '[metrics]\nport = %s\n' "$a" >"$place/p1.conf"
printf '[metrics]\nport = %s\n' "$h" >"$place/h1.conf"
start h1 p1 s1
mu p1 leavers import "$data/8732001_CTF_8734500_001.xml" --send >/dev/null || true
wait_for 20 "the receipts" mu p1 waitsync --timeout 1

scrape "$a" >"$place/agent.prom"
head_has '^HTTP/1.1 200'
head_has '^Content-Type: text/plain; version=0.0.4'
scrape "$h" >"$place/hub.prom"
for who in agent hub; do
    "$promtool" check metrics <"$place/$who.prom" ||
        fail "promtool finds fault with the page of the $who"
done
ok "both pages pass promtool check metrics"

# The check reads no units and no end; the reader of OpenMetrics wants times.
for who in "agent $a" "hub $h"; do
    read -r name port <<<"$who"
    scrape "$port" "Accept: application/openmetrics-text" >"$place/page"
    head_has '^Content-Type: application/openmetrics-text; version=1.0.0'
    [ "$(tail -n 1 "$place/page")" = "# EOF" ] || fail "the page has no end"
    sed '/^#/! s/$/ 1700000000/' "$place/page" >"$place/timed"
    "$promtool" tsdb create-blocks-from openmetrics "$place/timed" \
        "$place/blocks-$name" >/dev/null || fail "not OpenMetrics"
done
ok "both pages are OpenMetrics"

accepted=$(value "$place/agent.prom" 'moveup_agent_leavers{state="applied"}')
seen=$(mu p1 leavers list --state applied --json | jq '.leavers | length')
[ "$accepted" = "$seen" ] || fail "applied leavers: $accepted, not $seen"
[ "$accepted" -gt 0 ] || fail "no leaver was applied"
[ "$(value "$place/hub.prom" moveup_hub_letters_taken_total)" -ge 2 ] ||
    fail "the hub counts no letters"
[ "$(value "$place/hub.prom" moveup_hub_connected_schools)" = 2 ] ||
    fail "the hub counts its schools wrongly"
[ "$(value "$place/agent.prom" 'moveup_agent_check_level{check="hub"}')" = 0 ] ||
    fail "the hub is connected and the check says otherwise"
ok "the figures are those of status"

if grep -E '[A-Z][0-9]{12}|8732001|8734500|Okoro|\+44' "$place"/*.prom; then
    fail "the page names somebody"
fi
ok "nobody is named"

while read -r query; do
    [ "$query" != moveup_agent_backup_age_seconds ] || continue # has none yet
    grep -q "^${query}[ {]" "$place"/{agent,hub}.prom ||
        fail "nobody serves $query, which the rules or the dashboard ask for"
done < <(grep -ohE '(moveup|process)_[a-z_]+' \
    "$MOVEUP_SOURCE"/docs/monitoring/{alerts.yml,grafana.json,README.md} |
    sort -u)
mu p1 backup "$place/backup" >/dev/null
scrape "$a" | grep -q '^moveup_agent_backup_age_seconds ' ||
    fail "no age of the backup"
ok "all that rules and dashboard ask for is there"

"$promtool" check rules "$MOVEUP_SOURCE/docs/monitoring/alerts.yml" >/dev/null
sed "s|RULES|$MOVEUP_SOURCE/docs/monitoring/alerts.yml|" \
    "$data/alerts_test.yml" >"$place/alerts_test.yml"
"$promtool" test rules "$place/alerts_test.yml" >/dev/null || {
    "$promtool" test rules "$place/alerts_test.yml" || true
    fail "an alert does not fire when it should, or does when it should not"
}
ok "each alert fires for what it is about"

host=evil.example scrape "$a" >"$place/page"
head_has '^HTTP/1.1 403'
path=/ scrape "$a" >"$place/page"
head_has '^HTTP/1.1 404'
printf '[metrics]\nport = 0\n' >"$place/p1.conf"
kill -HUP "${pid[p1]}"
wait_for 5 "the port to close" bash -c "! (exec 3<>/dev/tcp/127.0.0.1/$a)"
mu p1 status >/dev/null || true
ok "a stranger's page cannot read it, and reload closes it"
