/*
 * invitation - the letter, e-mail or text message that asks one adult to one
 * session, in plain words.
 *
 * Pure: it says only what it is given, and whoever gives it takes that from
 * struct reach.  One adult a letter: nobody else of the family is named but the
 * children.  The body is in English under a line in the family's language; we
 * do not pretend to translate, and invitation_advice() says what to do.
 */
#ifndef OUTREACH_INVITATION_H
#define OUTREACH_INVITATION_H

#include "base/buf.h"
#include "outreach/event.h"

struct invitation {
    const struct event_session *session;
    const char *school;   /* its name */
    const char *name;     /* "Mrs Ada Okoro" */
    const char *children; /* "Tariq", "Tariq and Ada"; "" not to be named */
    const char *language; /* CBDS code; "" not known */
    const char *format;   /* a name of invitation_format_known() */
    bool interpreter;     /* one for this language will be there */
};

/** "standard", "large-print", "easy-read", "audio", "braille", "translated",
 * "read-to-me". */
bool invitation_format_known(const char *format);

/** The letter or e-mail below address and date; lines end with "\n". */
void invitation_letter(struct buf *out, const struct invitation *about);
/** A text message on one line; no name of anybody in it. */
void invitation_text(struct buf *out, const struct invitation *about);
/** What the sender has to do for this language and format; "" nothing. */
void invitation_advice(struct buf *out, const struct invitation *about);

/** "Thu 24 Jun 2027, 18:00 to 19:30" */
void invitation_when(struct buf *out, const struct event_session *session);

#endif
