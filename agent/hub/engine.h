/*
 * engine - the hub's mailboxes: what agents say comes in, answers and mail go
 * out, letters are kept in between.  It knows no socket and no clock, so that a
 * simulator can run it.
 *
 *   engine_on_message()   once for each message that came, then
 *   engine_on_drained()   once: one commit for all of them, then the mail that
 *                         can go, then the answers to PUT (ACKs alone wait up
 *                         to 20 ms for company); small receipts go as early
 *                         copies before the commit (hub/early.h)
 *   engine_on_time()      when engine_deadline() has come
 *
 * A peer is judged by the directory at each of its messages, so a revoked
 * school's live connection is refused at once.  Nothing a peer sends is fatal:
 * whatever cannot be served is answered with REFUSED and its reason; a peer
 * that sends more than 100 senseless messages in a minute is not heard for the
 * next.
 *
 * A mailbox has one consumer: the newest HELLO of a school.  Connections before
 * it are told FENCED when they FETCH or ACK.  Mail goes out in the order
 * urgent, receipts, normal, oldest first, while the bytes on their way are less
 * than the credit; a letter that has just come for a recipient that waits goes
 * from memory.
 *
 * FETCH's cursor stands for all lanes alike, and urgent letters overtake: an
 * agent that connects asks with 0, which is everything it has not acknowledged.
 */
#ifndef HUB_ENGINE_H
#define HUB_ENGINE_H

#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "net/listener.h"

#define ENGINE_MAX_CREDIT ((uint64_t)8 * 1024 * 1024) /* more is not given */
#define ENGINE_REASONS 64 /* more than enum reason has */
#define ENGINE_MAX_REPORT ((size_t)64 * 1024)

struct attest;
struct buf;
struct db;
struct engine;
struct err;
struct log;
struct members;
struct settings_hub;

struct engine_callbacks {
    /* 0, ERR_BUSY (the peer's queue is full: not sent) or ERR_NOT_FOUND (it is
     * gone). */
    int (*send)(void *arg, const struct listener_peer *peer, struct bytes talk,
        struct bytes body);
    /* The newest directory; asked at each message. */
    const struct members *(*members)(void *arg);
    /* Verify, store and use a directory; as identity_update_directory(). */
    int (*publish)(
        void *arg, struct bytes signed_directory, wall now, struct err *err);
    /* The last directory of the authority before this one, and its version
     * (0: none), which leads members that were away from the one to the other;
     * NULL: there never is one. */
    struct bytes (*bridge)(void *arg, uint64_t *version);
    /* Bytes that the disk of the database has free. */
    uint64_t (*free_disk)(void *arg);
    /* Sign what this hub attests; as attesting_sign().  NULL: it signs
     * nothing. */
    int (*attest)(
        void *arg, struct buf *out, const struct attest *what, struct err *err);
    void *arg;
};

/* Borrowed for the engine's life, and settings may change in place. */
struct engine_options {
    struct db *db;
    const struct settings_hub *settings;
    const struct log *log;
    struct engine_callbacks callbacks;
};

struct engine_now {
    mono mono;
    wall wall;
};

/** Errors: those of the database. */
MUST_CHECK int engine_new(
    struct engine **out, const struct engine_options *options, struct err *err);

/** May somebody with this transport key connect? */
bool engine_admits(
    struct engine *engine, const struct engine_now *now, const char *curve_key);

/** peer->curve_key is authenticated.  talk and body must live until
 * engine_on_drained() returns. */
void engine_on_message(struct engine *engine, const struct engine_now *now,
    const struct listener_peer *peer, struct bytes talk, struct bytes body);

/** The transport has refused this key: a revoked school that still comes is
 * named to the administrator. */
void engine_turned_away(
    struct engine *engine, const struct engine_now *now, const char *curve_key);

/** The transport has cut or refused a connection of this key, which has too
 * many: the member is named. */
void engine_crowded(
    struct engine *engine, const struct engine_now *now, const char *curve_key);

/** No more messages wait: commit what they changed, then answer, then send the
 * mail that is new. */
void engine_on_drained(struct engine *engine, const struct engine_now *now);

void engine_on_time(struct engine *engine, const struct engine_now *now);

/* Since engine_new(). */
struct engine_counts {
    uint64_t taken;        /* letters kept, or here already */
    uint64_t sent;         /* letters handed to their recipients, each time */
    uint64_t acknowledged; /* letters their recipients have committed */
    uint64_t refused[ENGINE_REASONS]; /* by enum reason: letters and requests */
};
const struct engine_counts *engine_counts(const struct engine *engine);

/* Now. */
struct engine_load {
    uint64_t letters, bytes; /* that wait, or are on their way */
    wall oldest;             /* of them; 0: there is none */
    uint64_t in_flight;      /* bytes on their way */
    uint64_t consumers;      /* schools that are connected and said HELLO */
};
void engine_load(struct engine_load *out, const struct engine *engine);

/** When engine_on_time() has something to do. */
mono engine_deadline(const struct engine *engine);

void engine_free(struct engine *engine); /* NULL is allowed */
static inline void engine_freep(struct engine **engine)
{
    engine_free(*engine);
}

#endif
