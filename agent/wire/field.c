#include "wire/field.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"

void field_refuse(
    struct field_check *check, int code, const char *name, const char *why)
{
    if (check->rc == 0)
        check->rc = err_set(check->err, (enum err_code)code, "%s: %s %s",
            check->message, name, why);
}

/* A byte of the eight is below 0x20 or above 0x7e: the top bit of its place is
 * set by the subtraction, by the addition, or was set. */
static uint64_t odd_of_eight(uint64_t eight)
{
    const uint64_t each = UINT64_C(0x0101010101010101);

    return ((eight - each * 0x20) | (eight + each) | eight) & (each * 0x80);
}

/* Most text is ASCII, for which this is a small part of text_is_clean()'s work.
 * The last eight or four bytes may be looked at twice. */
static bool is_plain(const uint8_t *data, size_t len)
{
    const size_t width = len >= 8 ? 8 : 4;
    uint64_t odd = 0;

    if (len < 4) {
        for (size_t i = 0; i < len; i++)
            odd |= (unsigned)((uint8_t)(data[i] - 0x20) > 0x7e - 0x20);
        return odd == 0;
    }
    for (size_t i = 0; i < len; i += width) {
        const uint8_t *at = data + (i + width <= len ? i : len - width);
        uint64_t eight = UINT64_C(0x2020202020202020);

        if (width == 8)
            memcpy(&eight, at, 8);
        else
            memcpy(&eight, at, 4);
        odd |= odd_of_eight(eight);
    }
    return odd == 0;
}

static bool is_text(
    struct field_check *check, struct bytes src, size_t limit, const char *name)
{
    if (src.len > limit)
        field_refuse(check, ERR_TOO_BIG, name, "is too long");
    else if (!is_plain(src.data, src.len) && !text_is_clean(src))
        field_refuse(check, ERR_MALFORMED, name, "is not clean text");
    else
        return true;
    return false;
}

const char *field_text(struct field_check *check, ProtobufCBinaryData src,
    size_t limit, const char *name)
{
    if (src.len == 0 ||
        !is_text(check, (struct bytes){src.data, src.len}, limit, name))
        return "";
    return (const char *)src.data;
}

const char *field_upn(struct field_check *check, ProtobufCBinaryData src)
{
    bool good = src.len == 13;

    for (size_t i = 0; i < src.len && good; i++)
        good = (src.data[i] >= '0' && src.data[i] <= '9') ||
               (src.data[i] >= 'A' && src.data[i] <= 'Z');
    if (good)
        return (const char *)src.data;
    field_refuse(check, ERR_MALFORMED, "UPN", "is not thirteen characters");
    return "";
}

struct id field_id(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    struct id id = {{0}};

    if (src.len == ID_SIZE)
        memcpy(id.bytes, src.data, ID_SIZE);
    else
        field_refuse(check, ERR_MALFORMED, name, "is not 16 bytes");
    return id;
}

struct digest field_digest(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    struct digest digest = {{0}};

    if (src.len == DIGEST_SIZE)
        memcpy(digest.bytes, src.data, DIGEST_SIZE);
    else
        field_refuse(check, ERR_MALFORMED, name, "is not 32 bytes");
    return digest;
}

struct laestab field_laestab(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    struct laestab laestab = {""};

    if (src.len != LAESTAB_SIZE - 1 ||
        laestab_parse(&laestab, (const char *)src.data, NULL) < 0)
        field_refuse(check, ERR_MALFORMED, name, "is not a LAESTAB");
    return laestab;
}

struct laestab field_laestab_or_none(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    if (src.len == 0)
        return (struct laestab){""};
    return field_laestab(check, src, name);
}

struct date field_date(
    struct field_check *check, uint32_t src, const char *name)
{
    const struct date date = {(int16_t)(src / 10000 % 10000),
        (uint8_t)(src / 100 % 100), (uint8_t)(src % 100)};

    if (src == 0)
        return date;
    if (src > 99991231 || !date_exists(date))
        field_refuse(check, ERR_MALFORMED, name, "is not a day");
    return date;
}

