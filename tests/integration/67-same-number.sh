#!/usr/bin/env bash
# One number under unrelated families is never one family: the card says that it
# may be one household, or a hostel.  A family without any telephone is blocked
# with a reason, asked about, written to and met.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

school
child 1 surname=Ashdown forename=Perry contact1_surname=Ashdown \
    contact1_forename=Greta contact1_mobile="07700 900731"
child 2 surname=Selwood forename=Una contact1_surname=Selwood \
    contact1_forename=Marian contact1_mobile="07700 900731"
for n in 3 4 5; do
    child $n surname=Hostel$n forename=Sam$n contact1_surname=Hostel$n \
        contact1_forename=Kim contact1_home="01632 960733"
done
hand_over
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 6 1
sed -i '/<Phones>/,/<\/Phones>/d; /<Email>/d' "$file"
exits 0 mu p1 leavers import "$file" --send
exits 0 mu p1 waitsync --timeout 30
one=$(case_of 1)
two=$(case_of 2)
none=$(case_of 6)

[ "$one" != "$two" ]
as jl card "$one" --json | json --arg two "$two" '.case.same_number == [$two]'
exits 0 as jl card "$one"
grep -q "Case $two has the same number: perhaps one household" "$place/out"
as jl find --phone "07700 900731" --json | json '.found | length == 2'
exits 0 lg jl "$one" spoke --contact 1 --said "a friend, not family"
in_state "$two" ready
ok "one number under two unrelated families: two cases, perhaps one household"

exits 0 as jl card "$(case_of 3)"
grep -q '2 other families have the same number, as in a hostel' "$place/out"
exits 0 lg jl "$(case_of 3)" wrong-number --contact 1
as jl card "$(case_of 4)" --json | json 'all(.case.contacts[0].points[];
    .status == "unverified")'
ok "a hostel's number: what one family says of it is not said of the others"

in_state "$none" no-contact-point
mu s1 list --json | json '.blocked.no_usable_point == 2'
[ "$(as jl next --json | jq -r .case.case)" != "$none" ]
as jl next --give-back >/dev/null
exits 0 as jl card "$none"
grep -qi 'ask the primary' "$place/out" || fail "no next step"
exits 0 as of ask "$none" --help-reach
asked()
{
    mu p1 inbox --json | json 'any(.requests[]; .kind == "help-reach")'
}
wait_for 20 "the primary to be asked" asked
mu s1 session add --type meet-the-tutor --start "2027-06-24 16:00" \
    --place "Main hall" --publish >/dev/null
exits 0 as of invite "$none" --session 1 --print
grep -q '6 Lantern Steps' "$place/out" || fail "nowhere to send the letter"
mu s1 list --all --json | json --arg case "$none" '.calls[] |
    select(.case == $case) | .contacted == false'
ok "no telephone at all: counted as blocked, the primary asked, a letter by post"

exits 0 lg jl "$none" met --contact 1 --by at-primary --said "no phone since May"
mu s1 list --all --json | json --arg case "$none" '.calls[] |
    select(.case == $case) | .contacted'
ok "met at the primary's gate, it counts"
