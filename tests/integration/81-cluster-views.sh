#!/usr/bin/env bash
# What the administrator sees beside health: what waits, what was offered and not
# sent, certificates, one letter's way, a page for the head; and first contact,
# with groups as the school lets them out, over three weeks.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

printf '[report]\nminutes = 1\nseconds = 5\n' >"$place/p1.conf"
cp "$place/p1.conf" "$place/s1.conf"
school

# Forty leavers: the first 20 have SEN support, five speak another language.
for ((n = 1; n <= 40; n++)); do
    more=(sen_provision=N home_language=ENG)
    [ $n -gt 20 ] || more=(sen_provision=K home_language=ENG)
    [ $n -le 35 ] || more=(sen_provision=N home_language=SOM)
    child $n "surname=Winterbourne$n" forename=Rosalind "${more[@]}" \
        contact1_surname="Winterbourne$n" contact1_forename=Ida \
        contact1_mobile="07700 900$(printf %03d $n)" contact1_id="C-$n"
done
hand_over

# view COMMAND: as JSON; health ends with what is the matter
view()
{
    admin "$1" --json >"$place/view.json" || [ "$1" = health ]
}

# sees COMMAND FILTER: once the schools have reported it
sees()
{
    view "$1" && json "$2" "$place/view.json"
}

wait_for 30 "the reports" sees health '.totals.pupils == 40'
wait_for 30 "the reports" sees health '.totals.read == 0 and
    .totals.applied == 40'

# --- first contact ---

# talk FROM TO: a full conversation with these families
talk()
{
    local n
    for ((n = $1; n <= $2; n++)); do
        exits 0 lg jl "$(case_of "$n")" spoke --contact 1 --said "looks forward"
    done
}

sees coverage '.schools[0] | .week == "2027-06-14" and .pupils == 40 and
    .contacted == 0 and .groups == {"fsm": null, "eal": null, "sen": 0}' ||
    fail "the first week: $(cat "$place/view.json")"
admin coverage >"$place/text"
grep -q "\[c\]" "$place/text" || fail "nothing is suppressed"
grep -q "two-way" "$place/text" || fail "no definition"
ok "five children are suppressed, and nobody contacted is no secret"
talk 1 3
wait_for 40 "the total" sees health '.totals.contacted == 3'
sees coverage '.schools[0] | .contacted == 3 and .groups.sen == 0'
ok "the total is exact, and in the same week a group stays as it is"
at "2027-06-21 10:00"
wait_for 40 "the next week" sees coverage '.schools[0].week == "2027-06-21"'
sees coverage '.schools[0] | .contacted == 3 and .groups.sen == 0' ||
    fail "three children are given away: $(cat "$place/view.json")"
ok "a week later three more of a group do not show"
talk 4 10
talk 21 26
at "2027-06-28 10:00"
wait_for 40 "the third week" sees coverage '.schools[0].week == "2027-06-28"'
sees coverage '.schools[0] | .contacted == 16 and .percent == 40 and
    .groups == {"fsm": null, "eal": null, "sen": 50}' ||
    fail "the third week: $(cat "$place/view.json")"
sees coverage '.cluster | .schools == 1 and .groups.sen == 50'
ok "half of a group of twenty, once ten were reached"

# --- what waits, what was offered ---
# The primary's clock is still in the first week; the hub's too.

exits 0 admin stuck --older 1m
exits 0 admin stuck --older 1m --csv
grep -q '^age_s,' "$place/out"
sees stuck '.older_s == 172800'
admin stuck --older 1m --json |
    json 'any(.stuck[]; .what == "applied, not read" and .records == 40 and
        .to == "8734500" and .who == "Northgate Academy")'
exits 2 admin stuck --older yesterday
ok "stuck says what waits for whom, and who must act"

cat >"$place/offers.csv" <<CSV
upn,from,to
$(for ((n = 1; n <= 38; n++)); do echo "$(upn 8732001 $n),8732001,8734500"; done)
$(upn 8732001 50),8732001,8734501
$(upn 8732001 51),8732001,8734501
$(upn 8732001 1),8732001,8734500
$(upn 8732009 1),8732009,8734500
CSV
admin pushes --expected "$place/offers.csv" --json >"$place/view.json"
json '.totals | .expected == 40 and .sent == 40 and .missing == 2 and
    .extra == 2 and .applied == 40' "$place/view.json"
json '.offers | .pupils == 41 and .outside == 1 and
    (.duplicates | length) == 1 and .duplicates[0].lines == [2, 42]' \
    "$place/view.json"
! grep -q "$(upn 8732001 1)" "$place/view.json" || fail "an UPN is in it"
exits 0 admin pushes --expected "$place/offers.csv"
! LC_ALL=C.UTF-8 grep -E "^.{81}" "$place/out" || fail "wider than 80 columns"
printf 'from,to\n12,8734500\n' >"$place/bad.csv"
exits 1 admin pushes --expected "$place/bad.csv"
grep -q 'line 2: from is not a LAESTAB' "$place/err"
ok "pushes counts what is missing, too many, doubled and from outside"

sees certs '(.certificates | length) == 2 and
    all(.certificates[]; .days_left > 380 and .level == "ok" and .note == "")'
exits 0 admin certs
ok "certs lists what ends when"

# --- one letter ---

letter=$(mu p1 receipts "$(upn 8732001 7)" --json | jq -r .envelope)
exits 0 admin trace "${letter:0:8}" --json
json --arg e "$letter" '.letters | length == 1 and (.[0] |
    .envelope == $e and .from == "8732001" and .to == "8734500" and
    .state == "fetched" and .fetched_at >= .put_at and
    .attested == "verified" and .size > 1000 and
    ([.events[] | .event] == ["put", "handed", "acknowledged"]) and
    all(.events[]; .attested == "verified") and
    .events[0].by == "Hillside Primary" and
    ([.signed[] | .as + " " + .says] | sort ==
        ["author applied", "recipient applied"]))' "$place/out" ||
    fail "the trace: $(cat "$place/out")"
exits 0 admin trace "$letter"
grep -q 'Northgate Academy signs: has applied' "$place/out"
grep -q 'its signature is verified' "$place/out"
grep -q 'Z  signed    kept by the hub, from Hillside' "$place/out"
! LC_ALL=C.UTF-8 grep -E "^.{81}" "$place/out" || fail "wider than 80 columns"
exits 1 admin trace 0123456789
exits 2 admin trace xyz
ok "a letter is followed by what the hub remembers and both schools signed"

# --- a page for the head ---

exits 2 admin digest
exits 0 admin digest --week
[ "$(tr -cd '\f' <"$place/out" | wc -c)" -eq 1 ] || fail "not two pages"
grep -q 'Northgate Academy  *40 sent  *40 arrived' "$place/out"
exits 0 admin digest --week --school 8734500 --json
json '.pages | length == 1 and .[0].first_contact.contacted == 16' "$place/out"
exits 1 admin digest --week --school 8739999
ok "digest prints a page a school"

# --- who may not ask ---

# The school's own key is no administrator's: only the authority's folder has
# one.
exits 1 "$MOVEUP_BIN/moveup" cluster stuck --dir "$place/p1"
ok "without the authority's folder nothing is told"
