#!/usr/bin/env bash
# What scripts rely on, command by command: words and options in any order, the
# names and types of every JSON document, exit codes, the form of errors.
. "$(dirname "$0")/lib.sh"

cluster 2 2
start h1 p1 p2 s1 s2

# shaped FILTER COMMAND...: exit 0, one JSON document, and the filter holds
shaped()
{
    local filter=$1
    shift
    exits 0 "$@" --json
    [ "$(jq -s length "$place/out")" = 1 ] || fail "not one document: $*"
    json "$filter" "$place/out" || {
        cat "$place/out" >&2
        fail "the JSON of $* is not: $filter"
    }
    [ ! -s "$place/err" ] || fail "$* says something on standard error"
}

# told CODE COMMAND...: it is refused as people and scripts expect
told()
{
    exits "$@"
    [ ! -s "$place/out" ] || fail "a refusal on standard output: $*"
    head -n 1 "$place/err" | grep -q '^moveup: [^ ]' ||
        fail "no sentence: $*"
    grep -q '^  next: [^ ]' "$place/err" || fail "no next step: $*"
    [ "$(wc -L <"$place/err")" -le 80 ] || fail "over 80 columns: $*"
}

time='test("^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$")'
day='test("^[0-9]{4}-[01][0-9]-[0-3][0-9]$")'
number='type == "number"'
count="($number and . == floor and . >= 0)"
seconds="(. == null or $count)"

# --- set-up -------------------------------------------------------------------

