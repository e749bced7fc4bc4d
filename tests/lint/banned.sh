#!/bin/sh
# Fails on calls that have no bound, no error or hidden state, on goto, on
# allocation outside base/mem, on unfinished business, and on whatever would make
# the rooms that are pure (record, outreach, sync) depend on more than what they
# are given: a clock, chance, a file, the log; for outreach and sync, the heap.
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
look 'this room is pure' \
    '(clock_(wall|mono|is_moved)|id_new|(file|log|tree)_[a-z_]+|f?open|getenv|gettimeofday|clock_gettime|f?printf|puts) *\(' \
    agent/record agent/outreach agent/sync
look 'this room is pure; take what you need from the caller' \
    'mem_(alloc|resize|copy|text|v?format) *\(' agent/outreach agent/sync
hits=$(find agent cli -name '*.[ch]' ! -path 'agent/base/*' 2>/dev/null |
    sort | xargs -r grep -nE \
    '(^|[^A-Za-z0-9_])(malloc|calloc|realloc|strdup|strndup|v?asprintf) *\(' \
    /dev/null)
[ -z "$hits" ] || {
    printf '%s\n' "$hits" | sed 's/$/   <- use base\/mem.h/'
    bad=1
}
exit $bad
