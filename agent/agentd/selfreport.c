#include "agentd/selfreport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "agentd/agent.h"
#include "agentd/past.h"
#include "agentd/post.h"
#include "agentd/weekly.h"
#include "base/err.h"
#include "crypto/cert.h"
#include "store/account.h"
#include "store/asked.h"
#include "store/inbox.h"
#include "store/retries.h"

#define MIB ((uint64_t)1024 * 1024)

/* The pair with that school, made if it is new and there is room.  Schools come
 * in any order; report->out and in are kept sorted. */
static struct report_pair *pair_of(struct report_pair *pairs, size_t *count,
    struct report *report, const struct laestab *school)
{
    size_t at = 0;

    while (at < *count && strcmp(pairs[at].school.text, school->text) < 0)
        at++;
    if (at < *count && laestab_equal(&pairs[at].school, school))
        return &pairs[at];
    if (*count == REPORT_MAX_PAIRS) {
        report->pairs_left_out++;
        return NULL;
    }
    memmove(&pairs[at + 1], &pairs[at], (*count - at) * sizeof *pairs);
    (*count)++;
    pairs[at] = (struct report_pair){.school = *school};
    return &pairs[at];
}

static struct report_pair *out_pair(
    struct report *report, const struct laestab *school)
{
    return pair_of(report->out, &report->out_count, report, school);
}

static struct report_pair *in_pair(
    struct report *report, const struct laestab *school)
{
    return pair_of(report->in, &report->in_count, report, school);
}

/* The earlier of two, where 0 is never. */
static wall older(wall a, wall b)
{
    return a.ms == 0 || (b.ms != 0 && b.ms < a.ms) ? b : a;
}

/* --- our leavers --- */

static int add_leaver(void *arg, const struct leavers_row *row)
{
    struct report *report = arg;
    struct report_pair *pair;

    if (row->state == LEAVER_RECALLED)
        return 0;
    report->leavers++;
    report->held += row->blocked;
    if (row->destination.text[0] == '\0')
        return 0;
    pair = out_pair(report, &row->destination);
    if (pair == NULL)
        return 0;
    pair->leavers++;
    pair->sent += row->seq > 0;
    pair->received += row->received_at.ms != 0;
    pair->applied += row->applied_at.ms != 0;
    pair->read += row->read_revision > 0;
    if (row->applied_at.ms != 0 && row->read_revision == 0)
        pair->unread = older(pair->unread, row->applied_at);
    return 0;
}

static int add_out(void *arg, const struct account_stream *stream)
{
    struct report_pair *pair = out_pair(arg, &stream->recipient);

    if (pair == NULL || pair->stream_count == REPORT_STREAMS)
        return 0;
    pair->unreceived = older(pair->unreceived, stream->unreceived);
    pair->unapplied = older(pair->unapplied, stream->unapplied);
    if (stream->lane == LANE_URGENT)
        pair->urgent = stream->unapplied;
    pair->streams[pair->stream_count++] = (struct report_stream){stream->lane,
        stream->epoch, stream->sent, stream->received, stream->applied};
    return 0;
}

/* --- records of others --- */

static int add_record(void *arg, const struct inbox_record *record)
{
    struct report_pair *pair = in_pair(arg, &record->author);

    if (pair == NULL)
        return 0;
    pair->leavers++;
    pair->read += record->read_revision > 0;
    if (record->read_revision == 0)
        pair->unread = older(pair->unread, record->applied_at);
    return 0;
}

static int add_in(void *arg, const struct inbox_stream *stream)
{
    struct report *report = arg;
    struct report_pair *pair = in_pair(report, &stream->author);

    for (size_t i = 0; i < stream->intake.hole_count; i++)
        report->unapplied +=
            stream->intake.holes[i].last - stream->intake.holes[i].first + 1;
    if (pair == NULL || pair->stream_count == REPORT_STREAMS ||
        stream->lane == LANE_RECEIPT)
        return 0;
    pair->streams[pair->stream_count++] = (struct report_stream){stream->lane,
        stream->intake.epoch, stream->intake.high, stream->intake.high,
        intake_applied(&stream->intake)};
    return 0;
}

static int add_quarantined(void *arg, const struct quarantine_row *row)
{
    struct report *report = arg;
    size_t i = 0;

    while (i < report->quarantine_count &&
           report->quarantine[i].reason != row->reason)
        i++;
    if (i == REPORT_MAX_REASONS)
        return 0;
    if (i == report->quarantine_count)
        report->quarantine[report->quarantine_count++] =
            (struct report_reason){row->reason, 0};
    report->quarantine[i].count++;
    return 0;
}

