#include "wire/glance.h"

enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };

static bool fail(struct glance *glance)
{
    glance->bad = true;
    return false;
}

static bool take_varint(uint64_t *out, struct bytes *left)
{
    *out = 0;
    for (unsigned shift = 0; shift < 64 && left->len > 0; shift += 7) {
        const uint8_t byte = *left->data;

        *out |= (uint64_t)(byte & 0x7f) << shift;
        *left = (struct bytes){left->data + 1, left->len - 1};
        if (byte < 0x80)
            return true;
    }
    return false;
}

static bool take(struct bytes *out, struct bytes *left, uint64_t len)
{
    if (len > left->len)
        return false;
    *out = (struct bytes){left->data, (size_t)len};
    *left = (struct bytes){left->data + len, left->len - (size_t)len};
    return true;
}

bool glance_next(struct glance *glance)
{
    struct bytes passed;
    uint64_t key, number;
    bool good;

    glance->value = (struct bytes){NULL, 0};
    if (glance->bad || glance->left.len == 0)
        return false;
    if (!take_varint(&key, &glance->left))
        return fail(glance);
    glance->field = key >> 3;
    switch (key & 7) {
    case VARINT:
        good = take_varint(&number, &glance->left);
        break;
    case FIXED64:
        good = take(&passed, &glance->left, 8);
        break;
    case DELIMITED:
        good = take_varint(&number, &glance->left) &&
               take(&glance->value, &glance->left, number);
        break;
    case FIXED32:
        good = take(&passed, &glance->left, 4);
        break;
    default:
        good = false;
        break;
    }
    return good || fail(glance);
}
