#!/bin/sh
# Fails on a header that does not compile alone, or not twice.
# $1: the source root; $2: the folder of the generated headers.
cd "$1" || exit 2
flags=$(pkg-config --cflags jansson libprotobuf-c 2>/dev/null)
bad=0
for header in agent/*/*.h cli/*.h; do
    [ -f "$header" ] || continue
    name=${header#agent/}
    # shellcheck disable=SC2086 # flags are words
    printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
        ${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only \
            -I agent -I . -I "${2:-.}" $flags -x c - || {
        echo "$header: does not compile alone, or not twice"
        bad=1
    }
done
exit $bad
