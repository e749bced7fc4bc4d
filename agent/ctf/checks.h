/* checks - what can only be said of a whole pupil, and of single codes. */
#ifndef CTF_CHECKS_H
#define CTF_CHECKS_H

#include "ctf/pupil.h"
#include "record/codes.h"

/** A finding "unknown-code" if text is stated and not one of the set. */
void checks_code(struct pupil *pupil, enum finding_level level,
    enum code_set set, const char *name, const char *text);

/**
 * Who the child is (UPN, seen before?, names, sex, date of birth), what cannot
 * be true of the dates, and what the contacts lack; in the reference checker's
 * order.  now is the day the file was written; contacts are as in the file.
 */
void checks_pupil(struct pupil *pupil, struct date now, struct seen *seen,
    const struct findings_sink *sink);

#endif
