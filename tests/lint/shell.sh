#!/bin/sh
# Fails on a shell script that shellcheck warns about, or on a story that cannot
# be run.
# $1: the source root.
cd "$1" || exit 2
scripts=$(find run .ci/run tests docker certs -type f \
    \( -name run -o -name '*.sh' \) ! -path '*/corpus/*' 2>/dev/null | sort)
[ -n "$scripts" ] || exit 2
for story in tests/integration/[0-9]*.sh; do
    if [ -e "$story" ] && [ ! -x "$story" ]; then
        echo "$story: not executable"
        exit 1
    fi
done
# SC2016: programs for jq and awk stand in single quotes with a $ inside
# shellcheck disable=SC2086 # our own file names
shellcheck -x -P SCRIPTDIR -e SC2016 $scripts