static int add_asked(void *arg, const struct asked *asked)
{
    struct report *report = arg;

    report->asked++;
    report->asked_due = older(report->asked_due, asked->due);
    return 0;
}

static int add_stream(void *arg, const struct outbox_stream *stream)
{
    struct report *report = arg;

    report->unreceipted += stream->unreceipted;
    report->oldest_unreceipted =
        older(report->oldest_unreceipted, stream->oldest_unreceipted);
    return 0;
}

static int add_unput(void *arg, const struct outbox_batch *batch)
{
    struct report *report = arg;

    if (batch->put_at.ms == 0)
        report->queued += batch->last - batch->first + 1;
    return 0;
}

/* Streams are in the order of their numbers; by lane in the report. */
static void sort_streams(struct report_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct report_stream *s = pairs[i].streams;

        if (pairs[i].stream_count == 2 && s[0].lane > s[1].lane) {
            const struct report_stream first = s[0];

            s[0] = s[1];
            s[1] = first;
        }
    }
}

/* --- the whole --- */

static void fill_clock(struct report *out, const struct agent *agent)
{
    struct post_hub hubs[DIRECTORY_MAX_HUBS];
    const size_t n = post_hubs(hubs, DIRECTORY_MAX_HUBS, agent->post);

    for (size_t i = 0; i < n; i++) {
        if (!hubs[i].ready)
            continue;
        if (!out->skew_known || llabs(hubs[i].skew_ms) > llabs(out->skew_ms))
            out->skew_ms = hubs[i].skew_ms;
        out->skew_known = true;
    }
}

static void fill_state(struct report *out, struct agent *agent)
{
    const struct identity *me = agent->identity;
    const wall sign = cert_expiry(me->sign_cert);
    const wall encrypt = cert_expiry(me->encrypt_cert);
    struct statvfs disk;

    out->school = me->laestab;
    out->at = clock_wall();
    snprintf(out->software, sizeof out->software, "%.31s", MOVEUP_VERSION);
    out->protocol = STREAM_VERSION;
    out->directory = members_version(me->members);
    out->certificate_expiry = sign.ms < encrypt.ms ? sign : encrypt;
    out->incarnation = agent->incarnation.number;
    out->backup_at = past_backup_at(agent);
    if (statvfs(me->state, &disk) == 0)
        out->disk_free_mib = (uint64_t)disk.f_bavail * disk.f_frsize / MIB;
    fill_clock(out, agent);
}

static int fill_mail(struct report *out, struct agent *agent, struct err *err)
{
    struct db *db = agent->db;
    int rc = leavers_each(db, NULL, false, add_leaver, out, err);

    if (rc == 0)
        rc = account_each_stream(db, add_out, out, err);
    if (rc == 0)
        rc = outbox_each_stream(db, add_stream, out, err);
    if (rc == 0)
        rc = outbox_each_batch(db, true, add_unput, out, err);
    if (rc == 0)
        rc = inbox_each_record(db, 0, add_record, out, err);
    if (rc == 0)
        rc = inbox_each_stream(db, add_in, out, err);
    if (rc == 0)
        rc = inbox_quarantine_each(db, add_quarantined, out, err);
    if (rc == 0)
        rc = asked_each_open(db, add_asked, out, err);
    if (rc == 0)
        rc = retries_refused(&out->refused, db, err);
    sort_streams(out->out, out->out_count);
    sort_streams(out->in, out->in_count);
    return rc;
}

/* A school's figures are worth less than the news that it cannot make them. */
static void fill_cohort(struct report *out, struct agent *agent)
{
    struct err err = {.text = ""};

    if (weekly_figures(&out->cohort, &out->has_cohort, agent, &err) == 0)
        return;
    out->has_cohort = false;
    log_line(&agent->log, LOG_WARN, "the report says nothing of first contact",
        "reason=\"%s\"", err.text);
}

int selfreport_make(struct report *out, struct agent *agent,
    struct arena *arena, struct err *err)
{
    const size_t room = (REPORT_MAX_PAIRS + 1) * sizeof *out->out;
    int rc;

    *out = (struct report){.at = {0}};
    out->out = arena_take(arena, room);
    out->in = arena_take(arena, room);
    fill_state(out, agent);
    rc = fill_mail(out, agent, err);
    if (rc == 0)
        fill_cohort(out, agent);
    return rc;
}
