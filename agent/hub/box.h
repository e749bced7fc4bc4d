/*
 * box - a school's mailbox as its connected consumer sees it: who that is, and
 * what is on its way to it.  Pure: no database, no socket.
 *
 * Invariants: in_flight is the sum of flights[].bytes; while not greeted it is
 * not fetching either.
 */
#ifndef HUB_BOX_H
#define HUB_BOX_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/id.h"
#include "net/listener.h"
#include "wire/stream.h"

#define BOX_MAX_FLIGHTS 512 /* letters; half of a connection's queue */

/* Bytes on their way to all consumers together.  Beyond it each has one letter
 * at a time, so that who does not acknowledge stops nobody else. */
#define BOX_POOL ((uint64_t)64 * 1024 * 1024)

struct box_flight {
    uint64_t cursor;
    uint64_t bytes;
    wall handed; /* when it was sent */
};

struct box {
    struct laestab school;
    uint64_t *pool;   /* the table's */
    bool greeted;     /* peer and session are set */
    bool early;       /* it takes early copies */
    bool parts;       /* it takes a directory in parts */
    bool fetching;    /* it has asked for mail */
    bool dirty;       /* there may be something to send */
    bool starved;     /* it waits for room in the pool */
    bool tell;        /* there may be notices to tell */
    unsigned telling; /* notices on their way */
    struct listener_peer peer;
    struct id session;
    uint64_t credit;
    uint64_t in_flight; /* bytes sent and not acknowledged */
    struct box_flight *flights;
    size_t flight_count, flight_room;
    /* a lane */
    uint64_t sent[LANE_COUNT + 1];  /* the highest cursor */
    bool caught_up[LANE_COUNT + 1]; /* the database held nothing after sent */
};

/* Sorted by school; never more than the directory has named. */
struct box_table {
    struct box **boxes;
    size_t count, room;
    uint64_t pool; /* the sum of all in_flight */
};

/** The school's box, or NULL. */
struct box *box_find(
    const struct box_table *table, const struct laestab *school);

/** The school's box, made when it is not there.  It stays where it is. */
struct box *box_open(struct box_table *table, const struct laestab *school);

/** A new consumer: whoever was there before is fenced. */
void box_greet(struct box *box, const struct listener_peer *peer,
    const struct id *session);

/** Is peer the consumer? */
bool box_is_consumer(const struct box *box, const struct listener_peer *peer);

/** Begin (again) after this cursor; credit 0 stops. */
void box_fetch(struct box *box, uint64_t after, uint64_t credit);

/** May another letter go?  One always may when none is on its way. */
bool box_has_room(const struct box *box);

/** Does nothing but the pool keep the next letter back? */
bool box_is_starved(const struct box *box);

/** A letter of the lane went to the consumer. */
void box_sent(struct box *box, enum lane lane, const struct box_flight *flight);

/** When this letter went to the consumer; 0: it is not on its way. */
wall box_handed(const struct box *box, uint64_t cursor);

/** The letter has arrived; one that is not on its way is no error. */
void box_acked(struct box *box, uint64_t cursor);

/** The consumer is gone, or must be. */
void box_leave(struct box *box);

void box_free_table(struct box_table *table);

#endif
