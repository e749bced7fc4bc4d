#!/bin/sh
# Fails on calls that have no bound, no error or hidden state, on goto, on
# allocation outside base/mem, and on unfinished business.
# $1: the source root.
cd "$1" || exit 2
bad=0

# look REASON PATTERN PLACE...: prints what it finds.
look()
{
    why=$1 pattern=$2
    shift 2
    hits=$(find "$@" -name '*.[ch]' 2>/dev/null | sort |
        xargs -r grep -nE "(^|[^A-Za-z0-9_])($pattern)" /dev/null)
    [ -z "$hits" ] || {
        printf '%s\n' "$hits" | sed "s|\$|   <- $why|"
        bad=1
    }
}

look 'no bound; use snprintf' \
    '(strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf|gets|alloca) *\(' \
    agent cli tests
look 'errors cannot be seen; use text_ or strtol' \
    '(atoi|atol|atoll|atof|f?scanf|sscanf) *\(' agent cli tests
look 'hidden state; use the _r form or base/clock.h' \
    '(strtok|rand|srand|random|localtime|gmtime|ctime|asctime|tmpnam|mktemp) *\(' \
    agent cli tests
look 'starts a shell' '(system|popen) *\(' agent cli
look 'clean up with SCOPED' 'goto [a-z_]+;' agent cli tests
look 'finish it first' '(TODO|FIXME)' agent cli tests proto
hits=$(find agent cli -name '*.[ch]' ! -path 'agent/base/*' 2>/dev/null |
    sort | xargs -r grep -nE \
    '(^|[^A-Za-z0-9_])(malloc|calloc|realloc|strdup|strndup|v?asprintf) *\(' \
    /dev/null)
[ -z "$hits" ] || {
    printf '%s\n' "$hits" | sed 's/$/   <- use base\/mem.h/'
    bad=1
}
exit $bad
