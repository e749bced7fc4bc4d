#!/usr/bin/env bash
# Families that came from a CSV file can be written to: an address of their own,
# or the child's; and no address where nothing was said or it must not be known.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

# letter_to CHILD CONTACT: the address on the invitation, in one line
letter_to()
{
    mu s1 invite "$(case_of "$1")" --session 1 --contact "$2" --print --json |
        jq -r '.letter.address | join(", ")'
}

school
home=(address_1="12 Elder Row" address_2=Fenside postcode="CB99 1AB")
child 1 surname=Okoro forename=Ada contact1_surname=Okoro \
    contact1_forename=Ifeoma contact1_mobile="07700 900118" \
    contact1_address_as_child=yes contact2_surname=Okoro \
    contact2_forename=Chidi contact2_mobile="07700 900119" \
    contact2_relationship=PAF contact2_responsibility=yes \
    contact2_address_1="4 Mill Lane" contact2_postcode="CB99 1AC" \
    contact3_surname=Eze contact3_forename=Ngozi \
    contact3_mobile="07700 900120" contact3_relationship=CAR \
    contact3_responsibility=yes "${home[@]}"
child 2 surname=Bramble forename=Ben contact1_surname=Bramble \
    contact1_forename=Ann contact1_mobile="07700 900121" \
    contact1_address_as_child=yes "${home[@]}"
exits 0 mu p1 leavers import "$place/leavers.csv"
exits 0 mu p1 restrict add "$(upn 8732001 2)" --contact 0 \
    --kind do-not-disclose-address --basis police-or-marac
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
exits 0 mu s1 session add --type new-intake-evening --place "Main hall" \
    --start "2027-06-24 18:00" --publish
[ "$(letter_to 1 1)" = "12 Elder Row, Fenside, CB99 1AB" ] ||
    fail "the child's address: $(letter_to 1 1)"
[ "$(letter_to 1 2)" = "4 Mill Lane, CB99 1AC" ] || fail "the father's own"
[ -z "$(letter_to 1 3)" ] || fail "an address that nobody stated"
[ -z "$(letter_to 2 1)" ] || fail "an address that must not be known"
ok "letters go where the CSV file said, and nowhere else"
