#!/usr/bin/env bash
# A directory of more than 64 KiB travels in parts, and is verified whole.
. "$(dirname "$0")/lib.sh"

cluster 1 1
start h1 p1 s1

# enrol_many FROM TO: schools that only stand in the directory
enrol_many()
{
    local n requests=()
    for ((n = $1; n <= $2; n++)); do
        "$MOVEUP_BIN/moveup" enrol --state "$place/more/$n" \
            --laestab $((8740000 + n)) --urn 100001 --phase primary \
            --name "School number $n of a large local authority" \
            -o "$place/more/$n.request" >/dev/null
        requests+=("$place/more/$n.request")
    done
    admin enrol "${requests[@]}" -o "$place/more/" >/dev/null
}
version_is()
{
    mu "$1" status --json | json --argjson v "$2" '.directory.version == $v'
}

mkdir "$place/more"
enrol_many 1 75
[ "$(stat -c %s "$place/authority/directory.cms")" -gt 65536 ] ||
    fail "the directory is too small for this story"
exits 0 admin publish
version=$(admin list --json | jq .version)
wait_for 20 "the primary to have it" version_is p1 "$version"
wait_for 20 "the secondary to have it" version_is s1 "$version"
cmp "$place/authority/directory.cms" "$place/p1/directory.cms"
! grep -q "directory was refused" "$place/p1/log" || fail "a part was refused"
ok "a large directory reaches every agent in parts, bit for bit"

stop p1
enrol_many 76 77
exits 0 admin publish
start p1
wait_for 20 "the primary to have the next one" version_is p1 $((version + 1))
ok "and an agent that was away"
