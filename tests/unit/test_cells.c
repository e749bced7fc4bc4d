/* The small-number rule: no row that is shown, and no difference of two, gives
 * away one to four children; and nobody can be certain of one from what is
 * suppressed or stays as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "outreach/cells.h"

enum { NUMBERS = 6 };

/* Group, spoken to, not; rest, spoken to, not. */
static void numbers_of(int out[NUMBERS], const struct cells_row *row)
{
    out[0] = (int)row->group_pupils;
    out[1] = (int)row->group_contacted;
    out[2] = out[0] - out[1];
    out[3] = (int)(row->pupils - row->group_pupils);
    out[4] = (int)(row->contacted - row->group_contacted);
    out[5] = out[3] - out[4];
}

static bool is_small(int number)
{
    return abs(number) >= 1 && abs(number) <= 4;
}

static void test_a_row_is_safe_or_not(void **state)
{
    static const struct {
        struct cells_row row;
        bool safe;
    } cases[] = {
        {{100, 50, 40, 20}, true}, {{100, 50, 10, 5}, true},
        {{100, 50, 9, 5}, false},   /* fewer than ten */
        {{100, 50, 40, 4}, false},  /* four spoken to */
        {{100, 50, 40, 36}, false}, /* four not */
        {{100, 50, 40, 0}, true}, {{100, 50, 40, 40}, true},
        {{100, 50, 9, 0}, false}, /* the same for all, and few */
        {{100, 50, 9, 9}, false}, {{100, 50, 0, 0}, false},
        {{100, 50, 91, 50}, false}, /* the rest is fewer than ten */
        {{100, 50, 91, 41}, false}, /* and all were spoken to */
        {{100, 50, 90, 46}, false}, /* of the rest four spoken to */
        {{100, 50, 100, 50}, true}, /* there is no rest */
        {{100, 42, 40, 40}, false}, /* of the rest two spoken to */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (cells_is_safe(&cases[i].row) != cases[i].safe)
            fail_msg("case %zu", i);
}

static void assert_shown(struct cells_history *history,
    const struct cells_row *now, const struct cells_row *want)
{
    const struct cells_row *shown = cells_look(history, now);

    if (want == NULL) {
        assert_null(shown);
        return;
    }
    assert_non_null(shown);
    assert_memory_equal(shown, want, sizeof *want);
}

static void test_what_moved_by_a_few_stays_as_it_was(void **state)
{
    const struct cells_row none = {100, 0, 40, 0};
    const struct cells_row three = {100, 8, 40, 3};
    const struct cells_row some = {100, 20, 40, 9};
    const struct cells_row more = {100, 24, 40, 11};
    const struct cells_row much = {100, 34, 40, 14};
    const struct cells_row near_the_second = {100, 25, 40, 10};
    struct cells_history history = {.count = 0};

    (void)state;
    assert_shown(&history, &none, &none);
    assert_shown(&history, &three, &none);
    assert_shown(&history, &some, &some);
    assert_shown(&history, &more, &some);
    assert_shown(&history, &much, &much);
    /* apart from the last, but not from the one before */
    assert_shown(&history, &near_the_second, &much);
    assert_int_equal(history.count, 3);
}

static void test_a_child_that_comes_does_not_stop_the_row(void **state)
{
    const struct cells_row before = {212, 52, 60, 19};
    const struct cells_row now = {213, 78, 60, 28};
    const struct cells_row shown = {212, 78, 60, 28};
    const struct cells_row all = {200, 200, 59, 59};
    struct cells_history history = {.count = 0};

    (void)state;
    assert_shown(&history, &before, &before);
    assert_shown(&history, &now, &shown);
    assert_shown(&history, &all, &shown);
}

static void test_what_was_not_safe_from_the_start_is_suppressed(void **state)
{
    const struct cells_row few = {100, 50, 9, 5};
    const struct cells_row enough = {100, 50, 14, 7};
    struct cells_history history = {.count = 0};

    (void)state;
    assert_shown(&history, &few, NULL);
    assert_shown(&history, &enough, &enough);
    assert_shown(&history, &few, &enough);
}

static void test_a_full_history_shows_nothing_new(void **state)
{
    struct cells_history history = {.count = 0};

    (void)state;
    for (unsigned i = 0; i < CELLS_KEPT + 5; i++)
        cells_look(&history,
            &(struct cells_row){10000, 4000, 1000 + 10 * i, 500 + 5 * i});
    assert_int_equal(history.count, CELLS_KEPT);
}

static void test_a_history_is_text_and_back(void **state)
{
    static const char *const bad[] = {"1", "1 2 3 4", "1 2 3;", "x", "4 4 4 5;",
        "4 5 4 4;", "-1 0 0 0;", "10 2 5 1;;", "9999999999 1 1 1;"};
    struct cells_history history = {
        .count = 2, .rows = {{100, 50, 40, 20}, {100, 60, 40, 25}}};
    struct cells_history again;
    char text[CELLS_TEXT_SIZE];

    (void)state;
    cells_format(text, &history);
    assert_string_equal(text, "100 50 40 20;100 60 40 25;");
    assert_true(cells_parse(&again, text));
    assert_int_equal(again.count, 2);
    assert_memory_equal(again.rows, history.rows, 2 * sizeof again.rows[0]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (cells_parse(&again, bad[i]) || again.count != 0)
            fail_msg("%s", bad[i]);
    assert_true(cells_parse(&again, ""));
}

static void test_a_week_begins_on_monday(void **state)
{
    const struct date monday = {2027, 6, 14};

    (void)state;
    for (uint8_t day = 14; day <= 20; day++)
        assert_int_equal(
            date_compare(cells_monday((struct date){2027, 6, day}), monday), 0);
    assert_int_equal(date_compare(cells_monday((struct date){2027, 6, 13}),
                         (struct date){2027, 6, 7}),
        0);
}

/* --- random cohorts over a year --- */

/* Children come, go and are spoken to; now and then many at once. */
static void move(struct cells_row *row, unsigned *dice)
{
    for (int n = rand_r(dice) % (rand_r(dice) % 4 == 0 ? 40 : 6); n > 0; n--) {
        const bool of_group = rand_r(dice) % 3 == 0;
        const bool spoken = rand_r(dice) % 2 == 0;
        const unsigned rest = row->pupils - row->group_pupils;
        const unsigned rest_spoken = row->contacted - row->group_contacted;

        switch (rand_r(dice) % 5) {
        case 0: /* comes */
            row->pupils++;
            row->group_pupils += of_group;
            break;
        case 1: /* goes */
            if (of_group && spoken && row->group_contacted > 0) {
                row->pupils--, row->group_pupils--;
                row->contacted--, row->group_contacted--;
            } else if (!of_group && spoken && rest_spoken > 0) {
                row->pupils--, row->contacted--;
            } else if (!of_group && !spoken && rest > rest_spoken) {
                row->pupils--;
            }
            break;
        default: /* is spoken to */
            if (of_group && row->group_contacted < row->group_pupils)
                row->group_contacted++, row->contacted++;
            else if (!of_group && rest_spoken < rest)
                row->contacted++;
        }
    }
}

static void assert_tells_nothing(
    const struct cells_row *shown, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        int one[NUMBERS], other[NUMBERS];

        numbers_of(one, &shown[i]);
        for (int k = 0; k < NUMBERS; k++)
            if (is_small(one[k]))
                fail_msg("seed %u: week %zu shows %d", seed, i, one[k]);
        for (size_t j = 0; j < i; j++) {
            numbers_of(other, &shown[j]);
            for (int k = 0; k < NUMBERS; k++)
                if (is_small(one[k] - other[k]))
                    fail_msg("seed %u: weeks %zu and %zu differ by %d", seed, j,
                        i, one[k] - other[k]);
        }
    }
}

static void test_no_row_and_no_difference_is_small(void **state)
{
    size_t weeks = 0, renewed = 0;

    (void)state;
    for (unsigned seed = 1; seed <= 3000; seed++) {
        unsigned dice = seed;
        struct cells_row row = {20 + (unsigned)rand_r(&dice) % 300, 0, 0, 0};
        struct cells_row shown[40];
        struct cells_history history = {.count = 0};
        size_t count = 0;

        row.group_pupils = (unsigned)rand_r(&dice) % (row.pupils + 1);
        for (int week = 0; week < 40; week++) {
            const struct cells_row *now = cells_look(&history, &row);

            if (now != NULL)
                shown[count++] = *now;
            move(&row, &dice);
        }
        assert_tells_nothing(shown, count, seed);
        weeks += count;
        renewed += history.count;
    }
    /* the test sees something: most weeks, and figures that move */
    assert_true(weeks > 3000 * 20);
    assert_true(renewed > 3000 * 2);
}

/* --- every cohort there is --- */

/* What an onlooker sees of two weeks: the totals of each, and of each the two
 * numbers of the group or none.  He also knows the rule.  A view is all pairs
 * of cohorts that look the same to him. */
struct view {
    bool any;
    bool small[3 * NUMBERS]; /* in every one of them it is 1 to 4 */
};

struct totals {
    unsigned pupils, contacted;
};

#define MOST_ROWS 400
#define MOST_PUPILS 30

static size_t every_row(struct cells_row *out, const struct totals *of)
{
    size_t count = 0;

    for (unsigned n = 0; n <= of->pupils; n++)
        for (unsigned k = 0; k <= n && k <= of->contacted; k++)
            if (of->contacted - k <= of->pupils - n) {
                assert_true(count < MOST_ROWS);
                out[count++] =
                    (struct cells_row){of->pupils, of->contacted, n, k};
            }
    return count;
}

static void look_closer(
    struct view *view, const struct cells_row *a, const struct cells_row *b)
{
    int numbers[3 * NUMBERS];

    numbers_of(numbers, a);
    numbers_of(numbers + NUMBERS, b);
    for (int i = 0; i < NUMBERS; i++)
        numbers[2 * NUMBERS + i] = numbers[NUMBERS + i] - numbers[i];
    for (int i = 0; i < 3 * NUMBERS; i++)
        view->small[i] = (!view->any || view->small[i]) && is_small(numbers[i]);
    view->any = true;
}

/* What a report says of the group: its two numbers, or nothing. */
static size_t sight_of(const struct cells_row *shown)
{
    return shown == NULL ? 0
                         : 1 + shown->group_pupils * (MOST_PUPILS + 1) +
                               shown->group_contacted;
}

#define SIGHTS (1 + (MOST_PUPILS + 1) * (MOST_PUPILS + 1))

static void try_totals(const struct totals *first, const struct totals *second)
{
    struct cells_row a[MOST_ROWS], b[MOST_ROWS];
    const size_t a_count = every_row(a, first);
    const size_t b_count = every_row(b, second);
    struct view *views = calloc(SIGHTS * SIGHTS, sizeof *views);

    assert_non_null(views);
    for (size_t i = 0; i < a_count; i++)
        for (size_t j = 0; j < b_count; j++) {
            struct cells_history history = {.count = 0};
            const size_t one = sight_of(cells_look(&history, &a[i]));
            const size_t two = sight_of(cells_look(&history, &b[j]));

            look_closer(&views[one * SIGHTS + two], &a[i], &b[j]);
        }
    for (size_t v = 0; v < SIGHTS * SIGHTS; v++)
        for (int i = 0; views[v].any && i < 3 * NUMBERS; i++)
            if (views[v].small[i])
                fail_msg("%u of %u, then %u of %u: number %d of view %zu is "
                         "small for certain",
                    first->contacted, first->pupils, second->contacted,
                    second->pupils, i, v);
    free(views);
}

static void test_nobody_can_be_certain_of_a_small_number(void **state)
{
    static const struct totals weeks[] = {{20, 0}, {20, 5}, {20, 10}, {20, 11},
        {21, 11}, {24, 12}, {25, 17}, {25, 20}, {26, 26}, {30, 15}, {28, 20},
        {29, 10}, {30, 25}, {27, 15}, {24, 7}, {23, 20}};
    const size_t count = sizeof weeks / sizeof weeks[0];

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            try_totals(&weeks[i], &weeks[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_is_safe_or_not),
        cmocka_unit_test(test_what_moved_by_a_few_stays_as_it_was),
        cmocka_unit_test(test_a_child_that_comes_does_not_stop_the_row),
        cmocka_unit_test(test_what_was_not_safe_from_the_start_is_suppressed),
        cmocka_unit_test(test_a_full_history_shows_nothing_new),
        cmocka_unit_test(test_a_history_is_text_and_back),
        cmocka_unit_test(test_a_week_begins_on_monday),
        cmocka_unit_test(test_no_row_and_no_difference_is_small),
        cmocka_unit_test(test_nobody_can_be_certain_of_a_small_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
