#!/usr/bin/env bash
# The service units forbid what the programs do not need, and nothing that they
# do: a hub that may not ask for its addresses (AF_NETLINK) dies at its start.
. "$(dirname "$0")/lib.sh"

# families WHO: the address families that its program opens
families()
{
    grep -ohE 'socket(pair)?\(AF_[A-Z0-9]+' "$place/$1.strace" |
        grep -oE 'AF_.*' | sort -u
}

cluster 1 1 1
for who in h1 p1; do
    mkdir "$place/bin-$who"
    for program in moveup-agent moveup-hub; do
        cat >"$place/bin-$who/$program" <<TEXT
#!/bin/sh
exec strace -D -f -e trace=socket,socketpair -o "$place/$who.strace" \
    "$MOVEUP_BIN/$program" "\$@"
TEXT
        chmod +x "$place/bin-$who/$program"
    done
done
real=$MOVEUP_BIN
for who in h1 p1; do
    MOVEUP_BIN=$place/bin-$who launch "$who"
done
start s1
MOVEUP_BIN=$real
wait_for 20 "the hub" connected p1
mu p1 leavers import "$data/8732001_CTF_8734500_001.xml" --send >/dev/null || true
mu p1 waitsync --timeout 20 >/dev/null
stop p1
stop h1

for pair in "h1 moveup-hub" "p1 moveup-agent"; do
    read -r who unit <<<"$pair"
    allowed=$(sed -n 's/^RestrictAddressFamilies=//p' \
        "$MOVEUP_SOURCE/docker/$unit.service")
    [ -n "$(families "$who")" ] || fail "strace saw no socket of $unit"
    for family in $(families "$who"); do
        [[ " $allowed " = *" $family "* ]] ||
            fail "$unit.service forbids $family, which the program opens"
    done
    ok "$unit.service allows $(families "$who" | paste -sd ' ')"
done
