#include "hub/drain.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/mailbox.h"
#include "store/notice.h"
#include "store/renewals.h"
#include "store/sighting.h"
#include "wire/directory.h"
#include "wire/envelope.h"

void drain_init(struct drain *drain, struct db *db, const struct log *log)
{
    *drain = (struct drain){.db = db, .log = log};
}

static void fail(struct drain *drain, const struct err *err)
{
    db_rollback(drain->db);
    drain->failed = true;
    log_line(
        drain->log, LOG_ERROR, "cannot keep mail", "why=\"%s\"", err->text);
}

/* A full disk may have made SQLite roll back by itself: what was begun and is
 * not open any more has failed. */
static bool begin(struct drain *drain)
{
    struct err err;

    if (drain->failed)
        return false;
    if (drain->begun && !db_in_transaction(drain->db)) {
        (void)err_set(&err, ERR_FULL, "the transaction was rolled back");
        fail(drain, &err);
    } else if (!drain->begun && db_begin(drain->db, &err) != 0) {
        fail(drain, &err);
    }
    drain->begun = !drain->failed;
    return drain->begun;
}

enum reason drain_put(
    struct drain *drain, struct fresh_letter *letter, wall now, wall expires)
{
    SCOPED(buf_free) struct buf header = BUF_EMPTY;
    struct mailbox_letter stored = {.author = letter->header.author,
        .recipient = letter->header.recipient,
        .lane = letter->header.lane,
        .envelope = letter->envelope,
        .origin = letter->origin,
        .sealed = letter->sealed,
        .put_at = now,
        .expires_at = expires};
    bool fresh = false;
    struct err err;

    if (!begin(drain))
        return REASON_DISK_FULL;
    envelope_encode(&header, &letter->header);
    stored.header = buf_bytes(&header);
    if (mailbox_put(drain->db, &stored, &fresh, &err) != 0) {
        fail(drain, &err);
        return REASON_DISK_FULL;
    }
    letter->cursor = stored.cursor;
    if (fresh) {
        fresh_add(&drain->fresh, letter);
        drain->high = letter->cursor;
    }
    return REASON_NONE;
}

bool drain_ack(struct drain *drain, const struct mailbox_arrival *arrival)
{
    struct err err;

    if (!begin(drain))
        return false;
    if (mailbox_ack(drain->db, arrival, &err) == 0)
        return true;
    fail(drain, &err);
    return false;
}

bool drain_see(struct drain *drain, const struct laestab *school,
    const struct sighting *sighting)
{
    struct err err;

    drain->waited = true;
    if (!begin(drain))
        return false;
    if (sighting_put(drain->db, school, sighting, &err) == 0)
        return true;
    fail(drain, &err);
    return false;
}

bool drain_noted(struct drain *drain, const struct laestab *author,
    const struct id *envelope, enum reason reason)
{
    struct err err;

    if (!begin(drain))
        return false;
    if (notice_told(drain->db, author, envelope, reason, &err) == 0)
        return true;
    fail(drain, &err);
    return false;
}

bool drain_report(struct drain *drain, const struct laestab *school,
    struct bytes report, wall now)
{
    struct err err;

    drain->waited = true;
    if (!begin(drain))
        return false;
    if (mailbox_put_report(drain->db, school, report, now, &err) == 0)
        return true;
    fail(drain, &err);
    return false;
}

bool drain_renewal(struct drain *drain, const struct renewals_row *row)
{
    struct err err;

    drain->waited = true;
    if (!begin(drain))
        return false;
    if (renewals_put(drain->db, row, &err) == 0)
        return true;
    fail(drain, &err);
    return false;
}

bool drain_came(struct drain *drain, const struct directory_school *school)
{
    struct err err;

    drain->waited = true;
    if (!begin(drain))
        return false;
    if (renewals_put_came(
            drain->db, &school->laestab, school->curve_key, &err) == 0)
        return true;
    fail(drain, &err);
    return false;
}

void drain_answer(struct drain *drain, const struct drain_reply *reply)
{
    drain->waited = true;
    if (drain->reply_count == drain->reply_room) {
        drain->reply_room = drain->reply_room * 2 + 64;
        drain->replies = mem_resize(
            drain->replies, drain->reply_room, sizeof *drain->replies);
    }
    drain->replies[drain->reply_count++] = *reply;
}

bool drain_can_wait(const struct drain *drain)
{
    return drain->begun && !drain->waited && !drain->failed;
}

void drain_commit(struct drain *drain)
{
    struct err err;

    if (drain->begun && !drain->failed && db_commit(drain->db, &err) != 0)
        fail(drain, &err);
    if (!drain->failed)
        return;
    fresh_clear(&drain->fresh);
    drain->high = 0;
    for (size_t i = 0; i < drain->reply_count; i++)
        if (drain->replies[i].reason == REASON_NONE)
            drain->replies[i].reason = REASON_DISK_FULL;
}

void drain_clear(struct drain *drain)
{
    fresh_clear(&drain->fresh);
    drain->reply_count = 0;
    drain->begun = false;
    drain->waited = false;
    drain->failed = false;
    drain->high = 0;
}

void drain_free(struct drain *drain)
{
    db_rollback(drain->db);
    fresh_free(&drain->fresh);
    free(drain->replies);
    *drain = (struct drain){.db = NULL};
}
