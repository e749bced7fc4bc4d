/* Events as bytes, and as rows that keep their order. */
#include "case_fixture.h"

#include <stdlib.h>

#include "store_room.h"

#include "store/happenings.h"
#include "wire/casework.h"

static struct event round_trip(const struct event *event, struct arena *arena)
{
    SCOPED(buf_free) struct buf bytes = BUF_EMPTY;
    struct event back = {.kind = event->kind};

    MUST(casework_encode(&bytes, event, err));
    MUST(casework_decode(&back, buf_bytes(&bytes), arena, err));
    return back;
}

static void test_an_attempt_comes_back_as_it_was(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct event event = {.kind = EVENT_ATTEMPT};
    struct event back;

    (void)state;
    event.u.attempt = (struct event_attempt){57, 2, 3, "+447700900118",
        CHANNEL_VIDEO, OUTCOME_LANGUAGE, BAND_SATURDAY, true, false, true,
        false, true, "SOM", {WEDNESDAY}, "Où est le bus ?", NULL};
    back = round_trip(&event, &arena);
    assert_int_equal(back.u.attempt.record, 57);
    assert_int_equal(back.u.attempt.contact, 2);
    assert_int_equal(back.u.attempt.point, 3);
    assert_string_equal(back.u.attempt.value, "+447700900118");
    assert_int_equal(back.u.attempt.channel, CHANNEL_VIDEO);
    assert_int_equal(back.u.attempt.outcome, OUTCOME_LANGUAGE);
    assert_int_equal(back.u.attempt.band, BAND_SATURDAY);
    assert_true(back.u.attempt.inbound && back.u.attempt.interpreter &&
                back.u.attempt.own_choice);
    assert_false(back.u.attempt.concern || back.u.attempt.voicemail);
    assert_string_equal(back.u.attempt.language, "SOM");
    assert_int_equal(back.u.attempt.call_back.ms, WEDNESDAY);
    assert_string_equal(back.u.attempt.said, "Où est le bus ?");
    assert_string_equal(back.u.attempt.note, "");
}

/* The least that each kind must have. */
static struct event least(enum event_kind kind)
{
    struct event e = {.kind = kind};

    if (kind == EVENT_ATTEMPT)
        e.u.attempt.outcome = OUTCOME_SPOKE;
    else if (kind == EVENT_POINT)
        e.u.point = (struct event_point){
            .status = POINT_UNVERIFIED, .source = SOURCE_PARENT};
    else if (kind == EVENT_BARRIER)
        e.u.barrier = (struct event_barrier){.barrier = BARRIER_TIME,
            .source = BARRIER_STATED,
            .status = BARRIER_OPEN};
    else if (kind == EVENT_SESSION)
        e.u.session = (struct event_session){
            .type = SESSION_ONLINE, .status = SESSION_DRAFT};
    else if (kind == EVENT_REVIEW)
        e.u.review.review = REVIEW_RESUME;
    else if (kind == EVENT_ENTRY)
        e.u.entry.result = ENTRY_STARTED;
    else if (kind == EVENT_REQUEST)
        e.u.request.kind = REQUEST_QUESTION;
    else if (kind == EVENT_SUPPORT)
        e.u.support.result = SUPPORT_NEW;
    else if (kind == EVENT_ITEM)
        e.u.item.kind = ITEM_OF_PROMISE;
    return e;
}

static void test_every_kind_has_a_form(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;

    (void)state;
    for (int kind = EVENT_LEASE; kind <= EVENT_LAST; kind++) {
        const struct event event = least((enum event_kind)kind);
        const struct event back = round_trip(&event, &arena);

        assert_int_equal(back.kind, kind);
    }
}

static void test_refuses_what_breaks_the_form(void **state)
{
    static const uint8_t not_protobuf[] = {0xff, 0xff, 0xff};
    static const uint8_t bad_outcome[] = {0x30, 0x63};   /* field 6: 99 */
    static const uint8_t control[] = {0x7a, 0x01, 0x07}; /* said: a bell */
    static const struct bytes bad[] = {
        {not_protobuf, 3}, {bad_outcome, 2}, {control, 3}};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf bytes = BUF_EMPTY;
    struct event event = least(EVENT_ATTEMPT);
    SCOPED(mem_freep) char *long_text = mem_alloc(EVENT_MAX_TEXT + 2);

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            casework_decode(&event, bad[i], &arena, NULL), ERR_MALFORMED);
    memset(long_text, 'x', EVENT_MAX_TEXT + 1);
    event.u.attempt.note = long_text;
    assert_int_equal(casework_encode(&bytes, &event, NULL), ERR_TOO_BIG);
    event = least(EVENT_ATTEMPT);
    event.u.attempt.said = "a\nb";
    assert_int_equal(casework_encode(&bytes, &event, NULL), ERR_MALFORMED);
    event.kind = (enum event_kind)(EVENT_LAST + 1);
    assert_int_equal(casework_encode(&bytes, &event, NULL), ERR_MALFORMED);
    assert_int_equal(bytes.len, 0);
}

/* --- rows --- */

static int open_agent(void **state)
{
    return room_open(state, DB_AGENT);
}

static int64_t add_row(struct room *room, int64_t family, int64_t at)
{
    struct happening row = {.family = family,
        .at = {at},
        .login = "jl",
        .kind = EVENT_LEASE,
        .sealed = bytes_of("sealed")};

    MUST(db_begin(room->db, err));
    MUST(happenings_next_id(room->db, &row.id, err));
    MUST(happenings_add(room->db, &row, err));
    MUST(db_commit(room->db, err));
    return row.id;
}

struct seen {
    int64_t ids[8];
    size_t count;
};

static int see(void *arg, const struct happening *row)
{
    struct seen *seen = arg;

    assert_string_equal(row->login, "jl");
    assert_int_equal(row->sealed.len, 6);
    seen->ids[seen->count++] = row->id;
    return 0;
}

static void test_rows_come_in_order_of_time_and_are_only_added(void **state)
{
    struct room *room = *state;
    const int64_t a = add_row(room, 118, 2000);
    const int64_t b = add_row(room, 118, 1000);
    const int64_t c = add_row(room, 9, 500);
    const uint64_t stamp = db_stamp(room->db).happenings;
    struct seen seen = {.count = 0};

    MUST(happenings_since(room->db, a, see, &seen, err));
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.ids[0], b);
    assert_int_equal(seen.ids[1], c);
    add_row(room, 9, 600);
    assert_true(db_stamp(room->db).happenings > stamp);
    room_reopen(room);
    assert_true(add_row(room, 9, 700) > c + 1); /* no id twice */
}

static void test_a_rollback_is_told(void **state)
{
    struct room *room = *state;
    const uint64_t before = db_stamp(room->db).rollbacks;
    struct happening row = {.id = 5, .login = "jl", .sealed = bytes_of("x")};

    MUST(db_begin(room->db, err));
    MUST(happenings_add(room->db, &row, err));
    db_rollback(room->db);
    assert_true(db_stamp(room->db).rollbacks > before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_attempt_comes_back_as_it_was),
        cmocka_unit_test(test_every_kind_has_a_form),
        cmocka_unit_test(test_refuses_what_breaks_the_form),
        cmocka_unit_test_setup_teardown(
            test_rows_come_in_order_of_time_and_are_only_added, open_agent,
            room_close),
        cmocka_unit_test_setup_teardown(
            test_a_rollback_is_told, open_agent, room_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
