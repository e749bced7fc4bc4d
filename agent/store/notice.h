/*
 * notice - at the hub: what authors are to be told of letters that nobody
 * fetches.  A letter is warned of once, at three quarters of its life; its end
 * is told once more.  Both are told until the author has said that it has them.
 * A warning stays until the letter is gone; an end stays as long as names do,
 * for whoever asks what became of the letter.
 *
 * Letters of receipts are not told of: the newest takes the place of the older,
 * and an author that misses one sends again and gets another.
 */
#ifndef STORE_NOTICE_H
#define STORE_NOTICE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/laestab.h"
#include "record/reason.h"

struct db;
struct err;

struct notice {
    int64_t id;
    struct id envelope;
    enum reason reason; /* EXPIRING or EXPIRED */
    wall at;            /* when the letter ends, or ended */
    struct bytes header;
    wall put_at;    /* 0: not remembered */
    uint64_t bytes; /* of the letter; 0: not remembered */
};

/** Within a transaction: write down a warning for each letter that has used up
 * three quarters of its life.  Returns how many are new, or an error. */
MUST_CHECK int notice_warn(struct db *db, wall now, struct err *err);

/** Within a transaction, before a letter that has expired is deleted: it. */
MUST_CHECK int notice_expired(struct db *db, int64_t cursor, struct err *err);

/** What this author has not got, oldest first, at most max.  Returns the count
 * or an error. */
MUST_CHECK int notice_untold(struct notice *out, size_t max, struct db *db,
    const struct laestab *author, struct arena *arena, struct err *err);

/** Within a transaction: the author has it. */
MUST_CHECK int notice_told(struct db *db, const struct laestab *author,
    const struct id *envelope, enum reason reason, struct err *err);

/** Within a transaction: forget warnings of letters that are gone, and ends of
 * before `before`. */
MUST_CHECK int notice_tidy(struct db *db, wall before, struct err *err);

#endif
