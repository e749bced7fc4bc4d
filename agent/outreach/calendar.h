/*
 * calendar - a session as an iCalendar file (RFC 5545) that a family's or a
 * school's calendar takes in.
 *
 * Times are by the clock in England and the file says what that is, so that
 * summer time is right everywhere.  It names nobody who was invited.
 */
#ifndef OUTREACH_CALENDAR_H
#define OUTREACH_CALENDAR_H

#include "base/buf.h"
#include "outreach/event.h"

struct calendar_about {
    const char *school; /* its name */
    const char *host;   /* makes the id one of its kind: the LAESTAB */
    unsigned changes;   /* a newer file replaces one with fewer */
    wall now;
};

/** Add the file to out: lines end with CR LF and none is over 75 octets. */
void calendar_write(struct buf *out, const struct event_session *session,
    const struct calendar_about *about);

#endif
