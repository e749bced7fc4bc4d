/*
 * drain - what one drain of the socket changes (or a few, if the first were
 * only ACKs), in one transaction: begun with the first change, committed once,
 * and only then told to the peers.
 *
 * If any change or the commit fails, all are rolled back and every PUT of the
 * drain is answered with DISK_FULL: nothing was kept, and authors send again.
 */
#ifndef HUB_DRAIN_H
#define HUB_DRAIN_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/id.h"
#include "hub/fresh.h"
#include "net/listener.h"
#include "record/reason.h"
#include "wire/stream.h"

struct db;
struct directory_school;
struct mailbox_arrival;
struct renewals_row;
struct sighting;
struct log;

/* A PUT_DONE to be sent after the commit. */
struct drain_reply {
    struct listener_peer peer;
    struct id envelope;
    uint64_t cursor; /* of a letter that is kept; 0 */
    enum reason reason;
    struct laestab school; /* who put it; with the next two, for a refusal */
    struct header header;
    uint64_t size; /* bytes of the sealed batch */
};

struct drain {
    struct db *db;
    const struct log *log;
    struct fresh fresh; /* of the letters stored */
    struct drain_reply *replies;
    size_t reply_count, reply_room;
    bool begun;  /* the transaction */
    bool waited; /* somebody waits for the commit */
    bool failed;
    uint64_t high; /* the highest cursor of this drain; 0: none */
};

/** Both are borrowed for as long as the drain lives; nothing is begun yet. */
void drain_init(struct drain *drain, struct db *db, const struct log *log);

/** Store a letter until expires; its cursor is set.  REASON_NONE also for one
 * that is here already. */
enum reason drain_put(
    struct drain *drain, struct fresh_letter *letter, wall now, wall expires);

/** The recipient has this letter.  False: it could not be noted; the letter
 * will come again. */
bool drain_ack(struct drain *drain, const struct mailbox_arrival *arrival);

/** Remember what a school said of itself.  False: it could not be. */
bool drain_see(struct drain *drain, const struct laestab *school,
    const struct sighting *sighting);

/** The author has been told of its letter. */
bool drain_noted(struct drain *drain, const struct laestab *author,
    const struct id *envelope, enum reason reason);

/** Keep the newest report of a school.  False: it could not be. */
bool drain_report(struct drain *drain, const struct laestab *school,
    struct bytes report, wall now);

/** Keep a school's renewal.  False: it could not be. */
bool drain_renewal(struct drain *drain, const struct renewals_row *row);

/** Remember that a school has come with its newest transport key. */
bool drain_came(struct drain *drain, const struct directory_school *school);

/** Say this once the commit is through, or DISK_FULL if it is not.  Copied. */
void drain_answer(struct drain *drain, const struct drain_reply *reply);

/** Does it hold nothing but ACKs?  Then the commit can wait: a letter whose ACK
 * is lost comes again. */
bool drain_can_wait(const struct drain *drain);

/** Commit.  After it fresh holds what was stored, and replies are final. */
void drain_commit(struct drain *drain);

/** The drain is over; memory is kept for the next. */
void drain_clear(struct drain *drain);

void drain_free(struct drain *drain); /* what is not committed is lost */

#endif
