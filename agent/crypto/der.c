#include "crypto/der.h"

/* A length of up to 16 MB; what stands here is bounded long before. */
#define MAX_LENGTH_BYTES 3

static struct bytes refuse(struct der *in, const char *what)
{
    if (*in->flaw == NULL)
        *in->flaw = what;
    in->rest.len = 0;
    return (struct bytes){NULL, 0};
}

static void advance(struct der *in, size_t len)
{
    in->rest.data += len;
    in->rest.len -= len;
}

/* Bytes of the length field, 0 when it is not DER; *len is its value. */
static size_t read_length(size_t *len, struct bytes src)
{
    size_t more;

    if (src.len == 0)
        return 0;
    *len = src.data[0];
    if (src.data[0] < 0x80)
        return 1;
    more = src.data[0] & 0x7fU;
    if (more == 0 || more > MAX_LENGTH_BYTES || src.len < 1 + more)
        return 0;
    *len = 0;
    for (size_t i = 1; i <= more; i++)
        *len = *len << 8 | src.data[i];
    if (*len < 0x80 || *len >> (8 * (more - 1)) == 0)
        return 0; /* a shorter form exists */
    return 1 + more;
}

struct bytes der_take(struct der *in, enum der_tag tag, const char *what)
{
    struct bytes value;
    size_t used;

    if (*in->flaw != NULL || in->rest.len == 0 || in->rest.data[0] != tag)
        return refuse(in, what);
    advance(in, 1);
    used = read_length(&value.len, in->rest);
    if (used == 0 || value.len > in->rest.len - used)
        return refuse(in, what);
    advance(in, used);
    value.data = in->rest.data;
    advance(in, value.len);
    return value;
}

struct bytes der_take_sized(
    struct der *in, enum der_tag tag, size_t len, const char *what)
{
    const struct bytes value = der_take(in, tag, what);

    return value.len == len ? value : refuse(in, what);
}

struct der der_enter(struct der *in, enum der_tag tag, const char *what)
{
    return (struct der){der_take(in, tag, what), in->flaw};
}

void der_expect(struct der *in, struct bytes want, const char *what)
{
    if (*in->flaw != NULL || in->rest.len < want.len ||
        memcmp(in->rest.data, want.data, want.len) != 0)
        (void)refuse(in, what);
    else
        advance(in, want.len);
}

struct bytes der_skip(struct der *in, size_t len, const char *what)
{
    const struct bytes skipped = {in->rest.data, len};

    if (*in->flaw != NULL || in->rest.len < len)
        return refuse(in, what);
    advance(in, len);
    return skipped;
}

void der_end(struct der *in, const char *what)
{
    if (in->rest.len != 0)
        (void)refuse(in, what);
}
