/*
 * apart - adults whom a record says not to bring together.
 *
 * A restriction not-together-with names one adult and not whom they may not
 * meet, so that adult is kept apart from every other of the family; if it is of
 * the whole pupil, or of somebody the record does not have, everybody is.
 */
#ifndef OUTREACH_APART_H
#define OUTREACH_APART_H

#include "outreach/sessions.h"

/** These two are never in one room, on one sheet or in one letter. */
bool apart_keep(const struct sessions_family *family,
    const struct reach_person *a, const struct reach_person *b);

#endif
