/*
 * visible - the one function that decides which contacts and which of their
 * points may be shown, printed, exported or called at the secondary.
 *
 * Every output about a received record goes through visible_contacts(); no
 * other code at the secondary may walk leaver.contacts (lint).  A contact under
 * a restriction that restriction_hides() is left out whole.  So is any contact
 * that is the same person by source_id, or has the same surname and forename.
 * A point with the same number or e-mail as a point of a hidden contact is left
 * out too, whoever lists it: the restricted adult might answer.
 */
#ifndef RECORD_VISIBLE_H
#define RECORD_VISIBLE_H

#include "record/leaver.h"

struct visible_contact {
    const struct leaver_contact *contact; /* its points: use .points below */
    const struct leaver_point *points[LEAVER_MAX_POINTS];
    size_t point_count;
    bool point_withheld;        /* a number is shared with a restricted adult */
    bool no_voicemail, no_text; /* instructions in force for this contact */
};

struct visible {
    struct visible_contact contacts[LEAVER_MAX_CONTACTS]; /* in call order */
    size_t count;
    size_t withheld;       /* adults who are restricted */
    bool address_withheld; /* do-not-disclose-address is in force */
    bool pupil_not_to_be_named;
};

void visible_contacts(struct visible *out, const struct leaver *leaver);

/** True if text (any case, digits compared without spaces) names the surname
 * with forename, a number or an e-mail of a hidden contact: for tests. */
bool visible_betrays(const struct leaver *leaver, const char *text);

#endif
