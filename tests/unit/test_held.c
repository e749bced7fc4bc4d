/* held: a restriction that a restored author forgot comes back from whoever
 * still knows it, and nobody is shown meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "past.h"
#include "record/visible.h"
#include "round.h"

#define UPN "B801200005001"

static void send_child(struct round *r, const struct restriction *restriction)
{
    struct cluster_child child;
    struct restriction copy = {.kind = RESTRICTION_NO_TEXT};

    cluster_child(&child, UPN, "Tariq", &r->northgate->identity->laestab);
    if (restriction != NULL) {
        copy = *restriction;
        child.leaver.restrictions = &copy;
        child.leaver.restriction_count = 1;
    }
    round_send(r, &child);
    round_exchange(r);
}

static size_t count_visible_at_the_secondary(struct round *r)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    struct visible visible;
    struct leaver leaver;
    struct tag tag;

    agent_upn_tag(&tag, r->northgate, UPN);
    assert_int_equal(
        inbox_find_record(&row, r->northgate->db, &tag, &arena, NULL), 0);
    assert_int_equal(blob_open(&leaver, r->northgate, BLOB_RECORD, row.id,
                         row.sealed, &arena, NULL),
        0);
    visible_contacts(&visible, &leaver);
    return visible.count;
}

static size_t count_restrictions_at_the_primary(struct round *r)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver leaver;

    assert_int_equal(
        roll_find(&row, &leaver, r->hillside, UPN, &arena, NULL), 0);
    return leaver.restriction_count;
}

static void test_an_author_takes_over_what_it_forgot(void **state)
{
    struct round *r = *state;
    const struct restriction order = {.id = {{9}},
        .kind = RESTRICTION_DO_NOT_CONTACT,
        .basis = BASIS_COURT_ORDER,
        .contact = 2,
        .note = "order of 3 May",
        .from = {1},
        .evidence = ""};

    send_child(r, NULL);
    past_keep(&r->cluster, 0, false, false);
    past_keep(&r->cluster, 2, false, false);
    send_child(r, &order);
    assert_int_equal(count_visible_at_the_secondary(r), 1);

    past_keep(&r->cluster, 0, true, false);
    assert_int_equal(count_restrictions_at_the_primary(r), 0);
    round_exchange(r);
    assert_int_equal(count_restrictions_at_the_primary(r), 1);
    assert_int_equal(count_visible_at_the_secondary(r), 1);

    /* and now that the primary knows it again, the secondary may lose it */
    past_keep(&r->cluster, 2, true, false);
    round_exchange(r);
    assert_int_equal(count_visible_at_the_secondary(r), 1);
}

static void test_a_restriction_that_was_ended_is_not_taken_over(void **state)
{
    struct round *r = *state;
    const struct restriction ended = {.id = {{9}},
        .kind = RESTRICTION_DO_NOT_CONTACT,
        .basis = BASIS_COURT_ORDER,
        .contact = 2,
        .note = "",
        .from = {1},
        .ended = {2},
        .evidence = "order lifted"};

    send_child(r, NULL);
    past_keep(&r->cluster, 0, false, false);
    send_child(r, &ended);
    past_keep(&r->cluster, 0, true, false);
    round_exchange(r);
    assert_int_equal(count_restrictions_at_the_primary(r), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_an_author_takes_over_what_it_forgot),
        CASE(test_a_restriction_that_was_ended_is_not_taken_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
