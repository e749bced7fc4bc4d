/*
 * zap - the handler that libzmq asks at each CURVE handshake (RFC 27; for this
 * room only).  One a context; it must be bound before any server socket is.
 */
#ifndef NET_ZAP_H
#define NET_ZAP_H

#include "base/attr.h"

#define ZAP_DOMAIN "moveup"

struct err;
struct zap;

/* What the client's monitor is told. */
enum zap_verdict { ZAP_ADMIT = 200, ZAP_REFUSE = 400, ZAP_FULL = 500 };

/** judge is given the client's public key (Z85), which becomes the user id of
 * its messages.  Errors: ERR_IO. */
MUST_CHECK int zap_open(struct zap **out, void *context,
    enum zap_verdict (*judge)(void *arg, const char *curve_key), void *arg,
    struct err *err);

/** Readable when there are questions; then zap_answer() them all. */
void *zap_socket(const struct zap *zap);
void zap_answer(struct zap *zap);

void zap_close(struct zap *zap); /* NULL is allowed */

#endif
