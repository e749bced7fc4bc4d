/*
 * event - what happened with a family or a session: the facts from which every
 * state and figure is derived (domain 2.1).
 *
 * Plain values, never changed once they are stored (store/happenings.h keeps
 * them sealed, wire/casework.h turns them into bytes and back).  A kind holds
 * what was known and decided at that moment; what follows from it is worked out
 * anew each time (outreach/state.h).
 *
 * Text that was read is never NULL, "" when there is none; whoever makes an
 * event may leave NULL, which is the same.  Whom an event is about is said by
 * the record and the number within it (struct leaver_contact.number), and what
 * was dialled by its value, so that a later revision changes no history.
 *
 * To add a kind: its number, its struct in the union, its message in
 * proto/casework.proto, its fields in wire/casework_form.c.
 */
#ifndef OUTREACH_EVENT_H
#define OUTREACH_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "outreach/bands.h"
#include "outreach/event_school.h"
#include "outreach/outcome.h"
#include "record/date.h"
#include "record/leaver.h"

/* Numbers are stored: never used again for something else. */
enum event_kind {
    EVENT_LEASE = 1, /* a caller takes the family, or gives it back */
    EVENT_ATTEMPT,   /* a try, and what came of it */
    EVENT_POINT,     /* a number or address: new, checked, not to be used */
    EVENT_PREFERENCE,
    EVENT_BARRIER,
    EVENT_LADDER,  /* the lead allows more tries */
    EVENT_PLAN,    /* the lead's choice for a family not reached */
    EVENT_REVIEW,  /* the lead or the DSL decided: go on, or hold */
    EVENT_CLOSED,  /* the place ended, or the child goes elsewhere */
    EVENT_ENTRY,   /* a child started, or did not */
    EVENT_REQUEST, /* to the primary: a wrong number, help, a question */
    EVENT_ANSWER,  /* from the primary */
    EVENT_SESSION, /* family 0: a session as it now stands */
    EVENT_INVITE,  /* a contact to a session */
    EVENT_REPLY,   /* and the answer */
    EVENT_ATTENDANCE,
    EVENT_TUTOR,   /* of a pupil; whom it was told */
    EVENT_SUPPORT, /* the support check of a pupil */
    EVENT_REFERRAL,
    EVENT_ITEM, /* something to do: question, promise, concern, complaint */
    EVENT_ITEM_DONE,
    EVENT_DATES,    /* family 0: the school's key dates */
    EVENT_STRATEGY, /* family 0: what comes first for a group */
    EVENT_DIED,     /* a contact has died, or that was a mistake */
};
#define EVENT_LAST EVENT_DIED
#define EVENT_MAX_TEXT 2000 /* bytes of a note */
#define EVENT_MAX_NAME 320  /* of a name, place or address */

enum event_channel {
    CHANNEL_VOICE = 1,
    CHANNEL_TEXT,
    CHANNEL_EMAIL,
    CHANNEL_LETTER,
    CHANNEL_AT_PRIMARY, /* in person */
    CHANNEL_AT_SECONDARY,
    CHANNEL_HOME_VISIT,
    CHANNEL_VIDEO,
    CHANNEL_VIA_PRIMARY, /* through somebody else */
};
#define CHANNEL_LAST CHANNEL_VIA_PRIMARY

/** "voice", "text", ... what people type. */
const char *event_channel_name(enum event_channel channel);
/** 0 for a word that is none. */
enum event_channel event_channel_parse(const char *text);

/* login of the event's head is who took it. */
struct event_lease {
    wall until;       /* 0: given back */
    int64_t record;   /* what was suggested with it */
    uint32_t contact; /* number in that record; 0: nobody */
    const char *value;
};

struct event_attempt {
    int64_t record;    /* inbox_record.id; 0: nobody was named */
    uint32_t contact;  /* number in that record */
    uint32_t point;    /* of that contact; 0: none */
    const char *value; /* what was dialled or written to; "" none */
    enum event_channel channel;
    enum outcome outcome;
    enum band band;
    bool inbound;         /* they came to us */
    bool concern;         /* for the safeguarding lead */
    bool interpreter;     /* one took part */
    bool voicemail;       /* a message was left */
    bool own_choice;      /* not what was suggested */
    const char *language; /* that was used, or that is needed (LANGUAGE) */
    wall call_back;       /* agreed; 0: none */
    const char *said;     /* by the parent */
    const char *note;
};

