#!/usr/bin/env bash
# A number that turns out wrong is asked about by itself; what the parent told
# us stays first when the primary corrects it later, and the primary is told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 4
one=$(case_of 1)
two=$(case_of 2)
three=$(case_of 3)

asks()
{
    mu p1 inbox --json | json --argjson n "$1" '.requests | length == $n'
}

exits 0 lg jl "$one" wrong-number --contact 1 --point 1
wait_for 20 "the wrong number to be asked about" asks 1
exits 0 lg jl "$two" not-in-service --contact 2 --point 1
wait_for 20 "the dead number to be asked about" asks 2
exits 0 lg jl "$three" bounced --contact 1 --point 2 --by email
wait_for 20 "the bounced e-mail to be asked about" asks 3
exits 0 lg jl "$three" no-answer --contact 1 --point 1
sleep 1
mu p1 inbox --json | json --arg a "$(upn 8732001 1)" \
    --arg b "$(upn 8732001 2)" --arg c "$(upn 8732001 3)" '.requests |
    (map(.kind) | unique == ["wrong-number"]) and
    (map(.upn) | sort == ([$a, $b, $c] | sort)) and
    all(.due | length > 9)'
! mu p1 inbox --json | grep -qi 'not.in.service\|bounced' ||
    fail "the primary is told how we found out"
ok "log asks the primary by itself: wrong, dead and bouncing, and nothing else"

exits 2 as jl number "$one" --contact 1
exits 2 as jl number "$one" --contact 1 --new "ask at the gate"
exits 1 as jl number "$one" --contact 9 --new "07700 900777"
exits 0 as jl number "$one" --contact 1 --new "07700 900777" --json
json '.case.contacts[0].points | any(.value == "+447700900777" and
    .status == "verified")' "$place/out"
exits 0 as jl card "$one"
grep -q 'Mrs Philomena.* on 07700 900777' "$place/out" ||
    fail "what the parent said is not rung first"
id=$(mu p1 inbox --json | jq -r --arg upn "$(upn 8732001 1)" \
    '.requests[] | select(.upn == $upn) | .id')
exits 0 mu p1 answer "$id" --phone "07700 900142"
arrived()
{
    mu s1 card "$one" --json | json 'any(.case.contacts[0].points[];
        .value == "+447700900142")'
}
wait_for 20 "the primary's number" arrived
mu s1 card "$one" --json | json '.case | .suggest.contact == 1 and
    (.suggest.point as $p | .contacts[0].points[] | select(.n == $p) |
        .value == "+447700900777")' ||
    fail "the primary's later number came before the parent's word"
told()
{
    mu p1 inbox --json | json --arg upn "$(upn 8732001 1)" '[.requests[] |
        select(.upn == $upn and .kind == "question")] | length == 1 and
        (.[0].text | test("checked another one with the parent"))'
}
wait_for 20 "the primary to be told" told
! mu p1 inbox --json | grep -q 900777 ||
    fail "the number the parent gave us was sent to the primary"
ok "the parent's own word wins over a later correction, and the primary is told"

# A point that the parent said is right outlives a correction as well.
exits 0 as jl number "$two" --contact 1 --right 1
mu s1 card "$two" --json |
    json '.case.contacts[0].points[0].status == "verified"'
ok "a number can be said to be right"
