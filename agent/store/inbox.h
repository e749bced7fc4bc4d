/*
 * inbox - the recipient's side: where each stream stands, the records that were
 * applied, the families they belong to, what was put aside, and how far each
 * hub's mailbox was read.
 */
#ifndef STORE_INBOX_H
#define STORE_INBOX_H

#include "store/leavers.h"
#include "sync/intake.h"
#include "wire/batch.h"

struct inbox_stream {
    int64_t id; /* 0: none yet */
    struct laestab author;
    enum lane lane;
    struct intake intake;
    wall heard_at;
};

/* Of one stream, for ever: an epoch is a restore of its author, or a snapshot
 * that one of the two schools needed. */
#define INBOX_MAX_EPOCHS 5000

/** The current epoch's row; id 0 and an empty intake if none.
 * *epoch_seen: `epoch` was current once and is closed, or its author has opened
 * all that are taken of it. */
MUST_CHECK int inbox_stream(struct inbox_stream *out, bool *epoch_seen,
    struct db *db, const struct laestab *author, enum lane lane,
    const struct id *epoch, struct err *err);
/** Store it; a changed epoch closes the old row for ever.  Errors: ERR_EXISTS,
 * the new epoch was current before. */
MUST_CHECK int inbox_put_stream(
    struct db *db, struct inbox_stream *stream, struct err *err);
MUST_CHECK int inbox_each_stream(struct db *db,
    int (*visit)(void *arg, const struct inbox_stream *stream), void *arg,
    struct err *err); /* current epochs only */

struct inbox_record {
    int64_t id;     /* 0: new; from inbox_next_record_id() */
    struct tag tag; /* of the UPN: one row a pupil */
    struct laestab author;
    uint64_t revision;
    struct bytes sealed;    /* vault label "record", row id */
    int64_t family;         /* the contact case */
    wall applied_at;        /* first revision */
    wall changed_at;        /* this revision */
    uint64_t read_revision; /* 0: not read */
    wall read_at;
    char read_role[24];
    char read_by[64]; /* login */
};

/** An id that no record has: a blob can be bound to it before it is stored. */
MUST_CHECK int inbox_next_record_id(
    struct db *db, int64_t *id, struct err *err);
/** Insert, or replace by id.  Errors: ERR_EXISTS, another row has this tag. */
MUST_CHECK int inbox_put_record(
    struct db *db, const struct inbox_record *record, struct err *err);
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int inbox_find_record(struct inbox_record *out, struct db *db,
    const struct tag *tag, struct arena *arena, struct err *err);
/** A record keeps who read its highest revision first.  Errors: ERR_NOT_FOUND.
 */
MUST_CHECK int inbox_mark_read(struct db *db, int64_t id, uint64_t revision,
    const char *role, const char *login, wall at, struct err *err);
/** How many records are here: counted by the pages of an index. */
MUST_CHECK int inbox_count(int64_t *count, struct db *db, struct err *err);
/** How many records this school has here: reads them all. */
MUST_CHECK int inbox_count_of(int64_t *count, struct db *db,
    const struct laestab *author, struct err *err);

/** In order of family, then id.  family 0: all. */
MUST_CHECK int inbox_each_record(struct db *db, int64_t family,
    int (*visit)(void *arg, const struct inbox_record *record), void *arg,
    struct err *err);

/** The family that one of these people (tags of "author/source_id") belongs to,
 * or a new one; all of them belong to it afterwards.  If they belong to several
 * families, these become one: the one with the smallest id, and their records
 * move to it. */
MUST_CHECK int inbox_family(int64_t *family, struct db *db,
    const struct tag *people, size_t count, wall now, struct err *err);

/* Put aside with a reason, to be looked at by a person. */
struct quarantine_row {
    int64_t id;
    wall at;
    struct laestab author; /* as the header said; "" if unreadable */
    enum lane lane;
    struct id epoch, envelope;
    uint64_t first, last;
    enum reason reason;
    char detail[160];            /* no personal data */
    struct bytes header, sealed; /* as they came; in arena */
    uint64_t size;
};
#define INBOX_QUARANTINE_KEPT 1000                /* rows with their bytes */
#define INBOX_QUARANTINE_BYTES (64 * 1024 * 1024) /* of all of them */
#define INBOX_QUARANTINE_ROWS 10000               /* with and without */
/** Keeps the bytes of at most 1,000 rows and 64 MiB: beyond that the bytes of
 * the oldest are dropped and the row stays, and beyond 10,000 rows the oldest
 * row goes too.  The same envelope and reason twice is one row. */
MUST_CHECK int inbox_quarantine_add(
    struct db *db, const struct quarantine_row *row, struct err *err);
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int inbox_quarantine_find(struct quarantine_row *out, struct db *db,
    int64_t id, struct arena *arena, struct err *err);
MUST_CHECK int inbox_quarantine_each(struct db *db,
    int (*visit)(void *arg, const struct quarantine_row *row), void *arg,
    struct err *err); /* newest first, without the bytes */
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int inbox_quarantine_drop(
    struct db *db, int64_t id, struct err *err);
MUST_CHECK int inbox_quarantine_count(
    uint64_t *count, struct db *db, struct err *err);

#endif
