#include "wire/item.h"

#include "base/err.h"
#include "batch.pb-c.h"
#include "wire/held.h"
#include "wire/record.h"
#include "wire/step.h"

#define UPN_LENGTH 13

static const int NUMBERED_LANES[2] = {LANE_URGENT, LANE_NORMAL};
static const int LANES[2] = {LANE_URGENT, LANE_RECEIPT};
static const int REQUESTS[2] = {REQUEST_WRONG_NUMBER, REQUEST_NOT_OURS};
static const int POINTS[2] = {0, POINT_EMAIL};
static const int TOMBSTONES[2] = {TOMBSTONE_RECALLED, TOMBSTONE_MOVED};

/* Each message of one item; one of them is used. */
struct parts {
    Moveup__V1__Item item;
    union {
        Moveup__V1__LeaverItem leaver;
        Moveup__V1__Heartbeat heartbeat;
        Moveup__V1__ReadItem read;
        Moveup__V1__Receipt receipt;
        Moveup__V1__Refusal refusal;
        Moveup__V1__Tombstone tombstone;
        Moveup__V1__Destroyed destroyed;
        Moveup__V1__RequestItem request;
        Moveup__V1__AnswerItem answer;
        Moveup__V1__FamilyItem family;
        Moveup__V1__HeldItem held;
        Moveup__V1__DiaryItem diary;
    } u;
};

struct pass {
    struct field_check *check;
    struct arena *arena;
};

static ProtobufCBinaryData put_upn(struct pass *writer, const char *upn)
{
    return field_put_text(writer->check, upn, UPN_LENGTH, "UPN");
}

static void write_leaver(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    Moveup__V1__LeaverItem *msg = &out->u.leaver;

    moveup__v1__leaver_item__init(msg);
    msg->upn = put_upn(writer, item->u.leaver.upn);
    msg->revision = item->u.leaver.revision;
    msg->record =
        field_lend(item->u.leaver.record.data, item->u.leaver.record.len);
    field_count(writer->check, item->u.leaver.record.len, RECORD_MAX_BYTES,
        "bytes of a record");
    out->item.leaver = msg;
}

static void write_read(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    Moveup__V1__ReadItem *msg = &out->u.read;

    moveup__v1__read_item__init(msg);
    msg->upn = put_upn(writer, item->u.read.upn);
    msg->revision = item->u.read.revision;
    msg->role = field_put_text(
        writer->check, item->u.read.role, BATCH_MAX_ROLE, "role");
    msg->at = (uint64_t)item->u.read.at.ms;
    out->item.read = msg;
}

static void write_exceptions(Moveup__V1__Receipt *msg, struct pass *writer,
    const struct receipt *receipt)
{
    field_count(writer->check, receipt->exception_count, BATCH_MAX_EXCEPTIONS,
        "exceptions");
    if (writer->check->rc < 0)
        return;
    msg->n_exceptions = receipt->exception_count;
    msg->exceptions = (Moveup__V1__Exception **)field_row(
        writer->arena, receipt->exception_count, sizeof(Moveup__V1__Exception));
    for (size_t i = 0; i < receipt->exception_count; i++) {
        Moveup__V1__Exception *to = msg->exceptions[i];

        moveup__v1__exception__init(to);
        to->first = receipt->exceptions[i].first;
        to->last = receipt->exceptions[i].last;
        to->reason = (uint32_t)receipt->exceptions[i].reason;
    }
}

static void write_receipt(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    const struct receipt *receipt = &item->u.receipt;
    Moveup__V1__Receipt *msg = &out->u.receipt;

    moveup__v1__receipt__init(msg);
    msg->lane = (Moveup__V1__Lane)receipt->lane;
    msg->epoch = field_lend(receipt->epoch.bytes, ID_SIZE);
    msg->received = receipt->received;
    msg->applied = receipt->applied;
    msg->head = field_lend(receipt->head.bytes, DIGEST_SIZE);
    write_exceptions(msg, writer, receipt);
    msg->statement = field_put_text(
        writer->check, receipt->statement, BATCH_MAX_STATEMENT, "statement");
    out->item.receipt = msg;
}

