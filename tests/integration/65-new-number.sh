#!/usr/bin/env bash
# A newer file brings another number: the tries are counted afresh, and what
# was wrong stays wrong.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 2
one=$(case_of 1)
exits 0 lg jl "$one" no-answer --contact 1
exits 0 lg jl "$one" wrong-number --contact 1
exits 0 mu s1 card "$one" --json
json '.case | .tries == 2 and .state == "retry-due" and
    .contacts[0].points[0].status == "wrong"' "$place/out"

file=$place/8732001_CTF_8734500_002.xml
ctf "$file" 8732001 8734500 1 2 12
exits 0 mu p1 leavers import "$file"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
fresh()
{
    mu s1 card "$one" --json | json '.case | .tries == 0 and .state == "ready"'
}
wait_for 20 "the new number" fresh
mu s1 card "$one" --json | json '.case | .suggest.contact == 1 and
    any(.contacts[0].points[]; .value == "+447700900501" and
        .status == "unverified" and .note == "new from the primary school") and
    (.before | length) == 2'
mu s1 card "$one" --json | json '.case.suggest.why |
    test("a new number: nobody has tried it yet")'
ok "a new number from the primary school begins afresh; what was tried stays"

exits 0 mu p1 recall "$(upn 8732001 1)" --reason "sent by mistake"
destroyed()
{
    ! mu s1 list --all --json | grep -q "$(upn 8732001 1)"
}
wait_for 20 "the record to be destroyed" destroyed
exits 1 mu s1 card "$one"
ok "a recalled record takes all that happened with it along"
