#include "wire/hubtalk.h"

#include <stdalign.h>
#include <stdbool.h>

#include "base/err.h"
#include "hub.pb-c.h"
#include "wire/header.h"
#include "wire/pool.h"
#include "wire/saying.h"

#define MAX_TEXT SAYING_MAX_TEXT

/* What a verb says: 0 in PUT_DONE and PUBLISH_DONE is "done". */
static enum reason read_outcome(struct field_check *check, uint32_t src)
{
    if (src == 0)
        return REASON_NONE;
    return field_reason(check, src, REASON_BAD_REQUEST, "reason");
}

static void read_software(
    struct hubtalk *out, struct field_check *check, ProtobufCBinaryData src)
{
    const char *text = field_text(check, src, MAX_TEXT, "software");

    memcpy(out->software, text, strlen(text));
}

static void read_hello(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    const Moveup__V1__Hello *msg = talk->hello;

    out->protocol = msg->protocol;
    out->session = field_id(check, msg->session, "session");
    out->version = field_number(check, msg->version, 0, "directory version");
    out->time = field_time(check, msg->time, "time");
    out->incarnation = field_number(check, msg->incarnation, 0, "incarnation");
    out->progress = field_number(check, msg->progress, 0, "progress");
    out->early = msg->early != 0;
    out->parts = msg->parts != 0;
    read_software(out, check, msg->software);
}

static void read_welcome(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    const Moveup__V1__Welcome *msg = talk->welcome;

    out->protocol = msg->protocol;
    out->session = field_id(check, msg->session, "session");
    out->hub = field_id(check, msg->hub, "hub");
    out->version = field_number(check, msg->version, 0, "directory version");
    out->time = field_time(check, msg->time, "time");
    out->max_body = field_number(check, msg->max_body, 0, "limit");
    out->waiting = field_number(check, msg->waiting, 0, "waiting");
    out->incarnation = field_number(check, msg->incarnation, 0, "incarnation");
    out->progress = field_number(check, msg->progress, 0, "progress");
    out->high = field_number(check, msg->high, 0, "highest cursor");
    read_software(out, check, msg->software);
}

static void read_header(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Header *src)
{
    if (src == NULL)
        field_refuse(check, ERR_MALFORMED, "header", "is not there");
    else
        header_read(&out->header, check, src);
}

static void read_put(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->id = field_id(check, talk->put->id, "id");
    if (talk->put->origin.len > 0) {
        out->origin = field_id(check, talk->put->origin, "origin");
        if (id_is_zero(&out->origin)) /* zero is how we say "none" */
            field_refuse(check, ERR_MALFORMED, "origin", "is zero");
    }
    out->incarnation =
        field_number(check, talk->put->incarnation, 0, "incarnation");
    out->progress = field_number(check, talk->put->progress, 0, "progress");
    read_header(out, check, talk->put->header);
}

static void read_put_done(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->id = field_id(check, talk->put_done->id, "id");
    out->reason = read_outcome(check, talk->put_done->reason);
    out->cursor = field_number(check, talk->put_done->cursor, 0, "cursor");
}

static void read_fetch(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->cursor = field_number(check, talk->fetch->after, 0, "cursor");
    out->credit = field_number(check, talk->fetch->credit, 0, "credit");
}

static void read_mail(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->cursor = field_number(check, talk->mail->cursor, 0, "cursor");
    out->id = field_id(check, talk->mail->id, "id");
    read_header(out, check, talk->mail->header);
}

static void read_ack(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->cursor = field_number(check, talk->ack->cursor, 1, "cursor");
}

static void read_directory(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->version =
        field_number(check, talk->directory->version, 0, "directory version");
    out->offset = field_number(check, talk->directory->offset, 0, "offset");
    out->of = field_number(check, talk->directory->of, 0, "version begun");
}

/* A part begins within its whole: who counts what is left relies on it. */
static void check_part(const struct hubtalk *talk, struct field_check *check)
{
    if (talk->offset != 0 && talk->offset >= talk->total)
        field_refuse(check, ERR_MALFORMED, "offset", "is behind the end");
}

static void read_directory_is(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->version = field_number(
        check, talk->directory_is->version, 0, "directory version");
    out->offset = field_number(check, talk->directory_is->offset, 0, "offset");
    out->total = field_number(check, talk->directory_is->total, 0, "total");
    check_part(out, check);
}

static void read_publish(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->offset = field_number(check, talk->publish->offset, 0, "offset");
    out->total = field_number(check, talk->publish->total, 0, "total");
    check_part(out, check);
}

static void read_nothing(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    (void)out;
    (void)check;
    (void)talk;
}

static void read_publish_done(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->version = field_number(
        check, talk->publish_done->version, 0, "directory version");
    out->reason = read_outcome(check, talk->publish_done->reason);
}

static void read_refused(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->reason = field_reason(
        check, talk->refused->reason, REASON_BAD_REQUEST, "reason");
}

static void read_notice(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->id = field_id(check, talk->notice->id, "id");
    out->reason =
        field_reason(check, talk->notice->reason, REASON_BAD_REQUEST, "reason");
    out->time = field_time(check, talk->notice->time, "time");
    read_header(out, check, talk->notice->header);
}

static void read_noted(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->id = field_id(check, talk->noted->id, "id");
    out->reason =
        field_reason(check, talk->noted->reason, REASON_BAD_REQUEST, "reason");
}

static void read_reports(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->after = field_laestab_or_none(check, talk->reports->after, "school");
}

