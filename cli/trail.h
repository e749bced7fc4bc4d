/* trail - what a hub says of a letter, beside what it has signed of it. */
#ifndef CLI_TRAIL_H
#define CLI_TRAIL_H

#include "base/attr.h"

struct attest;
struct err;
struct hubreport_letter;

/** Is it this letter's trail, and is all that is said of the letter signed: its
 * parties, lane, epoch and numbers, and what became of it?  The attestation was
 * verified.  Errors: ERR_DENIED. */
MUST_CHECK int trail_check(const struct attest *attest,
    const struct hubreport_letter *letter, struct err *err);

#endif
