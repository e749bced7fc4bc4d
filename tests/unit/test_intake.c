#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/intake.h"

/* Feeds offers to an intake and writes down, a line each, what it decides and
 * what is then missing.  A test is one text to read. */
struct trace {
    struct intake in;
    FILE *out;
    char *text;
    size_t len;
};

static void begin(struct trace *t)
{
    *t = (struct trace){.in = {.high = 0}};
    t->out = open_memstream(&t->text, &t->len);
    assert_non_null(t->out);
}

/* The content digest of a batch is its last number, unless a test says other.
 */
static struct digest digest_of(uint64_t number)
{
    struct digest digest = {{0}};

    memcpy(digest.bytes, &number, sizeof number);
    return digest;
}

static struct id epoch_of(uint8_t name)
{
    return (struct id){{name}};
}

static void show(struct trace *t)
{
    fprintf(t->out, "; high %" PRIu64 ", applied %" PRIu64, t->in.high,
        intake_applied(&t->in));
    for (size_t i = 0; i < t->in.hole_count; i++)
        fprintf(t->out, ", %s %" PRIu64 "-%" PRIu64,
            reason_code(t->in.holes[i].reason), t->in.holes[i].first,
            t->in.holes[i].last);
    fprintf(t->out, "\n");
}

static void offer(struct trace *t, const struct intake_offer *what)
{
    static const char *const names[] = {
        "apply", "duplicate", "forked", "closed", "too many holes"};

    fprintf(t->out, "%c %" PRIu64 "-%" PRIu64 " -> %s", what->epoch.bytes[0],
        what->first, what->last, names[intake_offer(&t->in, what)]);
    show(t);
}

/* An honest author's batch: previous is the digest of the number before. */
static void give(struct trace *t, uint64_t first, uint64_t last)
{
    const struct intake_offer what = {epoch_of('A'), first, last,
        digest_of(first - 1), digest_of(last), false};

    offer(t, &what);
}

static void aside(struct trace *t, uint64_t first, uint64_t last)
{
    intake_put_aside(&t->in, first, last, REASON_NOT_OURS);
    fprintf(t->out, "aside %" PRIu64 "-%" PRIu64, first, last);
    show(t);
}

static void assert_trace(struct trace *t, const char *expected)
{
    fclose(t->out);
    assert_string_equal(t->text, expected);
    free(t->text);
}

static void test_applies_batches_in_order_and_answers_repeats(void **state)
{
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 1, 3);
    give(&t, 4, 4);
    give(&t, 1, 3);
    give(&t, 4, 4);
    assert_trace(&t, "A 1-3 -> apply; high 3, applied 3\n"
                     "A 4-4 -> apply; high 4, applied 4\n"
                     "A 1-3 -> duplicate; high 4, applied 4\n"
                     "A 4-4 -> duplicate; high 4, applied 4\n");
}

static void test_remembers_what_is_missing_until_it_comes(void **state)
{
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 1, 2);
    give(&t, 8, 9);
    give(&t, 5, 6);
    give(&t, 3, 4);
    give(&t, 7, 7);
    give(&t, 5, 6);
    assert_trace(&t,
        "A 1-2 -> apply; high 2, applied 2\n"
        "A 8-9 -> apply; high 9, applied 2, missing 3-7\n"
        "A 5-6 -> apply; high 9, applied 2, missing 3-4, missing 7-7\n"
        "A 3-4 -> apply; high 9, applied 6, missing 7-7\n"
        "A 7-7 -> apply; high 9, applied 9\n"
        "A 5-6 -> duplicate; high 9, applied 9\n");
}

static void test_a_first_batch_that_does_not_begin_at_one_leaves_a_hole(
    void **state)
{
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 5, 6);
    give(&t, 1, 4);
    assert_trace(&t, "A 5-6 -> apply; high 6, applied 0, missing 1-4\n"
                     "A 1-4 -> apply; high 6, applied 6\n");
}

static void test_takes_a_batch_that_overlaps_what_it_has(void **state)
{
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 1, 4);
    give(&t, 3, 7);
    assert_trace(&t, "A 1-4 -> apply; high 4, applied 4\n"
                     "A 3-7 -> apply; high 7, applied 7\n");
}

static void test_two_contents_for_one_number_are_a_fork(void **state)
{
    const struct intake_offer other_content = {
        epoch_of('A'), 3, 4, digest_of(2), digest_of(99), false};
    const struct intake_offer other_past = {
        epoch_of('A'), 5, 5, digest_of(99), digest_of(5), false};
    const struct intake_offer false_start = {
        epoch_of('B'), 1, 1, digest_of(7), digest_of(1), false};
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 1, 2);
    give(&t, 3, 4);
    offer(&t, &other_content);
    offer(&t, &other_past);
    offer(&t, &false_start);
    give(&t, 5, 5);
    assert_trace(&t, "A 1-2 -> apply; high 2, applied 2\n"
                     "A 3-4 -> apply; high 4, applied 4\n"
                     "A 3-4 -> forked; high 4, applied 4\n"
                     "A 5-5 -> forked; high 4, applied 4\n"
                     "B 1-1 -> forked; high 4, applied 4\n"
                     "A 5-5 -> apply; high 5, applied 5\n");
}

