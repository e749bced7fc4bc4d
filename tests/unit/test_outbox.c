#include "store_room.h"

#include "store/outbox.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab SECONDARY = {"9364001"};
static const struct laestab OTHER = {"9364002"};

static struct outbox_stream open_stream(
    struct room *room, const struct laestab *to, enum lane lane)
{
    struct outbox_stream stream;
    const struct id epoch = id_of(77);

    MUST(db_begin(room->db, err));
    MUST(outbox_open_stream(&stream, room->db, to, lane, &epoch, err));
    MUST(db_commit(room->db, err));
    return stream;
}

static struct outbox_stream read_stream(struct room *room, int64_t id)
{
    struct outbox_stream stream;

    MUST(outbox_stream(&stream, room->db, id, err));
    return stream;
}

static struct outbox_batch batch_of(
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

static int append_once(struct room *room, const struct outbox_batch *batch)
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

static struct outbox_batch append(
    struct room *room, int64_t stream, uint64_t first, uint64_t last)
{
    const struct outbox_batch batch = batch_of(stream, first, last);

    assert_int_equal(append_once(room, &batch), 0);
    return batch;
}

static struct outbox_batch find(
    struct room *room, const struct outbox_batch *batch)
{
    struct outbox_batch got;

    MUST(outbox_find(&got, room->db, &batch->envelope, &room->arena, err));
    return got;
}

static void mark_put(struct room *room, const struct outbox_batch *batch,
    int64_t at, enum reason refused)
{
    MUST(db_begin(room->db, err));
    MUST(outbox_mark_put(room->db, &batch->envelope, (wall){at}, refused, err));
    MUST(db_commit(room->db, err));
}

static int unput(struct room *room, struct outbox_batch out[8])
{
    return MUST(outbox_unput(out, 8, room->db, &room->arena, err));
}

struct saying {
    uint64_t received, applied;
    const struct exception *exceptions; /* up to one of first 0 */
    const char *bytes;
    int64_t at;
};

static int take_as(struct room *room, const struct saying *saying,
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

static int take(struct room *room, const struct saying *saying, bool *fresh)
{
    struct receipt receipt = {.lane = LANE_NORMAL, .epoch = id_of(77)};

    return take_as(room, saying, &receipt, fresh);
}

static bool is_fresh(struct room *room, struct saying saying)
{
    bool fresh;

    assert_int_equal(take(room, &saying, &fresh), 0);
    return fresh;
}

static void assert_evidence(
    struct room *room, int64_t stream, uint64_t seq, int kind, const char *want)
{
    struct bytes got;
    wall at;
    const int rc = outbox_evidence(
        &got, &at, room->db, stream, seq, kind, &room->arena, NULL);

    if (want == NULL) {
        assert_int_equal(rc, ERR_NOT_FOUND);
        return;
    }
    assert_int_equal(rc, 0);
    assert_bytes(got, want);
}

static void test_a_stream_is_made_once(void **state)
{
    struct room *room = *state;
    const struct outbox_stream stream =
        open_stream(room, &SECONDARY, LANE_NORMAL);
    const struct id other = id_of(78);
    struct outbox_stream again;

    assert_int_equal(stream.next_seq, 1);
    assert_string_equal(stream.recipient.text, SECONDARY.text);
    assert_int_equal(stream.lane, LANE_NORMAL);
    MUST(db_begin(room->db, err));
    MUST(outbox_open_stream(
        &again, room->db, &SECONDARY, LANE_NORMAL, &other, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(again.id, stream.id);
    assert_true(id_equal(&again.epoch, &stream.epoch));
    assert_int_not_equal(
        open_stream(room, &SECONDARY, LANE_URGENT).id, stream.id);
    assert_int_not_equal(open_stream(room, &OTHER, LANE_NORMAL).id, stream.id);
}

static void test_numbers_have_no_holes_and_are_never_used_twice(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    static const struct {
        uint64_t first, last;
    } wrong[] = {{1, 1}, {3, 3}, {5, 5}, {0, 4}, {4, 3}};
    struct outbox_stream got;

    append(room, stream, 1, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct outbox_batch batch =
            batch_of(stream, wrong[i].first, wrong[i].last);

        batch.envelope = id_of(5);
        assert_int_equal(append_once(room, &batch), ERR_STATE);
    }
    append(room, stream, 4, 4);
    got = read_stream(room, stream);
    assert_int_equal(got.next_seq, 5);
    assert_int_equal(got.head.bytes[0], 4);
    assert_int_equal(got.unreceipted, 4);
    assert_int_equal(got.oldest_unreceipted.ms, 100);
}

static void test_a_rollback_takes_the_numbers_back(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch batch = batch_of(stream, 1, 3);

    MUST(db_begin(room->db, err));
    MUST(outbox_append(room->db, &batch, err));
    db_rollback(room->db);
    assert_int_equal(read_stream(room, stream).next_seq, 1);
    append(room, stream, 1, 2);
}

static void test_gives_unput_batches_urgent_first_then_oldest(void **state)
{
    struct room *room = *state;
    const int64_t normal = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const int64_t urgent = open_stream(room, &SECONDARY, LANE_URGENT).id;
    const struct outbox_batch a = append(room, normal, 1, 1);
    const struct outbox_batch b = append(room, normal, 2, 2);
    const struct outbox_batch c = append(room, urgent, 1, 1);
    struct outbox_batch got[8];
    int64_t flying[2];
    const struct outbox_flight flight = {flying, 2};
    struct outbox_batch next;

    assert_int_equal(unput(room, got), 3);
    assert_true(id_equal(&got[0].envelope, &c.envelope));
    assert_true(id_equal(&got[1].envelope, &a.envelope));
    assert_true(id_equal(&got[2].envelope, &b.envelope));
    assert_bytes(got[0].header, "header");
    assert_bytes(got[0].sealed, "sealed");
    assert_int_equal(
        MUST(outbox_unput(got, 2, room->db, &room->arena, err)), 2);
    flying[0] = got[0].id;
    flying[1] = got[1].id;
    MUST(outbox_next_unput(&next, room->db, &flight, &room->arena, err));
    assert_true(id_equal(&next.envelope, &b.envelope));
    assert_bytes(next.sealed, "sealed");
    mark_put(room, &b, 2000, REASON_NONE);
    assert_int_equal(
        outbox_next_unput(&next, room->db, &flight, &room->arena, NULL),
        ERR_NOT_FOUND);
    assert_int_equal(unput(room, got), 2);
}

static void test_put_is_the_end_of_what_a_hub_has_without_gap(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct outbox_batch b = append(room, stream, 4, 5);
    struct outbox_batch got;

    mark_put(room, &b, 2000, REASON_NONE);
    assert_int_equal(read_stream(room, stream).put, 0);
    mark_put(room, &a, 2000, REASON_NONE);
    assert_int_equal(read_stream(room, stream).put, 5);
    MUST(db_begin(room->db, err));
    assert_int_equal(outbox_again(room->db, stream, 5, 9, NULL), 1);
    MUST(db_commit(room->db, err));
    assert_int_equal(read_stream(room, stream).put, 3);
    /* under a new name */
    assert_int_equal(
        outbox_find(&got, room->db, &b.envelope, NULL, NULL), ERR_NOT_FOUND);
    MUST(outbox_unput(&got, 1, room->db, &room->arena, err));
    assert_int_equal(got.first, 4);
    assert_int_equal(find(room, &a).put_at.ms, 2000);
}

static void test_a_refused_batch_waits_until_it_is_sent_again(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 1);
    const struct id unknown = id_of(9);
    struct outbox_batch got[8];

    mark_put(room, &a, 2000, REASON_QUOTA);
    assert_int_equal(find(room, &a).refused, REASON_QUOTA);
    assert_int_equal(find(room, &a).put_at.ms, 0);
    assert_int_equal(unput(room, got), 0);
    MUST(db_begin(room->db, err));
    assert_int_equal(outbox_again(room->db, stream, 1, 1, NULL), 1);
    assert_int_equal(
        outbox_mark_put(room->db, &unknown, (wall){1}, REASON_NONE, NULL),
        ERR_NOT_FOUND);
    MUST(db_commit(room->db, err));
    assert_int_equal(unput(room, got), 1);
    /* the recipient refuses what the hub has: it stays put */
    mark_put(room, &got[0], 2000, REASON_NONE);
    mark_put(room, &got[0], 3000, REASON_BAD_SIGNATURE);
    assert_int_equal(find(room, &got[0]).put_at.ms, 2000);
    assert_int_equal(find(room, &got[0]).refused, REASON_BAD_SIGNATURE);
}

static void test_a_receipt_sets_times_and_drops_applied_bytes(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct outbox_batch b = append(room, stream, 4, 6);
    struct outbox_stream got;

    mark_put(room, &a, 2000, REASON_NONE);
    assert_true(is_fresh(room, (struct saying){6, 3, NULL, "r1", 3000}));
    got = read_stream(room, stream);
    assert_int_equal(got.received, 6);
    assert_int_equal(got.applied, 3);
    assert_int_equal(got.heard_at.ms, 3000);
    assert_int_equal(got.unreceipted, 3);
    assert_int_equal(got.oldest_unreceipted.ms, 400);
    assert_int_equal(find(room, &a).received_at.ms, 3000);
    assert_int_equal(find(room, &a).applied_at.ms, 3000);
    assert_int_equal(find(room, &a).put_at.ms, 2000);
    assert_int_equal(find(room, &a).sealed.len, 0);
    assert_int_equal(find(room, &b).received_at.ms, 3000);
    assert_int_equal(find(room, &b).applied_at.ms, 0);
    assert_bytes(find(room, &b).sealed, "sealed");
    /* what was received was put, though no hub has told us */
    assert_int_equal(find(room, &b).put_at.ms, 3000);
    assert_int_equal(got.put, 6);
}

static void test_a_receipt_marks_more_batches_than_it_reads_at_once(
    void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;

    for (uint64_t i = 1; i <= 150; i++)
        append(room, stream, i, i);
    assert_true(is_fresh(room, (struct saying){150, 150, NULL, "r", 3000}));
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 0);
    for (uint64_t i = 1; i <= 150; i++) {
        const struct outbox_batch batch = batch_of(stream, i, i);

        assert_int_equal(find(room, &batch).applied_at.ms, 3000);
    }
}

static void test_excepted_numbers_are_not_applied_and_keep_their_bytes(
    void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct outbox_batch b = append(room, stream, 4, 5);
    const struct outbox_batch c = append(room, stream, 6, 10);
    const struct exception missing[] = {
        {4, 5, REASON_MISSING}, {0, 0, REASON_NONE}};
    struct exception *got = NULL;

    is_fresh(room, (struct saying){10, 10, missing, "r1", 3000});
    assert_int_equal(find(room, &a).sealed.len, 0);
    assert_bytes(find(room, &b).sealed, "sealed");
    assert_int_equal(find(room, &b).received_at.ms, 0);
    assert_int_equal(find(room, &b).applied_at.ms, 0);
    assert_int_equal(find(room, &c).sealed.len, 0);
    assert_int_equal(read_stream(room, stream).unreceipted, 2);
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 400);
    assert_int_equal(
        MUST(outbox_exceptions(&got, room->db, stream, &room->arena, err)), 1);
    assert_int_equal(got[0].first, 4);
    assert_int_equal(got[0].last, 5);
    assert_int_equal(got[0].reason, REASON_MISSING);
    /* it came late */
    is_fresh(room, (struct saying){10, 10, NULL, "r2", 4000});
    assert_int_equal(find(room, &b).applied_at.ms, 4000);
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
    assert_int_equal(
        MUST(outbox_exceptions(&got, room->db, stream, &room->arena, err)), 0);
}

static void test_a_number_put_aside_is_answered_but_not_applied(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct outbox_batch a = append(room, stream, 1, 3);
    const struct exception aside[] = {
        {2, 2, REASON_NOT_OURS}, {0, 0, REASON_NONE}};

    is_fresh(room, (struct saying){3, 3, aside, "r1", 3000});
    assert_int_equal(find(room, &a).received_at.ms, 3000);
    assert_int_equal(find(room, &a).applied_at.ms, 0);
    assert_bytes(find(room, &a).sealed, "sealed");
    assert_int_equal(read_stream(room, stream).unreceipted, 0);
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 0);
    assert_evidence(room, stream, 1, 1, "r1");
    assert_evidence(room, stream, 2, 0, "r1");
    assert_evidence(room, stream, 2, 1, NULL);
    /* sent again, it waits for its answer again */
    MUST(db_begin(room->db, err));
    assert_int_equal(outbox_again(room->db, stream, 2, 2, NULL), 1);
    MUST(db_commit(room->db, err));
    assert_int_equal(read_stream(room, stream).oldest_unreceipted.ms, 100);
}

