#include "wire/hubreport.h"

#include "base/err.h"
#include "report.pb-c.h"
#include "wire/attest.h"
#include "wire/field.h"
#include "wire/pool.h"

#define MAX_MEMORY ((size_t)8 * 1024 * 1024)
#define MAX_SOFTWARE (REPORT_SOFTWARE_SIZE - 1)
#define SCHOOL_OVERHEAD 160

static const int LANES[2] = {LANE_URGENT, LANE_RECEIPT};

size_t hubreport_school_bytes(const struct hubreport_school *school)
{
    return SCHOOL_OVERHEAD + school->report.len;
}

static void write_school(
    Moveup__V1__HubSchool *out, const struct hubreport_school *school)
{
    moveup__v1__hub_school__init(out);
    out->laestab = field_put_laestab(&school->school);
    out->heard = (uint64_t)school->heard.ms;
    out->waiting = school->waiting;
    out->oldest = (uint64_t)school->oldest.ms;
    out->turned_away = school->turned_away;
    out->turned_away_at = (uint64_t)school->turned_away_at.ms;
    out->complaints = school->complaints;
    out->crowded = school->crowded;
    out->reported = (uint64_t)school->reported.ms;
    out->report = field_lend(school->report.data, school->report.len);
}

int hubreport_encode(
    struct buf *out, const struct hubreport *report, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct field_check check = {"hub's report", err, 0};
    Moveup__V1__HubReports msg = MOVEUP__V1__HUB_REPORTS__INIT;
    size_t size;

    field_count(&check, report->school_count, HUBREPORT_MAX_SCHOOLS, "schools");
    if (check.rc < 0)
        return check.rc;
    msg.time = (uint64_t)report->time.ms;
    msg.software =
        field_put_text(&check, report->software, MAX_SOFTWARE, "software");
    msg.directory = report->directory;
    msg.started = (uint64_t)report->started.ms;
    msg.disk_free_mib = report->disk_free_mib;
    msg.more = report->more;
    msg.n_schools = report->school_count;
    msg.schools = (Moveup__V1__HubSchool **)field_row(
        &arena, report->school_count, sizeof(Moveup__V1__HubSchool));
    for (size_t i = 0; i < report->school_count; i++)
        write_school(msg.schools[i], &report->schools[i]);
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__hub_reports__get_packed_size(&msg);
    if (size > HUBREPORT_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "hub's report: %zu bytes, limit %zu",
            size, HUBREPORT_MAX_BYTES);
    out->len += moveup__v1__hub_reports__pack(&msg, buf_reserve(out, size));
    return 0;
}

static void read_school(struct hubreport_school *out, struct field_check *check,
    const Moveup__V1__HubSchool *src)
{
    *out = (struct hubreport_school){
        .school = field_laestab(check, src->laestab, "school"),
        .heard = field_time(check, src->heard, "heard"),
        .waiting = field_number(check, src->waiting, 0, "waiting"),
        .oldest = field_time(check, src->oldest, "oldest"),
        .turned_away = field_number(check, src->turned_away, 0, "turned away"),
        .turned_away_at =
            field_time(check, src->turned_away_at, "turned away at"),
        .complaints = field_number(check, src->complaints, 0, "complaints"),
        .crowded = field_number(check, src->crowded, 0, "crowded"),
        .reported = field_time(check, src->reported, "reported"),
        .report = {src->report.data, src->report.len},
    };
    if (src->report.len > REPORT_MAX_SIGNED)
        field_refuse(check, ERR_TOO_BIG, "report", "is too long");
}

static void read_schools(struct hubreport *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__HubReports *src)
{
    field_count(check, src->n_schools, HUBREPORT_MAX_SCHOOLS, "schools");
    if (check->rc < 0)
        return;
    out->schools = arena_take(arena, src->n_schools * sizeof *out->schools);
    out->school_count = src->n_schools;
    for (size_t i = 0; i < src->n_schools; i++) {
        read_school(&out->schools[i], check, src->schools[i]);
        if (check->rc == 0 && i > 0 &&
            strcmp(out->schools[i - 1].school.text,
                out->schools[i].school.text) >= 0)
            field_refuse(check, ERR_MALFORMED, "schools", "are not in order");
    }
}

int hubreport_decode(struct hubreport *out, struct bytes wire,
    struct arena *arena, struct err *err)
{
    struct hubreport report = {.more = false};
    struct field_check check = {"hub's report", err, 0};
    const Moveup__V1__HubReports *msg;
    const char *software;
    struct pool pool;

