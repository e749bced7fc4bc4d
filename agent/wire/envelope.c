#include "wire/envelope.h"

#include <stdalign.h>

#include "base/err.h"
#include "envelope.pb-c.h"
#include "wire/header.h"
#include "wire/pool.h"

void envelope_encode(struct buf *out, const struct header *header)
{
    Moveup__V1__Header msg;
    size_t size;

    header_write(&msg, header);
    size = moveup__v1__header__get_packed_size(&msg);
    out->len += moveup__v1__header__pack(&msg, buf_reserve(out, size));
}

/* Whether wire is what envelope_encode() writes for header. */
static bool is_shortest(struct bytes wire, const struct header *header)
{
    uint8_t again[ENVELOPE_MAX_HEADER];
    Moveup__V1__Header msg;

    header_write(&msg, header);
    return moveup__v1__header__get_packed_size(&msg) == wire.len &&
           moveup__v1__header__pack(&msg, again) == wire.len &&
           memcmp(again, wire.data, wire.len) == 0;
}

int envelope_decode(struct header *out, struct bytes wire, struct err *err)
{
    struct field_check check = {"header", err, 0};
    alignas(max_align_t) uint8_t memory[2048];
    const Moveup__V1__Header *msg;
    struct header header;
    struct pool pool;

    if (wire.len > ENVELOPE_MAX_HEADER)
        return err_set(err, ERR_TOO_BIG, "header: %zu bytes, limit %zu",
            wire.len, ENVELOPE_MAX_HEADER);
    pool_on_memory(&pool, memory, sizeof memory);
    msg = pool_unpack(&pool, &moveup__v1__header__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "header: not protobuf");
    header_read(&header, &check, msg);
    if (check.rc < 0)
        return check.rc;
    if (!is_shortest(wire, &header))
        return err_set(err, ERR_MALFORMED, "header: not in its shortest form");
    *out = header;
    return 0;
}
