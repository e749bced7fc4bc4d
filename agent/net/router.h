/* router - a hub's socket: a ROUTER with CURVE that asks the ZAP handler (for
 * this room only). */
#ifndef NET_ROUTER_H
#define NET_ROUTER_H

#include "base/attr.h"
#include "net/listener.h"

/** Not bound yet.  *out is to be closed also after a failure, if it is not
 * NULL.  Errors: ERR_IO, ERR_CRYPTO. */
MUST_CHECK int router_open(void **out, void *context,
    const struct listener_options *options, struct err *err);

#endif
