#!/usr/bin/env bash
# Verifies moveup.pml with spin: the model as it stands in several settings,
# each searched completely, then once with each rule taken away, when spin must
# object.  Ends with 77 where spin or a compiler is missing.
#   run.sh [--trail RULE]   print the story that spin found against that rule
set -euo pipefail
model=$(cd "$(dirname "$0")" && pwd)/moveup.pml
place=$(mktemp -d "${TMPDIR:-/tmp}/moveup-model.XXXXXX")
trap 'rm -rf "$place"' EXIT
states=0

for tool in spin gcc; do
    command -v $tool >/dev/null || {
        echo "skip: there is no $tool here"
        exit 77
    }
done

# search NAME SETTING...: everything that can happen; what was found is left in
# $place/NAME/out
search()
{
    local name=$1
    shift
    mkdir "$place/$name"
    cd "$place/$name"
    spin -a "${@/#/-D}" "$model" >spin.out || {
        cat spin.out >&2
        return 1
    }
    # Merging states by their hash would be faster, and could overlook some.
    gcc "${opt:--O2}" -w -DSAFETY -DNOFAIR -DMEMLIM=2048 -DVECTORSZ=256 \
        -o pan pan.c
    ./pan -m20000 -w22 >out 2>&1 || true
    grep -q 'errors: [0-9]' out || {
        cat out >&2
        return 1
    }
}

# holds WHAT SETTING...
holds()
{
    local what=$1 count here=holds-$BASHPID
    shift
    search "$here" "$@"
    if ! grep -q 'errors: 0' "$place/$here/out" ||
        grep -q 'Search not completed\|max search depth' "$place/$here/out"; then
        cat "$place/$here/out" >&2
        tell "$here" "$@" >&2
        echo "FAIL  $what ($*)" >&2
        exit 1
    fi
    count=$(awk '/states, stored/ { print $1 }' "$place/$here/out")
    states=$((states + count))
    printf 'ok    %-47s %9d states\n' "$what" "$count"
    rm -rf "${place:?}/$here"
}

# tell NAME SETTING...: the story of the error that was found
tell()
{
    local name=$1
    shift
    cd "$place/$name"
    spin -t -T -k moveup.pml.trail "${@/#/-D}" "$model" 2>&1 |
        grep -E '^ *(author|recipient|hub|world|spin: text)' || true
}

# red RULE WHAT SETTING...: without the rule spin must find an error
red()
{
    local rule=$1 what=$2
    shift 2
    [ "${only:-$rule}" = "$rule" ] || return 0
    search "$rule" "RED_$rule" "$@"
    if grep -q 'errors: 0' "$place/$rule/out"; then
        echo "FAIL  spin does not miss the rule: $what" >&2
        exit 1
    fi
    printf 'ok    red: %s\n' "$what"
    [ -z "${only:-}" ] || tell "$rule" "RED_$rule" "$@"
    rm -rf "${place:?}/$rule"
}

only=
[ "${1:-}" != --trail ] || only=$2
one=(CHANGES=2 LOSSES=0 DOUBLES=0 WIPES=0)
if [ -z "$only" ]; then
    holds "both go back" "${one[@]}" >"$place/both" 2>&1 &
    both=$!
    opt=-O1
    holds "a hub that loses, doubles, reorders, is wiped" \
        CHANGES=3 AUTHOR_BACK=0 RECIPIENT_BACK=0
    holds "and the recipient goes back" CHANGES=2 WIPES=0 AUTHOR_BACK=0
    holds "and the author goes back" CHANGES=2 WIPES=0 RECIPIENT_BACK=0
    holds "both go back and the hub is wiped" CHANGES=1 DOUBLES=0 LOSSES=0
fi
opt=-O0
red ACK "a receipt before the commit" "${one[@]}" AUTHOR_BACK=0
red SEQUENCE "a number taken outside the transaction" "${one[@]}" AUTHOR_BACK=0
red CURSOR "the position stored before the record" "${one[@]}" AUTHOR_BACK=0
red TOMBSTONE "a tombstone dropped at compaction" "${one[@]}" AUTHOR_BACK=0
red EPOCH "an epoch used again after a restore" "${one[@]}" RECIPIENT_BACK=0
red REPLAY "a refusal of a closed epoch passed over" "${one[@]}"
red REGRESS "a receipt that lacks what was applied, passed over" "${one[@]}"
red SAME_REVISION "the same revision with other content taken for known" \
    "${one[@]}"
if [ -z "$only" ]; then
    wait "$both" || {
        cat "$place/both" >&2
        exit 1
    }
    cat "$place/both"
    states=$((states + $(awk '{ print $(NF - 1) }' "$place/both")))
    echo "$states states, no error: nothing lost, nothing used twice," \
        "nothing brought back, everything settles"
fi
