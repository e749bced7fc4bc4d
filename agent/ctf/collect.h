/*
 * collect - the text of one element, gathered piece by piece and never more of
 * it than may be kept.
 */
#ifndef CTF_COLLECT_H
#define CTF_COLLECT_H

#include <stdbool.h>
#include <stddef.h>

#include "record/leaver.h"

struct collect {
    char text[LEAVER_MAX_TEXT + 1]; /* the beginning of what came */
    char clean[LEAVER_MAX_TEXT + 1];
    size_t len;
    size_t bytes;  /* that came, kept or not */
    size_t points; /* the code points of all but those of text */
    bool cut;      /* more came than text has room for */
};

struct collected {
    const char *text; /* trimmed, at most limit code points, clean */
    bool too_long;    /* it was cut */
    bool direction;   /* it had a mark that turns the writing round */
    bool control;     /* it had another control character */
};

void collect_start(struct collect *collect);

/** The next piece: whole characters of valid UTF-8. */
void collect_add(struct collect *collect, const char *piece, size_t len);

/** Only count it: text where none belongs. */
void collect_count(struct collect *collect, const char *piece, size_t len);

/** More than limit code points came. */
bool collect_exceeds(const struct collect *collect, size_t limit);

/** What was gathered; valid until the next start.  Controls became spaces. */
struct collected collect_end(struct collect *collect, size_t limit);

#endif