static void write_refusal(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    const struct refusal *refusal = &item->u.refusal;
    Moveup__V1__Refusal *msg = &out->u.refusal;

    (void)writer;
    moveup__v1__refusal__init(msg);
    msg->envelope = field_lend(refusal->envelope.bytes, ID_SIZE);
    msg->lane = (Moveup__V1__Lane)refusal->lane;
    msg->epoch = field_lend(refusal->epoch.bytes, ID_SIZE);
    msg->first = refusal->first;
    msg->last = refusal->last;
    msg->reason = (uint32_t)refusal->reason;
    out->item.refusal = msg;
}

static void write_tombstone(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    Moveup__V1__Tombstone *msg = &out->u.tombstone;

    moveup__v1__tombstone__init(msg);
    msg->upn = put_upn(writer, item->u.tombstone.upn);
    msg->revision = item->u.tombstone.revision;
    msg->kind = (Moveup__V1__TombstoneKind)item->u.tombstone.kind;
    out->item.tombstone = msg;
}

static void write_destroyed(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    Moveup__V1__Destroyed *msg = &out->u.destroyed;

    moveup__v1__destroyed__init(msg);
    msg->upn = put_upn(writer, item->u.destroyed.upn);
    msg->revision = item->u.destroyed.revision;
    msg->at = (uint64_t)item->u.destroyed.at.ms;
    out->item.destroyed = msg;
}

static void write_request(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    Moveup__V1__RequestItem *msg = &out->u.request;

    moveup__v1__request_item__init(msg);
    msg->request = item->u.request.request;
    msg->upn = put_upn(writer, item->u.request.upn);
    msg->revision = item->u.request.revision;
    msg->kind = (uint32_t)item->u.request.kind;
    msg->contact = item->u.request.contact;
    msg->point = item->u.request.point;
    msg->text = field_put_text(
        writer->check, item->u.request.text, BATCH_MAX_ASK, "text");
    msg->due = field_put_date(item->u.request.due);
    out->item.request = msg;
}

static void write_answer(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    Moveup__V1__AnswerItem *msg = &out->u.answer;

    moveup__v1__answer_item__init(msg);
    msg->request = item->u.answer.request;
    msg->upn = put_upn(writer, item->u.answer.upn);
    msg->accepted = item->u.answer.accepted;
    msg->contact = item->u.answer.contact;
    msg->point_kind = (uint32_t)item->u.answer.point_kind;
    msg->value = field_put_text(
        writer->check, item->u.answer.value, BATCH_MAX_VALUE, "value");
    msg->from_parent = item->u.answer.from_parent;
    msg->text = field_put_text(
        writer->check, item->u.answer.text, BATCH_MAX_ASK, "text");
    out->item.answer = msg;
}

static void write_family(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    step_write(&out->u.family, writer->check, writer->arena, item);
    out->item.family = &out->u.family;
}

static void write_held(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    held_write(&out->u.held, writer->check, writer->arena, item);
    out->item.held = &out->u.held;
}

static void write_diary(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    diary_write(&out->u.diary, writer->check, writer->arena, &item->u.diary);
    out->item.diary = &out->u.diary;
}

static void write_heartbeat(
    struct parts *out, struct pass *writer, const struct batch_item *item)
{
    (void)writer;
    (void)item;
    moveup__v1__heartbeat__init(&out->u.heartbeat);
    out->item.heartbeat = &out->u.heartbeat;
}

static void read_leaver(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    const Moveup__V1__LeaverItem *msg = src->leaver;

    out->u.leaver.upn = field_upn(reader->check, msg->upn);
    out->u.leaver.revision =
        field_number(reader->check, msg->revision, 1, "revision");
    out->u.leaver.record = (struct bytes){msg->record.data, msg->record.len};
    field_count(
        reader->check, msg->record.len, RECORD_MAX_BYTES, "bytes of a record");
    if (msg->record.len == 0)
        field_refuse(reader->check, ERR_MALFORMED, "record", "is empty");
}

static void read_read(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    const Moveup__V1__ReadItem *msg = src->read;

    out->u.read.upn = field_upn(reader->check, msg->upn);
    out->u.read.revision =
        field_number(reader->check, msg->revision, 1, "revision");
    out->u.read.role =
        field_text(reader->check, msg->role, BATCH_MAX_ROLE, "role");
    out->u.read.at = field_time(reader->check, msg->at, "time");
    if (msg->role.len == 0)
        field_refuse(reader->check, ERR_MALFORMED, "role", "is empty");
}

