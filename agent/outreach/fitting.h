/*
 * fitting - whether somebody can make a session: by the times they stated, the
 * language they speak and the help they need (domain L7).
 *
 * What nobody stated or observed keeps nobody away: a guess is no reason not to
 * invite.
 */
#ifndef OUTREACH_FITTING_H
#define OUTREACH_FITTING_H

#include "outreach/sessions.h"

/* Why a session is not one they can make; a set. */
enum fitting {
    FITTING_NOT_OPEN = 1 << 0,    /* not published, or over */
    FITTING_FULL = 1 << 1,        /* no place left, and they have none */
    FITTING_TIME = 1 << 2,        /* not at a time they said they can */
    FITTING_LANGUAGE = 1 << 3,    /* no interpreter for their language */
    FITTING_CRECHE = 1 << 4,      /* nobody to look after the children */
    FITTING_ACCESS = 1 << 5,      /* not step-free and not online */
    FITTING_APART = 1 << 6,       /* somebody they may not meet is invited */
    FITTING_NOT_FOR_THEM = 1 << 7 /* a session for other families */
};
#define FITTING_LAST FITTING_NOT_FOR_THEM

/** 0: they can make it. */
unsigned fitting_of(const struct sessions *sessions,
    const struct sessions_one *one, const struct sessions_family *family,
    const struct reach_person *person, wall now);

/** The first session they can make, by number; NULL if there is none. */
const struct sessions_one *fitting_first(const struct sessions *sessions,
    const struct sessions_family *family, const struct reach_person *person,
    wall now);

/** Somebody of the family has a session to go to; or, if two of its adults may
 * not meet, person has. */
bool fitting_served(const struct sessions *sessions,
    const struct sessions_family *family, const struct reach_person *person,
    wall now);

/** The family stated (or somebody saw) that this stands in their way. */
bool fitting_needs(const struct sessions_family *family, enum barrier barrier);

/** "time", "interpreter", ... of one reason, for JSON. */
const char *fitting_name(enum fitting reason);
/** "not at a time they can", ... for people. */
const char *fitting_text(enum fitting reason);

#endif
