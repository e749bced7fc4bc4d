#include "wire/hubtalk.h"

#include <stdalign.h>
#include <stdbool.h>

#include "base/err.h"
#include "hub.pb-c.h"
#include "wire/header.h"
#include "wire/pool.h"

#define MAX_TEXT (HUBTALK_MAX_VERSION_TEXT - 1)

/* The parts of any Talk: one of them is used, and all end with the call. */
struct parts {
    Moveup__V1__Talk talk;
    Moveup__V1__Header header;
    union {
        Moveup__V1__Hello hello;
        Moveup__V1__Welcome welcome;
        Moveup__V1__Put put;
        Moveup__V1__PutDone put_done;
        Moveup__V1__Fetch fetch;
        Moveup__V1__Mail mail;
        Moveup__V1__Ack ack;
        Moveup__V1__Directory directory;
        Moveup__V1__DirectoryIs directory_is;
        Moveup__V1__Publish publish;
        Moveup__V1__PublishDone publish_done;
        Moveup__V1__Report report;
        Moveup__V1__Refused refused;
    } u;
};

static void write_hello(struct parts *parts, const struct hubtalk *talk)
{
    Moveup__V1__Hello *msg = &parts->u.hello;

    moveup__v1__hello__init(msg);
    msg->protocol = talk->protocol;
    msg->session = field_lend(talk->session.bytes, ID_SIZE);
    msg->version = talk->version;
    msg->time = (uint64_t)talk->time.ms;
    msg->software =
        field_lend(talk->software, strnlen(talk->software, MAX_TEXT));
    msg->incarnation = talk->incarnation;
    msg->progress = talk->progress;
    parts->talk.hello = msg;
}

static void write_welcome(struct parts *parts, const struct hubtalk *talk)
{
    Moveup__V1__Welcome *msg = &parts->u.welcome;

    moveup__v1__welcome__init(msg);
    msg->protocol = talk->protocol;
    msg->session = field_lend(talk->session.bytes, ID_SIZE);
    msg->hub = field_lend(talk->hub.bytes, ID_SIZE);
    msg->version = talk->version;
    msg->time = (uint64_t)talk->time.ms;
    msg->max_body = talk->max_body;
    msg->waiting = talk->waiting;
    msg->software =
        field_lend(talk->software, strnlen(talk->software, MAX_TEXT));
    msg->incarnation = talk->incarnation;
    msg->progress = talk->progress;
    msg->high = talk->high;
    parts->talk.welcome = msg;
}

static void write_put(struct parts *parts, const struct hubtalk *talk)
{
    Moveup__V1__Put *msg = &parts->u.put;

    moveup__v1__put__init(msg);
    header_write(&parts->header, &talk->header);
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->header = &parts->header;
    parts->talk.put = msg;
}

static void write_put_done(struct parts *parts, const struct hubtalk *talk)
{
    Moveup__V1__PutDone *msg = &parts->u.put_done;

    moveup__v1__put_done__init(msg);
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->reason = (uint32_t)talk->reason;
    parts->talk.put_done = msg;
}

static void write_mail(struct parts *parts, const struct hubtalk *talk)
{
    Moveup__V1__Mail *msg = &parts->u.mail;

    moveup__v1__mail__init(msg);
    header_write(&parts->header, &talk->header);
    msg->cursor = talk->cursor;
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->header = &parts->header;
    parts->talk.mail = msg;
}

static void write_fetch(struct parts *parts, const struct hubtalk *talk)
{
    moveup__v1__fetch__init(&parts->u.fetch);
    parts->u.fetch.after = talk->cursor;
    parts->u.fetch.credit = talk->credit;
    parts->talk.fetch = &parts->u.fetch;
}

static void write_ack(struct parts *parts, const struct hubtalk *talk)
{
    moveup__v1__ack__init(&parts->u.ack);
    parts->u.ack.cursor = talk->cursor;
    parts->talk.ack = &parts->u.ack;
}

static void write_directory(struct parts *parts, const struct hubtalk *talk)
{
    moveup__v1__directory__init(&parts->u.directory);
    parts->u.directory.version = talk->version;
    parts->talk.directory = &parts->u.directory;
}

static void write_directory_is(struct parts *parts, const struct hubtalk *talk)
{
    moveup__v1__directory_is__init(&parts->u.directory_is);
    parts->u.directory_is.version = talk->version;
    parts->talk.directory_is = &parts->u.directory_is;
}

