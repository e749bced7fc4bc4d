/* outbox_room - streams, batches and receipts for the tests of the outbox. */
#ifndef TESTS_OUTBOX_ROOM_H
#define TESTS_OUTBOX_ROOM_H

#include "store_room.h"

#include "store/outbox.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab SECONDARY = {"9364001"};
static const struct laestab OTHER = {"9364002"};

static inline struct outbox_stream open_stream(
    struct room *room, const struct laestab *to, enum lane lane)
{
    struct outbox_stream stream;
    const struct id epoch = id_of(77);

    MUST(db_begin(room->db, err));
    MUST(outbox_open_stream(&stream, room->db, to, lane, &epoch, err));
    MUST(db_commit(room->db, err));
    return stream;
}

static inline struct outbox_stream read_stream(struct room *room, int64_t id)
{
    struct outbox_stream stream;

    MUST(outbox_stream(&stream, room->db, id, err));
    return stream;
}

static inline struct outbox_batch batch_of(
    int64_t stream, uint64_t first, uint64_t last)
{
    return (struct outbox_batch){.stream = stream,
        .envelope = id_of((unsigned)(1000 * (unsigned)stream + first)),
        .first = first,
        .last = last,
        .content = digest_of((unsigned)last),
        .header = bytes_of("header"),
        .sealed = bytes_of("sealed"),
        .created_at = {(int64_t)(100 * first)}};
}

static inline int append_once(
    struct room *room, const struct outbox_batch *batch)
{
    int rc;

    MUST(db_begin(room->db, err));
    rc = outbox_append(room->db, batch, NULL);
    if (rc == 0)
        MUST(db_commit(room->db, err));
    else
        db_rollback(room->db);
    return rc;
}

static inline struct outbox_batch append(
    struct room *room, int64_t stream, uint64_t first, uint64_t last)
{
    const struct outbox_batch batch = batch_of(stream, first, last);

    assert_int_equal(append_once(room, &batch), 0);
    return batch;
}

static inline struct outbox_batch find(
    struct room *room, const struct outbox_batch *batch)
{
    struct outbox_batch got;

    MUST(outbox_find(&got, room->db, &batch->envelope, &room->arena, err));
    return got;
}

static inline void mark_put(struct room *room, const struct outbox_batch *batch,
    int64_t at, enum reason refused)
{
    MUST(db_begin(room->db, err));
    MUST(outbox_mark_put(room->db, &batch->envelope, (wall){at}, refused, err));
    MUST(db_commit(room->db, err));
}

struct saying {
    uint64_t received, applied;
    const struct exception *exceptions; /* up to one of first 0 */
    const char *bytes;
    int64_t at;
};

static inline int take_as(struct room *room, const struct saying *saying,
    struct receipt *receipt, bool *fresh)
{
    struct exception exceptions[8];
    int rc;

    receipt->received = saying->received;
    receipt->applied = saying->applied;
    receipt->exceptions = exceptions;
    receipt->exception_count = 0;
    for (const struct exception *e = saying->exceptions;
         e != NULL && e->first != 0; e++)
        exceptions[receipt->exception_count++] = *e;
    MUST(db_begin(room->db, err));
    rc = outbox_take_receipt(room->db, &SECONDARY, receipt,
        bytes_of(saying->bytes), (wall){saying->at}, fresh, NULL);
    if (rc == 0)
        MUST(db_commit(room->db, err));
    else
        db_rollback(room->db);
    return rc;
}

static inline int take(
    struct room *room, const struct saying *saying, bool *fresh)
{
    struct receipt receipt = {.lane = LANE_NORMAL, .epoch = id_of(77)};

    return take_as(room, saying, &receipt, fresh);
}

static inline bool is_fresh(struct room *room, struct saying saying)
{
    bool fresh;

    assert_int_equal(take(room, &saying, &fresh), 0);
    return fresh;
}

#endif
