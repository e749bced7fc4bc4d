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

/** The current epoch's row; id 0 and an empty intake if none.
 * *epoch_seen: `epoch` was current once and is closed. */
MUST_CHECK int inbox_stream(struct inbox_stream *out, bool *epoch_seen,
    struct db *db, const struct laestab *author, enum lane lane,
    const struct id *epoch, struct err *err);
/** Store it; a changed epoch closes the old row for ever. */
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

MUST_CHECK int inbox_next_record_id(
    struct db *db, int64_t *id, struct err *err);
MUST_CHECK int inbox_put_record(
    struct db *db, const struct inbox_record *record, struct err *err);
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int inbox_find_record(struct inbox_record *out, struct db *db,
    const struct tag *tag, struct arena *arena, struct err *err);
MUST_CHECK int inbox_mark_read(struct db *db, int64_t id, uint64_t revision,
    const char *role, const char *login, wall at, struct err *err);
/** In order of family, then id.  family 0: all. */
MUST_CHECK int inbox_each_record(struct db *db, int64_t family,
    int (*visit)(void *arg, const struct inbox_record *record), void *arg,
    struct err *err);

/** The family that one of these people (tags of "author/source_id") belongs to,
 * or a new one; all of them belong to it afterwards. */
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
/** Keeps at most 1,000 rows and 64 MiB; beyond that the bytes of the oldest are
 * dropped and the row stays.  The same envelope and reason twice is one row. */
MUST_CHECK int inbox_quarantine_add(
    struct db *db, const struct quarantine_row *row, struct err *err);
MUST_CHECK int inbox_quarantine_find(struct quarantine_row *out, struct db *db,
    int64_t id, struct arena *arena, struct err *err);
MUST_CHECK int inbox_quarantine_each(struct db *db,
    int (*visit)(void *arg, const struct quarantine_row *row), void *arg,
    struct err *err); /* newest first, without the bytes */
MUST_CHECK int inbox_quarantine_drop(
    struct db *db, int64_t id, struct err *err);
MUST_CHECK int inbox_quarantine_count(
    uint64_t *count, struct db *db, struct err *err);

#endif
