#include "wire/direct.h"

#include <string.h>

#include "base/err.h"

enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };

#define TAG_BYTES 5
#define NUMBER_BYTES 10

_Static_assert(sizeof(enum direct_kind) == sizeof(int), "enums are ints");

struct reading {
    struct field_check *check;
    struct arena *arena;
    char *texts; /* room for all texts of the message, each with its NUL */
};

/* What is left of a message. */
struct span {
    const uint8_t *at, *end;
};

static void not_protobuf(struct reading *r)
{
    field_refuse(r->check, ERR_MALFORMED, "not", "protobuf");
}

static inline bool take_number(uint64_t *out, struct span *span, unsigned most)
{
    uint64_t number = 0;

    if (span->at < span->end && *span->at < 0x80) {
        *out = *span->at++;
        return true;
    }
    for (unsigned i = 0; i < most && span->at < span->end; i++) {
        const uint8_t byte = *span->at++;

        number |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *out = number;
            return true;
        }
    }
    return false;
}

/* A field's number, wire type and value; a delimited one in *value. */
struct token {
    uint64_t field;
    unsigned type;
    uint64_t number;
    struct span value;
};

static inline bool take_bytes(struct span *out, struct span *span, uint64_t len)
{
    if (len > (uint64_t)(span->end - span->at))
        return false;
    *out = (struct span){span->at, span->at + len};
    span->at += len;
    return true;
}

static inline bool take_token(struct token *out, struct span *span)
{
    uint64_t key;

    if (!take_number(&key, span, TAG_BYTES) || key > UINT32_MAX ||
        key >> 3 == 0)
        return false;
    out->field = key >> 3;
    out->type = (unsigned)(key & 7);
    switch (out->type) {
    case VARINT:
        return take_number(&out->number, span, NUMBER_BYTES);
    case FIXED64:
        return take_bytes(&out->value, span, 8);
    case DELIMITED:
        return take_number(&out->number, span, TAG_BYTES) &&
               take_bytes(&out->value, span, out->number);
    case FIXED32:
        return take_bytes(&out->value, span, 4);
    default:
        return false;
    }
}

static struct bytes bytes_in(const struct span *span)
{
    return (struct bytes){span->at, (size_t)(span->end - span->at)};
}

/* Most texts are short and ASCII: copied by eight bytes and looked at on the
 * way.  The last eight may come twice.  False: it has to be looked at closely.
 */
static inline bool copy_ascii(char *to, struct bytes src)
{
    unsigned odd = 0;

    if (src.len < 8) {
        for (size_t i = 0; i < src.len; i++) {
            odd |= (uint8_t)(src.data[i] - 0x20) > 0x7e - 0x20;
            to[i] = (char)src.data[i];
        }
        return odd == 0;
    }
    for (size_t i = 0; i < src.len; i += 8) {
        const size_t at = i + 8 <= src.len ? i : src.len - 8;
        uint64_t eight;

        memcpy(&eight, src.data + at, 8);
        memcpy(to + at, &eight, 8);
        odd |= field_has_odd(eight);
    }
    return odd == 0;
}

/* Each text took a byte of the message for its field and one for its length, so
 * there is room for its NUL. */
static inline void read_text(uint8_t *to, struct reading *r, struct bytes src,
    size_t limit, const char *name)
{
    const char *text = r->texts;

    if (src.len == 0 || ((src.len > limit || !copy_ascii(r->texts, src)) &&
                            !field_is_text(r->check, src, limit, name))) {
        text = "";
    } else {
        r->texts[src.len] = '\0';
        r->texts += src.len + 1;
    }
    memcpy(to, &text, sizeof text);
}

static int32_t unzigzag(uint32_t value)
{
    return (int32_t)((value >> 1) ^ (0U - (value & 1)));
}

static void read_choice(uint8_t *to, struct reading *r,
    const struct direct_field *field, uint32_t number)
{
    const int range[2] = {field->least, field->most};
    const int value =
        field_enum(r->check, (int)(int32_t)number, range, field->name);

    memcpy(to, &value, sizeof value);
}

