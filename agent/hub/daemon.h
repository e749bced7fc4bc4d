/* daemon - the hub as a running program: joins engine, database, listener,
 * identity, loop and log. */
#ifndef HUB_DAEMON_H
#define HUB_DAEMON_H

#include "base/attr.h"

struct daemon;
struct err;

/**
 * Open everything, in this order: settings, identity, database, listener.
 * config may be NULL.
 *
 * Errors: those of the parts; ERR_NOT_FOUND and ERR_STATE say what to run next
 * where the folder has not been enrolled or has not joined.
 */
MUST_CHECK int daemon_open(struct daemon **out, const char *state,
    const char *config, struct err *err);

/** Serve until SIGTERM or SIGINT. */
MUST_CHECK int daemon_run(struct daemon *daemon, struct err *err);

void daemon_close(struct daemon *daemon); /* NULL is allowed */
static inline void daemon_closep(struct daemon **daemon)
{
    daemon_close(*daemon);
}

#endif
