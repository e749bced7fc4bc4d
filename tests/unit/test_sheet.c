/* A filled-in door list, as spreadsheets save it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "cli/sheet.h"

static int read_sheet(json_t **out, const char *text, struct err *err)
{
    return sheet_marks(
        out, (struct bytes){(const uint8_t *)text, strlen(text)}, err);
}

static void test_reads_what_spreadsheets_save(void **state)
{
    static const char *const texts[] = {
        "case,contact,attended\n118,1,y\n121,2,n\n130,1,\n",
        "case,contact,attended\r\n118,1,yes\r\n121,2,No\r\n130,1,",
        "\xef\xbb\xbf"
        "attended;name;case;contact\n1;Okoro;118;1\n0;\"a;b\";121;2\n",
        "\"case\",\"name\",\"contact\",\"attended\"\n"
        "'118,\"Okoro, \"\"Ada\"\"\",1,X\n121,\"two\nlines\",2,-\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *marks;
        struct err err;
        const json_t *first;

        assert_int_equal(read_sheet(&marks, texts[i], &err), 0);
        assert_int_equal(json_array_size(marks), 2);
        first = json_array_get(marks, 0);
        assert_string_equal(
            json_string_value(json_object_get(first, "case")), "118");
        assert_true(json_is_true(json_object_get(first, "attended")));
        assert_int_equal(json_integer_value(json_object_get(
                             json_array_get(marks, 1), "contact")),
            2);
        assert_true(json_is_false(
            json_object_get(json_array_get(marks, 1), "attended")));
        json_decref(marks);
    }
}

static void test_refuses_a_sheet_that_cannot_be_meant(void **state)
{
    static const char *const texts[] = {
        "",
        "name,attended\nOkoro,y\n",
        "case,contact\n118,1\n",
        "case,attended\n118,perhaps\n",
        "case,attended\n\"118,y\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *marks;
        struct err err = {.text = ""};

        assert_int_equal(read_sheet(&marks, texts[i], &err), ERR_MALFORMED);
        assert_string_not_equal(err.text, "");
        assert_null(marks);
    }
}

static void test_says_that_a_workbook_is_no_sheet(void **state)
{
    json_t *marks;
    struct err err;

    (void)state;
    assert_int_equal(
        read_sheet(&marks, "PK\x03\x04....[Content_Types].xml", &err),
        ERR_MALFORMED);
    assert_null(marks);
    assert_non_null(strstr(err.text, "save it as \"CSV UTF-8\""));
}

static void test_rows_have_their_line_and_the_columns_asked_for(void **state)
{
    static const struct sheet_column columns[] = {
        {"upn", true}, {"tutor", true}, {"told", false}};
    static const char text[] = "Name;TUTOR;Upn\n"
                               "x;\"Ms Lund;\nlower school\";C820\n"
                               ";;\n"
                               "y;Mr Okoro;B820\n";
    json_t *rows;
    struct err err = {.text = ""};
    const json_t *row;

    (void)state;
    assert_int_equal(sheet_rows(&rows, bytes_of(text), columns, 3, &err), 0);
    assert_int_equal(json_array_size(rows), 2);
    row = json_array_get(rows, 0);
    assert_string_equal(json_string_value(json_object_get(row, "tutor")),
        "Ms Lund;\nlower school");
    assert_null(json_object_get(row, "told"));
    assert_null(json_object_get(row, "Name"));
    row = json_array_get(rows, 1);
    assert_int_equal(json_integer_value(json_object_get(row, "line")), 5);
    assert_string_equal(json_string_value(json_object_get(row, "upn")), "B820");
    json_decref(rows);
}

static void test_refuses_a_cell_that_would_be_cut_or_is_not_text(void **state)
{
    static const struct sheet_column columns[] = {{"tutor", true}};
    char text[1000] = "tutor,name\n";
    json_t *rows;
    struct err err = {.text = ""};

    (void)state;
    memset(text + 11, 'L', 900);
    assert_int_equal(
        sheet_rows(&rows, bytes_of(text), columns, 1, &err), ERR_MALFORMED);
    assert_non_null(strstr(err.text, "line 2: tutor is too long"));
    assert_int_equal(
        sheet_rows(&rows, bytes_of("tutor\nMs L\xfc nd\n"), columns, 1, &err),
        ERR_MALFORMED);
    assert_non_null(strstr(err.text, "line 2: tutor is not UTF-8"));
    assert_int_equal(sheet_rows(&rows, bytes_of("name\nx\n"), columns, 1, &err),
        ERR_MALFORMED);
    assert_non_null(strstr(err.text, "column tutor"));
    assert_null(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_spreadsheets_save),
        cmocka_unit_test(test_refuses_a_sheet_that_cannot_be_meant),
        cmocka_unit_test(test_says_that_a_workbook_is_no_sheet),
        cmocka_unit_test(test_rows_have_their_line_and_the_columns_asked_for),
        cmocka_unit_test(test_refuses_a_cell_that_would_be_cut_or_is_not_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
