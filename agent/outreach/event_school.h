/* event_school - what happened at the school and with no family: a part of
 * event.h, which is what to include. */
#ifndef OUTREACH_EVENT_SCHOOL_H
#define OUTREACH_EVENT_SCHOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "record/date.h"

enum session_type {
    SESSION_NEW_INTAKE_EVENING = 1,
    SESSION_MEET_THE_TUTOR,
    SESSION_SEND_COFFEE,
    SESSION_EAL_WELCOME,
    SESSION_LEARNING_AT_HOME,
    SESSION_TRANSPORT_UNIFORM,
    SESSION_ONE_TO_ONE,
    SESSION_ONLINE,
    SESSION_INDUCTION_DAY,
};
enum session_status {
    SESSION_DRAFT = 1,
    SESSION_PUBLISHED,
    SESSION_CANCELLED,
    SESSION_HELD,
};
struct event_session {
    uint32_t session; /* number, as people type it */
    enum session_type type;
    enum session_status status;
    const char *title;
    wall start, end;
    const char *place;
    uint32_t capacity; /* people; 0: no limit */
    uint32_t creche;   /* places */
    bool learning_linked;
    bool step_free;
    const char *interpreters; /* CBDS codes, "SOM,URD" */
    const char *online_link;
    const char *person; /* whom to ask */
    const char *phone;
    const char *note;
};

struct event_dates {
    struct date entry;
    struct date induction; /* the new pupils come to see the school */
    struct date term_end;
    struct date primary_closes;
    const char *closed; /* schooldays_format(): when the school is not there */
    const char *note;
};

/* How the families of a group are tried first (outreach/strategy.h); the newest
 * of a name counts. */
struct event_strategy {
    const char *name;
    const char *group; /* "language:SOM", "sen", ... */
    uint32_t first;    /* enum adjustment */
    bool ended;
    const char *note;
};

#endif
