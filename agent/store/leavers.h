/*
 * leavers - at the primary: every leaver, its newest revision (sealed by the
 * caller's vault), and where its last sending stands.
 *
 * tag is the vault's keyed hash of the UPN.  A row's state is derived from its
 * own columns and the outbox, never stored; the first that holds:
 *
 *   RECALLED     taken back from the school that has it
 *   DRAFT        it is blocked
 *   READY        never sent, or changed since
 *   EXPIRED      nobody fetched its batch in the time that a hub keeps mail
 *   REJECTED     its batch was refused, by a hub or by the recipient
 *   QUARANTINED  the newest receipt excepts its number, with a reason
 *   READ         a member of the secondary's staff read what was sent
 *   APPLIED      a receipt covers its number; RECEIVED likewise
 *   SENT         a hub has its batch; else QUEUED
 */
#ifndef STORE_LEAVERS_H
#define STORE_LEAVERS_H

#include "base/arena.h"
#include "base/clock.h"
#include "record/laestab.h"
#include "record/reason.h"
#include "store/db.h"

struct tag {
    uint8_t bytes[16];
};

enum leaver_state {
    LEAVER_DRAFT = 1, /* something is missing that forbids sending */
    LEAVER_READY,     /* this revision was never given to the outbox */
    LEAVER_QUEUED,    /* in the outbox; no hub has it yet */
    LEAVER_SENT,      /* a hub keeps it */
    LEAVER_RECEIVED,
    LEAVER_APPLIED,
    LEAVER_READ,
    LEAVER_REJECTED,
    LEAVER_QUARANTINED,
    LEAVER_EXPIRED,
    LEAVER_RECALLED,
    LEAVER_SUPERSEDED,
};

/** "applied": the words of cli.md.  0 for a word that is none. */
const char *leavers_state_name(enum leaver_state state);
enum leaver_state leavers_state_parse(const char *name);

struct leavers_row {
    int64_t id; /* 0: not stored yet */
    struct tag tag;
    struct laestab destination; /* "" not known */
    uint64_t revision;          /* of the record in sealed, from 1 */
    bool blocked;               /* must not be sent: LEAVER_DRAFT */
    bool typed;                 /* a person chose the destination */
    wall recalled_at;           /* 0: not recalled; then the last sending is
                                 * that of the tombstone */
    struct tag sent_as;         /* of the former UPN that the recipient knows
                                 * this child by; zeros: of none */
    struct bytes sealed;        /* the record; vault label "leaver", row id */
    wall changed_at;
    /* the last sending; lane 0: never sent */
    int64_t stream; /* outbox_stream.id */
    uint64_t seq;
    uint64_t sent_revision;
    /* what the secondary told us */
    uint64_t read_revision;
    wall read_at;
    char read_role[24];
    /* filled by reads, from the outbox; the times are those of the last
     * sending, which may be of an older revision */
    enum leaver_state state;
    enum reason reason; /* of REJECTED, EXPIRED and QUARANTINED */
    wall queued_at, sent_at, received_at, applied_at; /* 0: not yet */
};

struct leavers_range {
    int64_t stream; /* outbox_stream.id */
    uint64_t first, last;
};

/** An id that no row has, so that a blob can be bound to it before it is
 * stored. */
MUST_CHECK int leavers_next_id(struct db *db, int64_t *id, struct err *err);

/** Insert (row id from leavers_next_id) or replace by id.  Errors: ERR_EXISTS,
 * another row has this tag. */
MUST_CHECK int leavers_put(
    struct db *db, const struct leavers_row *row, struct err *err);

/** Errors: ERR_NOT_FOUND.  row->sealed is in arena. */
MUST_CHECK int leavers_find(struct leavers_row *row, struct db *db,
    const struct tag *tag, struct arena *arena, struct err *err);

/** The same by its row id. */
MUST_CHECK int leavers_get(struct leavers_row *row, struct db *db, int64_t id,
    struct arena *arena, struct err *err);

/** Visit the leavers with ids of first to last, by id, with their records. */
MUST_CHECK int leavers_each_between(struct db *db, int64_t first, int64_t last,
    int (*visit)(void *arg, const struct leavers_row *row), void *arg,
    struct err *err);

/** Note that the `count` leavers whose ids follow each other from id went out
 * in stream, with the numbers from seq, as they are stored. Errors:
 * ERR_NOT_FOUND. */
MUST_CHECK int leavers_mark_sent(struct db *db, int64_t id, size_t count,
    int64_t stream, uint64_t seq, struct err *err);

/** The staff of its destination read it.  No such leaver, another school, or an
 * older reading than the one that is known, changes nothing. */
MUST_CHECK int leavers_mark_read(struct db *db, const struct tag *tag,
    const struct laestab *school, uint64_t revision, const char *role, wall at,
    struct err *err);

/**
 * Call visit for each row in id order (row->sealed lives during the call).
 * to: NULL or a destination.  with_sealed false leaves row->sealed empty.
 * visit returns 0 to go on, anything else stops and is returned.
 */
MUST_CHECK int leavers_each(struct db *db, const struct laestab *to,
    bool with_sealed, int (*visit)(void *arg, const struct leavers_row *row),
    void *arg, struct err *err);

/** The same, with the bytes, for those whose last sending is a number of
 * first..last of this stream, in the order of their numbers. */
MUST_CHECK int leavers_each_sent(struct db *db,
    const struct leavers_range *range,
    int (*visit)(void *arg, const struct leavers_row *row), void *arg,
    struct err *err);

/** How many rows are in each state; counts[enum leaver_state]. */
MUST_CHECK int leavers_count(
    struct db *db, uint64_t counts[16], struct err *err);

/* Pupils that an import held: sealed notes for `leavers check` (vault label
 * "held"), replaced when the same destination's file comes again. */
struct held_row {
    int64_t id;
    struct laestab destination;
    struct bytes sealed;
    wall at;
};
MUST_CHECK int leavers_held_clear(
    struct db *db, const struct laestab *destination, struct err *err);
MUST_CHECK int leavers_held_next_id(
    struct db *db, int64_t *id, struct err *err);
MUST_CHECK int leavers_held_add(
    struct db *db, const struct held_row *row, struct err *err);
MUST_CHECK int leavers_held_each(struct db *db,
    int (*visit)(void *arg, const struct held_row *row), void *arg,
    struct err *err);

#endif