    if (wire.len > HUBREPORT_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "hub's report: %zu bytes, limit %zu",
            wire.len, HUBREPORT_MAX_BYTES);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__hub_reports__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "hub's report: not protobuf");
    software = field_text(&check, msg->software, MAX_SOFTWARE, "software");
    memcpy(report.software, software, strlen(software));
    report.time = field_time(&check, msg->time, "time");
    report.directory = field_number(&check, msg->directory, 0, "directory");
    report.started = field_time(&check, msg->started, "started");
    report.disk_free_mib = field_number(&check, msg->disk_free_mib, 0, "disk");
    report.more = msg->more;
    read_schools(&report, &check, arena, msg);
    if (check.rc < 0)
        return check.rc;
    *out = report;
    return 0;
}

/* --- the trace of a letter --- */

static void write_letter(
    Moveup__V1__HubLetter *out, const struct hubreport_letter *letter)
{
    moveup__v1__hub_letter__init(out);
    out->id = field_lend(letter->id.bytes, ID_SIZE);
    out->author = field_put_laestab(&letter->author);
    out->recipient = field_put_laestab(&letter->recipient);
    out->lane = (uint32_t)letter->lane;
    if (!id_is_zero(&letter->epoch))
        out->epoch = field_lend(letter->epoch.bytes, ID_SIZE);
    out->first = letter->first;
    out->last = letter->last;
    out->put = (uint64_t)letter->put.ms;
    out->acked = (uint64_t)letter->acked.ms;
    out->expires = (uint64_t)letter->expires.ms;
    out->waits = letter->waits;
    out->is_signed = field_lend(letter->is_signed.data, letter->is_signed.len);
    out->attested = field_lend(letter->plain.data, letter->plain.len);
}

int hubreport_encode_trace(
    struct buf *out, const struct hubreport_trace *trace, struct err *err)
{
    Moveup__V1__HubTrace msg = MOVEUP__V1__HUB_TRACE__INIT;
    Moveup__V1__HubLetter letters[HUBREPORT_MAX_LETTERS];
    Moveup__V1__HubLetter *row[HUBREPORT_MAX_LETTERS];
    size_t size;

    if (trace->count > HUBREPORT_MAX_LETTERS)
        return err_set(err, ERR_TOO_BIG, "trace: too many letters");
    for (size_t i = 0; i < trace->count; i++) {
        row[i] = &letters[i];
        write_letter(row[i], &trace->letters[i]);
    }
    msg.letters = row;
    msg.n_letters = trace->count;
    size = moveup__v1__hub_trace__get_packed_size(&msg);
    out->len += moveup__v1__hub_trace__pack(&msg, buf_reserve(out, size));
    return 0;
}

static void read_letter(struct hubreport_letter *out, struct field_check *check,
    const Moveup__V1__HubLetter *src)
{
    const int lane = src->lane > INT32_MAX ? 0 : (int)src->lane;

    *out = (struct hubreport_letter){
        .id = field_id(check, src->id, "name"),
        .author = field_laestab(check, src->author, "author"),
        .recipient = field_laestab(check, src->recipient, "recipient"),
        .lane = (enum lane)field_enum(check, lane, LANES, "lane"),
        .first = field_number(check, src->first, 0, "first"),
        .last = field_number(check, src->last, 0, "last"),
        .put = field_time(check, src->put, "put"),
        .acked = field_time(check, src->acked, "acked"),
        .expires = field_time(check, src->expires, "expires"),
        .waits = src->waits,
        .is_signed = {src->is_signed.data, src->is_signed.len},
        .plain = {src->attested.data, src->attested.len},
    };
    if (src->is_signed.len > ATTEST_MAX_SIGNED ||
        src->attested.len > ATTEST_MAX_BYTES)
        field_refuse(check, ERR_TOO_BIG, "attestation", "is too long");
    if (src->epoch.len > 0)
        out->epoch = field_id(check, src->epoch, "epoch");
}

int hubreport_decode_trace(struct hubreport_trace *out, struct bytes wire,
    struct arena *arena, struct err *err)
{
    struct hubreport_trace trace = {.count = 0};
    struct field_check check = {"trace", err, 0};
    const Moveup__V1__HubTrace *msg;
    struct pool pool;

    if (wire.len > HUBREPORT_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "trace: %zu bytes", wire.len);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__hub_trace__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "trace: not protobuf");
    field_count(&check, msg->n_letters, HUBREPORT_MAX_LETTERS, "letters");
    if (check.rc < 0)
        return check.rc;
    trace.count = msg->n_letters;
    for (size_t i = 0; i < msg->n_letters; i++)
        read_letter(&trace.letters[i], &check, msg->letters[i]);
    if (check.rc < 0)
        return check.rc;
    *out = trace;
    return 0;
}
