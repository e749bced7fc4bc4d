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
grep -q 'it is a folder' "$place/out"
mkfifo "$place/pipe.xml"
exits 1 timeout 5 "$MOVEUP_BIN/moveup" --socket "$place/p1/agent.sock" \
    leavers import "$place/pipe.xml"
ok "broken CSV files, no file, a folder and a pipe are refused too"

# What people import by mistake is named, with what to do.
# mistaken FILE WORDS
mistaken()
{
    exits 1 mu p1 leavers import "$place/$1" --json
    json --arg words "$2" '.files[0].accepted == 0 and
        (.refused | length == 1) and .refused[0].outcome == "refused" and
        (.refused[0].detail | contains($words))' "$place/out" || {
        cat "$place/out" >&2
        fail "$1 is not called: $2"
    }
}

good=8732001_CTF_8734501_001.xml
gzip -c "$data/$good" >"$place/ctf.xml.gz"
printf 'PK\003\004..............\034\000\000\000%s' "$good" >"$place/ctf.zip"
printf 'PK\003\004....[Content_Types].xml' >"$place/book.csv"
printf '<html><body>Sign in' >"$place/page.xml"
head -c 9000 "$data/$good" >"$place/$good"
heading=upn,surname,forename,dob,sex
row="$(upn 8732001 90),O'Hara,Zoë,2015-03-31,F"
printf '%s\n%s\n' "${heading//,/$'\t'}" "${row//,/$'\t'}" >"$place/tabs.csv"
printf '%s,,\n%s,,\n' "$heading" "$row" >"$place/empty-columns.csv"
mistaken ctf.xml.gz 'unpack it'
mistaken ctf.zip 'unpack it'
mistaken book.csv 'save it as "CSV UTF-8"'
mistaken page.xml 'sign in there'
mistaken "$good" 'ends too early'
mistaken tabs.csv 'not separated by commas'
mistaken empty-columns.csv 'column 6 has no name'
exits 1 mu p1 leavers import --format csv "$data/$good"
grep -q 'leave --format out' "$place/out"
printf '%s\n%s\n' "$heading" "${row/2015-03-31/31/03/2015}" >"$place/excel.csv"
exits 1 mu p1 leavers import "$place/excel.csv" --json
json '.refused[0] | .outcome == "held" and .reason == "bad-date" and
    (.detail | contains("2015-03-31"))' "$place/out"
ok "archives, workbooks, web pages, half files and Excel's habits are named"

# A file that somebody still writes is not taken by half.
{
    echo "$heading"
    for ((n = 500; n < 900; n++)); do
        echo "$(upn 8732001 "$n"),Larkspurton,Tamsin,2015-03-31,F"
    done
} >"$place/growing.csv"
while echo >>"$place/growing.csv"; do :; done &
writer=$!
caught()
{
    ! mu p1 leavers import "$place/growing.csv" --dry-run --json \
        >"$place/out" &&
        json '.refused[0].reason == "being-written" and
            .files[0].accepted == 0' "$place/out"
}
wait_for 30 "an import that meets the writer" caught
kill "$writer"
wait "$writer" 2>/dev/null || true
exits 0 mu p1 leavers import "$place/growing.csv" --dry-run --json
json '.files[0].accepted == 400' "$place/out"
ok "a file that is being written is refused, and taken once it is complete"

# CSV under another name, old line ends and marks are no hindrance.
cp "$place/growing.csv" "$place/leavers.txt"
printf '\357\273\277%s\r\n%s\r\n' "$heading" "$row" >"$place/Zoë's \"list\".csv"
printf '%s\n%s\n' "${heading//,/;}" "${row//,/;}" >"$place/semicolons.csv"
exits 0 mu p1 leavers import "$place/leavers.txt" "$place/Zoë's \"list\".csv" \
    "$place/semicolons.csv" --dry-run --json
json '[.files[].accepted] == [400, 1, 1]' "$place/out"
ok "CSV under any name, with a mark, semicolons and Windows line ends"

mu p1 doctor --json | json 'any(.checks[]; .name == "database" and
    .level == "ok")'
kill -0 "${pid[p1]}"
ok "the agent is alive and its database sound"
