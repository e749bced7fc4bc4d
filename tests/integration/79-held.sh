#!/usr/bin/env bash
# Two primaries both claim a pupil: the second record waits in quarantine, and
# until somebody has looked at it the family is not rung.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

at "2027-06-16 10:00"
cluster 2 1
start h1 p1 p2 s1
staff
file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 2
exits 0 mu p1 leavers import "$file"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
one=$(case_of 1)
two=$(case_of 2)
in_state "$one" ready

other=$place/8732002_CTF_8734500_001.xml
ctf "$other" 8732002 8734500 1 1
sed -i "s/$(upn 8732002 1)/$(upn 8732001 1)/" "$other"
exits 0 mu p2 leavers import "$other"
exits 0 mu p2 leavers send --all
waiting()
{
    mu s1 quarantine list --json | json '.quarantined | length == 1'
}
wait_for 20 "the second record to be put aside" waiting
in_state "$one" held
in_state "$two" ready
mu s1 list --json | json --arg case "$one" '.blocked.held == 1 and
    all(.calls[]; .case != $case)'
exits 0 as jl card "$one"
grep -q 'waits in quarantine' "$place/out"
[ "$(as jl next --json | jq -r .case.case)" = "$two" ]
ok "a family with a record in quarantine is held, and the card says why"

told=$(mu p1 leavers list --json | jq -r --arg upn "$(upn 8732001 1)" \
    '.leavers[] | select(.upn == $upn) | .family')
[ "$told" = none ] || fail "the primary is told that it is held"
stop s1
launch s1
wait_for 10 "s1 to answer" answers s1
in_state "$one" held
id=$(mu s1 quarantine list --json | jq -r '.quarantined[0].id')
exits 0 mu s1 quarantine drop "$id" --reason "the first one is right"
in_state "$one" ready
ok "it stays so over a restart, and ends when the letter leaves quarantine"
