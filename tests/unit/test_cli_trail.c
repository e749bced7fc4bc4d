/* trail: a hub signs one thing of a letter, and says another beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "cli/trail.h"
#include "wire/attest.h"
#include "wire/hubreport.h"

static const struct attest ATTEST = {.hub = "tcp://hub.example.org:7700",
    .time = {9000},
    .id = {{1}},
    .header = {.version = 1,
        .author = {"8732001"},
        .recipient = {"8734500"},
        .lane = LANE_NORMAL,
        .epoch = {{2}},
        .first = 5,
        .last = 8},
    .events = {{ATTEST_PUT, {1000}, REASON_NONE},
        {ATTEST_HANDED, {2000}, REASON_NONE},
        {ATTEST_ACKNOWLEDGED, {3000}, REASON_NONE}},
    .count = 3};

static struct hubreport_letter honest(void)
{
    return (struct hubreport_letter){.id = {{1}},
        .author = {"8732001"},
        .recipient = {"8734500"},
        .lane = LANE_NORMAL,
        .epoch = {{2}},
        .first = 5,
        .last = 8,
        .put = {1000},
        .acked = {3000}};
}

static void refused(const struct hubreport_letter *letter, const char *why)
{
    struct err err = {.text = ""};

    assert_int_equal(trail_check(&ATTEST, letter, &err), ERR_DENIED);
    assert_string_equal(err.text, why);
}

static void test_what_is_signed_may_be_said(void **state)
{
    const struct hubreport_letter letter = honest();

    (void)state;
    assert_int_equal(trail_check(&ATTEST, &letter, NULL), 0);
}

/* What the schools signed of their stream is read by these. */
static void test_a_trail_is_of_these_numbers_and_no_others(void **state)
{
    static const char why[] = "what is signed is of another letter";
    struct hubreport_letter letter = honest();

    (void)state;
    letter.last = 4;
    refused(&letter, why);
    letter = honest();
    letter.first = 1;
    refused(&letter, why);
    letter = honest();
    letter.lane = LANE_URGENT;
    refused(&letter, why);
    letter = honest();
    letter.epoch.bytes[0] = 3;
    refused(&letter, why);
    letter = honest();
    letter.recipient = letter.author;
    refused(&letter, why);
}

static void test_what_became_of_it_is_as_it_is_signed(void **state)
{
    static const char why[] = "what is signed is something else than is said";
    struct hubreport_letter letter = honest();

    (void)state;
    letter.acked.ms = 0;
    refused(&letter, why);
    letter = honest();
    letter.put.ms++;
    refused(&letter, why);
    letter = honest();
    letter.waits = true;
    refused(&letter, why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_signed_may_be_said),
        cmocka_unit_test(test_a_trail_is_of_these_numbers_and_no_others),
        cmocka_unit_test(test_what_became_of_it_is_as_it_is_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
