/*
 * upn - the unique pupil number (DfE UPN guide; CTF README 4.1).
 *
 * Check letter, LA (3), establishment (4), year (2), serial (3); a temporary
 * one ends in a letter.  A wrong letter says that something is wrong, not what:
 * never repair one.
 */
#ifndef RECORD_UPN_H
#define RECORD_UPN_H

#include "base/attr.h"

#define UPN_SIZE 14 /* 13 characters and NUL */

struct err;

enum upn_status {
    UPN_PERMANENT,
    UPN_TEMPORARY,
    UPN_BAD_FORM,
    UPN_BAD_LETTER, /* *right_letter is what the digits ask for */
};

/** right_letter may be NULL. */
enum upn_status upn_check(const char *upn, char *right_letter);

#endif
