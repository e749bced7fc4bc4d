/*
 * asked - at the primary: what other schools ask of us, until somebody has
 * answered.
 */
#ifndef STORE_ASKED_H
#define STORE_ASKED_H

#include "record/reason.h"
#include "store/leavers.h"

/* Of one school about one child: what it asks beyond that is passed over. */
#define ASKED_MOST_OPEN 64

enum asked_kind {
    ASKED_NOT_OURS = 1, /* the school does not expect this child */
    ASKED_REFUSED,      /* it could not take the record: reason */
    ASKED_WRONG_NUMBER, /* a number of a contact does not reach it */
    ASKED_HELP_REACH,   /* the family was not reached */
    ASKED_QUESTION,
};

struct asked {
    int64_t id; /* 0: new; from asked_next_id() if it has words */
    struct laestab school;
    int64_t leaver;    /* leavers_row.id */
    uint64_t revision; /* that was sent */
    enum asked_kind kind;
    enum reason reason;
    wall at;
    wall due;
    uint64_t request;        /* that the school drew; 0: from a receipt */
    uint32_t contact, point; /* of that revision; 0: none */
    struct bytes words;      /* a question; vault label "question", row id */
    /* filled by reads; 0 and "" while it is open */
    wall closed_at;
    char closed_by[33];  /* login */
    struct bytes sealed; /* the answer; vault label "asked", row id */
};

/** "not-ours": the words of cli.md. */
const char *asked_kind_name(enum asked_kind kind);

/** An id that no row has, nor had. */
MUST_CHECK int asked_next_id(struct db *db, int64_t *id, struct err *err);

/** The same school, leaver, revision, kind, reason and request twice is one
 * row.  A request that this school has made before under another revision too.
 */
MUST_CHECK int asked_add(
    struct db *db, const struct asked *asked, struct err *err);

/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int asked_find(struct asked *out, struct db *db, int64_t id,
    struct arena *arena, struct err *err);

/** Oldest first, with the words, which live during the visit. */
MUST_CHECK int asked_each_open(struct db *db,
    int (*visit)(void *arg, const struct asked *asked), void *arg,
    struct err *err);

/** The same for the requests of a school that were answered, with the answer.
 */
MUST_CHECK int asked_each_closed(struct db *db, const struct laestab *school,
    int (*visit)(void *arg, const struct asked *asked), void *arg,
    struct err *err);

/** by: login.  Errors: ERR_NOT_FOUND (or it is closed). */
MUST_CHECK int asked_close(struct db *db, int64_t id, wall at, const char *by,
    struct bytes sealed, struct err *err);

/** Has this school open requests? */
MUST_CHECK int asked_is_open(
    bool *open, struct db *db, const struct laestab *school, struct err *err);

/** Within a transaction: the open requests of a school that has closed are now
 * those of the one that follows it. */
MUST_CHECK int asked_move(struct db *db, const struct laestab *from,
    const struct laestab *to, struct err *err);

/** All that are open about this leaver: it was recalled, or goes elsewhere. */
MUST_CHECK int asked_close_leaver(
    struct db *db, int64_t leaver, wall at, const char *by, struct err *err);

#endif