static void read_sint16(uint8_t *to, struct reading *r,
    const struct direct_field *field, uint32_t number)
{
    const int32_t value = unzigzag(number);
    const int16_t small = (int16_t)value;

    if (value < INT16_MIN || value > INT16_MAX)
        field_refuse(r->check, ERR_MALFORMED, field->name, "is out of range");
    else
        memcpy(to, &small, sizeof small);
}

static void read_number(uint8_t *to, struct reading *r,
    const struct direct_field *field, uint64_t number)
{
    const uint32_t low = (uint32_t)number;
    const int32_t with_sign = unzigzag(low);
    const bool is_so = number != 0;
    struct date date;
    wall time;

    if (field->kind == DIRECT_DATE) {
        date = field_date(r->check, low, field->name);
        memcpy(to, &date, sizeof date);
    } else if (field->kind == DIRECT_TIME) {
        time = field_time(r->check, number, field->name);
        memcpy(to, &time, sizeof time);
    } else if (field->kind == DIRECT_CHOICE) {
        read_choice(to, r, field, low);
    } else if (field->kind == DIRECT_UINT32) {
        memcpy(to, &low, sizeof low);
    } else if (field->kind == DIRECT_SINT32) {
        memcpy(to, &with_sign, sizeof with_sign);
    } else if (field->kind == DIRECT_SINT16) {
        read_sint16(to, r, field, low);
    } else {
        memcpy(to, &is_so, sizeof is_so);
    }
}

static void read_message(uint8_t *out, struct reading *r,
    const struct direct_form *form, struct span span);

/* The room is made when the first comes, for all that come. */
static uint8_t *next_row(uint8_t *out, struct reading *r,
    const struct direct_field *field, size_t size, size_t coming)
{
    size_t count;
    uint8_t *rows;

    memcpy(&count, out + field->count_at, sizeof count);
    if (count == 0) {
        rows = arena_take(r->arena, coming * size);
        memcpy(out + field->at, &rows, sizeof rows);
    } else {
        memcpy(&rows, out + field->at, sizeof rows);
    }
    rows += count * size;
    count++;
    memcpy(out + field->count_at, &count, sizeof count);
    return rows;
}

/* How many of this field come, of those that are left; this one too. */
static size_t count_coming(uint64_t field, struct span left)
{
    struct token token;
    size_t count = 1;

    while (left.at < left.end && take_token(&token, &left))
        count += token.field == field;
    return count;
}

static void begin_form(uint8_t *out, const struct direct_form *form)
{
    const char *none = "";

    for (size_t i = 0; i < form->count; i++) {
        const struct direct_field *field = &form->fields[i];

        if (field->kind == DIRECT_TEXT)
            memcpy(out + field->at, &none, sizeof none);
        else if (field->kind == DIRECT_PART)
            begin_form(out + field->at, field->form);
    }
}

static void read_repeated(uint8_t *out, struct reading *r,
    const struct direct_form *form, const struct token *token,
    const struct span *left)
{
    const struct direct_field *field = &form->fields[token->field - 1];
    const bool texts = field->kind == DIRECT_TEXTS;
    const size_t size = texts ? sizeof(const char *) : field->form->size;
    size_t count;
    uint8_t *row;

    memcpy(&count, out + field->count_at, sizeof count);
    if (count == 0)
        count = count_coming(token->field, *left);
    field_count(r->check, count, (size_t)field->most, field->name);
    if (r->check->rc < 0)
        return;
    row = next_row(out, r, field, size, count);
    if (texts) {
        read_text(row, r, bytes_in(&token->value), form->limit, field->name);
    } else {
        begin_form(row, field->form);
        read_message(row, r, field->form, token->value);
    }
}

