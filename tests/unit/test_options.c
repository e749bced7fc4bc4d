#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/err.h"
#include "cli/nearest.h"
#include "cli/options.h"

static const struct options_spec specs[] = {
    {"to", 0, "LAESTAB", "", false},
    {"output", 'o', "FILE", "", false},
    {"json", 0, NULL, "", false},
};
static const struct options_spec *const known[] = {
    &specs[0], &specs[1], &specs[2]};

#define PARSE(out, err, ...)                                                   \
    parse(out, err, (char *[]){"moveup", __VA_ARGS__, NULL})

static int parse(struct options *out, struct err *err, char **argv)
{
    int argc = 0;

    while (argv[argc] != NULL)
        argc++;
    return options_parse(out, known, 3, argc, argv, err);
}

static void test_takes_options_anywhere_among_the_words(void **state)
{
    struct options options;
    struct err err;

    (void)state;
    assert_int_equal(PARSE(&options, &err, "--json", "leavers", "--to",
                         "8734500", "send", "-o", "f", "A"),
        0);
    assert_int_equal(options.word_count, 3);
    assert_string_equal(options.words[0], "leavers");
    assert_string_equal(options.words[1], "send");
    assert_string_equal(options.words[2], "A");
    assert_string_equal(options_value(&options, "to"), "8734500");
    assert_string_equal(options_value(&options, "output"), "f");
    assert_string_equal(options_value(&options, "json"), "");
    assert_null(options_value(&options, "other"));
    options_free(&options);
}

static void test_knows_every_way_to_give_a_value(void **state)
{
    struct options options;
    struct err err;

    (void)state;
    assert_int_equal(PARSE(&options, &err, "--to=a=b", "-of", "--to="), 0);
    assert_string_equal(options_value(&options, "to"), ""); /* the last wins */
    assert_string_equal(options_value(&options, "output"), "f");
    options_free(&options);
    assert_int_equal(PARSE(&options, &err, "--to", "--json"), 0);
    assert_string_equal(options_value(&options, "to"), "--json");
    assert_null(options_value(&options, "json"));
    options_free(&options);
}

static void test_two_dashes_end_the_options_and_one_is_a_word(void **state)
{
    struct options options;
    struct err err;

    (void)state;
    assert_int_equal(PARSE(&options, &err, "-", "--", "--json", "-o", "--"), 0);
    assert_int_equal(options.word_count, 4);
    assert_string_equal(options.words[0], "-");
    assert_string_equal(options.words[1], "--json");
    assert_string_equal(options.words[3], "--");
    assert_int_equal(options.given_count, 0);
    options_free(&options);
}

static void test_refuses_with_the_nearest_name(void **state)
{
    static const struct {
        char *typed;
        const char *says;
    } cases[] = {
        {"--jsno", "did you mean --json?"},
        {"--out=put", "there is no option --out"},
        {"--quite-another", "there is no option --quite-another"},
        {"-x", "there is no option -x"},
        {"--json=1", "--json takes no value"},
        {"--to", "--to needs a value: LAESTAB"},
        {"-o", "--output needs a value: FILE"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct options options;
        struct err err = {0};

        assert_int_equal(PARSE(&options, &err, cases[i].typed), ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].says));
        options_free(&options);
    }
}

static void test_counts_the_letters_between_two_words(void **state)
{
    (void)state;
    assert_int_equal(nearest_distance("list", "list"), 0);
    assert_int_equal(nearest_distance("lsit", "list"), 1); /* swapped */
    assert_int_equal(nearest_distance("lit", "list"), 1);
    assert_int_equal(nearest_distance("lists", "list"), 1);
    assert_int_equal(nearest_distance("lost", "list"), 1);
    assert_int_equal(nearest_distance("", "list"), 4);
    assert_int_equal(nearest_distance("kitten", "sitting"), 3);
}

static void test_suggests_nothing_that_is_far_off(void **state)
{
    struct nearest nearest = {.word = "xyzzy"};

    (void)state;
    nearest_try(&nearest, "list");
    assert_null(nearest.best);
    nearest.word = "peres";
    nearest_try(&nearest, "read");
    nearest_try(&nearest, "peers");
    nearest_try(&nearest, "queue");
    assert_string_equal(nearest.best, "peers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_options_anywhere_among_the_words),
        cmocka_unit_test(test_knows_every_way_to_give_a_value),
        cmocka_unit_test(test_two_dashes_end_the_options_and_one_is_a_word),
        cmocka_unit_test(test_refuses_with_the_nearest_name),
        cmocka_unit_test(test_counts_the_letters_between_two_words),
        cmocka_unit_test(test_suggests_nothing_that_is_far_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
