#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each way in which a file can be broken, and what must become of it. */
#include <stdlib.h>

#include "import_room.h"

/* Findings by level, code and line, in order; retractions by line. */
static const struct {
    const char *file, *findings;
} CASES[] = {
    {"8732001_CTF_8734500_101.xml", "HOLD upn-check-letter 124\n"},
    {"8732001_CTF_8734500_102.xml", "HOLD missing 24\n"
                                    "HOLD missing 123\n"},
    {"8732001_CTF_8734500_103.xml", "REFUSE not-well-formed 126\n"},
    {"8732001_CTF_8734500_104.xml", "REFUSE not-well-formed 155\n"},
    {"8732001_CTF_8734500_105.xml", "REFUSE doctype 3\n"},
    {"8732001_CTF_8734500_106.xml", "REFUSE doctype 3\n"},
    {"8732001_CTF_8734500_107.xml", "HOLD duplicate-upn 124\n"
                                    "retract 24\n"
                                    "HOLD duplicate-upn 224\n"},
    {"8732001_CTF_8734500_108.xml", "WARN unknown-code 34\n"
                                    "HOLD bad-boolean 61\n"
                                    "HOLD unknown-code 149\n"
                                    "HOLD unknown-code 155\n"
                                    "WARN unknown-code 173\n"
                                    "WARN unknown-code 180\n"
                                    "HOLD unknown-code 124\n"},
    {"8732001_CTF_8734500_109.xml", "WARN bad-date 118\n"
                                    "HOLD future-date 24\n"
                                    "WARN bad-date 231\n"
                                    "WARN date-before-birth 124\n"},
    {"8732001_CTF_8734500_110.xml", "HOLD too-long 31\n"
                                    "HOLD too-long 52\n"},
    {"8732001_CTF_8734500_111.xml", "REFUSE name-header 22\n"},
    {"8732999_CTF_8734500_112.xml", "REFUSE not-ours 22\n"},
    {"XXXXXXX_CTF_8734500_113.xml", "WARN name 0\n"
                                    "REFUSE not-ours 22\n"},
    {"8732001_CTF_8734500_114.xml", "REFUSE not-well-formed 1\n"},
    {"8732001_CTF_8734500_115.xml", "REFUSE empty 1\n"},
    {"8732001_CTF_8734500_116.xml", "REFUSE wrong-root 3\n"},
    {"8732001_CTF_8734500_117.xml", "REFUSE encoding 1\n"},
    {"8732001_CTF_8734500_118.xml", "REFUSE encoding 1\n"},
    {"8732001_CTF_8734500_119.xml", "REFUSE too-deep 30\n"},
    {"8732001_CTF_8734500_120.xml", "REFUSE header 21\n"},
    {"8732001_CTF_8734500_121.xml", "WARN bidi-control 27\n"
                                    "WARN bidi-control 32\n"
                                    "WARN control-character 49\n"},
    {"8732001_CTF_8734500_122.xml", "WARN version 0\n"},
    {"8732001_CTF_8734500_123.xml", "REFUSE too-long 2\n"},
    {"8732001_CTF_XXXXXXX_124.xml", "WARN no-destination 0\n"},
    {"8732001_ctf_8734500_125 (1).XML", "WARN name 0\n"},
};

#define COUNT (sizeof CASES / sizeof *CASES)

/* The story without the lines of pupils, and retractions without the UPN. */
static char *findings_of(const struct import *import)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    const char *line = import_story(import);

    while (*line != '\0') {
        const size_t len = strcspn(line, "\n");

        if (strncmp(line, "retract", 7) == 0)
            buf_format(&out, "%.*s\n", (int)(8 + strcspn(line + 8, " ")), line);
        else if (strncmp(line, "pupil", 5) != 0)
            buf_format(&out, "%.*s\n", (int)len, line);
        line += len + 1;
    }
    return (char *)mem_copy(buf_bytes(&out));
}

static void read_case(struct buf *out, const char *file)
{
    char path[512];

    snprintf(path, sizeof path, "%s/bad/%s", TEST_DATA, file);
    assert_int_equal(file_read(out, path, IMPORT_LIMIT, NULL), 0);
}

static void test_each_broken_file_ends_as_it_must(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        struct buf data = BUF_EMPTY;
        struct import import = {.pupils = 0};
        char *findings;

        read_case(&data, CASES[i].file);
        import_ctf(&import, CASES[i].file, "8732001", buf_bytes(&data), 65536);
        findings = findings_of(&import);
        if (strcmp(findings, CASES[i].findings) != 0)
            print_error("%s\n", CASES[i].file);
        assert_string_equal(findings, CASES[i].findings);
        assert_int_equal(import.rc != 0, strstr(findings, "REFUSE") != NULL);
        free(findings);
        import_free(&import);
        buf_free(&data);
    }
}

static void test_the_pieces_make_no_difference(void **state)
{
    static const size_t pieces[] = {1, 7, 4096};

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        struct buf data = BUF_EMPTY;
        struct import whole = {.pupils = 0};

        read_case(&data, CASES[i].file);
        import_ctf(
            &whole, CASES[i].file, "8732001", buf_bytes(&data), data.len + 1);
        for (size_t j = 0; j < sizeof pieces / sizeof *pieces; j++) {
            struct import part = {.pupils = 0};

            import_ctf(
                &part, CASES[i].file, "8732001", buf_bytes(&data), pieces[j]);
            assert_string_equal(import_story(&part), import_story(&whole));
            assert_string_equal(import_details(&part), import_details(&whole));
            import_free(&part);
        }
        import_free(&whole);
        buf_free(&data);
    }
}

static void test_names_the_letter_that_the_digits_ask_for(void **state)
{
    struct buf data = BUF_EMPTY;
    struct import import = {.pupils = 0};

    (void)state;
    read_case(&data, "8732001_CTF_8734500_101.xml");
    import_ctf(&import, "8732001_CTF_8734500_101.xml", "8732001",
        buf_bytes(&data), 65536);
    assert_non_null(
        strstr(import_details(&import), "the digits ask for the letter"));
    import_free(&import);
    buf_free(&data);
}

/* What a person reads on the screen must not be a leak. */
static void test_no_finding_repeats_a_name_or_a_number(void **state)
{
    static const char *const personal[] = {"Abbott", "Birdsall", "Isla",
        "Caleb", "07700", "Elder", "2014-10", "2015-01", "2031", "CB99"};

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        struct buf data = BUF_EMPTY;
        struct import import = {.pupils = 0};

        read_case(&data, CASES[i].file);
        import_ctf(&import, CASES[i].file, "8732001", buf_bytes(&data), 65536);
        for (size_t j = 0; j < sizeof personal / sizeof *personal; j++)
            assert_null(strstr(import_details(&import), personal[j]));
        import_free(&import);
        buf_free(&data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_broken_file_ends_as_it_must),
        cmocka_unit_test(test_the_pieces_make_no_difference),
        cmocka_unit_test(test_names_the_letter_that_the_digits_ask_for),
        cmocka_unit_test(test_no_finding_repeats_a_name_or_a_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
