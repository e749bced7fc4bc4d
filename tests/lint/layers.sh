#!/bin/sh
# Fails on an #include that agent/LAYERS does not allow, on a room it does not
# name, and on rooms that may include each other in a circle.
# $1: the source root.
cd "$1" || exit 2
[ -f agent/LAYERS ] || exit 2
bad=0

edges=$(awk -F: '/^[a-z]/ { n = split($2, to, " ")
    for (i = 1; i <= n; i++) print $1, to[i] }' agent/LAYERS)
if ! printf '%s\n' "$edges" | tsort >/dev/null 2>&1; then
    echo "agent/LAYERS: rooms include each other in a circle"
    bad=1
fi

find agent cli -name '*.[ch]' | sort |
    xargs -r grep -nE '^ *# *include' /dev/null |
awk -F: '
    FILENAME == "agent/LAYERS" {
        if ($0 ~ /^#/ || NF < 2) next
        if ($1 ~ /^[a-z]+$/) may[$1] = " " $1 " " $2 " "
        else fence[$1] = " " $2 " "
        next
    }
    {
        split($1, dir, "/"); here = dir[1] == "cli" ? "cli" : dir[2]
        target = $3; sub(/^[^"<]*/, "", target)
        if (!(here in may)) why = "is a room agent/LAYERS does not name"
        else why = refusal(here, target)
        if (why != "") { print $1 ":" $2 ": " here " " why; bad = 1 }
    }
    END { exit bad }

    function refusal(here, target,   f, there)
    {
        for (f in fence)
            if (index(target, f)) {
                if (index(fence[f], " " here " ")) return ""
                return "may not include " target
            }
        if (target !~ /^"/) return ""
        there = substr(target, 2); sub(/\/.*/, "", there)
        if (!(there in may)) return "includes " target ", which is in no room"
        if (index(may[here], " " there " ")) return ""
        return "may not include " target
    }
' agent/LAYERS - || bad=1
exit $bad
