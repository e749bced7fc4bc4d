/* A list in columns: for people, and for a spreadsheet. */
#include "cli/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static const struct grid_column columns[] = {
    {"no", NULL, GRID_RIGHT},
    {"name", "who", GRID_CUT},
    {"age", NULL, GRID_TEXT},
    {"at", NULL, GRID_CSV},
};

static void row(struct grid *grid, int no, const char *name, const char *age,
    const char *at)
{
    grid_cell(grid, "%d", no);
    grid_cell(grid, "%s", name);
    grid_cell(grid, "%s", age);
    grid_cell(grid, "%s", at);
}

static void people(struct grid *grid)
{
    row(grid, 1, "Okafor", "2 h", "2027-06-16");
    row(grid, 10, "Nowak-Williamson", "1 d", "2027-06-15");
}

static void nobody(struct grid *grid)
{
    (void)grid;
}

static void mischief(struct grid *grid)
{
    row(grid, 1, "=1+1", "", "-2");
    row(grid, 2, "a \"b\", c", "", "@x");
    row(grid, 3, " =1", "", "\uff1d1+1");
}

/* What the rows are printed as; free() it.  *text is grid_print_or()'s. */
static char *printed(void (*fill)(struct grid *grid), enum output_form form,
    size_t width, bool *text)
{
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 4);
    struct output output = {.form = form, .width = width};
    char *seen = NULL;
    size_t len = 0;

    fill(grid);
    output.out = open_memstream(&seen, &len);
    assert_non_null(output.out);
    *text = grid_print_or(grid, &output, "Nobody.");
    assert_int_equal(fclose(output.out), 0);
    return seen;
}

static void test_people_see_columns_and_no_times_for_machines(void **state)
{
    bool text = false;
    SCOPED(mem_freep) char *seen = printed(people, OUTPUT_TEXT, 80, &text);

    (void)state;
    assert_true(text);
    assert_string_equal(seen, "no  name              age\n"
                              " 1  Okafor            2 h\n"
                              "10  Nowak-Williamson  1 d\n");
}

static void test_the_column_that_may_be_cut_gives_way(void **state)
{
    bool text = false;
    SCOPED(mem_freep) char *seen = printed(people, OUTPUT_TEXT, 20, &text);

    (void)state;
    assert_string_equal(seen, "no  name         age\n"
                              " 1  Okafor       2 h\n"
                              "10  Nowak-Will…  1 d\n");
}

static void test_nobody_is_a_sentence_for_people_and_a_header_for_others(
    void **state)
{
    bool text = false;
    SCOPED(mem_freep) char *seen = printed(nobody, OUTPUT_TEXT, 80, &text);
    SCOPED(mem_freep) char *csv = NULL;

    (void)state;
    assert_true(text);
    assert_string_equal(seen, "Nobody.\n");
    csv = printed(nobody, OUTPUT_CSV, 80, &text);
    assert_false(text);
    assert_string_equal(csv, "no,who,at\r\n");
}

static void test_a_spreadsheet_gets_everything_and_no_formula(void **state)
{
    bool text = true;
    SCOPED(mem_freep) char *seen = printed(people, OUTPUT_CSV, 20, &text);
    SCOPED(mem_freep) char *bad = NULL;

    (void)state;
    assert_false(text);
    assert_string_equal(seen, "no,who,at\r\n1,Okafor,2027-06-16\r\n"
                              "10,Nowak-Williamson,2027-06-15\r\n");
    bad = printed(mischief, OUTPUT_CSV, 80, &text);
    assert_string_equal(bad, "no,who,at\r\n1,\"'=1+1\",\"'-2\"\r\n"
                             "2,\"a \"\"b\"\", c\",\"'@x\"\r\n"
                             "3,\"' =1\",\"'\uff1d1+1\"\r\n");
}

static void test_a_long_cell_is_whole_and_moves_no_cursor(void **state)
{
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 4);
    SCOPED(mem_freep) char *note = mem_alloc(9001);
    struct output output = {.form = OUTPUT_CSV};
    SCOPED(mem_freep) char *seen = NULL;
    size_t len = 0;

    (void)state;
    memset(note, 'x', 9000);
    note[4000] = '\033';
    row(grid, 1, note, "", "");
    output.out = open_memstream(&seen, &len);
    assert_non_null(output.out);
    grid_print(grid, &output);
    assert_int_equal(fclose(output.out), 0);
    assert_true(len > 9000);
    assert_null(strchr(seen, '\033'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_see_columns_and_no_times_for_machines),
        cmocka_unit_test(test_the_column_that_may_be_cut_gives_way),
        cmocka_unit_test(
            test_nobody_is_a_sentence_for_people_and_a_header_for_others),
        cmocka_unit_test(test_a_spreadsheet_gets_everything_and_no_formula),
        cmocka_unit_test(test_a_long_cell_is_whole_and_moves_no_cursor),
    };

    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
