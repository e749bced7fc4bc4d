/* stranger - the self-test of a server socket: knock with a key that nobody
 * knows and insist on being refused (for this room only). */
#ifndef NET_STRANGER_H
#define NET_STRANGER_H

#include "base/attr.h"
#include "net/zap.h"

/** Bind router to a loopback port for the length of the test, before it is
 * bound to where others can reach it.
 * Errors: ERR_CRYPTO (let in, or no answer), ERR_IO. */
MUST_CHECK int stranger_is_refused(void *context, void *router,
    const char *server_key, struct zap *zap, struct err *err);

#endif
