/*
 * hubreport - what a hub tells an administrator: of each school when it was
 * heard and its newest signed report, and what it remembers of a letter
 * (proto/report.proto).
 *
 * Of this a hub signs only what it attests of a letter.  What it says of a
 * school itself may be wrong; the reports inside are the schools' own.
 */
#ifndef WIRE_HUBREPORT_H
#define WIRE_HUBREPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "wire/report.h"

struct err;

#define HUBREPORT_MAX_BYTES ((size_t)1000 * 1024)
#define HUBREPORT_MAX_SCHOOLS 1000
#define HUBREPORT_MAX_LETTERS 8

struct hubreport_school {
    struct laestab school;
    wall heard;       /* 0: not since the hub was started */
    uint64_t waiting; /* letters in its mailbox */
    wall oldest;      /* of these; 0 */
    uint64_t turned_away;
    wall turned_away_at;
    uint64_t complaints;
    uint64_t crowded;
    wall reported;       /* 0: never */
    struct bytes report; /* signed; in arena */
};

struct hubreport {
    wall time;
    char software[REPORT_SOFTWARE_SIZE];
    uint64_t directory;
    wall started;
    uint64_t disk_free_mib;
    struct hubreport_school *schools; /* by LAESTAB */
    size_t school_count;
    bool more;
};

struct hubreport_letter {
    struct id id;
    struct laestab author, recipient;
    enum lane lane;
    struct id epoch; /* zeros: not remembered */
    uint64_t first, last;
    wall put, acked, expires;
    bool waits;
    struct bytes is_signed; /* wire/attest.h, signed by the hub; or empty */
    struct bytes plain;     /* the same of a hub that signs nothing */
};

struct hubreport_trace {
    struct hubreport_letter letters[HUBREPORT_MAX_LETTERS];
    size_t count;
};

/** What the schools in it, each with its report, take at most. */
size_t hubreport_school_bytes(const struct hubreport_school *school);

/** Errors: ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK int hubreport_encode(
    struct buf *out, const struct hubreport *report, struct err *err);
MUST_CHECK int hubreport_decode(struct hubreport *out, struct bytes wire,
    struct arena *arena, struct err *err);

MUST_CHECK int hubreport_encode_trace(
    struct buf *out, const struct hubreport_trace *trace, struct err *err);
MUST_CHECK int hubreport_decode_trace(struct hubreport_trace *out,
    struct bytes wire, struct arena *arena, struct err *err);

#endif
