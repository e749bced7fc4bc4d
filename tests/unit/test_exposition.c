/* The two text formats that monitoring systems read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "metrics/exposition.h"

static const struct metric AGE = {
    METRIC_GAUGE, "moveup_age_seconds", "seconds", "How old it is"};
static const struct metric LETTERS = {
    METRIC_COUNTER, "moveup_letters", "", "Letters taken"};
static const struct metric BUILD = {
    METRIC_INFO, "moveup_build", "", "The version that runs"};

static void write_all(struct buf *out, bool plain)
{
    const struct exposition to = {out, plain};

    exposition_single(&to, &AGE, 1.5);
    exposition_single(&to, &LETTERS, 12345678901.0);
    exposition_family(&to, &BUILD);
    exposition_sample(
        &to, &BUILD, &(struct metric_label){"version", "1"}, 1, 1);
    exposition_end(&to);
    buf_add(out, (struct bytes){(const uint8_t *)"", 1});
}

static void test_writes_openmetrics_with_units_and_an_end(void **state)
{
    struct buf out = BUF_EMPTY;

    (void)state;
    write_all(&out, false);
    assert_string_equal((const char *)out.data,
        "# TYPE moveup_age_seconds gauge\n"
        "# UNIT moveup_age_seconds seconds\n"
        "# HELP moveup_age_seconds How old it is\n"
        "moveup_age_seconds 1.5\n"
        "# TYPE moveup_letters counter\n"
        "# HELP moveup_letters Letters taken\n"
        "moveup_letters_total 12345678901\n"
        "# TYPE moveup_build info\n"
        "# HELP moveup_build The version that runs\n"
        "moveup_build_info{version=\"1\"} 1\n"
        "# EOF\n");
    buf_free(&out);
}

static void test_names_families_as_samples_in_the_older_format(void **state)
{
    struct buf out = BUF_EMPTY;

    (void)state;
    write_all(&out, true);
    assert_string_equal((const char *)out.data,
        "# TYPE moveup_age_seconds gauge\n"
        "# HELP moveup_age_seconds How old it is\n"
        "moveup_age_seconds 1.5\n"
        "# TYPE moveup_letters_total counter\n"
        "# HELP moveup_letters_total Letters taken\n"
        "moveup_letters_total 12345678901\n"
        "# TYPE moveup_build_info gauge\n"
        "# HELP moveup_build_info The version that runs\n"
        "moveup_build_info{version=\"1\"} 1\n");
    buf_free(&out);
}

static void test_escapes_the_values_of_labels(void **state)
{
    const struct metric_label labels[] = {{"hub", "a\"b\\c\nd"}, {"other", ""}};
    struct buf out = BUF_EMPTY;
    const struct exposition to = {&out, false};

    (void)state;
    exposition_sample(&to, &AGE, labels, 2, 0);
    buf_add(&out, (struct bytes){(const uint8_t *)"", 1});
    assert_string_equal((const char *)out.data,
        "moveup_age_seconds{hub=\"a\\\"b\\\\c\\nd\",other=\"\"} 0\n");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_openmetrics_with_units_and_an_end),
        cmocka_unit_test(test_names_families_as_samples_in_the_older_format),
        cmocka_unit_test(test_escapes_the_values_of_labels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
