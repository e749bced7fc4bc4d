/*
 * attest - what a hub attests of one letter, as the bytes that it signs
 * (proto/attest.proto).  trust/attesting.h signs and verifies.
 */
#ifndef WIRE_ATTEST_H
#define WIRE_ATTEST_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/reason.h"
#include "wire/stream.h"

struct err;

#define ATTEST_MAX_BYTES ((size_t)1024)
#define ATTEST_MAX_SIGNED ((size_t)2048)
#define ATTEST_MAX_EVENTS 8

enum attest_kind {
    ATTEST_PUT = 1,
    ATTEST_HANDED,
    ATTEST_ACKNOWLEDGED,
    ATTEST_EXPIRING,
    ATTEST_EXPIRED,
    ATTEST_SUPERSEDED,
    ATTEST_REFUSED,
};

struct attest_event {
    enum attest_kind kind;
    wall at;
    enum reason reason; /* REFUSED */
};

struct attest {
    const char *hub; /* its endpoint; "": it signs nothing */
    wall time;       /* when it was signed */
    struct id id;    /* the envelope's name */
    struct header header;
    uint64_t size; /* bytes; 0: not remembered */
    struct attest_event events[ATTEST_MAX_EVENTS];
    size_t count; /* from 1 */
};

/** "put", "handed" ...: for scripts. */
const char *attest_name(enum attest_kind kind);

/** Errors: ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK int attest_encode(
    struct buf *out, const struct attest *attest, struct err *err);

/** Read what was signed, after its signature was verified.  Text lives in
 * arena.  Errors: ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK int attest_decode(struct attest *out, struct bytes wire,
    struct arena *arena, struct err *err);

#endif