static void read_bytes(uint8_t *to, struct reading *r,
    const struct direct_field *field, struct bytes src)
{
    uint8_t text[LAESTAB_SIZE] = {0};
    struct laestab laestab;
    struct id id;

    if (field->kind == DIRECT_ID) {
        id = field_id(r->check, field_lend(src.data, src.len), field->name);
        memcpy(to, &id, sizeof id);
        return;
    }
    if (src.len > 0 && src.len < sizeof text) /* else it is refused unread */
        memcpy(text, src.data, src.len);
    laestab =
        field_laestab_or_none(r->check, field_lend(text, src.len), field->name);
    memcpy(to, &laestab, sizeof laestab);
}

static void read_field(uint8_t *out, struct reading *r,
    const struct direct_form *form, const struct token *token,
    const struct span *left)
{
    const struct direct_field *field = &form->fields[token->field - 1];
    uint8_t *to = out + field->at;

    switch (field->kind) {
    case DIRECT_UNKNOWN:
        break;
    case DIRECT_TEXT:
    case DIRECT_ID:
    case DIRECT_LAESTAB:
    case DIRECT_PART:
    case DIRECT_ROWS:
    case DIRECT_TEXTS:
        if (token->type != DELIMITED)
            not_protobuf(r);
        else if (field->kind == DIRECT_TEXT)
            read_text(to, r, bytes_in(&token->value), form->limit, field->name);
        else if (field->kind == DIRECT_PART)
            read_message(to, r, field->form, token->value);
        else if (field->kind == DIRECT_ROWS || field->kind == DIRECT_TEXTS)
            read_repeated(out, r, form, token, left);
        else
            read_bytes(to, r, field, bytes_in(&token->value));
        break;
    case DIRECT_DATE:
    case DIRECT_CHOICE:
    case DIRECT_UINT32:
    case DIRECT_SINT32:
    case DIRECT_SINT16:
    case DIRECT_BOOL:
    case DIRECT_TIME:
        if (token->type != VARINT)
            not_protobuf(r);
        else
            read_number(to, r, field, token->number);
        break;
    }
}

static void check_needed(
    struct reading *r, const struct direct_form *form, uint64_t seen)
{
    for (size_t i = 0; i < form->count; i++)
        if ((form->needed & ~seen) >> (i + 1) & 1)
            field_refuse(
                r->check, ERR_MALFORMED, form->fields[i].name, "is not there");
}

/* A short text of a low number, as most fields are: a byte for each. */
static inline bool take_short_text(uint8_t *out, struct reading *r,
    const struct direct_form *form, struct span *span, uint64_t *seen)
{
    const size_t left = (size_t)(span->end - span->at);
    const struct direct_field *field;
    size_t number, len;

    if (left < 2 || (span->at[0] & 0x87) != DELIMITED)
        return false;
    number = span->at[0] >> 3;
    len = span->at[1];
    if (len > 0x7f || len > left - 2 || number - 1 >= form->count)
        return false;
    field = &form->fields[number - 1];
    if (field->kind != DIRECT_TEXT)
        return false;
    *seen |= UINT64_C(1) << number;
    read_text(out + field->at, r, (struct bytes){span->at + 2, len},
        form->limit, field->name);
    span->at += 2 + len;
    return true;
}

/* Fields of one message.  No form contains itself: the depth is the table's. */
static void read_message(uint8_t *out, struct reading *r,
    const struct direct_form *form, struct span span)
{
    struct token token;
    uint64_t seen = 0;

    while (span.at < span.end && r->check->rc == 0) {
        if (take_short_text(out, r, form, &span, &seen))
            continue;
        if (!take_token(&token, &span)) {
            not_protobuf(r);
            return;
        }
        if (token.field - 1 >= form->count)
            continue;
        seen |= UINT64_C(1) << token.field;
        read_field(out, r, form, &token, &span);
    }
    if (form->needed != 0)
        check_needed(r, form, seen);
}

void direct_read(void *out, struct field_check *check,
    const struct direct_form *form, struct bytes wire, struct arena *arena)
{
    struct reading reading = {check, arena, arena_take(arena, wire.len + 1)};

    begin_form(out, form);
    read_message(out, &reading, form,
        (struct span){
            wire.data, wire.len == 0 ? wire.data : wire.data + wire.len});
}
