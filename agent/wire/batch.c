#include "wire/batch.h"

#include "base/err.h"
#include "batch.pb-c.h"
#include "wire/header.h"
#include "wire/item.h"
#include "wire/pool.h"

/* Structs and copies for BATCH_MAX_BYTES of the densest content that the other
 * limits allow; a batch of records takes a tenth. */
#define MAX_MEMORY ((size_t)16 * 1024 * 1024)

static bool count_fits(const struct header *header, size_t count)
{
    return count >= 1 && (header->lane == LANE_RECEIPT ||
                             header->last - header->first == count - 1);
}

static void write_items(Moveup__V1__Batch *msg, struct field_check *check,
    struct arena *arena, const struct batch *batch)
{
    field_count(check, batch->count, BATCH_MAX_ITEMS, "items");
    if (!count_fits(&batch->header, batch->count))
        field_refuse(check, ERR_MALFORMED, "items", "do not fill the range");
    if (check->rc < 0)
        return;
    msg->items = arena_take(arena, batch->count * sizeof(Moveup__V1__Item *));
    msg->n_items = batch->count;
    for (size_t i = 0; i < batch->count; i++)
        msg->items[i] = item_write(check, arena, &batch->items[i]);
}

int batch_encode(struct buf *out, const struct batch *batch, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct field_check check = {"batch", err, 0};
    Moveup__V1__Batch msg = MOVEUP__V1__BATCH__INIT;
    Moveup__V1__Header header;
    size_t size;

    header_write(&header, &batch->header);
    msg.header = &header;
    msg.previous = field_lend(batch->previous.bytes, DIGEST_SIZE);
    msg.created = (uint64_t)batch->created.ms;
    msg.incarnation = batch->incarnation;
    msg.heard = batch->heard;
    msg.progress = batch->progress;
    msg.heard_progress = batch->heard_progress;
    write_items(&msg, &check, &arena, batch);
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__batch__get_packed_size(&msg);
    if (size > BATCH_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "batch: %zu bytes, limit %zu", size,
            BATCH_MAX_BYTES);
    out->len += moveup__v1__batch__pack(&msg, buf_reserve(out, size));
    return 0;
}

static void read_items(struct batch *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__Batch *msg)
{
    field_count(check, msg->n_items, BATCH_MAX_ITEMS, "items");
    if (!count_fits(&out->header, msg->n_items))
        field_refuse(check, ERR_MALFORMED, "items", "do not fill the range");
    if (check->rc < 0)
        return;
    out->items = arena_take(arena, msg->n_items * sizeof *out->items);
    out->count = msg->n_items;
    for (size_t i = 0; i < out->count; i++)
        item_read(
            &out->items[i], check, arena, out->header.lane, msg->items[i]);
}

int batch_decode(struct batch *out, struct bytes content, struct arena *arena,
    struct err *err)
{
    struct field_check check = {"batch", err, 0};
    struct batch batch = {.count = 0};
    const Moveup__V1__Batch *msg;
    struct pool pool;

    if (content.len > BATCH_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "batch: %zu bytes, limit %zu",
            content.len, BATCH_MAX_BYTES);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__batch__descriptor, content);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "batch: not protobuf");
    if (msg->header == NULL)
        return err_set(err, ERR_MALFORMED, "batch: header is not there");
    header_read(&batch.header, &check, msg->header);
    batch.previous = field_digest(&check, msg->previous, "previous");
    batch.created = field_time(&check, msg->created, "created");
    batch.incarnation =
        field_number(&check, msg->incarnation, 0, "incarnation");
    batch.heard = field_number(&check, msg->heard, 0, "heard");
    batch.progress = field_number(&check, msg->progress, 0, "progress");
    batch.heard_progress =
        field_number(&check, msg->heard_progress, 0, "heard progress");
    read_items(&batch, &check, arena, msg);
    if (check.rc < 0)
        return check.rc;
    *out = batch;
    return 0;
}
