#!/usr/bin/env bash
# The demo plays to its end; with --keep it leaves a cluster that its own `stop`
# takes away again.
. "$(dirname "$0")/lib.sh"

exits 0 timeout 60 "$MOVEUP_SOURCE/tests/demo.sh"
grep -q 'CMS Verification successful' "$place/out"
grep -q 'Not taken, and why' "$place/out"
grep -q 'Another adult is restricted' "$place/out"
for told in 'contacted 0 (0%)' 'no answer, 1 try' 'asked for the right number' \
    'speaks Tigrinya, needs an interpreter' 'number corrected by Hillside' \
    'Answer: yes; guests 1' 'contacted 3 (25%)' 'SENCO *contacted'; do
    grep -q "$told" "$place/out" || fail "the demo does not tell: $told"
done
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line is too long"
ok "the demo plays to its end, the calls as well, in 80 columns"

TMPDIR=$place exits 0 timeout 60 "$MOVEUP_SOURCE/tests/demo.sh" --keep
stop=$(sed -n 's/.*enough: //p' "$place/out")
kept=$(dirname "$stop")
MOVEUP_SOCKET=$kept/northgate/agent.sock "$MOVEUP_BIN/moveup" list >/dev/null
pids=$(sed -n 's/^kill //p' "$stop")
[ "$(wc -w <<<"$pids")" -eq 5 ]
"$stop"
for was in $pids; do
    wait_for 10 "$was to end" gone "$was"
done
[ ! -e "$kept" ]
ok "--keep leaves it running, and its stop ends everything"

exits 2 "$MOVEUP_SOURCE/tests/demo.sh" --nonsense
ok "an unknown option is refused"
