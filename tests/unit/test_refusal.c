/* A refusal that time has overtaken: the letter was taken after all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/aside.h"
#include "round.h"
#include "store/owed.h"
#include "unput.h"

/* A letter that could not be taken then and can be now. */
static void test_what_is_taken_after_all_is_refused_no_more(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct laestab *hillside = &r->hillside->identity->laestab;
    struct refusal refusal = {.lane = LANE_NORMAL,
        .first = 1,
        .last = 1,
        .reason = REASON_EXPIRED_CERTIFICATE};
    struct quarantine_row row = {.author = *hillside,
        .lane = LANE_NORMAL,
        .first = 1,
        .last = 1,
        .reason = REASON_EXPIRED_CERTIFICATE};
    struct mail_debts debts = {.count = 0};
    struct outbox_batch batch;
    struct refusal told[4];
    struct cluster_child child;

    round_child(&child, r);
    round_send(r, &child);
    assert_int_equal(
        unput_batches(&batch, 1, r->hillside->db, &arena, NULL), 1);
    row.envelope = refusal.envelope = batch.envelope;
    row.header = batch.header;
    row.sealed = batch.sealed;
    assert_int_equal(db_begin(r->northgate->db, NULL), 0);
    assert_int_equal(owed_add_refusal(r->northgate->db, hillside, &refusal,
                         clock_wall(), NULL),
        0);
    assert_int_equal(inbox_quarantine_add(r->northgate->db, &row, NULL), 0);
    row.id = round_aside(r->northgate);
    assert_int_equal(aside_again(r->northgate, &row, &debts, NULL), 0);
    round_commit(r->northgate);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(
        owed_refusals(told, 4, r->northgate->db, hillside, NULL), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_what_is_taken_after_all_is_refused_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
