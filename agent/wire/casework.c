#include "wire/casework.h"

#include <string.h>

#include "base/err.h"
#include "wire/casework_form.h"
#include "wire/field.h"
#include "wire/pool.h"

/* A few short texts; protobuf-c copies each. */
#define MAX_MEMORY ((size_t)128 * 1024)

#define AT(type, base, offset) ((type *)(void *)((char *)(base) + (offset)))
#define IN(type, base, offset)                                                 \
    ((const type *)(const void *)((const char *)(base) + (offset)))

_Static_assert(sizeof(enum outcome) == sizeof(uint32_t) &&
                   sizeof(protobuf_c_boolean) == sizeof(int),
    "a code is kept in 32 bits");

/* One field from the plain struct to the message. */
static void put(struct field_check *check, void *message, const void *plain,
    const struct casework_part *part)
{
    const char *text;
    int code;

    switch (part->type) {
    case CASEWORK_TEXT:
        text = *IN(char *, plain, part->plain);
        *AT(ProtobufCBinaryData, message, part->message) = field_put_text(
            check, text == NULL ? "" : text, part->limit, part->name);
        return;
    case CASEWORK_NUMBER:
        *AT(uint64_t, message, part->message) = field_number(
            check, *IN(uint64_t, plain, part->plain), 0, part->name);
        return;
    case CASEWORK_SMALL:
        *AT(uint32_t, message, part->message) =
            *IN(uint32_t, plain, part->plain);
        return;
    case CASEWORK_FLAG:
        *AT(protobuf_c_boolean, message, part->message) =
            *IN(bool, plain, part->plain);
        return;
    case CASEWORK_TIME:
        *AT(uint64_t, message, part->message) = (uint64_t)field_time(
            check, (uint64_t)IN(wall, plain, part->plain)->ms, part->name)
                                                    .ms;
        return;
    case CASEWORK_DAY:
        *AT(uint32_t, message, part->message) =
            field_put_date(*IN(struct date, plain, part->plain));
        return;
    case CASEWORK_CODE:
        memcpy(&code, IN(char, plain, part->plain), sizeof code);
        *AT(uint32_t, message, part->message) =
            (uint32_t)field_enum(check, code, part->range, part->name);
        return;
    }
}

/* And back. */
static void get(struct field_check *check, void *plain, const void *message,
    const struct casework_part *part)
{
    uint32_t small;
    int code;

    switch (part->type) {
    case CASEWORK_TEXT:
        *AT(const char *, plain, part->plain) =
            field_text(check, *IN(ProtobufCBinaryData, message, part->message),
                part->limit, part->name);
        return;
    case CASEWORK_NUMBER:
        *AT(uint64_t, plain, part->plain) = field_number(
            check, *IN(uint64_t, message, part->message), 0, part->name);
        return;
    case CASEWORK_SMALL:
        *AT(uint32_t, plain, part->plain) =
            *IN(uint32_t, message, part->message);
        return;
    case CASEWORK_FLAG:
        *AT(bool, plain, part->plain) =
            *IN(protobuf_c_boolean, message, part->message) != 0;
        return;
    case CASEWORK_TIME:
        *AT(wall, plain, part->plain) = field_time(
            check, *IN(uint64_t, message, part->message), part->name);
        return;
    case CASEWORK_DAY:
        *AT(struct date, plain, part->plain) = field_date(
            check, *IN(uint32_t, message, part->message), part->name);
        return;
    case CASEWORK_CODE:
        small = *IN(uint32_t, message, part->message);
        code = field_enum(check, small > INT32_MAX ? -1 : (int)small,
            part->range, part->name);
        memcpy(AT(char, plain, part->plain), &code, sizeof code);
        return;
    }
}

int casework_encode(struct buf *out, const struct event *event, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct casework_form *form = casework_form_of((int)event->kind);
    struct field_check check = {"event", err, 0};
    ProtobufCMessage *message;
    size_t size;

    if (form == NULL)
        return err_set(err, ERR_MALFORMED, "event: kind is not known here");
    message = arena_take(&arena, form->type->sizeof_message);
    protobuf_c_message_init(form->type, message);
    for (size_t i = 0; i < form->count; i++)
        put(&check, message, &event->u, &form->parts[i]);
    if (check.rc < 0)
        return check.rc;
    size = protobuf_c_message_get_packed_size(message);
    if (size > CASEWORK_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "event: %zu bytes", size);
    out->len += protobuf_c_message_pack(message, buf_reserve(out, size));
    return 0;
}

int casework_decode(struct event *event, struct bytes wire, struct arena *arena,
    struct err *err)
{
    const struct casework_form *form = casework_form_of((int)event->kind);
    struct field_check check = {"event", err, 0};
    struct event fresh = *event;
    const void *message;
    struct pool pool;

    if (form == NULL)
        return err_set(err, ERR_MALFORMED, "event: kind is not known here");
    if (wire.len > CASEWORK_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "event: %zu bytes", wire.len);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    message = pool_unpack(&pool, form->type, wire);
    if (message == NULL)
        return err_set(err, ERR_MALFORMED, "event: not protobuf");
    memset(&fresh.u, 0, sizeof fresh.u);
    for (size_t i = 0; i < form->count; i++)
        get(&check, &fresh.u, message, &form->parts[i]);
    if (check.rc < 0)
        return check.rc;
    *event = fresh;
    return 0;
}
