#!/usr/bin/env bash
# Proves that a lint can fail: gives it a small tree that is right, which must
# pass, and then the same tree with one thing wrong at a time, each of which
# must be refused with exit code 1 and the name of the culprit.
# $1: the lint's name.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lint=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cases=0

# What tests/lint/typed.sh reads: programs with a command, one of a group, an
# option with a value; and a page.
programs()
{
    mkdir "$tree/bin"
    cat >"$tree/bin/moveup" <<'TEXT'
#!/bin/sh
case "$*" in
    help) printf 'Primary\n  leavers import  in\n  status          is\n' ;;
    *) printf '      --to LAESTAB  where\n  -n, --dry-run  try\n' ;;
esac
TEXT
    printf '#!/bin/sh\necho "  --state DIR  there"\n' >"$tree/bin/moveup-agent"
    printf '#!/bin/sh\necho "./run demo  plays"\n' >"$tree/run"
    chmod +x "$tree"/bin/* "$tree/run"
    says '    moveup status'
}

says()
{
    printf 'See `moveup status`, and\n\n%s\n' "$1" >"$tree/page.md"
}

good_tree()
{
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{agent/base,agent/net,cli,tests,proto,docker,obj}
    printf 'base:\nnet: base\ncli: base\n<zmq.h>: net cli\n' \
        >"$tree/agent/LAYERS"
    printf '#ifndef A_H\n#define A_H\nint a_one(void);\n#endif\n' \
        >"$tree/agent/base/a.h"
    printf '#include "base/a.h"\n\nint a_one(void)\n{\n    return 1;\n}\n' \
        >"$tree/agent/base/a.c"
    printf '#include "base/a.h"\n#include <zmq.h>\n' >"$tree/agent/net/b.c"
    printf '#!/bin/sh\necho "hello"\n' >"$tree/run"
    cp "$here/../../.clang-format" "$tree/.clang-format"
    [ "$lint" != typed ] || programs
}

# lint_now: the lint's own exit code; what it said is in $said.
lint_now()
{
    local code
    if [ "$lint" = names ]; then
        find "$tree/agent" -name '*.c' | while read -r source; do
            cc -c -I "$tree/agent" -o "$tree/obj/${source##*/}.o" "$source" ||
                exit 1
        done || exit 2
        said=$("$here/names.sh" "$tree/obj" 2>&1)
    elif [ "$lint" = typed ]; then
        said=$("$here/typed.sh" "$tree" "$tree/bin" 2>&1)
    else
        said=$("$here/$lint.sh" "$tree" 2>&1)
    fi
    code=$?
    if [ $code -eq 77 ]; then
        echo "$said"
        exit 77
    fi
    return $code
}

# refuses CULPRIT: the tree as it is now is wrong, and the lint says where.
refuses()
{
    lint_now
    local code=$?
    if [ $code -ne 1 ] || [[ $said != *"$1"* ]]; then
        echo "$lint let it pass (exit $code), or did not name $1:"
        echo "$said"
        exit 1
    fi
    cases=$((cases + 1))
    good_tree
}

good_tree
lint_now || {
    echo "$lint refuses a tree that is right: $said"
    exit 1
}

