#include "wire/report.h"

#include "base/err.h"
#include "report.pb-c.h"
#include "wire/field.h"
#include "wire/pool.h"

#define MAX_MEMORY ((size_t)1024 * 1024)
#define MAX_SOFTWARE (REPORT_SOFTWARE_SIZE - 1)
#define MAX_SKEW_MS (INT64_C(100) * 366 * 86400 * 1000)

static const int LANES[2] = {LANE_URGENT, LANE_NORMAL};

/* --- out --- */

static void write_stream(
    Moveup__V1__ReportStream *out, const struct report_stream *stream)
{
    moveup__v1__report_stream__init(out);
    out->lane = (uint32_t)stream->lane;
    out->epoch = field_lend(stream->epoch.bytes, ID_SIZE);
    out->sent = stream->sent;
    out->received = stream->received;
    out->applied = stream->applied;
}

static void write_pair(Moveup__V1__ReportPair *out, struct arena *arena,
    const struct report_pair *pair)
{
    moveup__v1__report_pair__init(out);
    out->laestab = field_put_laestab(&pair->school);
    out->leavers = pair->leavers;
    out->sent = pair->sent;
    out->received = pair->received;
    out->applied = pair->applied;
    out->read = pair->read;
    out->unreceived = (uint64_t)pair->unreceived.ms;
    out->unapplied = (uint64_t)pair->unapplied.ms;
    out->unread = (uint64_t)pair->unread.ms;
    out->urgent = (uint64_t)pair->urgent.ms;
    out->n_streams = pair->stream_count;
    out->streams = (Moveup__V1__ReportStream **)field_row(
        arena, pair->stream_count, sizeof(Moveup__V1__ReportStream));
    for (size_t i = 0; i < pair->stream_count; i++)
        write_stream(out->streams[i], &pair->streams[i]);
}

static Moveup__V1__ReportPair **write_pairs(struct field_check *check,
    struct arena *arena, const struct report_pair *pairs, size_t count)
{
    Moveup__V1__ReportPair **out;

    field_count(check, count, REPORT_MAX_PAIRS, "pairs");
    if (check->rc < 0)
        return NULL;
    out = (Moveup__V1__ReportPair **)field_row(
        arena, count, sizeof(Moveup__V1__ReportPair));
    for (size_t i = 0; i < count; i++) {
        field_count(check, pairs[i].stream_count, REPORT_STREAMS, "streams");
        if (check->rc < 0)
            return NULL;
        write_pair(out[i], arena, &pairs[i]);
    }
    return out;
}

static void write_quarantine(Moveup__V1__SchoolReport *out,
    struct field_check *check, struct arena *arena, const struct report *report)
{
    field_count(check, report->quarantine_count, REPORT_MAX_REASONS, "reasons");
    if (check->rc < 0)
        return;
    out->n_quarantine = report->quarantine_count;
    out->quarantine = (Moveup__V1__ReportReason **)field_row(
        arena, report->quarantine_count, sizeof(Moveup__V1__ReportReason));
    for (size_t i = 0; i < report->quarantine_count; i++) {
        moveup__v1__report_reason__init(out->quarantine[i]);
        out->quarantine[i]->reason = (uint32_t)report->quarantine[i].reason;
        out->quarantine[i]->count = report->quarantine[i].count;
    }
}

static void write_cohort(Moveup__V1__SchoolReport *out,
    struct field_check *check, struct arena *arena,
    const struct report_cohort *cohort)
{
    Moveup__V1__ReportCohort *msg = arena_take(arena, sizeof *msg);

    field_count(check, cohort->cell_count, REPORT_MAX_CELLS, "cells");
    if (check->rc < 0)
        return;
    moveup__v1__report_cohort__init(msg);
    msg->pupils = cohort->pupils;
    msg->contacted = cohort->contacted;
    msg->week = field_put_date(cohort->week);
    msg->week_pupils = cohort->week_pupils;
    msg->week_contacted = cohort->week_contacted;
    msg->n_cells = cohort->cell_count;
    msg->cells = (Moveup__V1__ReportCell **)field_row(
        arena, cohort->cell_count, sizeof(Moveup__V1__ReportCell));
    for (size_t i = 0; i < cohort->cell_count; i++) {
        moveup__v1__report_cell__init(msg->cells[i]);
        msg->cells[i]->group = cohort->cells[i].group;
        msg->cells[i]->pupils = cohort->cells[i].pupils;
        msg->cells[i]->contacted = cohort->cells[i].contacted;
    }
    out->cohort = msg;
}

