/*
 * reach - whom of a family we may speak to, and by which numbers and addresses:
 * the visible contacts of its pupils' records with what happened since.
 *
 * The only list of people that lists, cards, plans and invitations are made
 * from.  It is built from struct visible, never from a record's own contacts,
 * and a number that came later is left out too if it belongs to somebody who is
 * hidden.  A number's status goes by its value, so that a corrected number
 * begins afresh and a wrong one stays wrong wherever it is written.
 */
#ifndef OUTREACH_REACH_H
#define OUTREACH_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outreach/event.h"
#include "record/visible.h"

#define REACH_MAX_PEOPLE 32
#define REACH_MAX_POINTS 16 /* of one person */

/* One pupil of a family, as the caller has it in memory. */
struct reach_pupil {
    int64_t record; /* inbox_record.id */
    const struct leaver *leaver;
    const struct visible *visible;
    wall applied_at; /* when the record came */
    wall read_at;    /* 0: nobody has read it */
    bool expected;   /* it has not come: this is what the offer says */
};

struct reach_point {
    uint32_t number; /* as people type it */
    enum point_kind kind;
    const char *value; /* E.164, an e-mail, or as the source wrote it */
    bool dials;        /* value can be dialled or written to as it is */
    enum event_point_status status;
    enum event_source source;
    wall since;       /* when it came, or was last checked; 0: the record */
    const char *note; /* "corrected by Hillside"; "" */
};

struct reach_person {
    uint32_t n;       /* as people type it after --contact */
    int64_t record;   /* the record it is shown from */
    uint32_t contact; /* number in that record */
    const struct visible_contact *seen;
    uint32_t pupils; /* bit i: may be spoken to about pupil i */
    uint32_t counts; /* bit i: has care of, or responsibility for, pupil i */
    const char *language; /* to be spoken; "" not known */
    enum interpreter interpreter;
    bool no_voicemail, no_text;
    bool number_withheld;
    bool died;
    const struct event_preference *wishes; /* NULL: none stated */
    struct reach_point points[REACH_MAX_POINTS];
    size_t point_count;
};

struct reach {
    struct reach_person people[REACH_MAX_PEOPLE]; /* in order of calling */
    size_t count;
    size_t died;     /* people behind the count: never rung or written to */
    size_t withheld; /* adults who are restricted */
    bool has_point;  /* somebody can be rung or written to */
    wall newest;     /* when the newest number that came later came; 0: none */
};

/** events are sorted (event_sort); what out points to is the caller's. */
void reach_gather(struct reach *out, const struct reach_pupil *pupils,
    size_t pupil_count, const struct event *events, size_t event_count);

/** The person that people call n; NULL if there is none. */
const struct reach_person *reach_person(const struct reach *reach, uint32_t n);
/** The person of that contact of that record (also if the same person is shown
 * from a sibling's record); NULL if hidden or unknown. */
const struct reach_person *reach_who(const struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count, int64_t record,
    uint32_t contact);
/** The same, also of somebody who has died: who was spoken to stays so. */
const struct reach_person *reach_was(const struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count, int64_t record,
    uint32_t contact);
/** That person's point of that number; NULL if there is none. */
const struct reach_point *reach_point(
    const struct reach_person *person, uint32_t number);

/** May be tried: not wrong, dead, bounced, superseded or forbidden. */
bool reach_usable(const struct reach_point *point);
/** A voice number that may be tried. */
bool reach_rings(const struct reach_point *point);

/** "unverified", "verified", "wrong", ... */
const char *reach_status_name(enum event_point_status status);

#endif
