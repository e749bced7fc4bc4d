/*
 * sender - leavers into the outbox: numbers, batches, signatures, envelopes.
 *
 * A send takes rows in order, one batch a step of the loop, so that the first
 * batch is at the hub while the next is sealed.  Each batch is one transaction:
 * numbers, sealed bytes and the rows' marks are there together or not at all;
 * nothing leaves before it commits.
 */
#ifndef AGENTD_SENDER_H
#define AGENTD_SENDER_H

#include <stdbool.h>

#include "base/attr.h"
#include "control/control.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;
struct sender;

/* One row to send, chosen by the caller. */
struct sender_row {
    int64_t id;
    struct laestab to;
};

struct sender *sender_new(struct agent *agent);
void sender_free(struct sender *sender);

/**
 * Queue rows in this lane.  client (NULL: nobody waits) is answered with result
 * when the last batch is committed, or refused with what went wrong (the rows
 * before it are sent).  Takes over result.
 */
void sender_queue(struct sender *sender, enum lane lane,
    const struct sender_row *rows, size_t count, struct control_client *client,
    json_t *result);

/** Seal and store rows of one school at once, within a transaction: for a
 * snapshot.  rows are not changed. */
MUST_CHECK int sender_seal_rows(struct agent *agent, enum lane lane,
    struct sender_row *rows, size_t count, struct err *err);

/** Nothing waits to be sealed. */
bool sender_is_idle(const struct sender *sender);

/** Forget a client that has gone away; its rows are sent all the same. */
void sender_forget(struct sender *sender, const struct control_client *client);

/**
 * Sign, seal and store one batch of items for `to` at once (used for reads and
 * heartbeats too).  Must run inside a transaction.  *first is the number of
 * items[0].
 */
MUST_CHECK int sender_append(struct agent *agent, uint64_t *first,
    int64_t *stream, const struct laestab *to, enum lane lane,
    struct batch_item *items, size_t count, struct err *err);

/** The same for one leaver as its row stands; the row is marked as sent. */
MUST_CHECK int sender_append_leaver(struct agent *agent, enum lane lane,
    const struct tag *tag, struct err *err);

/** Sign and seal a batch; fills out with header and sealed bytes. */
struct sender_letter {
    struct buf signed_content;
    struct buf header;
    struct buf sealed;
    struct digest content;
    struct id envelope;
};
MUST_CHECK int sender_seal(struct sender_letter *out, struct agent *agent,
    const struct batch *batch, struct err *err);
void sender_letter_free(struct sender_letter *letter);

#endif
