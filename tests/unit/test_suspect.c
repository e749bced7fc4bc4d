/* No school's letters keep those of the others from coming: what cannot be
 * applied is put aside, and what comes behind too many holes is let go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/intake.h"
#include "world.h"

static void take(
    struct agent *at, const struct cluster_letter *letter, bool suspect)
{
    const struct mail_letter mail = {.envelope = letter->envelope,
        .header = letter->header,
        .sealed = buf_bytes(&letter->sealed),
        .suspect = suspect};
    struct mail_debts debts = {.count = 0};
    struct err err = {.text = ""};

    assert_int_equal(db_begin(at->db, NULL), 0);
    if (mail_take(at, &mail, &debts, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(mail_settle(at, &debts, NULL), 0);
    assert_int_equal(db_commit(at->db, NULL), 0);
}

static void deliver(
    struct world *w, uint64_t number, uint64_t revision, bool suspect)
{
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    w->header.first = w->header.last = number;
    cluster_write(&letter, w->hillside, &w->header, &w->child.leaver, revision);
    take(w->northgate, &letter, suspect);
}

static struct intake stream_of(struct world *w)
{
    struct inbox_stream stream;
    bool seen;

    assert_int_equal(
        inbox_stream(&stream, &seen, w->northgate->db, &w->header.author,
            LANE_NORMAL, &w->header.epoch, NULL),
        0);
    return stream.intake;
}

static void test_a_suspect_is_put_aside_and_its_number_is_known(void **state)
{
    struct world *w = *state;
    struct intake in;
    uint64_t count;

    deliver(w, 1, 1, true);
    assert_int_equal(cluster_records(w->northgate), 0);
    assert_int_equal(inbox_quarantine_count(&count, w->northgate->db, NULL), 0);
    assert_int_equal(count, 1);
    in = stream_of(w);
    assert_int_equal(in.high, 1);
    assert_int_equal(in.hole_count, 1);
    assert_int_equal(in.holes[0].reason, REASON_BAD_BATCH);
}

/* Else they would stay at the hub and use up the credit of all schools. */
static void test_a_letter_behind_too_many_holes_is_let_go(void **state)
{
    struct world *w = *state;

    for (uint64_t i = 1; i <= INTAKE_MAX_HOLES + 2; i++)
        deliver(w, 2 * i, i, false);
    assert_int_equal(stream_of(w).high, 2 * INTAKE_MAX_HOLES);
    assert_int_equal(stream_of(w).hole_count, INTAKE_MAX_HOLES);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_suspect_is_put_aside_and_its_number_is_known),
        CASE(test_a_letter_behind_too_many_holes_is_let_go),
    };

    return cmocka_run_group_tests_name("suspect", tests, NULL, NULL);
}
