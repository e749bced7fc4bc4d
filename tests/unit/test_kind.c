/* What people import by mistake is named, and what they meant is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctf/kind.h"

/* With the zeros in it. */
#define HEAD(text)                                                             \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }

static void test_names_what_is_neither_xml_nor_csv(void **state)
{
    static const struct {
        struct bytes head;
        const char *says;
    } cases[] = {
        {HEAD("\x1f\x8b\x08\0\0\0"), "archive"},
        {HEAD("PK\x03\x04....8732001_CTF_8734500_001.xml"), "archive"},
        {HEAD("PK\x03\x04....[Content_Types].xml"), "workbook"},
        {HEAD("PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument."
              "spreadsheet"),
            "workbook"},
        {HEAD("7z\xbc\xaf\x27\x1c"), "archive"},
        {HEAD("Rar!\x1a\x07"), "archive"},
        {HEAD("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "password"},
        {HEAD("%PDF-1.7\n"), "PDF"},
        {HEAD("<!DOCTYPE html>\n<html>"), "web page"},
        {HEAD("\r\n  <HTML lang=\"en\">"), "web page"},
        {HEAD("\0\0\0\0\0\0\0\0\0\0"), "zeros"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct finding refusal = {.level = 0};

        assert_true(kind_refuse(&refusal, cases[i].head));
        assert_int_equal(refusal.level, FINDING_REFUSE);
        assert_string_equal(refusal.code, "wrong-kind");
        assert_non_null(strstr(refusal.detail, cases[i].says));
    }
}

static void test_leaves_the_rest_to_the_parsers(void **state)
{
    static const struct {
        struct bytes head;
        bool csv, xml;
    } cases[] = {
        {HEAD(""), false, false},
        {HEAD("\xef\xbb\xbf"), false, false},
        {HEAD("<?xml version=\"1.0\"?>\n<CTfile>"), false, true},
        {HEAD("\xef\xbb\xbf<CTfile>"), false, true},
        {HEAD("<!DOCTYPE CTfile [<!ENTITY a \"b\">]>"), false, true},
        {HEAD("\xff\xfe<\0?\0"), false, false},
        {HEAD("\0<\0?\0x\0m\0l\0 "), false, false},
        {HEAD("surname,UPN,dob\r\n"), true, false},
        {HEAD("\xef\xbb\xbf\"upn\";\"surname\"\n"), true, false},
        {HEAD("upn\n"), false, false},
        {HEAD("Dear office, here they are\nupn,surname\n"), false, false},
        {HEAD("<a upn=\"1\", x>"), false, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct finding refusal = {.level = 0};

        assert_false(kind_refuse(&refusal, cases[i].head));
        assert_int_equal(kind_is_csv(cases[i].head), cases[i].csv);
        assert_int_equal(kind_is_xml(cases[i].head), cases[i].xml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_what_is_neither_xml_nor_csv),
        cmocka_unit_test(test_leaves_the_rest_to_the_parsers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
