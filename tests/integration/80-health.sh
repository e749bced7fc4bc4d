#!/usr/bin/env bash
# The administrator's morning: a cluster in which something is wrong with nearly
# every school.  Each fault is reported as itself, with who must act, and the
# schools that are well are not named.
. "$(dirname "$0")/lib.sh"

day=$((24 * 3600))
member p3 primary "Larkspur Primary" 8732003
member p4 primary "Meadow Primary" 8732004
member p5 primary "Quarry Primary" 8732005
member p6 primary "Riverside Primary" 8732006

# at SECONDS COMMAND...: with the clock so far from now; daemons keep it
at()
{
    local offset=$1
    shift
    MOVEUP_FAKE_TIME=$offset "$@"
}

# admit SECONDS WHO...: request, certificates and join, at that time
admit()
{
    local offset=$1 who requests=()
    shift
    for who; do
        MOVEUP_FAKE_TIME=$offset enrol "$who"
        requests+=("$place/$who.request")
    done
    MOVEUP_FAKE_TIME=$offset admin enrol "${requests[@]}" \
        -o "$place/welcome/" >/dev/null
    for who; do
        MOVEUP_FAKE_TIME=$offset "$MOVEUP_BIN/moveup" join \
            --state "$place/$who" "$place/welcome/$who.welcome" >/dev/null
    done
}

# running SECONDS WHO...: start them with that clock
running()
{
    export MOVEUP_FAKE_TIME=$1
    shift
    start "$@"
    unset MOVEUP_FAKE_TIME
}

# health: what the administrator sees, some hours after the second start
now=$((16 * day))
look=$((now + 5 * 3600))
health()
{
    at "$look" admin health --json >"$place/health.json" || [ $? -eq 2 ]
}

# has WHO REASON: the school's line has this reason
has()
{
    health
    json --arg n "${laestab[$1]}" --arg r "$2" \
        'any(.schools[]; .laestab == $n and any(.reasons[]; . == $r))' \
        "$place/health.json"
}

# Everybody joins; Larkspur did nearly a year ago.
mkdir "$place/welcome"
at $((-356 * day)) admin init --name "Fenland schools" >/dev/null
admit $((-356 * day)) h1 h2 p3
admit 0 p1 p2 p4 p5 p6 s1 s2
for who in p1 p2 p3 p4 p5 p6 s1 s2; do
    printf '[report]\nminutes = 1\nseconds = 5\n' >"$place/$who.conf"
done

# Two weeks ago: all is well, and Hillside sends.
start h1
admin publish >/dev/null || true # the second hub is away
start p1 p2 p4 p5 p6 s1 s2
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 30
ctf "$place/8732001_CTF_8734501_001.xml" 8732001 8734501 101 12
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml" \
    "$place/8732001_CTF_8734501_001.xml" --send
exits 0 mu p1 waitsync --timeout 30
told()
{
    admin health --json >"$place/health.json" || true
    json '.totals.leavers == 42 and .totals.applied == 42 and
        .totals.pupils == 42' "$place/health.json"
}
wait_for 30 "the reports to tell of the leavers" told
json '.totals.schools == 8 and ([.schools[] | select(.last_report_s == null) |
    .laestab] == ["8732003"]) and .level == "critical"' "$place/health.json"
ok "a school that never reported and a hub that does not answer are named"
newest()
{
    mu p3 status --json | json '.directory.version == 3'
}
start p3
wait_for 20 "Larkspur to have the newest directory" newest
for who in p1 p2 p3 p4 p5 p6 s1 s2 h1; do stop "$who"; done

# Today: Fairfield and St Anne's are away, Meadow's clock is ten minutes slow,
# Quarry has an old agent, Riverside was revoked and goes on.
admin revoke 8732006 --reason "left the cluster" >/dev/null
old=$place/old
mkdir "$old"
cp "$MOVEUP_BIN"/* "$old/"
LC_ALL=C sed -z 's/0\.1\.0$/0.0.9/' "$MOVEUP_BIN/moveup-agent" \
    >"$old/moveup-agent"
running "$now" h1
at "$now" admin publish >/dev/null || true
running "$now" p1 p3 s1
running $((now - 660)) p4
MOVEUP_BIN=$old running "$now" p5
export MOVEUP_FAKE_TIME=$now
launch p6
unset MOVEUP_FAKE_TIME
mu p1 restrict add "$(upn 8732001 101)" --contact 2 --kind do-not-contact \
    --basis court-order >/dev/null
exits 0 mu p1 backup "$place/p1.backup"

wait_for 30 "Riverside to be turned away" has p6 revoked
ok "a revoked school that still comes is named"
wait_for 30 "the restriction" has p1 urgent
ok "a restriction that waits for 5 hours is named, with the other school"
for fault in "p2 silent" "s2 silent" "p3 certificate" "p4 clock" \
    "p5 old-version" "s1 unread"; do
    # shellcheck disable=SC2086 # two words

    wait_for 30 "the fault of $fault" has $fault
    ok "${fault#* } is named: ${title[${fault% *}]}"
done

# Nothing is said that is not so.
json '[.schools[] | select(any(.reasons[]; . == "clock"))] | length == 1' \
    "$place/health.json"
json '[.schools[] | select(any(.reasons[]; . == "old-version"))] | length == 1' \
    "$place/health.json"
json '[.schools[] | select(any(.reasons[]; . == "silent")) | .laestab] | sort ==
    ["8732002", "8734501"]' "$place/health.json"
json '[.schools[] | .level] == ([.schools[] | .level] | sort_by(
    {critical: 0, warning: 1, ok: 2}[.]))' "$place/health.json"
json 'all(.schools[].findings[]; .who != "" and .next != "")' \
    "$place/health.json"
ok "each fault at its own school only, worst first, each with who must act"

# The same for people and for a monitoring program.
code=0
at "$look" admin health >"$place/text" || code=$?
[ $code -eq 2 ] || fail "exit $code, not 2"
head -1 "$place/text" | grep -q '^MOVEUP CLUSTER CRITICAL - .* | schools=7 ' ||
    fail "the first line is not for monitoring: $(head -1 "$place/text")"
! tail -n +2 "$place/text" | LC_ALL=C.UTF-8 grep -E "^.{81}" ||
    fail "a line is wider than 80 columns"
grep -q "^CRIT  Fairfield Primary" "$place/text"
if grep -iE "quillfeather|philomena|$(upn 8732001 1)" \
    "$place/text" "$place/health.json"; then
    fail "the health of the cluster names a child"
fi
ok "the text fits a terminal, and the first line and exit code a plugin"

# A hub that is away says nothing of the schools: exit 3.
stop h1
code=0
at "$look" admin health >"$place/text" 2>"$place/err" || code=$?
[ $code -eq 3 ] || fail "exit $code without a hub, not 3"
grep -q '^MOVEUP CLUSTER UNKNOWN - ' "$place/text"
code=0
at "$look" admin health --json >"$place/view" 2>"$place/err" || code=$?
[ $code -eq 3 ] || fail "exit $code with --json, not 3"
json '.level == "unknown"' "$place/view"
ok "without a hub the answer is unknown"