enum event_point_status {
    POINT_UNVERIFIED = 1,
    POINT_VERIFIED, /* the parent said so */
    POINT_WRONG,
    POINT_NOT_IN_SERVICE,
    POINT_BOUNCED,
    POINT_DO_NOT_USE,
    POINT_SUPERSEDED,
};
enum event_source {
    SOURCE_PARENT = 1,        /* told the secondary */
    SOURCE_PARENT_TO_PRIMARY, /* told the primary, who passes it on */
    SOURCE_PRIMARY,
    SOURCE_RECORD,
    SOURCE_OFFER,
};
struct event_point {
    int64_t record;
    uint32_t contact;
    enum point_kind kind;
    const char *value; /* E.164 or an e-mail */
    enum event_point_status status;
    enum event_source source; /* of this statement */
    uint64_t request;         /* that it answers; 0: none */
    const char *note;         /* "number corrected by Hillside 16 Jun" */
};

struct event_preference {
    int64_t record;
    uint32_t contact;
    uint32_t good_bands; /* of BAND_BIT(); 0: not stated */
    uint32_t bad_bands;
    uint32_t good_days;         /* bit 0 Monday to bit 6 Sunday; 0: any */
    enum event_channel channel; /* first; 0: not stated */
    bool unknown_numbers_unanswered;
    const char *caller;   /* login whom they want to speak to; "" any */
    const char *language; /* for speaking; "" as in the record */
    enum interpreter interpreter;
};

enum barrier {
    BARRIER_TIME = 1,
    BARRIER_LANGUAGE,
    BARRIER_CHILDCARE,
    BARRIER_LITERACY,
    BARRIER_SCHOOL_SYSTEM,
    BARRIER_PRIOR_NEGATIVE_EXPERIENCE,
    BARRIER_TRANSPORT,
    BARRIER_NO_CREDIT_OR_DATA,
    BARRIER_HEALTH_OR_DISABILITY,
    BARRIER_CARING,
    BARRIER_TEMPORARY_HOUSING,
    BARRIER_TRUST_OR_FEAR,
    BARRIER_SAFETY,
    BARRIER_OTHER,
};
#define BARRIER_LAST BARRIER_OTHER
enum adjustment {
    ADJUST_NONE,
    ADJUST_INTERPRETER,
    ADJUST_BILINGUAL_CALLER,
    ADJUST_TRANSLATED,
    ADJUST_EASY_READ,
    ADJUST_READ_ALOUD,
    ADJUST_TEXT_FIRST,
    ADJUST_EVENING_CALL,
    ADJUST_WEEKEND_CALL,
    ADJUST_CALL_AT_WORK,
    ADJUST_VIA_PRIMARY,
    ADJUST_MEET_AT_PRIMARY,
    ADJUST_NEUTRAL_PLACE,
    ADJUST_HOME_VISIT,
    ADJUST_SUPPORTER_PRESENT,
    ADJUST_NAMED_PERSON,
    ADJUST_CRECHE,
    ADJUST_TRANSPORT_HELP,
    ADJUST_ONLINE,
    ADJUST_REPEAT_SESSION,
    ADJUST_ONE_TO_ONE,
};
#define ADJUST_LAST ADJUST_ONE_TO_ONE
enum barrier_source { BARRIER_STATED = 1, BARRIER_OBSERVED, BARRIER_ASSUMED };
enum barrier_status {
    BARRIER_OPEN = 1,
    BARRIER_ADJUSTED,
    BARRIER_RESOLVED,
    BARRIER_NOT_ONE,
};
struct event_barrier {
    enum barrier barrier;
    enum barrier_source source;
    enum barrier_status status;
    enum adjustment adjustment; /* that was tried */
    bool worked;
    const char *note;
};

/** "time", ...; 0 for a word that is none. */
const char *event_barrier_name(enum barrier barrier);
enum barrier event_barrier_parse(const char *text);
const char *event_adjustment_name(enum adjustment adjustment);
enum adjustment event_adjustment_parse(const char *text);

struct event_ladder {
    uint32_t more; /* tries */
    const char *reason;
};

struct event_plan {
    enum event_channel channel;
    wall when; /* 0: not fixed */
    const char *place;
    const char *who; /* login or partner service */
    const char *note;
};

/* What a person with the right to decide has decided. */
enum review {
    REVIEW_RESUME = 1, /* the concern, complaint or refusal is dealt with */
    REVIEW_HOLD,       /* nobody calls before the DSL says so */
    REVIEW_ACTION,     /* somebody must do something first */
    REVIEW_DECLINED,   /* the family prefers writing */
};
struct event_review {
    enum review review;
    const char *owner; /* login or role whose list it is on */
    const char *reason;
};

struct event_closed {
    bool transferred; /* the child goes to another secondary */
    const char *reason;
};
enum entry_result {
    ENTRY_STARTED = 1,
    ENTRY_NOT_ARRIVED,
    ENTRY_ELSEWHERE,
    ENTRY_HOME_EDUCATED,
    ENTRY_MOVED_AWAY,
    ENTRY_UNKNOWN,
};
#define ENTRY_LAST ENTRY_UNKNOWN
/** "started", "not-arrived", ...; 0 for a word that is none. */
const char *event_entry_name(enum entry_result result);
enum entry_result event_entry_parse(const char *text);
struct event_entry { /* of the head's pupil */
    enum entry_result result;
    struct date date;
    const char *note;
};

