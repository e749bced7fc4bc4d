#!/usr/bin/env bash
# Coverage before and after, against the school's own dates, and what the
# primary sees of it.
. "$(dirname "$0")/lib.sh"

cluster 1 1 1
start h1 p1 s1
ctf "$place/8732001_CTF_8734500_001.xml" 8732001 8734500 1 4
mu s1 coverage --json | json '.pupils == 0 and .contacted == 0'
exits 0 mu p1 leavers import "$place/8732001_CTF_8734500_001.xml"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30

entry=$(date -d "+40 days" +%F)
exits 0 mu s1 dates set entry "$entry"
exits 0 mu s1 dates set term-end "$(date -d "+20 days" +%F)"
exits 2 mu s1 dates set entry "2 September"
exits 2 mu s1 dates set holidays "$entry"
mu s1 dates list --json | json --arg d "$entry" \
    '[.dates[] | select(.key == "entry")][0].date == $d'
mu s1 list --json | json --arg d "$(date -d "$entry -1 day" +%F)" \
    'all(.calls[]; .deadline == $d)'
ok "the school's dates move every deadline"

mu s1 coverage --json | json '.pupils == 4 and .contacted == 0 and
    .to_go == 4 and .needed_per_day > 0 and .done_by == null and
    (.blocked | type) == "object" and (.definition | contains("two-way"))'
mu s1 coverage | grep -q 'Voicemails, messages' || fail "no definition"
ok "before the first call nobody is contacted, and what counts is printed"

# Spoken to, and not: a call that nobody answers changes no figure.
case_at()
{
    mu s1 list --all --json | jq -r ".calls[$1].case"
}
one=$(case_at 0)
two=$(case_at 1)
exits 0 mu s1 log "$two" no-answer --contact 1
mu s1 coverage --json | json '.contacted == 0 and .recent_per_day == 0'
exits 0 mu s1 log "$one" spoke --contact 1 --said "the bus"
mu s1 coverage --json | json '.contacted == 1 and .to_go == 3 and
    .recent_per_day == 0.2 and .done_by != null'
exits 0 mu s1 coverage
grep -q '1' "$place/out" && grep -q 'Voicemails' "$place/out"
ok "after the first conversation one of four, and when all would be reached"

told()
{
    mu p1 leavers list --json | json '[.leavers[].family] | sort ==
        ["contact-started", "contacted", "none", "none"]'
}
wait_for 20 "the primary to be told" told
mu p1 leavers list --json >"$place/seen"
mu p1 leavers list >>"$place/seen"
! grep -q 'bus\|no-answer' "$place/seen" || fail "the primary sees how it went"
ok "the primary sees one word a family, and nothing of how it went"
