#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cluster.h"

#include "agentd/upkeep.h"
#include "store/heldback.h"
#include "unput.h"

#define HOUR ((int64_t)3600 * 1000)

/* Something for Northgate, put to a hub at once. */
static void send_one(struct agent *agent, const struct laestab *to)
{
    struct batch_item item = {
        .kind = ITEM_READ, .u.read = {"B801200005001", 1, "SENCO", {1}}};
    struct outbox_batch batch;
    struct arena arena = ARENA_EMPTY;
    uint64_t first;
    int64_t stream;

    assert_int_equal(db_begin(agent->db, NULL), 0);
    assert_int_equal(
        sender_append(agent, &first, &stream, to, LANE_NORMAL, &item, 1, NULL),
        0);
    assert_int_equal(unput_batches(&batch, 1, agent->db, &arena, NULL), 1);
    assert_int_equal(outbox_mark_put(agent->db, &batch.envelope, clock_wall(),
                         REASON_NONE, NULL),
        0);
    assert_int_equal(db_commit(agent->db, NULL), 0);
    arena_free(&arena);
}

static int after(struct agent *agent, int64_t hours)
{
    const wall then = {clock_wall().ms + hours * HOUR};
    struct err err = {.text = ""};
    const int count = upkeep_run(agent, then, &err);

    if (count < 0)
        fail_msg("%s", err.text);
    return count;
}

static void test_a_day_without_a_receipt_resends_and_beats(void **state)
{
    struct cluster *c = *state;
    struct agent *agent = &c->schools[0];

    send_one(agent, &c->schools[2].identity->laestab);
    assert_int_equal(after(agent, 23), 0);
    assert_int_equal(after(agent, 25), 2);
    assert_int_equal(after(agent, 25), 0);
}

static void test_the_hours_are_those_of_the_settings(void **state)
{
    struct cluster *c = *state;
    struct agent *agent = &c->schools[1];

    agent->settings.resend_hours = 2;
    agent->settings.heartbeat_hours = 100;
    send_one(agent, &c->schools[2].identity->laestab);
    assert_int_equal(after(agent, 1), 0);
    assert_int_equal(after(agent, 3), 1);
    assert_int_equal(after(agent, 101), 1);
}

static void test_who_was_held_back_is_forgotten_with_the_letter(void **state)
{
    struct cluster *c = *state;
    struct agent *agent = &c->schools[0];
    const struct id gone = {{7}};
    const struct tag pupil = {{1}};
    bool any = false, more = true;

    assert_int_equal(db_begin(agent->db, NULL), 0);
    assert_int_equal(heldback_add(agent->db, &gone, &pupil, NULL), 0);
    assert_int_equal(db_commit(agent->db, NULL), 0);
    assert_int_equal(heldback_any(&any, agent->db, NULL), 0);
    assert_true(any);
    assert_int_equal(upkeep_compact(&more, agent, clock_wall(), NULL), 0);
    assert_false(more);
    assert_int_equal(heldback_any(&any, agent->db, NULL), 0);
    assert_false(any);
}

static int set_up(void **state)
{
    struct cluster *c = mem_alloc(sizeof *c);

    cluster_begin(c);
    *state = c;
    return 0;
}

static int tear_down(void **state)
{
    cluster_end(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_without_a_receipt_resends_and_beats),
        cmocka_unit_test(test_the_hours_are_those_of_the_settings),
        cmocka_unit_test(test_who_was_held_back_is_forgotten_with_the_letter),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
