#!/usr/bin/env bash
# Two secondaries become one while a primary has mail for both, some of it
# applied, some at the hub, some not yet there: everything goes to the school
# that follows, with what was asked.  A school that closes with nobody after it;
# one that is renamed; a primary with a new number that goes on with its leavers;
# and what a revoked school had signed before.
. "$(dirname "$0")/lib.sh"

cd "$place"
member s3 secondary "Fenland Academy" 8734599
member p9 primary "Hillside Academy" 8732099

send()
{
    ctf "$place/$1_$2.xml" "${laestab[$1]}" "${laestab[$2]}" "$3" "$4"
    exits 0 mu "$1" leavers import "$place/$1_$2.xml" --send
}

upns()
{
    mu "$1" list --all --json | jq -r '[.calls[].pupils[].upn] | unique | .[]'
}

has()
{
    [ "$(upns "$1" | wc -l)" -eq "$2" ]
}

# join_later WHO: a member that comes when the cluster runs already
join_later()
{
    enrol "$1"
    admin enrol "$1.request" -o welcome/ >/dev/null
    "$MOVEUP_BIN/moveup" join --state "$1" "welcome/$1.welcome" >/dev/null
    exits 0 admin publish
}

goes_to()
{
    mu p1 leavers list --json |
        json --arg to "$1" --argjson n "$2" \
            '[.leavers[] | select(.to == $to)] | length == $n'
}

cluster 2 2
start h1 p1 s1 s2
join_later s3
start s3
send p1 s1 1 4
send p1 s2 11 3
exits 0 mu p1 waitsync --timeout 30
exits 0 mu s1 ask "$(mu s1 list --json | jq -r '.calls[0].case')" \
    --question "Is the family known by another name?"
asked()
{
    mu p1 inbox --json | json --arg s "$1" '.requests[0].from == $s'
}
wait_for 20 "the question to come" asked 8734500
stop s1
send p1 s1 5 4
ok "two secondaries have leavers of a primary; one is away with mail waiting"

exits 0 admin school merge 8734500 8734501 --into 8734599 --dry-run
grep -q '8734500 Northgate Academy would be closed' out
grep -q '8734599 follows' out
admin list --json | json '[.schools[] | select(.status == "closed")] == []' ||
    fail "a dry run has closed a school"
exits 1 admin school merge 8734500 --into 8739999
exits 1 admin school merge 8734500 --into 8734500
exits 2 admin school merge 873450 --into 8734599
exits 0 admin school merge 8734500 8734501 --into 8734599 \
    --reason "one school from September" --json
json '.successor == "8734599" and (.schools | length) == 2' out
exits 1 admin school merge 8732001 --into 8734500
exits 0 admin publish
wait_for 30 "the leavers to go to the new school" goes_to 8734599 11
exits 0 mu p1 waitsync --timeout 60
wait_for 20 "the new school to have them" has s3 11
mu s3 status --json | json '.quarantined == 0'
mu p1 status --json | json '.outbound.queued == 0'
wait_for 10 "the question to be the new school's" asked 8734599
exits 0 mu p1 answer "$(mu p1 inbox --json | jq -r '.requests[0].id')" \
    --text "No."
exits 0 mu p1 waitsync --timeout 30
ok "everything for both goes to the school that follows, by itself"

start s1
closed()
{
    mu s1 status --json |
        json '[.checks[].text] | any(test("closed; it is followed by 8734599"))'
}
wait_for 20 "the closed school to learn of it" closed
exits 0 mu p1 leavers import "$place/p1_s1.xml"
goes_to 8734599 11 || fail "an old file has brought the closed school back"
ok "the closed school is told, and an old file brings nothing back"

exits 0 admin school rename 8734599 --name "Fenland College" --urn 100777
exits 0 admin publish
renamed()
{
    mu p1 peers --json | json 'any(.peers[]; .name == "Fenland College")'
}
wait_for 20 "the new name" renamed
exits 2 admin school rename 8734599 --urn 1007
ok "a school has another name and URN, and nothing else changes"

upn=$(grep -o '<UPN>[^<]*' "$place/p1_s1.xml" | head -n 1 | cut -c 6-)
case=$(mu s3 list --all --json | jq -r --arg u "$upn" \
    '.calls[] | select(any(.pupils[]; .upn == $u)) | .case')
exits 0 mu s3 ask "$case" \
    --question "Did the family take part in the swimming week?"
wait_for 20 "the question to come" asked 8734599
join_later p9
exits 0 admin school merge 8732001 --into 8732099
exits 0 admin publish
start p9
sed 's|<Estab>2001</Estab>|<Estab>2099</Estab>|; s|<Estab>4500</Estab>|<Estab>4599</Estab>|' \
    "$place/p1_s1.xml" >"$place/8732099_CTF_8734599_001.xml"
exits 0 mu p9 leavers import "$place/8732099_CTF_8734599_001.xml" --send
exits 0 mu p9 waitsync --timeout 30
has s3 11 || fail "a record is there twice, or lost"
mu s3 status --json | json '.quarantined == 0' ||
    fail "the successor's record was not taken"
mu s3 list --all --json |
    json 'any(.calls[].pupils[]; .from == "8732099")'
moved()
{
    mu p9 inbox --json | json '[.requests[].text] == [
        "Did the family take part in the swimming week?"]'
}
unanswered()
{
    mu s3 card "$case" | grep -q 'the primary school: question'
}
answered()
{
    ! unanswered
}
wait_for 20 "the question to be asked of the new number" moved
unanswered || fail "the question is not on the card"
exits 0 mu p9 answer "$(mu p9 inbox --json | jq -r '.requests[0].id')" \
    --text "They did."
exits 0 mu p9 waitsync --timeout 30
wait_for 20 "the question to be answered" answered
ok "a primary with a new number goes on with the records of before, and answers"

start p2
send p2 s3 31 3
exits 0 mu p2 waitsync --timeout 30
stop s3
send p2 s3 41 3
put()
{
    mu p2 status --json | json '.outbound.queued == 0'
}
wait_for 20 "the hub to have the mail" put
sleep 1.1
exits 0 admin revoke 8732002 --reason "machine was stolen"
exits 0 admin publish
refused()
{
    mu p2 status --json | json '.hubs[0].text | test("has been taken away")'
}
send p2 s3 51 3
wait_for 20 "the live connection to be refused" refused
start s3
held()
{
    mu s3 quarantine list --json |
        json '[.quarantined[] | .reason] == ["signed-before-revocation"]'
}
wait_for 20 "the letter to wait for a person" held
has s3 14 || fail "it was taken without asking anybody"
id=$(mu s3 quarantine list --json | jq '.quarantined[0].id')
exits 0 mu s3 quarantine retry "$id"
held || fail "trying again took it without asking anybody"
id=$(mu s3 quarantine list --json | jq '.quarantined[0].id')
exits 2 mu s3 quarantine approve "$id"
exits 0 mu s3 quarantine approve "$id" --reason "stolen on the day after"
has s3 17 || fail "it was not taken"
mu s3 quarantine list --json | json '.quarantined == []'
mu s3 audit --json | json 'any(.audit[]; .action == "quarantine.approve")'
ok "revoked: refused at the next message; what was signed before waits"

exits 0 admin school close 8734599 --reason "no pupils"
exits 0 admin publish
exits 1 admin school close 8734599
ok "a school closes with nobody after it"
