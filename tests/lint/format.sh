#!/bin/sh
# Fails on C that clang-format would write otherwise.  Other releases than the
# 14 of Debian 12 differ in details: then it is skipped (exit 77).
# $1: the source root.
cd "$1" || exit 2
case $(clang-format --version) in
    *' version 14.'*) ;;
    *) echo "not clang-format 14: skipped"; exit 77 ;;
esac
find agent cli tests -name '*.[ch]' | sort |
    xargs -r clang-format --style=file --dry-run -Werror || exit 1