static void read_exceptions(
    struct receipt *out, struct pass *reader, const Moveup__V1__Receipt *src)
{
    uint64_t least = 1;

    field_count(
        reader->check, src->n_exceptions, BATCH_MAX_EXCEPTIONS, "exceptions");
    if (src->n_exceptions == 0 || reader->check->rc < 0)
        return;
    out->exceptions =
        arena_take(reader->arena, src->n_exceptions * sizeof *out->exceptions);
    out->exception_count = src->n_exceptions;
    for (size_t i = 0; i < src->n_exceptions; i++) {
        const Moveup__V1__Exception *from = src->exceptions[i];
        struct exception *to = &out->exceptions[i];

        to->first =
            field_number(reader->check, from->first, least, "exception");
        to->last =
            field_number(reader->check, from->last, to->first, "exception");
        to->reason = field_reason(
            reader->check, from->reason, REASON_BAD_BATCH, "exception");
        least = to->last + 1;
    }
}

static void read_receipt(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    struct receipt *receipt = &out->u.receipt;
    const Moveup__V1__Receipt *msg = src->receipt;

    receipt->lane = (enum lane)field_enum(
        reader->check, (int)msg->lane, NUMBERED_LANES, "lane");
    receipt->epoch = field_id(reader->check, msg->epoch, "epoch");
    receipt->received =
        field_number(reader->check, msg->received, 0, "received");
    receipt->applied = field_number(reader->check, msg->applied, 0, "applied");
    receipt->head = field_digest(reader->check, msg->head, "head");
    receipt->statement = field_text(
        reader->check, msg->statement, BATCH_MAX_STATEMENT, "statement");
    if (receipt->applied > receipt->received)
        field_refuse(
            reader->check, ERR_MALFORMED, "applied", "is over received");
    read_exceptions(receipt, reader, msg);
}

static void read_refusal(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    struct refusal *refusal = &out->u.refusal;
    const Moveup__V1__Refusal *msg = src->refusal;
    const uint64_t least = msg->lane == MOVEUP__V1__LANE__LANE_RECEIPT ? 0 : 1;

    refusal->envelope = field_id(reader->check, msg->envelope, "envelope");
    refusal->lane =
        (enum lane)field_enum(reader->check, (int)msg->lane, LANES, "lane");
    refusal->epoch = field_id(reader->check, msg->epoch, "epoch");
    refusal->first =
        field_number(reader->check, msg->first, least, "first number");
    refusal->last =
        field_number(reader->check, msg->last, refusal->first, "last number");
    refusal->reason =
        field_reason(reader->check, msg->reason, REASON_BAD_BATCH, "reason");
}

static void read_tombstone(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    const Moveup__V1__Tombstone *msg = src->tombstone;

    out->u.tombstone.upn = field_upn(reader->check, msg->upn);
    out->u.tombstone.revision =
        field_number(reader->check, msg->revision, 1, "revision");
    out->u.tombstone.kind = (enum tombstone_kind)field_enum(
        reader->check, (int)msg->kind, TOMBSTONES, "kind");
}

static void read_destroyed(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    const Moveup__V1__Destroyed *msg = src->destroyed;

    out->u.destroyed.upn = field_upn(reader->check, msg->upn);
    out->u.destroyed.revision =
        field_number(reader->check, msg->revision, 1, "revision");
    out->u.destroyed.at = field_time(reader->check, msg->at, "time");
}

static void read_request(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    const Moveup__V1__RequestItem *msg = src->request;
    struct field_check *check = reader->check;

    out->u.request.request = field_number(check, msg->request, 1, "request");
    out->u.request.upn = field_upn(check, msg->upn);
    out->u.request.revision = field_number(check, msg->revision, 1, "revision");
    out->u.request.kind =
        (enum request_kind)field_enum(check, (int)msg->kind, REQUESTS, "kind");
    out->u.request.contact = msg->contact;
    out->u.request.point = msg->point;
    out->u.request.text = field_text(check, msg->text, BATCH_MAX_ASK, "text");
    out->u.request.due = field_date(check, msg->due, "due day");
    if ((msg->kind == REQUEST_QUESTION) != (msg->text.len > 0))
        field_refuse(check, ERR_MALFORMED, "text", "does not fit the kind");
}

