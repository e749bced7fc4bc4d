/*
 * report - how a school's agent is, as it signs it for the cluster's
 * administrator (proto/report.proto).
 *
 * Nothing here is about a child: counts of whole cohorts, ages, and figures of
 * groups that have passed outreach/cells.h.
 */
#ifndef WIRE_REPORT_H
#define WIRE_REPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "record/date.h"
#include "record/reason.h"
#include "wire/stream.h"

struct err;

#define REPORT_MAX_BYTES ((size_t)60 * 1024) /* before it is signed */
#define REPORT_MAX_SIGNED ((size_t)64 * 1024)
#define REPORT_MAX_PAIRS 256
#define REPORT_MAX_REASONS 64
#define REPORT_MAX_CELLS 16
#define REPORT_STREAMS 2
#define REPORT_SOFTWARE_SIZE 32

struct report_reason {
    enum reason reason;
    uint64_t count;
};

struct report_stream {
    enum lane lane; /* urgent or normal */
    struct id epoch;
    uint64_t sent, received, applied;
};

/* To another school, or from it; the times are since when the oldest waits, 0:
 * none does. */
struct report_pair {
    struct laestab school;
    uint64_t leavers; /* in: records */
    uint64_t sent, received, applied, read;
    wall unreceived, unapplied, unread, urgent;
    struct report_stream streams[REPORT_STREAMS];
    size_t stream_count;
};

struct report_cell {
    unsigned group; /* enum cells_group */
    uint64_t pupils, contacted;
};

struct report_cohort {
    uint64_t pupils, contacted;
    struct date week; /* the Monday that the rest is of */
    uint64_t week_pupils, week_contacted;
    struct report_cell cells[REPORT_MAX_CELLS];
    size_t cell_count;
};

struct report {
    struct laestab school;
    wall at;
    char software[REPORT_SOFTWARE_SIZE];
    uint32_t protocol;
    uint64_t directory;
    wall certificate_expiry;
    bool skew_known;
    int64_t skew_ms;
    uint64_t disk_free_mib;
    wall backup_at; /* 0: never */
    uint64_t incarnation;
    uint64_t queued, unreceipted;
    wall oldest_unreceipted;
    uint64_t refused, unapplied;
    struct report_reason quarantine[REPORT_MAX_REASONS];
    size_t quarantine_count;
    uint64_t asked;
    wall asked_due;
    uint64_t leavers, held;
    struct report_pair *out;
    size_t out_count;
    struct report_pair *in;
    size_t in_count;
    uint64_t pairs_left_out;
    bool has_cohort;
    struct report_cohort cohort;
};

/** Errors: ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK int report_encode(
    struct buf *out, const struct report *report, struct err *err);

/** Read what a school has signed, after the signature was verified.  The pairs
 * are in arena.  Errors: ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK int report_decode(struct report *out, struct bytes wire,
    struct arena *arena, struct err *err);

#endif