static void write_publish(struct parts *parts, const struct hubtalk *talk)
{
    (void)talk;
    moveup__v1__publish__init(&parts->u.publish);
    parts->talk.publish = &parts->u.publish;
}

static void write_publish_done(struct parts *parts, const struct hubtalk *talk)
{
    moveup__v1__publish_done__init(&parts->u.publish_done);
    parts->u.publish_done.version = talk->version;
    parts->u.publish_done.reason = (uint32_t)talk->reason;
    parts->talk.publish_done = &parts->u.publish_done;
}

static void write_report(struct parts *parts, const struct hubtalk *talk)
{
    (void)talk;
    moveup__v1__report__init(&parts->u.report);
    parts->talk.report = &parts->u.report;
}

static void write_refused(struct parts *parts, const struct hubtalk *talk)
{
    moveup__v1__refused__init(&parts->u.refused);
    parts->u.refused.reason = (uint32_t)talk->reason;
    parts->talk.refused = &parts->u.refused;
}

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
    read_header(out, check, talk->put->header);
}

static void read_put_done(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->id = field_id(check, talk->put_done->id, "id");
    out->reason = read_outcome(check, talk->put_done->reason);
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
    out->cursor = field_number(check, talk->mail->cursor, 1, "cursor");
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
}

static void read_directory_is(struct hubtalk *out, struct field_check *check,
    const Moveup__V1__Talk *talk)
{
    out->version = field_number(
        check, talk->directory_is->version, 0, "directory version");
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

/* One row for each enum hubtalk_kind, which is also its number in Talk. */
static const struct verb {
    void (*write)(struct parts *parts, const struct hubtalk *talk);
    void (*read)(struct hubtalk *out, struct field_check *check,
        const Moveup__V1__Talk *talk);
    bool open; /* may hold fields of a newer version */
} VERBS[] = {
    [HUBTALK_HELLO] = {write_hello, read_hello, true},
    [HUBTALK_WELCOME] = {write_welcome, read_welcome, true},
    [HUBTALK_PUT] = {write_put, read_put, false},
    [HUBTALK_PUT_DONE] = {write_put_done, read_put_done, false},
    [HUBTALK_FETCH] = {write_fetch, read_fetch, false},
    [HUBTALK_MAIL] = {write_mail, read_mail, false},
    [HUBTALK_ACK] = {write_ack, read_ack, false},
    [HUBTALK_DIRECTORY] = {write_directory, read_directory, false},
    [HUBTALK_DIRECTORY_IS] = {write_directory_is, read_directory_is, false},
    [HUBTALK_PUBLISH] = {write_publish, read_nothing, false},
    [HUBTALK_PUBLISH_DONE] = {write_publish_done, read_publish_done, false},
    [HUBTALK_REPORT] = {write_report, read_nothing, false},
    [HUBTALK_REFUSED] = {write_refused, read_refused, true},
};

_Static_assert((int)HUBTALK_HELLO == MOVEUP__V1__TALK__CONTENT_HELLO &&
                   (int)HUBTALK_REFUSED == MOVEUP__V1__TALK__CONTENT_REFUSED,
    "kinds are the numbers of proto/hub.proto");

void hubtalk_encode(struct buf *out, const struct hubtalk *talk)
{
    struct parts parts;
    size_t size;

    moveup__v1__talk__init(&parts.talk);
    parts.talk.content_case = (Moveup__V1__Talk__ContentCase)talk->kind;
    VERBS[talk->kind].write(&parts, talk);
    size = moveup__v1__talk__get_packed_size(&parts.talk);
    out->len += moveup__v1__talk__pack(&parts.talk, buf_reserve(out, size));
}

static bool knows_all(const ProtobufCMessage *msg)
{
    return msg->n_unknown_fields == 0;
}

/* Whether msg, decoded from wire, packs to the same bytes again and holds
 * nothing that we do not know. */
static bool is_shortest(struct bytes wire, const Moveup__V1__Talk *msg)
{
    const Moveup__V1__Header *header =
        msg->content_case == MOVEUP__V1__TALK__CONTENT_PUT ? msg->put->header
        : msg->content_case == MOVEUP__V1__TALK__CONTENT_MAIL
            ? msg->mail->header
            : NULL;
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
