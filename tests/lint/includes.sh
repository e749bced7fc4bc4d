#!/bin/sh
# Fails where foo.c has a foo.h beside it and does not include it first.
# $1: the source root.
cd "$1" || exit 2
bad=0
for source in agent/*/*.c cli/*.c; do
    header=${source%.c}.h
    [ -f "$header" ] || continue
    first=$(grep -m1 -E '^ *# *include' "$source")
    [ "$first" = "#include \"${header#agent/}\"" ] || {
        echo "$source: include \"${header#agent/}\" first"
        bad=1
    }
done
exit $bad
