/* Two children of one family on a first day that nobody has set: it is this
 * year's September even when that is past, and each child is marked alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history.h"

#define SEED_OF_TWINS 1
/* 10:00 in England on 2 September and on 5 October 2027 */
#define FIRST_DAY INT64_C(1819875600000)
#define OCTOBER INT64_C(1822726800000)

static struct household *begin(struct cli_round *world)
{
    static struct household h;

    h = (struct household){.world = world,
        .primary = world->round->hillside,
        .secondary = world->round->northgate};
    history_begin(&h, SEED_OF_TWINS);
    assert_int_equal(h.pupil_count, 2);
    return &h;
}

static void look_on(struct household *h, int64_t ms, const char *what)
{
    cli_set_time(ms);
    household_type(h, h->secondary, NULL, "entry missing --json");
    assert_int_equal(h->world->code, 0);
    if (strstr(h->world->out, what) == NULL)
        fail_msg("no %s in %s", what, h->world->out);
}

static void mark(struct household *h, const char *whom, const char *result)
{
    SCOPED(mem_freep) char *line = mem_format("entry mark %s %s", whom, result);

    household_type(h, h->secondary, NULL, line);
}

static void assert_family(struct household *h, const char *want)
{
    SCOPED(mem_freep) char *sign = mem_format("\"state\": \"%s\"", want);

    household_type(h, h->secondary, NULL, "list --all --json");
    if (strstr(h->world->out, sign) == NULL)
        fail_msg("the family is not %s: %s", want, h->world->out);
}

static void test_a_day_that_nobody_set_does_not_roll_on(void **state)
{
    struct household *h = begin(*state);

    look_on(h, FIRST_DAY - 24 * HISTORY_HOUR, "\"later\": 2");
    look_on(h, FIRST_DAY, "\"unmarked\": 2");
    look_on(h, OCTOBER, "\"unmarked\": 2");
    assert_non_null(strstr(h->world->out, "\"first_day\": \"2027-09-02\""));
    assert_non_null(strstr(h->world->out, "\"school_days\": 24"));
    mark(h, h->upns[0], "started");
    assert_int_equal(h->world->code, 0);
    cli_set_time(HISTORY_START); /* the next world begins then */
}

static void test_each_of_two_children_is_marked_alone(void **state)
{
    struct household *h = begin(*state);

    cli_set_time(FIRST_DAY);
    mark(h, h->id, "started");
    assert_int_equal(h->world->code, 2);
    assert_non_null(strstr(h->world->err, "has 2 children"));
    mark(h, h->upns[0], "started");
    assert_int_equal(h->world->code, 0);
    look_on(h, FIRST_DAY, "\"unmarked\": 1");
    mark(h, h->upns[1], "not-arrived");
    assert_int_equal(h->world->code, 0);
    assert_non_null(strstr(h->world->out, "next: ring the family"));
    assert_family(h, "not-arrived");
    mark(h, h->upns[1], "started");
    assert_family(h, "started");
    look_on(h, FIRST_DAY, "\"pupils\": []");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_CASE(test_a_day_that_nobody_set_does_not_roll_on),
        CLI_CASE(test_each_of_two_children_is_marked_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