enum request_kind {
    REQUEST_WRONG_NUMBER = 1,
    REQUEST_HELP_REACH,
    REQUEST_QUESTION,
    REQUEST_NOT_OURS, /* the child is not expected here */
};
const char *event_request_name(enum request_kind kind);
struct event_request {
    uint64_t request; /* number, as people type it */
    enum request_kind kind;
    int64_t record;
    uint32_t contact;
    uint32_t point;
    const char *value; /* the number that is wrong */
    const char *field;
    const char *text;
    struct date due;
};
struct event_answer {
    uint64_t request;
    bool accepted;
    int64_t record;
    uint32_t contact;
    enum point_kind point_kind;
    const char *value; /* the new number; "" none */
    bool from_parent;  /* the parent told the primary */
    uint32_t best_bands;
    const char *text;
};

struct event_died {
    int64_t record;
    uint32_t contact; /* number in that record */
    bool mistaken;    /* they live: what was said before was wrong */
};

struct event_invite {
    uint32_t session;
    int64_t record;
    uint32_t contact;
    enum event_channel how;
    const char *format;   /* STANDARD, LARGE_PRINT, ... */
    const char *language; /* CBDS code */
    uint32_t delivery;    /* 0 unknown, 1 delivered, 2 failed */
};
enum rsvp {
    RSVP_NONE = 0,
    RSVP_YES,
    RSVP_TENTATIVE,
    RSVP_NO,
    RSVP_WAITING,
    RSVP_CANCELLED,
};
struct event_reply {
    uint32_t session;
    int64_t record;
    uint32_t contact;
    enum rsvp rsvp;
    uint32_t guests;
    uint32_t creche;
    const char *needs;
    const char *reason;
};
struct event_attendance {
    uint32_t session;
    int64_t record;
    uint32_t contact;
    bool attended;
    uint32_t guests;
};

struct event_tutor { /* of the head's pupil */
    const char *name;
    const char *staff; /* login; "" if not on the staff list */
    bool told_parent;
    bool told_primary;
};

enum support_result {
    SUPPORT_NONE_NEEDED = 1,
    SUPPORT_IN_PLACE,
    SUPPORT_NEW,
    SUPPORT_DECLINED,
    SUPPORT_NOT_ASKED,
};
struct event_support { /* of the head's pupil */
    enum support_result result;
    const char *needs; /* codes of domain 2.3, "SEMH,TRAVEL" */
    bool assessment;   /* one is in place */
    const char *professional;
    const char *note;
};

struct event_referral { /* of the head's pupil */
    uint32_t referral;
    const char *service;
    uint32_t consent; /* 1 given, 2 refused, 3 not needed */
    uint32_t
        state; /* 1 made, 2 accepted, 3 started, 4 not taken up, 5 closed */
    const char *note;
};

enum item_kind_of {
    ITEM_OF_QUESTION = 1,
    ITEM_OF_CONCERN,
    ITEM_OF_COMPLIMENT,
    ITEM_OF_CORRECTION,
    ITEM_OF_REQUEST,
    ITEM_OF_COMPLAINT,
    ITEM_OF_PROMISE,   /* ours */
    ITEM_OF_FOLLOW_UP, /* of who did not come, and the like */
};
struct event_item {
    uint64_t item; /* number, as people type it */
    enum item_kind_of kind;
    const char *theme; /* TRANSPORT, ... of domain 2.3 */
    const char *text;
    const char *owner; /* login, or tutor, senco, dsl, lead, office, primary */
    struct date due;
};

struct event_item_done {
    uint64_t item;
    bool dropped;
    const char *text;
};

struct event {
    int64_t id;     /* in the order in which they were stored */
    int64_t family; /* 0: of the school, not of a family */
    int64_t pupil;  /* inbox_record.id, 0: of the whole family */
    wall at;
    const char *login; /* who; "" the agent itself */
    enum event_kind kind;
    union {
        struct event_lease lease;
        struct event_attempt attempt;
        struct event_point point;
        struct event_preference preference;
        struct event_barrier barrier;
        struct event_ladder ladder;
        struct event_plan plan;
        struct event_review review;
        struct event_closed closed;
        struct event_entry entry;
        struct event_request request;
        struct event_answer answer;
        struct event_session session;
        struct event_invite invite;
        struct event_reply reply;
        struct event_attendance attendance;
        struct event_tutor tutor;
        struct event_support support;
        struct event_referral referral;
        struct event_item item;
        struct event_item_done item_done;
        struct event_dates dates;
        struct event_strategy strategy;
        struct event_died died;
    } u;
};

/** By time; of one moment in an order that was not that of storing. */
void event_sort(struct event *events, size_t count);

#endif
