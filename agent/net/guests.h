/*
 * guests - who holds how many connections (for this room only).
 *
 * An agent needs one.  A member that opens many would use up the descriptors of
 * all, so a key has at most `most` connections that speak: with one more the
 * one that was not heard for the longest goes.  That is never the agent that
 * has just come back while a firewall keeps its old connections half open.
 * Connections that say nothing are another's business (net/silence.h); so that
 * they stay few, a key may knock only so often a minute.
 *
 * Pure: a table by descriptor, and one by key, which grows with each key that
 * was ever let in.
 */
#ifndef NET_GUESTS_H
#define NET_GUESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "net/listener.h"

#define GUESTS_KNOCKS 30 /* a minute, for each connection that is allowed */

struct guests_key;
struct guests_seat;

struct guests {
    unsigned most;             /* may change at any time */
    struct guests_seat *seats; /* by descriptor */
    size_t seat_count;
    size_t descriptors; /* beyond them nothing is known */
    struct guests_key *keys;
    size_t key_count, key_room;
    uint64_t heard; /* counts messages: the higher the later */
};

void guests_init(struct guests *guests, size_t descriptors, unsigned most);
void guests_free(struct guests *guests);

/** A handshake with this key.  False: too many within a minute. */
bool guests_knock(struct guests *guests, const char *curve_key, mono now);

/** A message came over this descriptor.  Returns the descriptor to be cut,
 * which is forgotten with that; -1: none. */
int guests_speak(
    struct guests *guests, int fd, const struct listener_peer *peer);

void guests_leave(struct guests *guests, int fd); /* closed, or new */

#endif