static void test_a_new_epoch_starts_again_and_a_closed_one_is_refused(
    void **state)
{
    const struct intake_offer fresh = {
        epoch_of('B'), 1, 2, digest_of(0), digest_of(2), false};
    const struct intake_offer old = {
        epoch_of('A'), 5, 5, digest_of(4), digest_of(5), true};
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 1, 4);
    offer(&t, &fresh);
    offer(&t, &old);
    assert_trace(&t, "A 1-4 -> apply; high 4, applied 4\n"
                     "B 1-2 -> apply; high 2, applied 2\n"
                     "A 5-5 -> closed; high 2, applied 2\n");
}

static void test_what_is_put_aside_counts_as_dealt_with_but_shows(void **state)
{
    struct trace t;

    (void)state;
    begin(&t);
    give(&t, 1, 9);
    aside(&t, 4, 4);
    aside(&t, 5, 5);
    aside(&t, 8, 8);
    give(&t, 12, 12);
    give(&t, 4, 5);
    assert_trace(&t,
        "A 1-9 -> apply; high 9, applied 9\n"
        "aside 4-4; high 9, applied 9, not-ours 4-4\n"
        "aside 5-5; high 9, applied 9, not-ours 4-5\n"
        "aside 8-8; high 9, applied 9, not-ours 4-5, not-ours 8-8\n"
        "A 12-12 -> apply; high 12, applied 9, not-ours 4-5, not-ours 8-8, "
        "missing 10-11\n"
        "A 4-5 -> apply; high 12, applied 9, not-ours 8-8, missing 10-11\n");
}

static void test_stops_taking_when_too_much_is_missing(void **state)
{
    struct trace t;
    uint64_t taken = 0;

    (void)state;
    begin(&t);
    for (uint64_t n = 2; n < 400; n += 2) {
        const struct intake_offer what = {
            epoch_of('A'), n, n, digest_of(n - 1), digest_of(n), false};

        if (intake_offer(&t.in, &what) == INTAKE_TOO_MANY_HOLES)
            break;
        taken++;
        assert_in_range(t.in.hole_count, 1, INTAKE_MAX_HOLES);
    }
    assert_int_equal(taken, INTAKE_MAX_HOLES);
    give(&t, 1, 1);
    fclose(t.out);
    assert_int_equal(t.in.hole_count, INTAKE_MAX_HOLES - 1);
    free(t.text);
}

/* Whatever comes in whatever order: the holes are ascending and disjoint, and
 * exactly the numbers that never came are missing. */
static void test_random_arrivals_leave_exactly_what_never_came(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++) {
        struct intake in = {.high = 0};
        bool came[64] = {false};
        unsigned x = seed;

        for (int i = 0; i < 60; i++) {
            uint64_t first;
            uint64_t last;

            x = x * 1103515245U + 12345U;
            first = 1 + (x >> 8) % 50;
            last = first + (x >> 20) % 4;
            const struct intake_offer what = {epoch_of('A'), first, last,
                digest_of(first - 1), digest_of(last), false};

            if (intake_offer(&in, &what) != INTAKE_APPLY)
                continue;
            for (uint64_t n = first; n <= last; n++)
                came[n] = true;
        }
        for (uint64_t n = 1; n <= in.high; n++) {
            bool missing = false;

            for (size_t i = 0; i < in.hole_count; i++)
                missing |= in.holes[i].first <= n && n <= in.holes[i].last;
            assert_int_equal(missing, !came[n]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_applies_batches_in_order_and_answers_repeats),
        cmocka_unit_test(test_remembers_what_is_missing_until_it_comes),
        cmocka_unit_test(
            test_a_first_batch_that_does_not_begin_at_one_leaves_a_hole),
        cmocka_unit_test(test_takes_a_batch_that_overlaps_what_it_has),
        cmocka_unit_test(test_two_contents_for_one_number_are_a_fork),
        cmocka_unit_test(
            test_a_new_epoch_starts_again_and_a_closed_one_is_refused),
        cmocka_unit_test(test_what_is_put_aside_counts_as_dealt_with_but_shows),
        cmocka_unit_test(test_stops_taking_when_too_much_is_missing),
        cmocka_unit_test(test_random_arrivals_leave_exactly_what_never_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
