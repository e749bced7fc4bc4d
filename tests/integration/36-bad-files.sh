#!/usr/bin/env bash
# Every broken kind of file in tests/data/bad ends as it should: refused whole,
# a pupil held, or taken with a warning.  What is refused leaves nothing behind,
# and the agent lives on.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1

# file number | taken | held or refused, and why | warnings
cases='
101|1|held upn-check-letter|
102|0|held missing, held missing|
103|0|refused not-well-formed|
104|0|refused not-well-formed|
105|0|refused doctype|
106|0|refused doctype|
107|1|held duplicate-upn, held duplicate-upn, held duplicate-upn|
108|0|held bad-boolean, held unknown-code, held unknown-code, held unknown-code|unknown-code, unknown-code, unknown-code
109|1|held future-date|bad-date, bad-date, date-before-birth
110|1|held too-long, held too-long|
111|0|refused name-header|
112|0|refused not-ours|
113|0|refused not-ours|name
114|0|refused not-well-formed|
115|0|refused empty|
116|0|refused wrong-root|
117|0|refused encoding|
118|0|refused encoding|
119|0|refused too-deep|
120|0|refused header|
121|2||bidi-control, bidi-control, control-character
122|2||version
123|0|refused too-long|
124|2||no-destination
125|2||name
'

seen=0
while IFS='|' read -r number taken outcomes warnings; do
    [ -n "$number" ] || continue
    file=$(find "$data/bad" -name "*_$number*")
    code=$([ -z "$outcomes" ] && echo 0 || echo 1)
    exits "$code" mu p1 leavers import "$file" --dry-run --json
    got=$(jq -r '"\(.files[0].accepted)|" +
        ([.refused[] | "\(.outcome) \(.reason)"] | join(", ")) + "|" +
        ([.warnings[].reason] | join(", "))' "$place/out")
    [ "$got" = "$taken|$outcomes|$warnings" ] ||
        fail "${file##*/} ended as: $got"
    json 'all(.refused[]; .line >= 1 and .detail != "")' "$place/out"
    seen=$((seen + 1))
done <<<"$cases"
[ "$seen" -eq "$(find "$data/bad" -type f | wc -l)" ] ||
    fail "a file in tests/data/bad has no line here"
mu p1 leavers list --json | json '.leavers == []'
ok "$seen broken files end as they should, and a dry run keeps nothing"

for file in "$data"/bad/*_10[3-6].xml "$data"/bad/*_11[1-9].xml; do
    exits 1 mu p1 leavers import "$file"
    mu p1 leavers list --json | json '.leavers == []' ||
        fail "${file##*/} left something behind"
done
ok "a refused file leaves nothing behind"

exits 1 mu p1 leavers import "$data/bad/8732001_CTF_8734500_101.xml" \
    "$data/bad/8732001_CTF_8734500_104.xml" \
    "$data/8732001_CTF_8734501_001.xml" --json
json '[.files[].accepted] == [1, 0, 5]' "$place/out"
mu p1 leavers list --json | json '.leavers | length == 6'
ok "a broken file among others does not spoil them"

for bytes in '' 'not a leaver' $'upn,surname\n' $'upn,colour\nx,red\n'; do
    printf '%s' "$bytes" >"$place/leavers.csv"
    exits 1 mu p1 leavers import "$place/leavers.csv" --json
    json '.refused[0] | .outcome == "refused" and .detail != ""' "$place/out"
done
exits 1 mu p1 leavers import "$place/no-such-file.xml"
exits 1 mu p1 leavers import "$place"
grep -q 'It is a folder' "$place/out"
mkfifo "$place/pipe.xml"
exits 1 timeout 5 "$MOVEUP_BIN/moveup" --socket "$place/p1/agent.sock" \
    leavers import "$place/pipe.xml"
ok "broken CSV files, no file, a folder and a pipe are refused too"

mu p1 doctor --json | json 'any(.checks[]; .name == "database" and
    .level == "ok")'
kill -0 "${pid[p1]}"
ok "the agent is alive and its database sound"
