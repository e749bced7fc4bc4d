/*
 * casework - at the secondary: every family with its opened records and all
 * that happened with it, kept in memory between requests.
 *
 * Opening 300 records takes longer than a caller should wait, so what was
 * opened stays until the store says that something changed (db_stamp); then
 * only what changed is opened again.  A family is folded when something
 * happened with it, and each request decides anew what its state is at that
 * time.
 *
 *   rc = casework_refresh(agent, err);         first thing in a handler
 *   file = casework_find(agent, family);       or agent->casework->files
 *   ...
 *   rc = casework_add(agent, &event, err);     in a transaction
 *   rc = casework_refresh(agent, err);         before looking again
 *
 * Whoever shows anything walks file->reach and pupil->visible, never a leaver's
 * own contacts.
 */
#ifndef AGENTD_CASEWORK_H
#define AGENTD_CASEWORK_H

#include "base/arena.h"
#include "base/attr.h"
#include "outreach/state.h"
#include "record/visible.h"
#include "store/inbox.h"

struct agent;
struct err;

/* One pupil of a family. */
struct casework_pupil {
    struct inbox_record row; /* without its sealed bytes */
    uint8_t nonce[16];       /* of the sealed bytes: tells one from another */
    struct leaver leaver;
    struct visible visible;
    struct arena arena;
    bool seen; /* by the reading that is under way */
};

/* One family; or, with family 0, the school's own events. */
struct casework_file {
    int64_t family;
    struct casework_pupil *pupils[STATE_MAX_PUPILS];   /* in order of id */
    struct reach_pupil reach_pupils[STATE_MAX_PUPILS]; /* the same, for reach */
    size_t pupil_count;
    struct event *events; /* sorted */
    size_t event_count, event_room;
    struct arena arena; /* of the events */
    struct reach reach;
    bool in_quarantine; /* a record of a child waits for a person */
    bool stale;         /* reach is to be gathered again */
    struct state state;
    struct date deadline; /* the day before the first of its pupils starts */
    wall oldest_record;
};

/* What every family's state and deadline depend on beside its own events. */
struct casework_frame {
    struct policy policy;
    struct date today;
    struct date entry;
};

struct casework {
    struct casework_file **files; /* by family */
    size_t count, room;
    struct casework_file school; /* events of family 0 */
    struct casework_pupil **pupils;
    size_t pupil_count, pupil_room;
    struct db_stamp stamp;
    bool filled;
    int64_t last_event;
    struct policy policy;
    struct casework_frame frame; /* of the last refresh */
    wall now;                    /* of the last refresh */
};

struct casework *casework_new(void);
void casework_free(struct casework *casework); /* NULL is allowed */

/** Read what changed, fold every family as of now.  Errors: ERR_DECRYPT,
 * ERR_MALFORMED, and those of the store. */
MUST_CHECK int casework_refresh(struct agent *agent, struct err *err);

/** The family's file, or NULL. */
struct casework_file *casework_find(const struct agent *agent, int64_t family);

/** What its state is folded from: without a strategy, which only the planner
 * asks for (desk_facts).  It points into the file. */
struct state_facts casework_facts(
    const struct casework *casework, const struct casework_file *file);

/** Add an event in the open transaction: id and, unless set, at are filled in.
 * Errors: ERR_MALFORMED, ERR_TOO_BIG, and those of the store. */
MUST_CHECK int casework_add(
    struct agent *agent, struct event *event, struct err *err);

/** The pupil with that record; NULL if it is not of this family. */
const struct casework_pupil *casework_pupil(
    const struct casework_file *file, int64_t record);

#endif
