#!/bin/sh
# Fails on a function over 80 lines or a C file over 450.
# $1: the source root.
cd "$1" || exit 2
bad=0
files=$(find agent cli tests -name '*.[ch]' | sort)
[ -n "$files" ] || exit 2

# shellcheck disable=SC2086 # our own file names
ctags -x --language-force=C --c-kinds=f --_xformat='%N %F %n %{end}' $files |
    awk '$4 - $3 >= 80 {
            print $2 ":" $3 ": " $1 " has " $4 - $3 + 1 " lines"; bad = 1
        }
        END { exit bad }' || bad=1
# shellcheck disable=SC2086
wc -l $files | awk '$2 != "total" && $1 > 450 {
        print $2 ": " $1 " lines"; bad = 1
    }
    END { exit bad }' || bad=1
exit $bad
