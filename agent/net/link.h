/*
 * link - an agent's connection to one hub: a ZeroMQ DEALER with CURVE, and a
 * monitor that makes its silences loud (design 6).
 *
 *   DOWN --connect--> CONNECTING --handshake--> UP
 *                      |  ^                      |
 *   "key or enrolment  |  | retry with jitter    | lost, silence
 *    wrong" after 5 s  v  |                      v
 *                     TROUBLE <------------------+
 *
 * The 5 s are for keys that have never fitted.  A link that was up before waits
 * for its turn: while a whole cluster comes back after a restart, a hub takes
 * half a minute for 20,000 handshakes.
 *
 * A client that was refused never comes back by itself, and one with a wrong
 * key would try twice a second for ever; so after both the socket is made anew
 * after a wait (1 s, after some tries doubling to 60 s, with jitter).  A hub
 * that went away is tried again after 0.2 to 1 s, doubling to 30 s.  What is
 * sent while not UP is refused, never queued, and what was sent may be lost at
 * any reconnect: reliability is the caller's.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "base/attr.h"
#include "base/bytes.h"
#include "net/loop.h"

struct err;
struct link;

enum link_state {
    LINK_CONNECTING,
    LINK_UP,
    LINK_UNREACHABLE, /* no TCP connection: wrong address, hub down, firewall;
                       * or a hub that was up before hangs in a handshake */
    LINK_KEY_WRONG,   /* TCP is up, the handshake did not end in 5 s: the hub's
                       * key in the directory, or ours, is wrong */
    LINK_REFUSED,     /* the hub does not (yet, any longer) admit our key */
};

struct link_options {
    const char *endpoint;   /* tcp://host:port */
    const char *server_key; /* Z85 */
    const char *public_key; /* ours */
    const char *secret_key;
    size_t max_message; /* bytes of one frame, both ways */
};

struct link_callbacks {
    /* The state changed; sentence says why, for people. */
    void (*on_state)(void *arg, enum link_state state, const char *sentence);
    /* A whole message of one or two frames; borrowed for the call.  May be one
     * of the connection before: what it says is still true. */
    void (*on_message)(void *arg, struct bytes talk, struct bytes body);
    /* After up to 64 messages were handed over: the place to commit once for
     * all of them.  May be NULL. */
    void (*on_drained)(void *arg);
    void *arg;
};

/** Start to connect; the first on_state comes from the loop, never from here.
 * A callback may close the link.
 * Errors: ERR_MALFORMED (endpoint or a key), ERR_IO (out of descriptors). */
MUST_CHECK int link_open(struct link **out, struct loop *loop,
    const struct link_options *options, const struct link_callbacks *callbacks,
    struct err *err);

enum link_state link_state(const struct link *link);

/** Send a message; body may be empty (then one frame goes).
 * Errors: ERR_BUSY (not UP, or the high-water mark is reached: wait for
 * replies), ERR_TOO_BIG (over max_message: it would cut the connection). */
MUST_CHECK int link_send(
    struct link *link, struct bytes talk, struct bytes body, struct err *err);

void link_close(struct link *link); /* NULL is allowed */
static inline void link_closep(struct link **link)
{
    link_close(*link);
}

/** "connected", "cannot reach the hub", "key or enrolment wrong",... */
const char *link_state_name(enum link_state state);

#endif