static void read_trace(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    const ProtobufCBinaryData begins = talk->trace->begins;

    if (begins.len < HUBTALK_LEAST_TRACE || begins.len > ID_SIZE) {
        field_refuse(check, ERR_MALFORMED, "name", "is not 4 to 16 bytes");
        return;
    }
    memcpy(out->id.bytes, begins.data, begins.len);
    out->id_len = begins.len;
}

static void read_renewals(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->school = field_laestab_or_none(check, talk->renewals->after, "school");
}

static void read_renewal_is(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->school =
        field_laestab_or_none(check, talk->renewal_is->school, "school");
}

/* One row for each enum hubtalk_kind, which is also its number in Talk. */
static const struct verb {
    void (*read)(struct hubtalk *out, struct field_check *check,
        const Moveup__V1__Talk *talk);
    bool open; /* may hold fields of a newer version */
} VERBS[] = {
    [HUBTALK_HELLO] = {read_hello, true},
    [HUBTALK_WELCOME] = {read_welcome, true},
    [HUBTALK_PUT] = {read_put, false},
    [HUBTALK_PUT_DONE] = {read_put_done, false},
    [HUBTALK_FETCH] = {read_fetch, false},
    [HUBTALK_MAIL] = {read_mail, false},
    [HUBTALK_ACK] = {read_ack, false},
    [HUBTALK_DIRECTORY] = {read_directory, false},
    [HUBTALK_DIRECTORY_IS] = {read_directory_is, false},
    [HUBTALK_PUBLISH] = {read_publish, false},
    [HUBTALK_PUBLISH_DONE] = {read_publish_done, false},
    [HUBTALK_REPORT] = {read_nothing, false},
    [HUBTALK_REFUSED] = {read_refused, true},
    [HUBTALK_NOTICE] = {read_notice, false},
    [HUBTALK_NOTED] = {read_noted, false},
    [HUBTALK_REPORTS] = {read_reports, false},
    [HUBTALK_REPORTS_ARE] = {read_nothing, false},
    [HUBTALK_TRACE] = {read_trace, false},
    [HUBTALK_TRACE_IS] = {read_nothing, false},
    [HUBTALK_RENEW] = {read_nothing, false},
    [HUBTALK_RENEWALS] = {read_renewals, false},
    [HUBTALK_RENEWAL_IS] = {read_renewal_is, false},
};

_Static_assert(
    (int)HUBTALK_HELLO == MOVEUP__V1__TALK__CONTENT_HELLO &&
        (int)HUBTALK_RENEWAL_IS == MOVEUP__V1__TALK__CONTENT_RENEWAL_IS,
    "kinds are the numbers of proto/hub.proto");

void hubtalk_encode(struct buf *out, const struct hubtalk *talk)
{
    struct saying saying;
    size_t size;

    saying_write(&saying, talk);
    size = moveup__v1__talk__get_packed_size(&saying.talk);
    out->len += moveup__v1__talk__pack(&saying.talk, buf_reserve(out, size));
}

static bool knows_all(const ProtobufCMessage *msg)
{
    return msg->n_unknown_fields == 0;
}

static const Moveup__V1__Header *header_of(const Moveup__V1__Talk *msg)
{
    if (msg->content_case == MOVEUP__V1__TALK__CONTENT_PUT)
        return msg->put->header;
    if (msg->content_case == MOVEUP__V1__TALK__CONTENT_MAIL)
        return msg->mail->header;
    if (msg->content_case == MOVEUP__V1__TALK__CONTENT_NOTICE)
        return msg->notice->header;
    return NULL;
}

/* Whether msg, decoded from wire, packs to the same bytes again and holds
 * nothing that we do not know. */
static bool is_shortest(struct bytes wire, const Moveup__V1__Talk *msg)
{
    const Moveup__V1__Header *header = header_of(msg);
    uint8_t again[HUBTALK_MAX_BYTES];

    return knows_all(&msg->base) && knows_all((ProtobufCMessage *)msg->hello) &&
           (header == NULL || knows_all(&header->base)) &&
           moveup__v1__talk__get_packed_size(msg) == wire.len &&
           moveup__v1__talk__pack(msg, again) == wire.len &&
           memcmp(again, wire.data, wire.len) == 0;
}

int hubtalk_decode(struct hubtalk *out, struct bytes wire, struct err *err)
{
    struct field_check check = {"hub talk", err, 0};
    alignas(max_align_t) uint8_t memory[4 * HUBTALK_MAX_BYTES];
    const Moveup__V1__Talk *msg;
    struct hubtalk talk = {.reason = REASON_NONE};
    struct pool pool;

    if (wire.len > HUBTALK_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "hub talk: %zu bytes, limit %zu",
            wire.len, HUBTALK_MAX_BYTES);
    pool_on_memory(&pool, memory, sizeof memory);
    msg = pool_unpack(&pool, &moveup__v1__talk__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "hub talk: not protobuf");
    if (msg->content_case == MOVEUP__V1__TALK__CONTENT__NOT_SET)
        return err_set(err, ERR_MALFORMED, "hub talk: of no known kind");
    talk.kind = (enum hubtalk_kind)msg->content_case;
    VERBS[talk.kind].read(&talk, &check, msg);
    if (check.rc < 0)
        return check.rc;
    if (!VERBS[talk.kind].open && !is_shortest(wire, msg))
        return err_set(
            err, ERR_MALFORMED, "hub talk: not in its shortest form");
    *out = talk;
    return 0;
}
