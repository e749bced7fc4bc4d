#include "agentd/backlog.h"

#include "store/inbox.h"
#include "store/outbox.h"

static int add_out(void *arg, const struct outbox_stream *stream)
{
    struct backlog *backlog = arg;
    const wall oldest = stream->oldest_unreceipted;

    backlog->unreceipted += stream->unreceipted;
    if (oldest.ms != 0 &&
        (backlog->oldest.ms == 0 || oldest.ms < backlog->oldest.ms))
        backlog->oldest = oldest;
    return 0;
}

static int add_batch(void *arg, const struct outbox_batch *batch)
{
    if (batch->put_at.ms == 0)
        ((struct backlog *)arg)->queued += batch->last - batch->first + 1;
    return 0;
}

static int add_in(void *arg, const struct inbox_stream *stream)
{
    const struct intake *intake = &stream->intake;

    for (size_t i = 0; i < intake->hole_count; i++)
        ((struct backlog *)arg)->unapplied +=
            intake->holes[i].last - intake->holes[i].first + 1;
    return 0;
}

int backlog_count(struct backlog *out, struct db *db, struct err *err)
{
    int rc;

    *out = (struct backlog){0};
    rc = outbox_each_stream(db, add_out, out, err);
    if (rc == 0)
        rc = outbox_each_batch(db, true, add_batch, out, err);
    if (rc == 0)
        rc = inbox_each_stream(db, add_in, out, err);
    if (rc == 0)
        rc = inbox_quarantine_count(&out->quarantined, db, err);
    return rc;
}
