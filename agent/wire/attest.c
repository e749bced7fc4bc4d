#include "wire/attest.h"

#include "attest.pb-c.h"
#include "base/err.h"
#include "wire/field.h"
#include "wire/header.h"
#include "wire/pool.h"

#define MAX_MEMORY ((size_t)16 * 1024)

static const int KINDS[2] = {ATTEST_PUT, ATTEST_REFUSED};

_Static_assert(
    (int)ATTEST_REFUSED == MOVEUP__V1__ATTESTED_KIND__ATTESTED_REFUSED,
    "values are those of proto/attest.proto");

const char *attest_name(enum attest_kind kind)
{
    static const char *const names[] = {[ATTEST_PUT] = "put",
        [ATTEST_HANDED] = "handed",
        [ATTEST_ACKNOWLEDGED] = "acknowledged",
        [ATTEST_EXPIRING] = "expiring",
        [ATTEST_EXPIRED] = "expired",
        [ATTEST_SUPERSEDED] = "superseded",
        [ATTEST_REFUSED] = "refused"};

    return names[kind];
}

int attest_encode(struct buf *out, const struct attest *attest, struct err *err)
{
    struct field_check check = {"attestation", err, 0};
    Moveup__V1__Attestation msg = MOVEUP__V1__ATTESTATION__INIT;
    Moveup__V1__Header header;
    Moveup__V1__AttestedEvent events[ATTEST_MAX_EVENTS];
    Moveup__V1__AttestedEvent *row[ATTEST_MAX_EVENTS];
    size_t size;

    field_count(&check, attest->count, ATTEST_MAX_EVENTS, "events");
    if (check.rc < 0)
        return check.rc;
    for (size_t i = 0; i < attest->count; i++) {
        row[i] = &events[i];
        moveup__v1__attested_event__init(row[i]);
        events[i].kind = (Moveup__V1__AttestedKind)attest->events[i].kind;
        events[i].at = (uint64_t)attest->events[i].at.ms;
        events[i].reason = (uint32_t)attest->events[i].reason;
    }
    header_write(&header, &attest->header);
    msg.hub = field_put_text(&check, attest->hub, FIELD_MAX_ENDPOINT, "hub");
    msg.time = (uint64_t)attest->time.ms;
    msg.id = field_lend(attest->id.bytes, ID_SIZE);
    msg.header = &header;
    msg.size = attest->size;
    msg.events = row;
    msg.n_events = attest->count;
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__attestation__get_packed_size(&msg);
    if (size > ATTEST_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "attestation: %zu bytes", size);
    out->len += moveup__v1__attestation__pack(&msg, buf_reserve(out, size));
    return 0;
}

static void read_event(struct attest_event *out, struct field_check *check,
    const Moveup__V1__AttestedEvent *src)
{
    out->kind =
        (enum attest_kind)field_enum(check, (int)src->kind, KINDS, "event");
    out->at = field_time(check, src->at, "time of an event");
    if (out->kind == ATTEST_REFUSED)
        out->reason =
            field_reason(check, src->reason, REASON_BAD_REQUEST, "reason");
    else if (src->reason != 0)
        field_refuse(check, ERR_MALFORMED, "reason", "is of a refusal only");
}

static void read_events(struct attest *out, struct field_check *check,
    const Moveup__V1__Attestation *src)
{
    field_count(check, src->n_events, ATTEST_MAX_EVENTS, "events");
    if (src->n_events == 0)
        field_refuse(check, ERR_MALFORMED, "events", "are not there");
    if (check->rc < 0)
        return;
    out->count = src->n_events;
    for (size_t i = 0; i < out->count; i++)
        read_event(&out->events[i], check, src->events[i]);
}

int attest_decode(
    struct attest *out, struct bytes wire, struct arena *arena, struct err *err)
{
    struct field_check check = {"attestation", err, 0};
    struct attest attest = {.count = 0};
    const Moveup__V1__Attestation *msg;
    struct pool pool;

    if (wire.len > ATTEST_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "attestation: %zu bytes, limit %zu",
            wire.len, ATTEST_MAX_BYTES);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__attestation__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "attestation: not protobuf");
    attest.hub = msg->hub.len == 0 ? "" : field_endpoint(&check, msg->hub);
    attest.time = field_time(&check, msg->time, "time");
    attest.id = field_id(&check, msg->id, "name");
    attest.size = field_number(&check, msg->size, 0, "size");
    if (msg->header == NULL)
        field_refuse(&check, ERR_MALFORMED, "header", "is not there");
    else
        header_read(&attest.header, &check, msg->header);
    read_events(&attest, &check, msg);
    if (check.rc < 0)
        return check.rc;
    *out = attest;
    return 0;
}
