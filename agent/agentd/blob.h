/*
 * blob - records between the vault and plain structs: the only place where the
 * agent opens what it keeps at rest.
 */
#ifndef AGENTD_BLOB_H
#define AGENTD_BLOB_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "record/leaver.h"

struct agent;
struct err;

#define BLOB_LEAVER "leaver"     /* at the primary: leavers_row.id */
#define BLOB_RECORD "record"     /* at the secondary: inbox_record.id */
#define BLOB_OFFER "offer"       /* at the secondary: offer.id */
#define BLOB_EVENT "event"       /* happening.id */
#define BLOB_HELD "held"         /* held_row.id */
#define BLOB_RECALL "recall"     /* recall.id */
#define BLOB_ASKED "asked"       /* asked.id: the answer */
#define BLOB_QUESTION "question" /* asked.id: what is asked */
#define BLOB_TUTOR "tutor"       /* at the primary: leavers_row.id */
#define BLOB_DIARY "diary"       /* at the primary: the LAESTAB it came from */

/** Open a sealed record into *out, whose memory is in arena.
 * Errors: ERR_DECRYPT, ERR_MALFORMED. */
MUST_CHECK int blob_open(struct leaver *out, struct agent *agent,
    const char *label, int64_t row, struct bytes sealed, struct arena *arena,
    struct err *err);

/** Seal plain bytes for a row. */
MUST_CHECK int blob_seal(struct buf *out, struct agent *agent,
    const char *label, int64_t row, struct bytes plain, struct err *err);

#endif
