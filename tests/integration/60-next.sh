#!/usr/bin/env bash
# Two callers take `next` at once, a thousand rounds: never the same family.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

rounds=${ROUNDS:-1000}
families 8

# One caller: gives a family back and takes another, turn after turn, and writes
# down which, in a file that both append to.  What is given back is written
# before, what is taken after, so the file never says that a family is held
# when it is not.
caller()
{
    local n said id=none
    for ((n = 0; n < rounds / 2; n++)); do
        echo "drop $id" >>"$place/turns"
        said=$(as "$1" next --another --json)
        [[ $said =~ '"case": "'([0-9]+) ]] || fail "nothing for $1: $said"
        id=${BASH_REMATCH[1]}
        echo "take $id" >>"$place/turns"
    done
    echo "drop $id" >>"$place/turns"
    as "$1" next --give-back >/dev/null
}

: >"$place/turns"
caller jl &
first=$!
caller am &
second=$!
wait $first
wait $second
# Lines are appended whole and in order: two takes of one family without a drop
# between are two callers who ring one parent.
awk '$1 == "take" { if (held[$2]++) { print "twice: " $2; bad = 1 }; n++ }
    $1 == "drop" { held[$2]-- }
    END { print n " turns"; exit bad || n < '"$rounds"' - 1 }' \
    "$place/turns" >"$place/said" || fail "$(cat "$place/said")"
ok "$(cat "$place/said"), and nobody rang whom the other had"

# 7 families are left once one is taken: asked again it is the same one.
one=$(as jl next --json | jq -r .case.case)
[ "$(as jl next --json | jq -r .case.case)" = "$one" ]
[ "$(as am next --json | jq -r .case.case)" != "$one" ]
ok "a caller who asks twice has one family, and the other another"

mu s1 list --json | json '.blocked.leased == 2'
at "2027-06-16 10:40"
mu s1 list --json | json '.blocked.leased == 0 and (.calls | length) == 8'
ok "after half an hour a family that nobody logged is free again"

at "2027-06-16 21:00"
as jl next --json | json '.case == null and .blocked.opens_at ==
    "2027-06-17T07:30:00Z"'
ok "out of hours nobody is given a family, and is told when it opens"