static void write_facts(Moveup__V1__SchoolReport *out,
    struct field_check *check, const struct report *report)
{
    out->laestab = field_put_laestab(&report->school);
    out->at = (uint64_t)report->at.ms;
    out->software =
        field_put_text(check, report->software, MAX_SOFTWARE, "software");
    out->protocol = report->protocol;
    out->directory = report->directory;
    out->certificate_expiry = (uint64_t)report->certificate_expiry.ms;
    out->skew_known = report->skew_known;
    out->skew_ms = report->skew_ms;
    out->disk_free_mib = report->disk_free_mib;
    out->backup_at = (uint64_t)report->backup_at.ms;
    out->incarnation = report->incarnation;
    out->queued = report->queued;
    out->unreceipted = report->unreceipted;
    out->oldest_unreceipted = (uint64_t)report->oldest_unreceipted.ms;
    out->refused = report->refused;
    out->unapplied = report->unapplied;
    out->asked = report->asked;
    out->asked_due = (uint64_t)report->asked_due.ms;
    out->leavers = report->leavers;
    out->held = report->held;
    out->pairs_left_out = report->pairs_left_out;
}

int report_encode(struct buf *out, const struct report *report, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct field_check check = {"report", err, 0};
    Moveup__V1__SchoolReport msg = MOVEUP__V1__SCHOOL_REPORT__INIT;
    size_t size;

    write_facts(&msg, &check, report);
    write_quarantine(&msg, &check, &arena, report);
    msg.n_out = report->out_count;
    msg.out = write_pairs(&check, &arena, report->out, report->out_count);
    msg.n_in = report->in_count;
    msg.in = write_pairs(&check, &arena, report->in, report->in_count);
    if (report->has_cohort)
        write_cohort(&msg, &check, &arena, &report->cohort);
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__school_report__get_packed_size(&msg);
    if (size > REPORT_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "report: %zu bytes, limit %zu", size,
            REPORT_MAX_BYTES);
    out->len += moveup__v1__school_report__pack(&msg, buf_reserve(out, size));
    return 0;
}

/* --- in --- */

static struct report_stream read_stream(
    struct field_check *check, const Moveup__V1__ReportStream *src)
{
    const int lane = src->lane > INT32_MAX ? 0 : (int)src->lane;

    return (struct report_stream){
        .lane = (enum lane)field_enum(check, lane, LANES, "lane"),
        .epoch = field_id(check, src->epoch, "epoch"),
        .sent = field_number(check, src->sent, 0, "sent"),
        .received = field_number(check, src->received, 0, "received"),
        .applied = field_number(check, src->applied, 0, "applied"),
    };
}

static void read_pair(struct report_pair *out, struct field_check *check,
    const Moveup__V1__ReportPair *src)
{
    *out = (struct report_pair){
        .school = field_laestab(check, src->laestab, "school"),
        .leavers = field_number(check, src->leavers, 0, "leavers"),
        .sent = field_number(check, src->sent, 0, "sent"),
        .received = field_number(check, src->received, 0, "received"),
        .applied = field_number(check, src->applied, 0, "applied"),
        .read = field_number(check, src->read, 0, "read"),
        .unreceived = field_time(check, src->unreceived, "unreceived"),
        .unapplied = field_time(check, src->unapplied, "unapplied"),
        .unread = field_time(check, src->unread, "unread"),
        .urgent = field_time(check, src->urgent, "urgent"),
    };
    field_count(check, src->n_streams, REPORT_STREAMS, "streams");
    if (check->rc < 0)
        return;
    out->stream_count = src->n_streams;
    for (size_t i = 0; i < src->n_streams; i++)
        out->streams[i] = read_stream(check, src->streams[i]);
}

static struct report_pair *read_pairs(size_t *out_count,
    struct field_check *check, struct arena *arena,
    Moveup__V1__ReportPair *const *src, size_t count)
{
    struct report_pair *out;

    field_count(check, count, REPORT_MAX_PAIRS, "pairs");
    if (check->rc < 0 || count == 0)
        return NULL;
    out = arena_take(arena, count * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        read_pair(&out[i], check, src[i]);
        if (check->rc == 0 && i > 0 &&
            strcmp(out[i - 1].school.text, out[i].school.text) >= 0)
            field_refuse(check, ERR_MALFORMED, "pairs", "are not in order");
    }
    *out_count = count;
    return out;
}

