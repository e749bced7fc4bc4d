#!/bin/sh
# Fails on a text file that names a folder of somebody's machine or holds a
# private key.
# $1: the source root.
cd "$1" || exit 2
if [ -d .git ] && command -v git >/dev/null; then
    files=$(git ls-files)
else
    files=$(find . -type f ! -path './build*' ! -path './.git/*')
fi
[ -n "$files" ] || exit 2
bad=0
printf '%s\n' "$files" | tr '\n' '\0' | xargs -0 grep -InE \
    '(^|[^A-Za-z0-9_.])/(work|home|root|Users)/[A-Za-z0-9_.]' /dev/null && bad=1
printf '%s\n' "$files" | tr '\n' '\0' | xargs -0 grep -InE \
    'BEGIN ([A-Z]+ )?PRIVATE KEY' /dev/null && bad=1
exit $bad