static void test_an_older_or_repeated_receipt_changes_nothing(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct exception hole[] = {
        {2, 3, REASON_MISSING}, {0, 0, REASON_NONE}};
    const struct exception less[] = {
        {2, 2, REASON_MISSING}, {0, 0, REASON_NONE}};
    struct exception *got = NULL;

    append(room, stream, 1, 10);
    assert_true(is_fresh(room, (struct saying){6, 6, hole, "r1", 3000}));
    assert_true(is_fresh(room, (struct saying){6, 6, less, "r2", 4000}));
    assert_false(is_fresh(room, (struct saying){6, 6, hole, "r1", 5000}));
    assert_false(is_fresh(room, (struct saying){5, 5, NULL, "r0", 5000}));
    assert_false(is_fresh(room, (struct saying){6, 5, NULL, "r0", 5000}));
    assert_int_equal(read_stream(room, stream).heard_at.ms, 4000);
    assert_false(is_fresh(room, (struct saying){6, 6, less, "r2", 6000}));
    assert_int_equal(read_stream(room, stream).heard_at.ms, 6000);
    assert_int_equal(read_stream(room, stream).received, 6);
    assert_int_equal(read_stream(room, stream).applied, 6);
    assert_int_equal(
        MUST(outbox_exceptions(&got, room->db, stream, &room->arena, err)), 1);
    assert_int_equal(got[0].last, 2);
}

