/*
 * mailbox - the hub's database: sealed letters until their recipient has them.
 *
 * page_size 16384 (before the first table), secure_delete off.  Many changes in
 * one transaction: the hub begins, drains what came, commits once, and only
 * then answers.
 */
#ifndef STORE_MAILBOX_H
#define STORE_MAILBOX_H

#include "base/arena.h"
#include "store/db.h"
#include "wire/stream.h"

struct mailbox_letter {
    uint64_t cursor; /* given by mailbox_put; never used twice */
    struct laestab author, recipient;
    enum lane lane;
    struct id envelope;
    struct id origin; /* only put: the name it was first put under; zeros */
    struct bytes header, sealed; /* in arena */
    wall put_at, expires_at;
};

/** The storage's own name, made with the database (hubtalk.hub). */
MUST_CHECK int mailbox_id(struct id *out, struct db *db, struct err *err);

/** The highest cursor that was ever given; 0: none. */
MUST_CHECK int mailbox_high(uint64_t *out, struct db *db, struct err *err);

/* How long a letter's name is remembered after it was put, without bytes. */
#define MAILBOX_NAME_DAYS 200
#define MAILBOX_NAMES 100000 /* that are kept of one author, the newest */

/** Fills letter->cursor.  Idempotent by (author, envelope): *fresh is false if
 * it was here, also when the recipient has acknowledged it already, or a newer
 * receipt took its place.  In LANE_RECEIPT the letter takes the place of older
 * ones of the same author to the same recipient; in the others of one with the
 * same origin that still waits, and it inherits put_at and expires_at. */
MUST_CHECK int mailbox_put(
    struct db *db, struct mailbox_letter *letter, bool *fresh, struct err *err);

/** The next letter for recipient in lane with cursor > after.
 * Errors: ERR_NOT_FOUND. */
MUST_CHECK int mailbox_next(struct mailbox_letter *out, struct db *db,
    const struct laestab *recipient, enum lane lane, uint64_t after,
    struct arena *arena, struct err *err);

struct mailbox_arrival {
    struct laestab recipient;
    uint64_t cursor;
    wall at;
    wall handed; /* when it went to the recipient; 0: not known any more */
};

/** Forget the bytes of a letter that its recipient has committed, and keep its
 * name, header and when that was.  Not found, or in another's mailbox, is not
 * an error and changes nothing. */
MUST_CHECK int mailbox_ack(
    struct db *db, const struct mailbox_arrival *arrival, struct err *err);

struct mailbox_use {
    uint64_t letters, bytes;
    wall oldest; /* put_at; 0 if none */
};
/** Of one mailbox, or of one author's letters in all, or (both NULL) of all.
 * Kept in memory: costs a query only if the oldest letter has gone since the
 * last call, or a transaction was rolled back.  Not both at once. */
void mailbox_use(struct mailbox_use *out, struct db *db,
    const struct laestab *recipient, const struct laestab *author);

/** Delete letters past expires_at (returns how many, or an error) and names
 * that were remembered long enough; write down what authors are to be told of
 * (store/notice.h). */
MUST_CHECK int mailbox_expire(struct db *db, wall now, struct err *err);

/* Health reports of agents: the last that came of each school. */
MUST_CHECK int mailbox_put_report(struct db *db, const struct laestab *school,
    struct bytes report, wall at, struct err *err);
struct mailbox_report {
    wall at;
    struct bytes report; /* in arena */
};
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int mailbox_find_report(struct mailbox_report *out, struct db *db,
    const struct laestab *school, struct arena *arena, struct err *err);

#endif
