/* deliver - mail to one consumer: what may go now, in the right order, from
 * memory where it has just come, else from the database. */
#ifndef HUB_DELIVER_H
#define HUB_DELIVER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "hub/box.h"
#include "hub/fresh.h"

struct db;
struct err;

struct deliver {
    struct db *db;
    const struct fresh *fresh; /* letters that were committed just now */
    struct arena *arena;       /* for letters from the database */
    struct buf *talk;          /* scratch */
    uint64_t *sent;            /* counts the letters */
    wall now;
    /* as engine_callbacks.send */
    int (*send)(void *arg, const struct listener_peer *peer, struct bytes talk,
        struct bytes body);
    void *arg;
};

/**
 * Send until there is no mail or no room.  box->dirty is false afterwards
 * unless it failed.
 *
 * Errors: ERR_BUSY (the connection's queue is full: try again soon), and those
 * of the database.  A consumer that is gone leaves the box; that is no error.
 */
MUST_CHECK int deliver_mail(
    const struct deliver *deliver, struct box *box, struct err *err);

#endif