static void read_quarantine(struct report *out, struct field_check *check,
    const Moveup__V1__SchoolReport *src)
{
    field_count(check, src->n_quarantine, REPORT_MAX_REASONS, "reasons");
    if (check->rc < 0)
        return;
    out->quarantine_count = src->n_quarantine;
    for (size_t i = 0; i < src->n_quarantine; i++)
        out->quarantine[i] = (struct report_reason){
            field_reason(check, src->quarantine[i]->reason, REASON_BAD_REQUEST,
                "reason"),
            field_number(check, src->quarantine[i]->count, 1, "count")};
}

static void read_cohort(struct report_cohort *out, struct field_check *check,
    const Moveup__V1__ReportCohort *src)
{
    out->pupils = field_number(check, src->pupils, 0, "pupils");
    out->contacted = field_number(check, src->contacted, 0, "contacted");
    out->week = field_date(check, src->week, "week");
    out->week_pupils = field_number(check, src->week_pupils, 0, "pupils");
    out->week_contacted =
        field_number(check, src->week_contacted, 0, "contacted");
    field_count(check, src->n_cells, REPORT_MAX_CELLS, "cells");
    if (out->contacted > out->pupils || out->week_contacted > out->week_pupils)
        field_refuse(check, ERR_MALFORMED, "contacted", "is more than all");
    if (check->rc < 0)
        return;
    out->cell_count = src->n_cells;
    for (size_t i = 0; i < src->n_cells; i++) {
        const Moveup__V1__ReportCell *cell = src->cells[i];

        out->cells[i] = (struct report_cell){cell->group,
            field_number(check, cell->pupils, 0, "pupils"),
            field_number(check, cell->contacted, 0, "contacted")};
        if (cell->contacted > cell->pupils)
            field_refuse(check, ERR_MALFORMED, "contacted", "is more than all");
    }
}

static void read_state(struct report *out, struct field_check *check,
    const Moveup__V1__SchoolReport *src)
{
    const char *software =
        field_text(check, src->software, MAX_SOFTWARE, "software");

    memcpy(out->software, software, strlen(software));
    out->school = field_laestab(check, src->laestab, "school");
    out->at = field_time(check, src->at, "time");
    out->protocol = src->protocol;
    out->directory = field_number(check, src->directory, 0, "directory");
    out->certificate_expiry =
        field_time(check, src->certificate_expiry, "expiry");
    out->skew_known = src->skew_known;
    out->skew_ms = src->skew_ms;
    out->disk_free_mib = field_number(check, src->disk_free_mib, 0, "disk");
    out->backup_at = field_time(check, src->backup_at, "backup");
    out->incarnation = field_number(check, src->incarnation, 0, "incarnation");
    if (src->skew_ms > MAX_SKEW_MS || src->skew_ms < -MAX_SKEW_MS)
        field_refuse(check, ERR_MALFORMED, "skew", "is out of range");
}

static void read_mail(struct report *out, struct field_check *check,
    const Moveup__V1__SchoolReport *src)
{
    out->queued = field_number(check, src->queued, 0, "queued");
    out->unreceipted = field_number(check, src->unreceipted, 0, "unreceipted");
    out->oldest_unreceipted =
        field_time(check, src->oldest_unreceipted, "oldest");
    out->refused = field_number(check, src->refused, 0, "refused");
    out->unapplied = field_number(check, src->unapplied, 0, "unapplied");
    out->asked = field_number(check, src->asked, 0, "asked");
    out->asked_due = field_time(check, src->asked_due, "due");
    out->leavers = field_number(check, src->leavers, 0, "leavers");
    out->held = field_number(check, src->held, 0, "held");
    out->pairs_left_out =
        field_number(check, src->pairs_left_out, 0, "pairs left out");
    read_quarantine(out, check, src);
}

int report_decode(
    struct report *out, struct bytes wire, struct arena *arena, struct err *err)
{
    struct report report = {.at = {0}};
    struct field_check check = {"report", err, 0};
    const Moveup__V1__SchoolReport *msg;
    struct pool pool;

    if (wire.len > REPORT_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "report: %zu bytes, limit %zu",
            wire.len, REPORT_MAX_BYTES);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__school_report__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "report: not protobuf");
    read_state(&report, &check, msg);
    read_mail(&report, &check, msg);
    report.out =
        read_pairs(&report.out_count, &check, arena, msg->out, msg->n_out);
    report.in = read_pairs(&report.in_count, &check, arena, msg->in, msg->n_in);
    if (msg->cohort != NULL) {
        report.has_cohort = true;
        read_cohort(&report.cohort, &check, msg->cohort);
    }
    if (check.rc < 0)
        return check.rc;
    *out = report;
    return 0;
}
