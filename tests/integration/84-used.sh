#!/usr/bin/env bash
# "We never know if it is used": the primary sees which role opened which part
# of a record, and neither who, nor when, nor that the safeguarding lead looked.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

# used N FILTER: true of what p1 is told of leaver N
used()
{
    mu p1 leavers list --json | json --arg upn "$(upn 8732001 "$1")" \
        "[.leavers[] | select(.upn == \$upn).used][0] | $2"
}

school
child 1 surname=Okoro forename=Ada strengths="leads the choir" \
    contact1_surname=Okoro contact1_forename=Ifeoma \
    contact1_mobile="07700 900118" sen_provision=K sen_need_1=SEMH
child 2 surname=Bramble forename=Ben contact1_surname=Bramble \
    contact1_forename=Ann contact1_mobile="07700 900119"
hand_over
mu s1 staff add sn --name "S. Nye" --role senco >/dev/null
one=$(case_of 1)
two=$(case_of 2)
used 1 '. == []'

exits 0 as dd card "$one"
exits 0 mu s1 card "$one"
exits 0 as jl next
exits 0 as jl card "$one"
exits 0 as jl card "$two"
wait_for 20 "the caller's look" used 1 'length == 1'
used 1 '. == [{"role":"CALLER","sections":["contacts","strengths"]}]'
used 2 '. == [{"role":"CALLER","sections":["contacts"]}]'
ok "a caller opened contacts and strengths; the safeguarding lead's look stays"

exits 0 as sn card "$one"
wait_for 20 "the SENCO's look" used 1 'length == 2'
used 1 '.[1] == {"role":"SENCO","sections":["contacts","strengths","support"]}'
exits 0 mu p1 leavers show "$(upn 8732001 1)"
grep -q 'opened by .*CALLER: contacts, strengths; SENCO: contacts, strengths' \
    "$place/out"
[ "$(LC_ALL=C.UTF-8 wc -L <"$place/out")" -le 80 ] || fail "a line over 80"
exits 0 mu p1 leavers list --csv
grep -q 'CALLER: contacts, strengths; SENCO: contacts' "$place/out"
mu p1 leavers show "$(upn 8732001 1)" --json >"$place/out"
! grep -q 'Nye\|Lund\|Dale\|"DSL"' "$place/out" || fail "somebody is named"
ok "the SENCO opened the support part, and nobody is named"

# Looks again say nothing new, and survive a restart on both sides.
sent=$(mu p1 peers --json | jq '[.peers[].received // 0] | add')
exits 0 as sn card "$one"
exits 0 as jl card "$one"
stop p1
start p1
used 1 'length == 2'
sleep 3
[ "$sent" = "$(mu p1 peers --json | jq '[.peers[].received // 0] | add')" ] ||
    fail "a second look is told"
ok "a second look is not told"

exits 0 mu p1 recall "$(upn 8732001 2)" --reason "moved away"
used 2 '. == []'
ok "a record that was taken back is used by nobody"
