#!/bin/sh
# Fails on a global symbol of foo.c that does not begin with "foo_", main() of
# main.c apart; on one that two files of a folder or an archive define (the
# linker would take whichever it meets first); and on a variable that can change
# (no globals, no mutable statics: state lives in structs).
# $1: a folder with object files, or an archive; more may follow.
bad=0
found=$(for place; do find "$place" -name '*.c.o' -o -name '*.a'; done)
[ -n "$found" ] || exit 2

# shellcheck disable=SC2086 # a list of our own file names
nm -A --defined-only --extern-only $found | awk '
    {
        if (NF < 3) next
        symbol = $NF; where = $1; sub(/\.c\.o:.*/, "", where)
        place = where; sub(/[\/:][^\/:]*$/, "", place)
        sub(/.*[\/:]/, "", where)
        if ((place, symbol) in exporter) {
            print where ".c and " exporter[place, symbol] ".c export " symbol
            bad = 1
        }
        exporter[place, symbol] = where
        if (index(symbol, where "_") == 1) next
        if (where == "main" && symbol == "main") next
        print where ".c exports " symbol; bad = 1
    }
    END { exit bad }' || bad=1

# shellcheck disable=SC2086
objdump -t $found | awk '
    /file format/ { file = $1; sub(/\.c\.o:.*/, ".c", file) }
    NF < 5 || $0 !~ / O / { next }
    $(NF - 2) ~ /^\.t?(data|bss)(\.|$)/ && $(NF - 2) !~ /^\.data\.rel\.ro/ {
        print file ": " $NF " is a variable that outlives its function"
        bad = 1
    }
    END { exit bad }' || bad=1
exit $bad
