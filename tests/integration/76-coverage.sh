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
