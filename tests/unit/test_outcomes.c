/* outcomes: what a primary counts of its leavers at the end of the year. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/progress.h"
#include "recall_fixture.h"

static void hear_in(struct round *r, const struct batch *letter,
    enum coarse state, struct date day)
{
    const struct batch_item item = {
        .kind = ITEM_FAMILY, .u.family = {UPN, state, day, "", NULL, 0}};

    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(progress_heard(r->hillside, letter, &item, NULL), 0);
    round_commit(r->hillside);
}

static void hear(struct round *r, const struct agent *author, enum coarse state,
    struct date day)
{
    hear_in(r, &(struct batch){.header.author = author->identity->laestab},
        state, day);
}

static json_int_t total(struct round *r, const char *key)
{
    json_t *result = round_ask(outcomes_show, r->hillside, json_object());
    const json_int_t figure = json_integer_value(
        json_object_get(json_object_get(result, "totals"), key));

    json_decref(result);
    return figure;
}

static void test_a_family_stays_spoken_to_when_the_child_has_started(
    void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    assert_int_equal(total(r, "leavers"), 1);
    assert_int_equal(total(r, "contacted"), 0);
    hear(r, r->northgate, COARSE_CONTACTED, (struct date){2000, 6, 15});
    assert_int_equal(total(r, "contacted_before_entry"), 1);
    hear(r, r->northgate, COARSE_STARTED, (struct date){0, 0, 0});
    assert_int_equal(total(r, "started"), 1);
    assert_int_equal(total(r, "contacted"), 1);
    assert_int_equal(total(r, "contacted_before_entry"), 1);
}

static void test_spoken_to_after_the_start_is_not_in_time(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    hear(r, r->northgate, COARSE_CONTACTED, (struct date){2099, 9, 2});
    assert_int_equal(total(r, "contacted"), 1);
    assert_int_equal(total(r, "contacted_before_entry"), 0);
}

static void test_only_the_school_that_has_the_child_is_believed(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    hear(r, r->stannes, COARSE_CONTACTED, (struct date){2000, 6, 15});
    assert_int_equal(total(r, "contacted"), 0);
    hear(r, r->northgate, COARSE_CONTACTED, (struct date){2000, 6, 15});
    hear(r, r->northgate, COARSE_HELP_REQUEST, (struct date){0, 0, 0});
    assert_int_equal(total(r, "contacted"), 0); /* it was put right there */
}

/* It was lost and went again, or is from before that school's restore. */
static void test_a_letter_that_comes_late_takes_nothing_back(void **state)
{
    struct round *r = *state;
    struct batch letter = {.incarnation = 1, .progress = 6};
    struct cluster_child child;

    start(r, &child);
    letter.header.author = r->northgate->identity->laestab;
    hear_in(r, &letter, COARSE_CONTACTED, (struct date){2000, 6, 15});
    letter.progress = 5;
    hear_in(r, &letter, COARSE_CONTACT_STARTED, (struct date){0, 0, 0});
    assert_int_equal(total(r, "contacted"), 1);
    letter.incarnation = 0;
    letter.progress = 9;
    hear_in(r, &letter, COARSE_NOT_ARRIVED, (struct date){0, 0, 0});
    assert_int_equal(total(r, "not_arrived"), 0);
    letter.incarnation = 2;
    letter.progress = 1;
    hear_in(r, &letter, COARSE_STARTED, (struct date){0, 0, 0});
    assert_int_equal(total(r, "started"), 1);
    assert_int_equal(total(r, "contacted"), 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_family_stays_spoken_to_when_the_child_has_started),
        CASE(test_spoken_to_after_the_start_is_not_in_time),
        CASE(test_only_the_school_that_has_the_child_is_believed),
        CASE(test_a_letter_that_comes_late_takes_nothing_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