static void read_answer(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    const Moveup__V1__AnswerItem *msg = src->answer;
    struct field_check *check = reader->check;

    out->u.answer.request = field_number(check, msg->request, 0, "request");
    out->u.answer.upn = field_upn(check, msg->upn);
    out->u.answer.accepted = msg->accepted != 0;
    out->u.answer.from_parent = msg->from_parent != 0;
    out->u.answer.contact = msg->contact;
    out->u.answer.point_kind = (enum point_kind)field_enum(
        check, (int)msg->point_kind, POINTS, "kind of number");
    out->u.answer.value =
        field_text(check, msg->value, BATCH_MAX_VALUE, "value");
    out->u.answer.text = field_text(check, msg->text, BATCH_MAX_ASK, "text");
    if ((msg->point_kind != 0) != (msg->value.len > 0) ||
        (msg->value.len > 0 && (msg->contact == 0 || !msg->accepted)))
        field_refuse(check, ERR_MALFORMED, "value", "does not fit the answer");
}

static void read_family(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    step_read(out, reader->check, reader->arena, src->family);
}

static void read_held(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    held_read(out, reader->check, src->held);
}

static void read_diary(
    struct batch_item *out, struct pass *reader, const Moveup__V1__Item *src)
{
    diary_read(&out->u.diary, reader->check, reader->arena, src->diary);
}

/* One row for each enum item_kind, which is also its number in Item. */
static const struct kind {
    void (*write)(
        struct parts *out, struct pass *writer, const struct batch_item *item);
    void (*read)(struct batch_item *out, struct pass *reader,
        const Moveup__V1__Item *src);
    bool numbered; /* belongs in LANE_URGENT and LANE_NORMAL */
} KINDS[] = {
    [ITEM_LEAVER] = {write_leaver, read_leaver, true},
    [ITEM_HEARTBEAT] = {write_heartbeat, NULL, true},
    [ITEM_READ] = {write_read, read_read, true},
    [ITEM_RECEIPT] = {write_receipt, read_receipt, false},
    [ITEM_REFUSAL] = {write_refusal, read_refusal, false},
    [ITEM_TOMBSTONE] = {write_tombstone, read_tombstone, true},
    [ITEM_DESTROYED] = {write_destroyed, read_destroyed, true},
    [ITEM_REQUEST] = {write_request, read_request, true},
    [ITEM_ANSWER] = {write_answer, read_answer, true},
    [ITEM_FAMILY] = {write_family, read_family, true},
    [ITEM_HELD] = {write_held, read_held, true},
    [ITEM_DIARY] = {write_diary, read_diary, true},
};

_Static_assert((int)ITEM_LEAVER == MOVEUP__V1__ITEM__CONTENT_LEAVER &&
                   (int)ITEM_DIARY == MOVEUP__V1__ITEM__CONTENT_DIARY,
    "kinds are the numbers of proto/batch.proto");

Moveup__V1__Item *item_write(struct field_check *check, struct arena *arena,
    const struct batch_item *item)
{
    struct parts *parts = arena_take(arena, sizeof *parts);
    struct pass writer = {check, arena};

    moveup__v1__item__init(&parts->item);
    parts->item.content_case = (Moveup__V1__Item__ContentCase)item->kind;
    KINDS[item->kind].write(parts, &writer, item);
    return &parts->item;
}

void item_read(struct batch_item *out, struct field_check *check,
    struct arena *arena, enum lane lane, const Moveup__V1__Item *src)
{
    struct pass reader = {check, arena};

    if (src->content_case == MOVEUP__V1__ITEM__CONTENT__NOT_SET) {
        field_refuse(check, ERR_MALFORMED, "item", "is of no known kind");
        return;
    }
    out->kind = (enum item_kind)src->content_case;
    if (KINDS[out->kind].numbered != (lane != LANE_RECEIPT))
        field_refuse(check, ERR_MALFORMED, "item", "is in the wrong lane");
    if (KINDS[out->kind].read != NULL) /* a heartbeat says nothing */
        KINDS[out->kind].read(out, &reader, src);
}
