#!/usr/bin/env bash
# Fails on a command line, printed in a page or in the programs' own advice,
# that could not be typed: a command or an option that is not there, or an
# option without its value.
# $1: the source root; $2: the folder with moveup, moveup-agent and moveup-hub.
set -u
cd "$1" || exit 2
bin=$2
bad=0 seen=0

# What `moveup help` calls a command; a long name stands on a line of its own.
declare -A known=() group=() options=()
while IFS= read -r name; do
    known[$name]=1
    [[ $name != *' '* ]] || group[${name% *}]=1
done < <("$bin/moveup" help |
    sed -nE 's/^  ([a-z]+( [a-z]+)*)(  .*)?$/\1/p')
[ ${#known[@]} -gt 0 ] || exit 2

# Lines of code, with those that go on; and what stands in backticks.
of_pages()
{
    find . -name '*.md' ! -path './build*' ! -path './.git/*' \
        ! -path '*/fuzz/corpus/*' -print0 | sort -z | xargs -0 awk '
        function tell(text) { print FILENAME ":" FNR "\t" text }
        function code(line) {
            sub(/^ */, "", line)
            sub(/^\$ /, "", line)
            gsub(/   *.*$/, "", line)       # then comes what it is for
            if (line ~ /(^|[ (])(moveup|moveup-agent|moveup-hub|\.\/run) /)
                tell(line)
        }
        FNR == 1 { fenced = 0; text = ""; held = "" }
        /^```/ { fenced = !fenced; next }
        fenced || /^    / {
            line = $0
            if (held != "") {
                sub(/^ +/, "", line)
                line = held line
            }
            held = ""
            if (sub(/ *\\$/, " ", line))
                held = line
            else
                code(line)
            next
        }
        /^$/ { text = "" }
        {
            text = text " " $0
            while (match(text, /`[^`]+`/)) {
                inside = substr(text, RSTART + 1, RLENGTH - 2)
                text = substr(text, RSTART + RLENGTH)
                if (inside ~ /^(moveup|moveup-agent|moveup-hub|\.\/run) /)
                    tell(inside)
            }
        }'
}

# "... run: moveup dest set UPN --to LAESTAB": in a text of the programs, up to
# the end of the clause.
of_advice()
{
    find agent cli -name '*.c' -print0 2>/dev/null | sort -z |
        xargs -0 awk '
        function tell(text) {
            while (match(text, /moveup [a-z][^;:,(`]*/)) {
                clause = substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
                sub(/\. .*/, "", clause)
                # then comes what it does
                sub(/ (shows?|says?|gives?|takes?|opens?|asks?) .*/, "", clause)
                print FILENAME ":" FNR "\t" clause
            }
        }
        FNR == 1 { text = "" }
        {
            line = $0
            sub(/^[ \t]+/, "", line)
            # a text that goes on in the next line of the source
            if (text ~ /"$/ && line ~ /^"/)
                text = substr(text, 1, length(text) - 1) substr(line, 2)
            else
                text = line
            if (text ~ /"$/)
                next
            gsub(/%" *[A-Za-z0-9_]+ *"/, "%d", text)
            gsub(/%" *[A-Za-z0-9_]+/, "%d\"", text)
            while (match(text, /"([^"\\]|\\.)*"/)) {
                inside = substr(text, RSTART + 1, RLENGTH - 2)
                text = substr(text, RSTART + RLENGTH)
                tell(inside (inside ~ / $/ ? "VALUE" : ""))
            }
            text = ""
        }'
}

wrong()
{
    echo "$place: $2: $1"
    bad=1
}

# options_of COMMAND...: "name VALUE" or "name", one a line
options_of()
{
    "$bin/moveup" help "$@" |
        sed -nE 's/^ +(-[A-Za-z], )?--([a-z-]+)( ([^ ]+))?( .*|$)/\2 \4/p'
}

# check_options LINE HELP: each --option is one of HELP, with its value
check_options()
{
    local line=$1 help=$2 rest option value
    rest=$line
    while [[ $rest =~ (^|[[:space:]\[])--([a-z][a-z-]*)([=[:space:]]+([^[:space:]]+))? ]]; do
        option=${BASH_REMATCH[2]} value=${BASH_REMATCH[4]}
        rest=${rest#*--"$option"}
        if ! grep -qE "^$option( |$)" <<<"$help"; then
            wrong "no option --$option" "$line"
        elif grep -qE "^$option [^ ]" <<<"$help" &&
            [[ -z $value || $value = [\]-]* ]]; then
            wrong "--$option needs a value" "$line"
        fi
    done
}

check_moveup()
{
    local line=$1 name='' try='' word
    [[ $line != -* ]] || line="help $line"
    for word in $line; do
        word=${word%[,.:]}
        [[ $word =~ ^[a-z-]+$ ]] || break
        try=${try:+$try }$word
        [ -z "${known[$try]:-}" ] || name=$try
    done
    if [ -z "$name" ]; then
        # the name of a group, said for all of it; or a sentence of a program
        # that begins with its name
        [[ -n $try && -n ${group[$try]:-} || $place = *.c:* ]] ||
            wrong "no such command" "moveup $line"
        return
    fi
    # shellcheck disable=SC2086 # a name is words
    [ -n "${options[$name]:-}" ] || options[$name]=$(options_of $name)
    check_options "moveup $line" "${options[$name]}"
}

check_daemon()
{
    [ -n "${options[$1]:-}" ] || options[$1]=$("$bin/$1" --help |
        grep -oE -- '--[a-z]+( [A-Z]+)?' | sed 's/^--//' | sort -ru)
    check_options "$1 $2" "${options[$1]}"
}

check_run()
{
    local command=${1%% *}
    [[ $command =~ ^[a-z]+$ ]] || return
    grep -qE "^\./run $command( |$)" < <(./run help) ||
        wrong "no such command" "./run $1"
}

# after PROGRAM LINE: what is typed after the last PROGRAM of the line is in $args
after()
{
    [[ $2 =~ ^(.*[[:space:]\(])?"$1"[[:space:]]+(.*)$ ]] &&
        args=${BASH_REMATCH[2]}
}

while IFS=$'\t' read -r place line; do
    seen=$((seen + 1))
    line=${line%%[|\>\;\<]*}
    if after moveup-agent "$line"; then
        check_daemon moveup-agent "$args"
    elif after moveup-hub "$line"; then
        check_daemon moveup-hub "$args"
    elif after ./run "$line"; then
        check_run "$args"
    elif [[ $line = *'docker run'* && $line != *' moveup moveup '* ]]; then
        : # another program in the image of this name
    elif after moveup "$line" && [[ $args = [a-z-]* ]]; then
        check_moveup "$args"
    fi
done < <(of_pages && of_advice)
[ "$seen" -gt 0 ] || exit 2
exit $bad
