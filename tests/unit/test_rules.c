/* The settings decide how a school works through its families. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agentd/rules.h"
#include "base/err.h"
#include "conf/hours.h"

static struct policy of(const char *text)
{
    struct settings_agent settings;
    struct err err = {.text = ""};

    settings_agent_default(&settings);
    if (settings_agent_parse(&settings, bytes_of(text), "agent.ini", &err) < 0)
        fail_msg("%s", err.text);
    return rules_policy(&settings);
}

static void test_silence_is_the_usual_policy(void **state)
{
    const struct policy usual = policy_usual();
    const struct policy policy = of("");

    (void)state;
    assert_memory_equal(&policy, &usual, sizeof usual);
}

static void test_every_key_has_its_place(void **state)
{
    const struct policy policy = of("[attempt]\nlimit_voice = 7\n"
                                    "min_bands = 2\nmin_days = 9\n"
                                    "[call]\nhours = Mo-Fr 09:00-20:30\n"
                                    "[lease]\nminutes = 45\n"
                                    "[cooldown]\nhours = 6\n");

    (void)state;
    assert_int_equal(policy.limit_voice, 7);
    assert_int_equal(policy.min_bands, 2);
    assert_int_equal(policy.min_days, 9);
    assert_int_equal(policy.lease_minutes, 45);
    assert_int_equal(policy.cooldown_hours, 6);
    assert_int_equal(policy.hours.open, 9 * 60);
    assert_int_equal(policy.hours.close, 20 * 60 + 30);
    assert_int_equal(policy.hours.saturday_open, policy.hours.saturday_close);
}

static void test_hours_are_read_as_they_are_written(void **state)
{
    static const char *const wrong[] = {"", "Mo-Fr", "Mo-Fr 19:30-08:30",
        "Mo-Fr 08:30-19:30 Su 10:00-12:00", "Mo-Fr 8:30-19:30",
        "Mo-Fr 08:30-24:01", "Mo-Fr 08:60-12:00", "Sa 10:00",
        "Mo-Fr 08:30-19:30, Sa 10:00-13:00 and more"};
    struct hours hours;

    (void)state;
    assert_int_equal(
        hours_parse(&hours, "Mo-Fr 00:00-24:00; Sa 10:00-13:00", NULL), 0);
    assert_int_equal(hours.open, 0);
    assert_int_equal(hours.close, 24 * 60);
    assert_int_equal(hours.saturday_open, 600);
    assert_int_equal(hours.saturday_close, 780);
    assert_int_equal(hours_parse(&hours, "Sa 10:00-13:00", NULL), 0);
    assert_int_equal(hours.close, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(hours_parse(&hours, wrong[i], NULL), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silence_is_the_usual_policy),
        cmocka_unit_test(test_every_key_has_its_place),
        cmocka_unit_test(test_hours_are_read_as_they_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
