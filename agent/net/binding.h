/* binding - a listening ZeroMQ socket, or why not (for this room only). */
#ifndef NET_BINDING_H
#define NET_BINDING_H

#include "base/attr.h"

struct err;

/** Bind `socket`; `bound`, the caller's to free, says where it listens.
 * Errors: ERR_IO, with what to do about it. */
MUST_CHECK int binding_make(
    char **bound, void *socket, const char *endpoint, struct err *err);

#endif
