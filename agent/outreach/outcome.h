/*
 * outcome - what can come of an attempt to reach a family, and what each means
 * for the work that follows (domain 2.5): one table that drives everything.
 *
 * Nothing else in the program knows what an outcome implies: not the states,
 * not the planner, not the command line.
 */
#ifndef OUTREACH_OUTCOME_H
#define OUTREACH_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct err;

/* Numbers are stored: never used again for something else. */
enum outcome {
    OUTCOME_SPOKE = 1,
    OUTCOME_SPOKE_SHORT,
    OUTCOME_CALL_BACK,
    OUTCOME_OTHER_PERSON,
    OUTCOME_LANGUAGE,
    OUTCOME_NOT_NOW,
    OUTCOME_NO_MORE,
    OUTCOME_HUNG_UP,
    OUTCOME_NO_ANSWER,
    OUTCOME_BUSY,
    OUTCOME_VM_LEFT,
    OUTCOME_VM_NONE,
    OUTCOME_WRONG_NUMBER,
    OUTCOME_NOT_IN_SERVICE,
    OUTCOME_CANNOT_CONNECT,
    OUTCOME_SENT,
    OUTCOME_BOUNCED,
    OUTCOME_REPLIED,
    OUTCOME_MET,
    OUTCOME_NOT_IN,
    OUTCOME_INBOUND_MISSED,
    OUTCOME_SKIPPED,
    OUTCOME_STOPPED_RESTRICTED,
    OUTCOME_CONCERN,
};
#define OUTCOME_LAST OUTCOME_CONCERN

enum outcome_reached { REACHED_NO, REACHED_YES, REACHED_UNKNOWN };

/* How long to wait before the next try, when nothing else was agreed. */
enum outcome_delay {
    DELAY_NONE,       /* now, or no more tries */
    DELAY_AGREED,     /* the time that was agreed */
    DELAY_MINUTES,    /* .amount minutes; engaged twice, then as below */
    DELAY_DAYS,       /* .amount days */
    DELAY_WORKDAY,    /* the next working day */
    DELAY_OTHER_BAND, /* the next part of the day that is another one */
};

/* What the next try must have different, or what else follows. */
enum outcome_change {
    CHANGE_CHECKLIST = 1 << 0,  /* finish what was to be said and asked */
    CHANGE_BAND = 1 << 1,       /* another part of the day */
    CHANGE_POINT = 1 << 2,      /* another number, then another person */
    CHANGE_LANGUAGE = 1 << 3,   /* an interpreter, or who speaks it */
    CHANGE_CALLER = 1 << 4,     /* another caller, or another place */
    CHANGE_TEXT_FIRST = 1 << 5, /* send a text before ringing again */
    CHANGE_VOICE = 1 << 6,      /* ring: it was written */
    CHANGE_TIME = 1 << 7,       /* another time */
    CHANGE_ASK_PRIMARY = 1 << 8,
    CHANGE_LETTER = 1 << 9, /* put it in writing */
};

/* What must be said with it. */
enum outcome_note {
    NOTE_NONE,
    NOTE_SAID,     /* what the parent said or asked */
    NOTE_TIME,     /* when to call back */
    NOTE_LANGUAGE, /* which language */
    NOTE_REASON,   /* why */
    NOTE_PURPOSE,  /* what was sent, and what for */
};

/* What it does to the number or address that was used. */
enum outcome_point {
    POINT_AS_IS,
    POINT_IS_WRONG,
    POINT_IS_DEAD,
    POINT_BOUNCES
};

struct outcome_row {
    enum outcome outcome;
    const char *name; /* "no-answer": what people type and JSON shows */
    const char *text; /* for people: "no answer" */
    bool contact;     /* a two-way contact was made: counts */
    enum outcome_reached reached; /* the right person */
    bool same;                    /* this number may be tried again */
    bool next;                    /* offer another number or person now */
    bool is_try;                  /* counts as a try */
    enum outcome_delay delay;
    unsigned amount;
    unsigned change; /* of enum outcome_change */
    enum outcome_note note;
    enum outcome_point point;
};

/** The row; outcome is one of the enum. */
const struct outcome_row *outcome_row(enum outcome outcome);

/** From "no-answer"; "NO_ANSWER" is understood too.  Errors: ERR_USAGE with the
 * list. */
MUST_CHECK int outcome_parse(
    enum outcome *out, const char *text, struct err *err);

#endif