case $lint in
    layers)
        echo '#include "net/b.h"' >>"$tree/agent/base/a.c"
        refuses 'agent/base/a.c:7'
        echo '#include <zmq.h>' >>"$tree/agent/base/a.c"
        refuses 'may not include <zmq.h>'
        echo '#include "a.h"' >>"$tree/agent/base/a.c"
        refuses 'in no room'
        mkdir "$tree/agent/new" && echo '#include "base/a.h"' \
            >"$tree/agent/new/n.c"
        refuses 'does not name'
        echo '#include "net/b.h"' >"$tree/cli/c.c"
        refuses 'cli may not include'
        printf 'base: net\nnet: base\ncli: base\n<zmq.h>: net\n' \
            >"$tree/agent/LAYERS"
        refuses 'circle'
        ;;
    names)
        echo 'int b_two(void) { return 2; }' >>"$tree/agent/base/a.c"
        refuses 'a.c exports b_two'
        echo 'int main(void) { return 0; }' >>"$tree/agent/base/a.c"
        refuses 'a.c exports main'
        echo 'int a_b_is(void) { return 1; }' >>"$tree/agent/base/a.c"
        echo 'int a_b_is(void) { return 2; }' >"$tree/agent/net/a_b.c"
        refuses 'export a_b_is'
        echo 'int *a_n(void) { static int n; return &n; }' \
            >>"$tree/agent/base/a.c"
        refuses 'outlives its function'
        ;;
    headers)
        echo 'int a_size(size_t n);' >>"$tree/agent/base/a.h"
        refuses 'agent/base/a.h'
        echo 'struct a { int n; };' >"$tree/agent/base/a.h"
        refuses 'agent/base/a.h'
        ;;
    banned)
        for call in 'strcpy(a, b)' 'sprintf(a, b)' 'strtok(a, b)' 'atoi(a)' \
            'rand()' 'system("ls")' 'alloca(1)' 'localtime(0)' 'malloc(1)' \
            'sscanf(a, b)' 'goto out' '/* FIXME */'; do
            echo "void a_f(void) { $call; }" >>"$tree/agent/base/a.c"
            # base/mem is where allocation lives
            if [ "$call" = 'malloc(1)' ]; then
                good_tree
                echo "void a_f(void) { $call; }" >"$tree/agent/net/b.c"
            fi
            refuses '<- '
        done
        for call in 'clock_wall()' 'file_read(a)' 'mem_alloc(1)' 'getenv(a)'; do
            mkdir -p "$tree/agent/sync"
            echo "void a_f(void) { $call; }" >"$tree/agent/sync/b.c"
            refuses 'this room is pure'
        done
        ;;
    decoders)
        mkdir "$tree/tests/fuzz"
        echo 'int main(void) { return a_decode(0) + a_decode_more(0); }' \
            >"$tree/tests/fuzz/fuzz_a.c"
        echo 'int a_decode(int n), a_decode_more(int n);' \
            >>"$tree/agent/base/a.h"
        lint_now || {
            echo "$lint refuses a decoder that has a target: $said"
            exit 1
        }
        sed -i 's/a_decode_more/a_other/' "$tree/tests/fuzz/fuzz_a.c"
        refuses 'a_decode_more'
        echo 'int sheet_all(int n);' >"$tree/cli/c.h"
        refuses 'sheet_all'
        ;;
    format)
        echo 'int  a_two( void );' >>"$tree/agent/base/a.h"
        refuses 'agent/base/a.h'
        ;;
    sizes)
        { echo 'void a_f(void)'; echo '{'; yes ';' | head -n 80; echo '}'; } \
            >>"$tree/agent/base/a.c"
        refuses 'a_f has'
        yes '/* */' | head -n 451 >"$tree/agent/base/a.h"
        refuses 'agent/base/a.h: 451 lines'
        ;;
    includes)
        printf '#include <stdio.h>\n#include "base/a.h"\n' \
            >"$tree/agent/base/a.c"
        refuses 'agent/base/a.c'
        ;;
    shell)
        # shellcheck disable=SC2016 # the quoting it lacks is the point
        printf '#!/bin/sh\nrm -r $1/*\n' >"$tree/run"
        refuses 'run line 2'
        mkdir -p "$tree/tests/integration"
        printf '#!/bin/sh\ntrue\n' >"$tree/tests/integration/99-story.sh"
        refuses 'tests/integration/99-story.sh: not executable'
        ;;
    paths)
        echo "see /""home/somebody/notes" >"$tree/agent/notes"
        refuses 'agent/notes'
        echo "-----BEGIN EC ""PRIVATE KEY-----" >"$tree/agent/key"
        refuses 'agent/key'
        ;;
    typed)
        says '    sudo moveup leavers import F \
        --to 8734500 --dry-run    what it is for --old'
        lint_now || {
            echo "$lint refuses what can be typed: $said"
            exit 1
        }
        for wrong in '    moveup leavers export F' '`moveup status
--nonsense`' '    moveup leavers import F \
        --from 1' '    moveup leavers import --to' '    ./run demi' \
            '    moveup-agent --sate /x'; do
            says "$wrong"
            refuses 'page.md:'
        done
        echo 'const char *a = "run: moveup leavers import "' \
            >>"$tree/agent/base/a.c"
        echo '    "--from 8734500";' >>"$tree/agent/base/a.c"
        refuses 'agent/base/a.c'
        ;;
    *)
        echo "no red test for $lint"
        exit 1
        ;;
esac
echo "$lint refuses all $cases"
