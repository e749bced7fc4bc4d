#!/usr/bin/env bash
# Every command that the pages and the programs' own advice name is one that
# `moveup help` knows, and every page they link to is there.
. "$(dirname "$0")/lib.sh"
cd "$MOVEUP_SOURCE"

# In backticks or at the start of a line of code; in C, after "run: " and such.
{
    grep -rhoE '(`|^ *(sudo -u moveup )?)moveup [a-z]+( [a-z]+)?' \
        README.md SECURITY.md CONTRIBUTING.md docs certs
    grep -rhoE ': moveup [a-z]+( [a-z]+)?' agent cli \
        --include='*.c' --exclude='main.c'
} | sed -E 's/.*moveup ([a-z]+( [a-z]+)?)$/\1/' | sort -u >"$place/named"
[ "$(wc -l <"$place/named")" -ge 20 ] || fail "the search finds too little"

# known FIRST [SECOND]: a command; a group such as `cluster` needs its second
known()
{
    "$MOVEUP_BIN/moveup" help "$@" >"$place/help" 2>&1 &&
        ! grep -q '^usage: moveup [a-z]* \.\.\.$' "$place/help"
}
known status && ! known no-such-command && ! known cluster
while read -r first second; do
    # Either the two words are a command, or the first alone is one and the
    # second is a word of the sentence.
    known "$first" "$second" || known "$first" ||
        { [ -z "$second" ] && [ -s "$place/help" ] &&
            grep -q "moveup $first " "$place/help"; } ||
        fail "no such command: moveup $first $second"
done <"$place/named"
ok "the $(wc -l <"$place/named") commands that are named anywhere exist"

while IFS=: read -r page link; do
    target=$(dirname "$page")/${link%%#*}
    [ -e "$target" ] || fail "$page links to $link, which is not there"
done < <(grep -oE '\]\([^)#:]+\)' -- *.md docs/*.md certs/*.md tests/data/*.md |
    sed -E 's/\]\(([^)]*)\)/\1/')
ok "every page that is linked to is there"
