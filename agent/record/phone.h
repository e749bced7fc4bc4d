/*
 * phone - a number to dial, derived from what a school typed; and the digits of
 * a text, to tell whether two texts hold the same number.
 *
 * The raw text is always kept beside it.  Nothing is ever mended: a number with
 * a digit too few, a local number without its code or two numbers in one field
 * have no dialling form, and a person looks at the raw text.
 */
#ifndef RECORD_PHONE_H
#define RECORD_PHONE_H

#include <stdbool.h>
#include <stddef.h>

#define PHONE_DIAL_SIZE 17 /* '+', at most 15 digits, NUL */
#define PHONE_KEY_SIZE 32

/**
 * "07700 900118 (after 3pm)" -> "+447700900118"; "" when raw does not hold
 * exactly one well-formed number.  Well-formed: a UK number with its code (0
 * and 9 or 10 digits; 020, 03 and 07 always 10), or + or 00 with a country.
 * Returns out.
 */
const char *phone_dial(char out[PHONE_DIAL_SIZE], const char *raw);

/** One run of digits in a text, as phone_next_run() finds them. */
struct phone_run {
    char digits[PHONE_KEY_SIZE]; /* cut if longer */
    size_t count;                /* digits found, more than were kept if cut */
    bool plus;                   /* a + stood before it */
};

/**
 * The next run of digits at *text: digits with nothing but spaces, dots,
 * hyphens, slashes and brackets between them.  Moves *text behind it.  False
 * when there is none.
 */
bool phone_next_run(struct phone_run *out, const char **text);

/** The digits that +44 7700 900118, 0044... and 07700... have in common:
 * without country code and leading 0. */
const char *phone_significant(const struct phone_run *run);

#endif
