/* Who needs whom: each fault is found from its limit on, and only it. */
#include "survey_town.h"

#include "cli/verdict.h"

static const struct verdict_rules RULES = {.silent_ms = SURVEY_DAY};

/* The codes found for a school, in order. */
static const char *found(struct survey_town *town, int who)
{
    struct verdict *verdicts;
    const size_t count = verdict_schools(&verdicts, &town->survey, &RULES);
    const struct laestab laestab = town_school(who);
    char *text = arena_take(&town->survey.arena, 400);
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0;
             laestab_equal(&verdicts[i].school->entry->laestab, &laestab) &&
             k < verdicts[i].count;
             k++)
            used += (size_t)snprintf(text + used, 400 - used, "%s%s:%s",
                used == 0 ? "" : " ", verdicts[i].findings[k].code,
                verdict_word(verdicts[i].findings[k].level));
    return text;
}

static struct report_pair pair_to(int who)
{
    return (struct report_pair){.school = town_school(who),
        .leavers = 10,
        .sent = 10,
        .received = 10,
        .applied = 10};
}

static wall ago(int64_t ms)
{
    return (wall){TOWN_NOW.ms - ms};
}

static void test_nothing_is_the_matter_with_a_good_report(void **state)
{
    struct survey_town *town = *state;
    const struct report good = survey_town_good(ANN);

    survey_town_report(town, ANN, &good);
    assert_string_equal(found(town, ANN), "");
}

/* Each changes a good report; what is found then. */
static void slow_a_minute(struct report *r)
{
    r->skew_ms = 60000;
}
static void slow_ten(struct report *r)
{
    r->skew_ms = 600000;
}
static void fast_ten(struct report *r)
{
    r->skew_ms = -600000;
}
static void nearly_slow(struct report *r)
{
    r->skew_ms = 59999;
}
static void little_disk(struct report *r)
{
    r->disk_free_mib = 1023;
}
static void no_disk(struct report *r)
{
    r->disk_free_mib = 255;
}
static void old_backup(struct report *r)
{
    r->backup_at = ago(8 * SURVEY_DAY);
}
static void no_backup(struct report *r)
{
    r->backup_at.ms = 0;
    r->leavers = 1;
}
static void nothing_to_back_up(struct report *r)
{
    r->backup_at.ms = 0;
}
static void old_version(struct report *r)
{
    snprintf(r->software, sizeof r->software, "0.0.9");
}
static void refused(struct report *r)
{
    r->refused = 1;
}
static void overdue(struct report *r)
{
    r->asked = 2;
    r->asked_due = ago(SURVEY_HOUR);
}
static void not_yet_due(struct report *r)
{
    r->asked = 2;
    r->asked_due = ago(-SURVEY_HOUR);
}
static void quarantined(struct report *r)
{
    r->quarantine[0] = (struct report_reason){REASON_NOT_OURS, 3};
    r->quarantine_count = 1;
}

static void test_each_fault_is_found_from_its_limit_on(void **state)
{
    static const struct {
        void (*plant)(struct report *r);
        const char *found;
    } cases[] = {
        {nearly_slow, ""},
        {slow_a_minute, "clock:warning"},
        {slow_ten, "clock:critical"},
        {fast_ten, "clock:critical"},
        {little_disk, "disk:warning"},
        {no_disk, "disk:critical"},
        {old_backup, "backup:warning"},
        {no_backup, "backup:warning"},
        {nothing_to_back_up, ""},
        {old_version, "old-version:warning"},
        {refused, "refused:warning"},
        {overdue, "requests:warning"},
        {not_yet_due, ""},
        {quarantined, "quarantine:warning"},
    };
    struct survey_town *town = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct report report = survey_town_good(ANN);

        survey_free(&town->survey);
        survey_init(
            &town->survey, authority_members(town->trust->authority), TOWN_NOW);
        cases[i].plant(&report);
        survey_town_report(town, ANN, &report);
        if (strcmp(found(town, ANN), cases[i].found) != 0)
            fail_msg("case %zu: %s", i, found(town, ANN));
    }
}

static void test_silence_is_a_warning_and_then_critical(void **state)
{
    struct survey_town *town = *state;
    struct report report = survey_town_good(ANN);

    report.at = ago(6 * SURVEY_HOUR - 1);
    survey_town_report(town, ANN, &report);
    assert_string_equal(found(town, ANN), "");
    report = survey_town_good(BEA);
    report.at = ago(6 * SURVEY_HOUR);
    survey_town_report(town, BEA, &report);
    assert_string_equal(found(town, BEA), "silent:warning");
    report = survey_town_good(CAT);
    report.at = ago(SURVEY_DAY);
    survey_town_report(town, CAT, &report);
    assert_string_equal(found(town, CAT), "silent:critical");
}