shaped '(.version | type == "string")' "$MOVEUP_BIN/moveup" version
shaped ".cluster == \"Test cluster\" and (.version | $count) and
    (.schools | length == 4) and (.hubs | length == 1) and
    all(.schools[]; (.laestab | type == \"string\") and
        (.certificate_days_left | $count))" admin list
told 1 "$MOVEUP_BIN/moveup" enrol --state "$place/p1" --laestab 8732001 \
    --urn 100001 --name X --phase primary -o "$place/no.request"
[ ! -e "$place/no.request" ]
told 2 "$MOVEUP_BIN/moveup" enrol --state "$place/x" --laestab 8732001 \
    --urn 100001 --name X --phase nursery -o "$place/no.request"
[ ! -e "$place/x" ]
told 2 "$MOVEUP_BIN/moveup" enrol --state "$place/x" -o "$place/no.request"
told 1 "$MOVEUP_BIN/moveup" join --state "$place/p1" "$place/no.welcome"
told 1 "$MOVEUP_BIN/moveup" restore "$place/no.backup" --state "$place/x"
[ ! -e "$place/x" ]
told 1 admin enrol "$place/no.request" -o "$place/no.welcome"
told 1 admin revoke 9999999 --reason lost
told 2 admin revoke 8734501
ok "set-up: documents and refusals"

# --- an empty school ----------------------------------------------------------

status=".school == {laestab: \"8732001\", name: \"Hillside Primary\",
    phase: \"primary\"} and (.version | type == \"string\") and
    (.directory.version | $count) and (.directory.expires | $time) and
    all(.hubs[]; (.endpoint | startswith(\"tcp://\")) and
        .state == \"connected\" and (.last_heard_s | $count) and
        (.skew_ms | $number)) and (.hubs | length == 1) and
    (.outbound | (.queued | $count) and (.unreceipted | $count) and
        (.oldest_unreceipted_s | $seconds)) and
    (.inbound.unapplied | $count) and (.quarantined | $count) and
    (.certificate_days_left | $count) and (.checks | length > 5) and
    all(.checks[]; (.name | length > 0) and (.text | length > 0) and
        (.level | IN(\"ok\", \"warning\", \"critical\")))"
shaped "$status and .outbound.oldest_unreceipted_s == null" mu p1 status
shaped '.leavers == []' mu p1 leavers list
shaped '.problems == [] and .leavers == 0' mu p1 leavers check
shaped '.requests == []' mu p1 inbox
shaped '.restrictions == []' mu p1 restrict list
shaped '.queue == []' mu p1 queue
shaped '.quarantined == []' mu p1 quarantine list
shaped '.staff == []' mu p1 staff list
shaped '.calls == []' mu s1 list
shaped '.callbacks == []' mu s1 callbacks
shaped '.case == null' mu s1 next
shaped '.pupils == 0 and .contacted == 0 and .to_go == 0' mu s1 coverage
for list in "leavers list" "restrict list" inbox peers queue \
    "quarantine list" "staff list" audit; do
    # shellcheck disable=SC2086
    exits 0 mu p1 $list --csv
    head -n 1 "$place/out" | grep -qxE "[a-z0-9_,]+"$'\r' ||
        fail "no line of names: $list --csv"
done
ok "an empty school: empty lists, not errors"

# --- the primary --------------------------------------------------------------

ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 51 5
ctf "$place/8732001_CTF_8734501_001.xml" 8732001 8734501 61 2
one=$(upn 8732001 51)
two=$(upn 8732001 52)
three=$(upn 8732001 53)

counts="(.accepted | $count) and (.changed | $count) and
    (.unchanged | $count) and (.refused | $count)"
shaped ".files == [{file: \"8732001_CTF_8734500_001.xml\", accepted: 5,
    changed: 0, unchanged: 0, refused: 0}] and .refused == [] and
    .warnings == []" \
    mu p1 leavers --dry-run import "$place/8732001_CTF_8734500_001.xml"
shaped '.leavers == []' mu p1 leavers list
exits 1 mu p1 --json leavers import "$place"/8732001_CTF_*.xml \
    "$data/bad/8732001_CTF_8734500_101.xml" "$place/no-such.xml" "$place"
json "(.files | length == 5) and all(.files[]; $counts) and
    ([.files[].accepted] | add) == 8 and (.refused | length == 3) and
    all(.refused[]; (.file | length > 0) and (.line | $count) and
        (.reason | test(\"^[a-z-]+\$\")) and (.detail | length > 0) and
        has(\"upn\") and has(\"surname\") and has(\"forename\")) and
    any(.refused[]; .reason == \"upn-check-letter\") and
    all(.warnings[]; (.reason | test(\"^[a-z-]+\$\")))" "$place/out"
exits 1 mu p1 leavers import "$data/bad/8732001_CTF_8734500_104.xml"
shaped '.leavers | length == 8' mu p1 leavers list
leaver="(.upn | type == \"string\") and (.surname | type == \"string\") and
    (.forename | type == \"string\") and (.to | test(\"^[0-9]{7}\$\")) and
    (.revision | $count) and (.state | IN(\"draft\", \"ready\", \"queued\",
        \"sent\", \"received\", \"applied\", \"read\", \"rejected\",
        \"quarantined\", \"expired\", \"recalled\", \"superseded\")) and
    all(.sent_at, .received_at, .applied_at, .read_at; . == null or $time) and
    (.read_by == null or (.read_by | type == \"string\")) and
    (.family | IN(\"none\", \"contact-started\", \"contacted\",
        \"help-request\", \"started\", \"not-arrived\", \"closed\")) and
    (.problems | type == \"array\")"
shaped "all(.leavers[]; $leaver and .state == \"ready\" and .sent_at == null and
    .read_by == null and .family == \"none\")" mu p1 leavers list
shaped ".leaver.upn == \"$one\" and (.leaver.contacts | length == 2)" \
    mu p1 leavers show "$one"
shaped '(.restrictions | length == 0)' mu p1 restrict list "$one"
told 1 mu p1 restrict add "$one" --contact 9 --kind do-not-contact \
    --basis court-order
told 2 mu p1 restrict add "$one" --contact 2 --kind never --basis court-order
shaped '.restriction.id // .id | type == "string"' mu p1 restrict --contact 2 \
    add --basis court-order --kind do-not-contact "$one" --note "seen"
shaped "(.restrictions | length == 1) and all(.restrictions[];
    (.id | type == \"string\") and .contact == 2 and .ended == null and
    (.from | $time))" mu p1 restrict list
shaped ".queued == 1 and .already == 0 and .skipped == []" \
    mu p1 leavers send "$one"
shaped ".queued == 7 and .already == 1" mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
shaped '.synced == true' mu p1 --timeout=5 waitsync
shaped "all(.leavers[]; $leaver and .state == \"applied\" and
    (.sent_at | $time) and (.received_at | $time) and (.applied_at | $time))" \
    mu p1 leavers list
shaped '.leavers | length == 2' mu p1 leavers list --to 8734501
shaped '.leavers == []' mu p1 leavers list --state draft --to 8734501
shaped "(.peers | length >= 2) and all(.peers[]; (.laestab | type == \"string\")
    and (.sent | $count) and (.received | $count) and (.applied | $count) and
    (.lag | $count) and (.last_heard_s | $seconds) and
    (.oldest_unreceipted_s | $seconds))" mu p1 peers
shaped "all(.receipts[]; (.at | $time) and .upn == \"$one\" and
    (.kind | IN(\"received\", \"applied\")) and (.data | type == \"string\"))
    and (.receipts | length == 2)" mu p1 receipts "$one"
ok "the primary: import, list, show, restrict, send, peers, receipts"

told 2 mu p1 leavers show X
told 1 mu p1 leavers show "$(upn 8732001 99)"
told 2 mu p1 leavers list --state sideways
told 2 mu p1 leavers list --to 12
told 2 mu p1 leavers list more
told 2 mu p1 leavers list --json --csv
told 2 mu p1 leavers send
told 2 mu p1 leavers send --all "$one"
told 2 mu p1 leavers import --format xlsx "$place/8732001_CTF_8734500_001.xml"
told 2 mu p1 dest set X --to 8734501
told 2 mu p1 dest set "$one"
told 1 mu p1 dest set "$(upn 8732001 99)" --to 8734501
told 2 mu p1 recall "$one"
told 2 mu p1 recall "$one" --reason ""
told 1 mu p1 recall "$(upn 8732001 99)" --reason moved
told 2 mu p1 answer x --text y
told 1 mu p1 answer 99 --text y
told 1 mu p1 restrict end ffff --evidence seen
told 2 mu p1 restrict end ffff
told 1 mu p1 quarantine show 99
told 1 mu p1 quarantine retry 99
told 1 mu p1 quarantine drop 99 --reason old
told 2 mu p1 waitsync --timeout soon
told 2 mu p1 status --socket
told 2 mu p1 status --nonsense
told 2 mu p1 --as "" leavers list
told 2 mu p1 leavers lst
told 2 "$MOVEUP_BIN/moveup" help nonsense
exits 2 "$MOVEUP_BIN/moveup"
grep -q '^usage: ' "$place/err" && [ ! -s "$place/out" ]
exits 2 "$MOVEUP_BIN/moveup" leavers
grep -q 'leavers import' "$place/err" && [ ! -s "$place/out" ]
exits 0 "$MOVEUP_BIN/moveup" --help
grep -q '^Primary school' "$place/out"
ok "refusals: the sentence, the next step, the exit code, no output"

# --- the secondary ------------------------------------------------------------

pupil="(.upn | type == \"string\") and (.surname | type == \"string\") and
    (.forename | type == \"string\") and .from == \"8732001\" and
    (.needs | type == \"array\")"
contact="(.n | $count) and (.name | length > 0) and
    (.relationship | type == \"string\") and
    (.parental_responsibility | IN(\"yes\", \"no\", \"unknown\")) and
    (.language | type == \"string\") and (.interpreter | type == \"string\") and
    all(.points[]; (.n | $count) and (.kind | type == \"string\") and
        (.value | type == \"string\") and (.status | type == \"string\"))"
call="(.case | test(\"^[0-9]+\$\")) and (.state | type == \"string\") and
    (.deadline | $day) and (.tries | $count) and all(.pupils[]; $pupil) and
    all(.contacts[]; $contact)"
blocked="([\"call_back_later\", \"called_too_recently\", \"leased\",
    \"no_usable_point\", \"awaiting_record\", \"held\", \"action_needed\",
    \"escalated\", \"declined\"] - keys == []) and
    all(.[]; . == null or $count or type == \"string\")"
shaped "(.calls | length == 6) and all(.calls[]; $call and
    (.suggest | (.contact | $count) and (.point | $count) and
        (.band | IN(\"MORN\", \"AFT\", \"EVE\", \"SAT\")) and
        (.why | length > 0))) and (.blocked | $blocked)" mu s1 list
exits 0 mu s1 list --csv
[ "$(wc -l <"$place/out")" -eq 7 ]
shaped "(.calls | length == 6) and all(.calls[]; $call)" \
    mu s1 list --all --from 8732001
shaped '.calls == []' mu s1 list --from 8732002
case=$(mu s1 list --json | jq -r --arg upn "$one" \
    '.calls[] | select(.pupils[0].upn == $upn) | .case')
shaped ".case | $call and (.warnings | length > 0) and
    (.contacts | length == 1)" mu s1 card "$case"
shaped ".read == [{upn: \"$two\", revision: 1, role: \"ADMIN\"}]" mu s1 read "$two"
shaped "(.pupils | $count) and (.contacted | $count) and (.deadline | $day) and
    (.to_go | $count) and (.blocked | $blocked)" mu s1 coverage
shaped ".logged | .case == \"$case\" and .outcome == \"spoke\" and
    .contacted == true" mu s1 log "$case" spoke --said "All well"
shaped ".logged.tries | $count" mu s1 log 2 call-back --call-back "2027-06-15 17:30"
shaped "all(.callbacks[]; (.case | type == \"string\") and (.when | $time)) and
    (.callbacks | length == 1)" mu s1 callbacks
exits 0 mu s1 callbacks --csv
sed 1d "$place/out" | grep -q '^2,2027-06-15T16:30:00Z,' ||
    fail "the time of a call back is no time in the CSV"
shaped ".asked | .kind == \"wrong-number\" and (.due | $day)" \
    mu s1 ask 3 --wrong-number 1
shaped ".asked.kind == \"help-reach\"" mu s1 ask 3 --help-reach
shaped ".asked.kind == \"question\"" mu s1 ask 3 --question "When is best?"
told 1 mu s1 ask 3 --help-reach
told 1 mu s1 card 999
told 2 mu s1 card x
told 2 mu s1 card
told 2 mu s1 log
told 2 mu s1 log 3 sang
told 1 mu s1 log 999 spoke
told 2 mu s1 log 3 call-back --call-back whenever
told 2 mu s1 ask 3
told 2 mu s1 find
told 2 mu s1 list --state sideways
told 1 mu s1 read X
exits 1 mu s1 leavers import "$place/8732001_CTF_8734500_001.xml" --json
json '.refused[0] | .reason == "not-ours" and
    (.detail | contains("come here by themselves"))' "$place/out"
ok "the secondary: list, card, log, call backs, questions, coverage"

# Half right is not half done.
told 1 mu s1 read "$three" "$(upn 8732001 99)"
shaped "all(.calls[] | .pupils[] | select(.upn == \"$three\");
    .read_by == null)" mu s1 list --all

wait_for 20 "the questions" eval \
    "mu p1 inbox --json | jq -e '.requests | length == 3' >/dev/null"
shaped "all(.requests[]; (.id | test(\"^[0-9]+\$\")) and .from == \"8734500\" and
    (.upn | length == 13) and (.text | length > 0) and (.due | $time) and
    (.kind | IN(\"wrong-number\", \"help-reach\", \"question\")))" mu p1 inbox
told 2 mu p1 answer 2
shaped '.closed.sent == true' mu p1 answer 1 --phone "07700 900555"
shaped ".leavers | map(select(.read_by != null)) | length == 1 and
    all(.[]; .state == \"read\" and (.read_at | $time))" mu p1 leavers list
shaped ".moved.to == \"8734501\" and .moved.recalled == true" \
    mu p1 dest set "$two" --to 8734501 --reason "moved house"
shaped ".recalled.upn == \"$three\" and (.recalled.at | $time)" \
    mu p1 recall --reason "withdrawn" "$three"
ok "the primary: inbox, answer, another destination, recall"

# --- monitoring ---------------------------------------------------------------

exits 1 mu p1 status --check
grep -q '^MOVEUP WARNING - ' "$place/out"
exits 1 mu p1 status --check --json
json '.level == "warning"' "$place/out"
exits 0 mu p1 backup "$place/p1.backup" --json
exits 0 mu p1 --check status
grep -q '^MOVEUP OK - ' "$place/out"
exits 3 mu nobody status --check
grep -q '^MOVEUP UNKNOWN - ' "$place/out"
exits 3 mu nobody status --check --json
json '.level == "unknown"' "$place/out"
exits 3 mu p1 status --check more
grep -q '^MOVEUP UNKNOWN - ' "$place/out"
exits 3 mu p1 status --check --nonsense
told 3 mu nobody status
told 3 mu nobody leavers list --json
told 3 mu nobody doctor
shaped '(.checks | length > 5)' mu p1 doctor

school="(.laestab | type == \"string\") and (.name | length > 0) and
    (.level | IN(\"ok\", \"warning\", \"critical\")) and
    (.last_report_s | $seconds) and (.version | type == \"string\") and
    (.queued | $count) and (.oldest_unreceipted_s | $seconds) and
    (.quarantined | $count) and (.certificate_days_left | $count) and
    (.reasons | type == \"array\")"
all_reported()
{
    admin health --json >"$place/health" || true
    jq -e 'all(.schools[]; .last_report_s != null)' "$place/health"
}
wait_for 30 "a report of every school" all_reported
code=0
admin health --json >"$place/out" || code=$?
json --argjson code "$code" "(.level | IN(\"ok\", \"warning\", \"critical\")) and
    ({ok: 0, warning: 1, critical: 2}[.level]) == \$code and
    (.schools | length == 4) and all(.schools[]; $school) and
    (.totals | .schools == 4 and (.silent | $count) and (.leavers | $count) and
        (.applied | $count) and (.read | $count) and (.contacted | $count))" \
    "$place/out"
admin health --csv >"$place/out" || true
[ "$(wc -l <"$place/out")" -eq 5 ]
exits 3 "$MOVEUP_BIN/moveup" cluster health
grep -q '^MOVEUP UNKNOWN - ' "$place/out"
exits 3 "$MOVEUP_BIN/moveup" cluster health --dir "$place/nowhere" --json
json '.level == "unknown"' "$place/out"
shaped "all(.schools[]; (.leavers | $count) and (.sent | $count))" admin pushes
shaped '.schools | type == "array"' admin coverage
shaped '.stuck == []' admin stuck --older 48h
shaped "all(.certificates[]; (.expires | $time) and (.days_left | $count))" \
    admin certs
exits 0 admin certs --csv
sed 1d "$place/out" | cut -d, -f2 | jq -R . | json "$time"
told 2 admin stuck --older soon
told 1 admin pushes --expected "$place/no-such.csv"
told 1 admin list --dir "$place/nowhere"
stop h1
told 3 admin stuck
told 3 admin pushes --json
exits 3 admin health --json
json '.level == "unknown"' "$place/out"
wait_for 20 "p1 to miss its hub" eval "! connected p1"
exits 2 mu p1 status --check
grep -q '^MOVEUP CRITICAL - ' "$place/out"
shaped '.hubs[0].state != "connected" and .hubs[0].skew_ms != "x"' mu p1 status
exits 0 mu p1 leavers list
ok "monitoring: plugin codes, and what happens without an agent or a hub"

# --- where the agent is -------------------------------------------------------

cd "$place/p1" || exit
exits 0 env MOVEUP_SOCKET="$place/s1/agent.sock" "$MOVEUP_BIN/moveup" status
grep -q 8734500 "$place/out"
exits 0 env MOVEUP_SOCKET="$place/s1/agent.sock" "$MOVEUP_BIN/moveup" \
    --socket agent.sock status
grep -q 8732001 "$place/out"
told 2 env MOVEUP_SOCKET="$(printf 'x%.0s' {1..200})" "$MOVEUP_BIN/moveup" status
ok "the agent's socket: --socket, else MOVEUP_SOCKET"

# --- help ---------------------------------------------------------------------

"$MOVEUP_BIN/moveup" help >"$place/commands"
commands=0
while read -r command; do
    # shellcheck disable=SC2086
    exits 0 "$MOVEUP_BIN/moveup" help $command
    head -n 1 "$place/out" | grep -q "^usage: moveup $command" ||
        fail "no usage: $command"
    [ "$(wc -L <"$place/out")" -le 80 ] || fail "over 80 columns: $command"
    commands=$((commands + 1))
done < <(sed -nE 's/^  ([a-z]+( [a-z]+){0,2})(  .*)?$/\1/p' "$place/commands")
[ "$commands" -gt 80 ]
"$MOVEUP_BIN/moveup" help --completion bash | bash -n
ok "moveup help says how each of the $commands commands is used"

# --- who is behind the socket -------------------------------------------------

if [ "$(id -u)" -ne 0 ] || ! command -v runuser >/dev/null; then
    ok "who is behind the socket: not tried, only root can be somebody else"
    exit 0
fi
cd / || exit
stop p2
chmod 0711 "$place"
mkdir -m 0755 "$place/door"
install -m 0755 "$MOVEUP_BIN/moveup" "$place/door/moveup"
socket=$place/door/agent.sock
"$MOVEUP_BIN/moveup-agent" --state "$place/p2" --socket "$socket" \
    </dev/null >>"$place/p2/log" 2>&1 &
pid[p2]=$!
wait_for 10 "the agent at the door" \
    "$place/door/moveup" --socket "$socket" status

# as_nobody COMMAND...: typed by the user nobody
as_nobody()
{
    runuser -u nobody -- env MOVEUP_SOCKET="$socket" "$place/door/moveup" "$@" \
        </dev/null
}

staff()
{
    "$place/door/moveup" --socket "$socket" staff "$@" >/dev/null
}

[ "$(stat -c %a "$socket")" = 660 ]
told 1 as_nobody status
grep -q 'may not' "$place/err"
chmod 0666 "$socket"
told 1 as_nobody status
grep -q 'nobody is not on this school.s staff list' "$place/err"
exits 3 as_nobody status --check
grep -q '^MOVEUP UNKNOWN - ' "$place/out"
staff add nobody --name "N. O'Body" --role caller
told 1 as_nobody leavers list
grep -q 'roles' "$place/err"
told 1 as_nobody --as root leavers list
told 1 as_nobody --as nobody leavers list
told 1 as_nobody staff add nobody --name "N. O'Body" --role admin
staff edit nobody --role office
shaped '.leavers == []' as_nobody leavers list
told 1 as_nobody --as root leavers list
exits 0 "$place/door/moveup" --socket "$socket" --as nobody leavers list
told 1 "$place/door/moveup" --socket "$socket" --as somebody leavers list
ctf "$place/door/8732002_CTF_8734500_001.xml" 8732002 8734500 1 2
chmod 0600 "$place/door/8732002_CTF_8734500_001.xml"
exits 1 as_nobody leavers import "$place/door/8732002_CTF_8734500_001.xml"
grep -q 'you may not read it' "$place/out"
staff retire nobody
told 1 as_nobody leavers list
shaped 'any(.audit[]; .login == "nobody" and .action == "leavers.list") and
    all(.audit[]; (.at | type == "string"))' \
    "$place/door/moveup" --socket "$socket" audit
ok "who is behind the socket decides, and --as is the agent's own user's alone"
