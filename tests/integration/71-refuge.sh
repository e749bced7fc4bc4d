#!/usr/bin/env bash
# A refuge address (do-not-disclose-address): the family is rung, invited and
# met, and its address is on nothing that anybody can print.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 2
exits 0 mu p1 leavers import "$file"
exits 0 mu p1 restrict add "$(upn 8732001 1)" \
    --contact 0 --kind do-not-disclose-address --basis police-or-marac
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
one=$(case_of 1)
two=$(case_of 2)
mu s1 session add --type new-intake-evening --start "2027-06-24 18:00" \
    --place "Main hall" --publish >/dev/null
exits 0 as jl next
grep -q '07700 900001' "$place/out"
exits 0 as jl invite "$one" --session 1 --rsvp yes --print
grep -q 'Dear Mrs Philomena Brambleworth' "$place/out"
for who in jl kt dd of; do
    for screen in "list --all" "card $one" "session letters 1" \
        "session doorlist 1" "session ics 1" "find --name bramble" \
        "invite $one --session 1 --print" "callbacks" "actions"; do
        for form in "" --json --csv; do
            # shellcheck disable=SC2086 # words of a command
            mu s1 $screen --as $who $form || true
        done
    done
done >"$place/seen" 2>&1
! grep -q '1 Lantern' "$place/seen" || fail "the address is shown"
exits 0 as jl invite "$two" --session 1 --print
grep -q '2 Lantern Steps' "$place/out" || fail "nobody has an address"
ok "an address that must not be disclosed is printed nowhere"
