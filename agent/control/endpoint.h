/*
 * endpoint - the Unix socket under control: bind, connect, bytes and one
 * descriptor.
 */
#ifndef CONTROL_ENDPOINT_H
#define CONTROL_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/bytes.h"

struct control_peer;
struct err;

/** Bind and listen, mode 0660, non-blocking.  A socket that nobody serves is
 * replaced; a folder that is not there is made, mode 0755.  Errors: ERR_EXISTS
 * (served, or not a socket), ERR_USAGE (the path is too long), ERR_IO. */
MUST_CHECK int endpoint_listen(int *out, const char *path, struct err *err);

/** Errors: ERR_NOT_FOUND (nobody serves path), ERR_DENIED, ERR_USAGE, ERR_IO.
 */
MUST_CHECK int endpoint_connect(int *out, const char *path, struct err *err);

/** The next connection, non-blocking; -1 when none waits. */
int endpoint_accept(int listener);

/** Who is behind the connection, by the kernel's word.  Errors: ERR_IO. */
MUST_CHECK int endpoint_peer(struct control_peer *out, int fd, struct err *err);

/** Send some of src; the first byte carries file unless it is -1.  Returns the
 * count; 0: not now; -1: the connection is gone. */
ssize_t endpoint_send(int fd, struct bytes src, int file);

enum { ENDPOINT_NOT_NOW = -1, ENDPOINT_GONE = -2 };

/**
 * Receive up to room bytes.  Returns the count, ENDPOINT_NOT_NOW or
 * ENDPOINT_GONE.  A descriptor that came along is put into *file, which must
 * have been -1; any further one is closed.
 */
ssize_t endpoint_receive(int fd, uint8_t *data, size_t room, int *file);

#endif