static void test_refuses_receipts_that_cannot_be(void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    static const struct exception beyond[] = {
        {3, 4, REASON_MISSING}, {0, 0, REASON_NONE}};
    static const struct exception backwards[] = {
        {3, 2, REASON_MISSING}, {0, 0, REASON_NONE}};
    static const struct exception twice[] = {
        {2, 3, REASON_MISSING}, {3, 3, REASON_NOT_OURS}, {0, 0, REASON_NONE}};
    static const struct {
        struct saying saying;
        int rc;
    } cases[] = {
        {{4, 3, NULL, "r", 1}, ERR_STATE},
        {{UINT64_MAX, 3, NULL, "r", 1}, ERR_STATE},
        {{2, 3, NULL, "r", 1}, ERR_STATE},
        {{3, 3, beyond, "r", 1}, ERR_STATE},
        {{3, 3, backwards, "r", 1}, ERR_MALFORMED},
        {{3, 3, twice, "r", 1}, ERR_MALFORMED},
    };
    struct receipt wrong = {.lane = LANE_NORMAL, .epoch = id_of(78)};
    struct receipt urgent = {.lane = LANE_URGENT, .epoch = id_of(77)};
    const struct saying fine = {3, 3, NULL, "r", 1};
    bool fresh;

    append(room, stream, 1, 3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(take(room, &cases[i].saying, &fresh), cases[i].rc);
    assert_int_equal(take_as(room, &fine, &wrong, &fresh), ERR_NOT_FOUND);
    assert_int_equal(take_as(room, &fine, &urgent, &fresh), ERR_NOT_FOUND);
    assert_int_equal(read_stream(room, stream).received, 0);
    assert_evidence(room, stream, 1, 0, NULL);
}

static void test_evidence_is_the_receipt_that_first_covered_a_number(
    void **state)
{
    struct room *room = *state;
    const int64_t stream = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    const struct exception hole[] = {
        {4, 5, REASON_MISSING}, {0, 0, REASON_NONE}};
    const struct exception aside[] = {
        {4, 5, REASON_BAD_SIGNATURE}, {0, 0, REASON_NONE}};

    append(room, stream, 1, 20);
    is_fresh(room, (struct saying){3, 2, NULL, "r1", 1});
    is_fresh(room, (struct saying){10, 10, hole, "r2", 2});
    is_fresh(room, (struct saying){10, 10, hole, "again", 3});
    is_fresh(room, (struct saying){10, 10, aside, "r3", 4});
    is_fresh(room, (struct saying){10, 10, NULL, "r4", 5});
    is_fresh(room, (struct saying){12, 12, NULL, "r5", 6});
    assert_evidence(room, stream, 2, 1, "r1");
    assert_evidence(room, stream, 3, 0, "r1");
    assert_evidence(room, stream, 3, 1, "r2");
    assert_evidence(room, stream, 4, 0, "r3");
    assert_evidence(room, stream, 4, 1, "r4");
    assert_evidence(room, stream, 6, 1, "r2");
    assert_evidence(room, stream, 12, 1, "r5");
    assert_evidence(room, stream, 13, 0, NULL);
}

static int collect_batch(void *arg, const struct outbox_batch *batch)
{
    char *seen = arg;

    sprintf(seen + strlen(seen), "%d-%d ", (int)batch->first, (int)batch->last);
    return batch->sealed.len > 0 ? 1 : 0;
}

static int collect_stream(void *arg, const struct outbox_stream *stream)
{
    char *seen = arg;

    sprintf(seen + strlen(seen), "%s/%d/%d ", stream->recipient.text,
        (int)stream->lane, (int)stream->unreceipted);
    return 0;
}

static void test_lists_streams_and_batches(void **state)
{
    struct room *room = *state;
    const int64_t normal = open_stream(room, &SECONDARY, LANE_NORMAL).id;
    char seen[100] = "";

    open_stream(room, &OTHER, LANE_URGENT);
    append(room, normal, 1, 3);
    append(room, normal, 4, 5);
    is_fresh(room, (struct saying){3, 3, NULL, "r", 1});
    MUST(outbox_each_stream(room->db, collect_stream, seen, err));
    assert_string_equal(seen, "9364001/2/2 9364002/1/0 ");
    seen[0] = '\0';
    MUST(outbox_each_batch(room->db, false, collect_batch, seen, err));
    assert_string_equal(seen, "1-3 4-5 ");
    seen[0] = '\0';
    MUST(outbox_each_batch(room->db, true, collect_batch, seen, err));
    assert_string_equal(seen, "4-5 ");
}

static void owe(struct room *room, const struct laestab *peer, unsigned n)
{
    const struct receipt_out receipt = {.peer = *peer,
        .envelope = id_of(n),
        .header = bytes_of("h"),
        .sealed = bytes_of("s")};

    MUST(db_begin(room->db, err));
    MUST(outbox_put_receipt(room->db, &receipt, err));
    MUST(db_commit(room->db, err));
}

static bool mark_receipt(struct room *room, unsigned n)
{
    const struct id envelope = id_of(n);
    bool found;

    MUST(db_begin(room->db, err));
    MUST(outbox_mark_receipt_put(room->db, &envelope, &found, err));
    MUST(db_commit(room->db, err));
    return found;
}

static void test_owes_each_peer_its_newest_receipt(void **state)
{
    struct room *room = *state;
    struct receipt_out got[4];

    owe(room, &SECONDARY, 1);
    owe(room, &OTHER, 2);
    owe(room, &SECONDARY, 3);
    assert_false(mark_receipt(room, 1));
    assert_int_equal(
        MUST(outbox_unput_receipts(got, 4, room->db, &room->arena, err)), 2);
    assert_string_equal(got[0].peer.text, SECONDARY.text);
    assert_int_equal(got[0].envelope.bytes[0], 3);
    assert_bytes(got[0].header, "h");
    assert_bytes(got[0].sealed, "s");
    assert_true(mark_receipt(room, 3));
    assert_true(mark_receipt(room, 2));
    assert_int_equal(
        MUST(outbox_unput_receipts(got, 4, room->db, &room->arena, err)), 0);
    MUST(db_begin(room->db, err));
    MUST(outbox_receipt_again(room->db, &OTHER, err));
    MUST(db_commit(room->db, err));
    assert_int_equal(
        MUST(outbox_unput_receipts(got, 4, room->db, &room->arena, err)), 1);
    assert_string_equal(got[0].peer.text, OTHER.text);
}

static void refuse(struct room *room, const struct laestab *peer, unsigned n)
{
    const struct refusal refusal = {.envelope = id_of(n),
        .lane = LANE_NORMAL,
        .epoch = id_of(1),
        .first = n,
        .last = UINT64_MAX,
        .reason = REASON_REPLAY};

    MUST(db_begin(room->db, err));
    MUST(outbox_add_refusal(room->db, peer, &refusal, (wall){1}, err));
    MUST(db_commit(room->db, err));
}

static void test_tells_the_newest_refusals_of_each_peer(void **state)
{
    struct room *room = *state;
    struct refusal got[64];

    refuse(room, &OTHER, 7);
    for (unsigned i = 1; i <= 40; i++)
        refuse(room, &SECONDARY, i);
    refuse(room, &SECONDARY, 20); /* once more: now the newest */
    assert_int_equal(MUST(outbox_refusals(got, 64, room->db, &SECONDARY, err)),
        OUTBOX_REFUSALS);
    assert_int_equal(got[0].first, 20);
    assert_int_equal(got[1].first, 40);
    assert_int_equal(got[31].first, 9);
    assert_true(got[0].last == UINT64_MAX);
    assert_int_equal(got[0].reason, REASON_REPLAY);
    assert_int_equal(
        MUST(outbox_refusals(got, 2, room->db, &SECONDARY, err)), 2);
    assert_int_equal(MUST(outbox_refusals(got, 64, room->db, &OTHER, err)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_a_stream_is_made_once),
        AGENT_TEST(test_numbers_have_no_holes_and_are_never_used_twice),
        AGENT_TEST(test_a_rollback_takes_the_numbers_back),
        AGENT_TEST(test_gives_unput_batches_urgent_first_then_oldest),
        AGENT_TEST(test_put_is_the_end_of_what_a_hub_has_without_gap),
        AGENT_TEST(test_a_refused_batch_waits_until_it_is_sent_again),
        AGENT_TEST(test_a_receipt_sets_times_and_drops_applied_bytes),
        AGENT_TEST(test_a_receipt_marks_more_batches_than_it_reads_at_once),
        AGENT_TEST(test_excepted_numbers_are_not_applied_and_keep_their_bytes),
        AGENT_TEST(test_a_number_put_aside_is_answered_but_not_applied),
        AGENT_TEST(test_an_older_or_repeated_receipt_changes_nothing),
        AGENT_TEST(test_refuses_receipts_that_cannot_be),
        AGENT_TEST(test_evidence_is_the_receipt_that_first_covered_a_number),
        AGENT_TEST(test_lists_streams_and_batches),
        AGENT_TEST(test_owes_each_peer_its_newest_receipt),
        AGENT_TEST(test_tells_the_newest_refusals_of_each_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
