/*
 * listener - a hub's ROUTER with CURVE and a ZAP handler that asks an
 * allow-list.
 *
 * With no ZAP handler ZeroMQ accepts any key, so listener_open() binds the
 * handler first, sets ZAP_ENFORCE_DOMAIN, and then tests itself: it connects
 * with an unknown key and insists on being refused before it returns.
 * The peer of a message is the ZAP user id of that message (its CURVE public
 * key), never the routing id.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "net/loop.h"

struct err;
struct listener;

#define LISTENER_SILENCE_MS 60000
#define LISTENER_MOST 8

/* Where a reply goes: one connection.  A value; may be kept and go stale. */
struct listener_peer {
    uint8_t routing[8];
    uint8_t routing_len;
    char curve_key[41]; /* of the message */
};

struct listener_options {
    const char *endpoint; /* tcp://host:port; host may be * */
    const char *public_key;
    const char *secret_key;
    size_t max_message; /* bytes of one frame */
    int32_t silence_ms; /* after this a connection that has said nothing yet is
                         * cut, after a sixth of it while there is no room for
                         * others; 0: LISTENER_SILENCE_MS */
    unsigned most;      /* connections of one key that speak: with one more the
                         * one that was not heard for the longest is cut, and
                         * a key may come 30 times as often a minute; 0:
                         * LISTENER_MOST */
};

struct listener_callbacks {
    /* May this CURVE key connect?  Asked at each handshake. */
    bool (*may_connect)(void *arg, const char *curve_key);
    /* The listener hands over up to 64 messages, then calls on_drained: the
     * place to commit once for all of them.  The bytes live until on_drained
     * returns, and listener_send() of such a body does not copy it. */
    void (*on_message)(void *arg, const struct listener_peer *peer,
        struct bytes talk, struct bytes body);
    void (*on_drained)(void *arg);
    /* Something people must know: descriptor limit near, refused keys... */
    void (*on_event)(void *arg, const char *sentence);
    /* A connection of this key was cut or refused: it has too many.  May be
     * NULL. */
    void (*on_crowded)(void *arg, const char *curve_key);
    void *arg;
};

/** Errors: ERR_IO (address in use, ...), ERR_CRYPTO (the self-test: a stranger
 * was let in), ERR_FULL (too few file descriptors allowed: says which limit).
 */
MUST_CHECK int listener_open(struct listener **out, struct loop *loop,
    const struct listener_options *options,
    const struct listener_callbacks *callbacks, struct err *err);

/** Where it listens, with the port that tcp://host:* was given. */
const char *listener_endpoint(const struct listener *listener);

/** Errors: ERR_BUSY (its queue is full), ERR_NOT_FOUND (it is gone),
 * ERR_TOO_BIG (over max_message). */
MUST_CHECK int listener_send(struct listener *listener,
    const struct listener_peer *peer, struct bytes talk, struct bytes body,
    struct err *err);

/* Since it was opened. */
struct listener_counts {
    uint64_t refused; /* connections whose key may not connect */
    uint64_t full;    /* ...for which there was no descriptor */
    uint64_t odd;     /* messages with odd frames or no sender */
    uint64_t silent;  /* connections that were cut: they said nothing */
    uint64_t crowded; /* ...or refused: too many of one key */
};
struct listener_counts listener_counts(const struct listener *listener);

/** From now on so many connections of one key; see listener_options.most. */
void listener_limit(struct listener *listener, unsigned most);

bool listener_same_peer(
    const struct listener_peer *a, const struct listener_peer *b);

void listener_close(struct listener *listener);
static inline void listener_closep(struct listener **listener)
{
    listener_close(*listener);
}

#endif
