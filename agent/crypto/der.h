/*
 * der - step through DER whose shape is known, refusing any other.
 *
 * CMS leaves a sender many ways to write the same message, and OpenSSL reads
 * them all.  Two that differ in bytes but not in effect are one too many for
 * messages that are chained by digest, so seal lets OpenSSL see only the one
 * way that OpenSSL writes them.
 *
 * The first misfit is remembered in `flaw` (shared by all readers of one
 * message) and every later step yields nothing: check once, at the end.
 * Private to this room.
 */
#ifndef CRYPTO_DER_H
#define CRYPTO_DER_H

#include <stdbool.h>

#include "base/bytes.h"

enum der_tag {
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_PRIMITIVE_0 = 0x80,
    DER_CONTEXT_0 = 0xa0,
    DER_CONTEXT_1 = 0xa1,
};

struct der {
    struct bytes rest;
    const char **flaw; /* NULL: all well so far */
};

/** The value of the next element, which must have this tag and the shortest
 * definite length.  `what` names it when it has not. */
struct bytes der_take(struct der *in, enum der_tag tag, const char *what);

/** As der_take(), of exactly len bytes. */
struct bytes der_take_sized(
    struct der *in, enum der_tag tag, size_t len, const char *what);

/** A reader for what is inside the next element. */
struct der der_enter(struct der *in, enum der_tag tag, const char *what);

/** Step over exactly these bytes. */
void der_expect(struct der *in, struct bytes want, const char *what);

/** Step over len bytes, whatever they are; yields them. */
struct bytes der_skip(struct der *in, size_t len, const char *what);

/** Nothing may follow. */
void der_end(struct der *in, const char *what);

/* An array as struct bytes. */
#define DER_BYTES(array) ((struct bytes){(array), sizeof(array)})

#endif