/* Who sent it is well; who should have taken it is not. */
static void test_mail_that_waits_is_laid_to_its_recipient(void **state)
{
    struct survey_town *town = *state;
    struct report ann = survey_town_good(ANN);
    struct report cat = survey_town_good(CAT);
    struct report_pair pair = pair_to(CAT);

    pair.unreceived = pair.unapplied = ago(25 * SURVEY_HOUR);
    ann.out = &pair;
    ann.out_count = 1;
    survey_town_report(town, ANN, &ann);
    survey_town_report(town, CAT, &cat);
    assert_string_equal(found(town, ANN), "");
    assert_string_equal(found(town, CAT), "unreceived:warning");
}

static void test_mail_that_is_not_applied_is_another_matter(void **state)
{
    struct survey_town *town = *state;
    struct report ann = survey_town_good(ANN);
    struct report cat = survey_town_good(CAT);
    struct report_pair pair = pair_to(CAT);

    pair.unapplied = ago(97 * SURVEY_HOUR);
    ann.out = &pair;
    ann.out_count = 1;
    survey_town_report(town, ANN, &ann);
    survey_town_report(town, CAT, &cat);
    assert_string_equal(found(town, CAT), "unapplied:critical");
}

static void test_a_restriction_that_waits_is_said_of_its_author(void **state)
{
    struct survey_town *town = *state;
    struct report ann = survey_town_good(ANN);
    struct report_pair pair = pair_to(CAT);

    pair.urgent = ago(4 * SURVEY_HOUR);
    ann.out = &pair;
    ann.out_count = 1;
    survey_town_report(town, ANN, &ann);
    assert_string_equal(found(town, ANN), "urgent:warning");
}

/* 19 June 2027, a Saturday, is now; the fourth of that month was a Friday. */
static void test_reading_is_measured_in_school_days(void **state)
{
    struct survey_town *town = *state;
    struct report cat = survey_town_good(CAT);
    struct report_pair pair = pair_to(ANN);

    assert_int_equal(verdict_school_days(ago(15 * SURVEY_DAY), TOWN_NOW), 10);
    assert_int_equal(verdict_school_days(ago(SURVEY_DAY), TOWN_NOW), 0);
    assert_int_equal(verdict_school_days((wall){0}, TOWN_NOW), 0);
    pair.unread = ago(15 * SURVEY_DAY);
    cat.in = &pair;
    cat.in_count = 1;
    survey_town_report(town, CAT, &cat);
    assert_string_equal(found(town, CAT), "unread:warning");
}

static void test_what_a_hub_saw_counts_too(void **state)
{
    struct survey_town *town = *state;
    const struct buf none = BUF_EMPTY;

    survey_town_hub(town, "tcp://first:1",
        (struct hubreport_school){.school = town_school(ANN),
            .heard = ago(SURVEY_MINUTE),
            .complaints = 100,
            .crowded = 10},
        &none);
    assert_string_equal(found(town, ANN),
        "old-version:warning senseless:warning connections:warning");
}

static void test_the_worst_school_comes_first(void **state)
{
    struct survey_town *town = *state;
    struct report ann = survey_town_good(ANN);
    struct report bea = survey_town_good(BEA);
    struct report cat = survey_town_good(CAT);
    struct verdict *verdicts;

    bea.refused = 1;
    cat.disk_free_mib = 1;
    cat.refused = 1;
    survey_town_report(town, ANN, &ann);
    survey_town_report(town, BEA, &bea);
    survey_town_report(town, CAT, &cat);
    assert_int_equal(verdict_schools(&verdicts, &town->survey, &RULES), 3);
    assert_string_equal(verdicts[0].school->entry->name, "Cat");
    assert_int_equal(verdicts[0].level, VERDICT_CRITICAL);
    assert_string_equal(verdicts[0].findings[0].code, "disk");
    assert_string_equal(verdicts[1].school->entry->name, "Bea");
    assert_string_equal(verdicts[2].school->entry->name, "Ann");
}

static void test_versions_are_compared_by_their_numbers(void **state)
{
    (void)state;
    assert_true(verdict_is_older("0.9.1", "0.10.0"));
    assert_true(verdict_is_older("0.9", "0.9.1"));
    assert_false(verdict_is_older("0.10.0", "0.9.1"));
    assert_false(verdict_is_older("1.0", "1.0"));
    assert_true(verdict_is_older("", "1.0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SURVEY_TEST(test_nothing_is_the_matter_with_a_good_report),
        SURVEY_TEST(test_each_fault_is_found_from_its_limit_on),
        SURVEY_TEST(test_silence_is_a_warning_and_then_critical),
        SURVEY_TEST(test_mail_that_waits_is_laid_to_its_recipient),
        SURVEY_TEST(test_mail_that_is_not_applied_is_another_matter),
        SURVEY_TEST(test_a_restriction_that_waits_is_said_of_its_author),
        SURVEY_TEST(test_reading_is_measured_in_school_days),
        SURVEY_TEST(test_what_a_hub_saw_counts_too),
        SURVEY_TEST(test_the_worst_school_comes_first),
        SURVEY_TEST(test_versions_are_compared_by_their_numbers),
    };

    return cmocka_run_group_tests(tests, survey_town_found, survey_town_end);
}
