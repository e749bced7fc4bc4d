#!/bin/sh
# Fails on a decoder that no fuzz target calls.
# $1: the source root.
cd "$1" || exit 2
bad=0

# Of bytes that no outsider has written: our own database's, our own agent's.
own='ranges_decode base64_decode'

for header in $(find agent cli -name '*.h' | sort); do
    for name in $(grep -oE '\b([a-z0-9]+_decode[a-z_]*|sheet_[a-z]+) ?\(' \
        "$header" | tr -d ' (' | sort -u); do
        case " $own " in *" $name "*) continue ;; esac
        grep -qw "$name" tests/fuzz/fuzz_*.c 2>/dev/null && continue
        echo "$header: $name   <- no target in tests/fuzz calls it"
        bad=1
    done
done
exit $bad