wall field_time(struct field_check *check, uint64_t src, const char *name)
{
    if (src > FIELD_MAX_TIME) {
        field_refuse(check, ERR_MALFORMED, name, "is not a time");
        return (wall){0};
    }
    return (wall){(int64_t)src};
}

uint64_t field_number(
    struct field_check *check, uint64_t src, uint64_t least, const char *name)
{
    if (src >= least && src <= FIELD_MAX_NUMBER)
        return src;
    field_refuse(check, ERR_MALFORMED, name, "is out of range");
    return least;
}

int field_enum(
    struct field_check *check, int value, const int range[2], const char *name)
{
    if (value >= range[0] && value <= range[1])
        return value;
    field_refuse(check, ERR_MALFORMED, name, "is not known here");
    return range[0];
}

enum reason field_reason(struct field_check *check, uint32_t src,
    enum reason unknown, const char *name)
{
    const enum reason reason = reason_from_number(src);

    if (src == 0)
        field_refuse(check, ERR_MALFORMED, name, "is not stated");
    return reason == REASON_NONE ? unknown : reason;
}

void field_count(
    struct field_check *check, size_t count, size_t most, const char *name)
{
    if (count > most)
        field_refuse(check, ERR_TOO_BIG, name, "are too many");
}

void field_curve_key(
    char *out, struct field_check *check, ProtobufCBinaryData src)
{
    static const char z85[] =
        "0123456789abcdefghijklmnopqrstuvwxyz"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    const size_t len = 40;

    out[0] = '\0';
    if (src.len == len && strspn((const char *)src.data, z85) == len)
        memcpy(out, src.data, len + 1);
    else
        field_refuse(check, ERR_MALFORMED, "CURVE key", "is not a key");
}

const char *field_urn(struct field_check *check, ProtobufCBinaryData src)
{
    if (src.len == 6 && strspn((const char *)src.data, "0123456789") == 6)
        return (const char *)src.data;
    field_refuse(check, ERR_MALFORMED, "URN", "is not six digits");
    return "";
}

const char *field_endpoint(struct field_check *check, ProtobufCBinaryData src)
{
    const char *text = field_text(check, src, FIELD_MAX_ENDPOINT, "endpoint");
    const char *port = strrchr(text, ':');

    if (strncmp(text, "tcp://", 6) != 0 || strchr(text, ' ') != NULL ||
        port < text + 7 || port[1] == '\0' ||
        strspn(port + 1, "0123456789") != strlen(port + 1))
        field_refuse(
            check, ERR_MALFORMED, "endpoint", "is not tcp://host:port");
    return text;
}

struct bytes field_der(struct field_check *check, ProtobufCBinaryData src,
    size_t limit, const char *name)
{
    if (src.len == 0)
        field_refuse(check, ERR_MALFORMED, name, "is not there");
    else if (src.len > limit)
        field_refuse(check, ERR_TOO_BIG, name, "is too long");
    return (struct bytes){src.data, src.len};
}

ProtobufCBinaryData field_lend(const void *data, size_t len)
{
    return (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)data};
}

ProtobufCBinaryData field_put_text(
    struct field_check *check, const char *text, size_t limit, const char *name)
{
    const struct bytes src = bytes_of(text);

    if (src.len == 0 || !is_text(check, src, limit, name))
        return (ProtobufCBinaryData){0, NULL};
    return field_lend(src.data, src.len);
}

ProtobufCBinaryData field_put_laestab(const struct laestab *laestab)
{
    return field_lend(laestab->text, strlen(laestab->text));
}

uint32_t field_put_date(struct date date)
{
    if (!date_is_set(date))
        return 0;
    return (uint32_t)date.year * 10000 + (uint32_t)date.month * 100 + date.day;
}

void **field_row(struct arena *arena, size_t count, size_t size)
{
    void **each = arena_take(arena, count * sizeof *each);
    uint8_t *structs = arena_take(arena, count * size);

    for (size_t i = 0; i < count; i++)
        each[i] = structs + i * size;
    return each;
}
