/*
 * visible - the one function that decides which contacts and which of their
 * points may be shown, printed, exported or called at the secondary.
 *
 * Every output about a received record goes through visible_contacts(); no
 * other code at the secondary may walk leaver.contacts (lint).  A contact under
 * a restriction that restriction_hides() is left out whole.  So is any contact
 * that is the same person by source_id, or has the same surname and forename
 * (compared by name.h: case, accents and spare spaces make no difference).
 * A point with the same number or e-mail as a point of a hidden contact is left
 * out too, whoever lists it: the restricted adult might answer.
 *
 * When in doubt it hides: a restriction of the whole pupil (contact 0), or of a
 * contact that the record does not have so that nobody can tell who is meant,
 * hides every contact; so does a contact's name or point that visible_betrays()
 * a hidden one, like "c/o" and the restricted adult's name.
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
    bool address_withheld; /* do-not-disclose-address is in force, or an address
                            * names a hidden contact: show none of the record,
                            * the pupil's and the contacts' */
    bool pupil_not_to_be_named;
    bool pupil_phone_withheld; /* leaver.phone, .email: a hidden contact's */
    bool pupil_email_withheld;
    bool strengths_withheld; /* the text names a hidden contact */
};

/** leaver holds no more than the limits in leaver.h; what is beyond them is
 * left out. */
void visible_contacts(struct visible *out, const struct leaver *leaver);

/**
 * True if text names a hidden contact: surname and forename as whole words with
 * at most four words between, in either order; or holds a number (however
 * spaced), an e-mail or the street address of one.  For tests, and for free
 * text before it is shown.
 */
bool visible_betrays(const struct leaver *leaver, const char *text);

/** The same for what is self's own, a contact in a sibling's record who may be
 * spoken to about the sibling: it betrays somebody else than self. */
bool visible_betrays_another(const struct leaver *leaver,
    const struct leaver_contact *self, const char *text);

#endif
