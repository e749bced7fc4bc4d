#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "import_room.h"

#define HEADING "upn,surname,forename,dob,sex,destination"
#define CHILD "V873200119001,Abbott,Isla,2014-10-03,F,8734500"

static void import_text(struct import *import, const char *text)
{
    import_csv(import, "8732001", bytes_of(text), 65536);
}

static void see_family(void *arg, const struct leaver *l)
{
    const struct leaver_contact *mother = &l->contacts[0];

    ++*(int *)arg;
    if (strcmp(l->forename, "Makeda") != 0)
        return;
    assert_string_equal(l->destination.text, "8734500");
    assert_string_equal(l->preferred_forename, "Maki");
    assert_string_equal(l->strengths, "Loves drawing maps");
    assert_string_equal(l->languages[0].code, "TGR");
    assert_string_equal(l->sen_provision, "K");
    assert_string_equal(l->needs[0].type, "SLCN");
    assert_int_equal(l->fsm, STATED_YES);
    assert_int_equal(l->medical_flag, STATED_YES);
    assert_int_equal(l->in_care, STATED_NO);
    assert_string_equal(l->address.lines[0], "12 Weir Bank");
    assert_int_equal(l->contact_count, 2);
    assert_string_equal(mother->source_id, "F-2207");
    assert_string_equal(mother->language, "TGR");
    assert_int_equal(mother->interpreter, INTERPRETER_SPOKEN);
    assert_int_equal(mother->responsibility, STATED_YES);
    assert_int_equal(mother->point_count, 2);
    assert_string_equal(mother->points[0].dial, "+447700900601");
    assert_int_equal(mother->points[1].kind, POINT_EMAIL);
}

static void test_reads_the_sample_and_its_siblings(void **state)
{
    int seen = 0;
    struct import import = {.look = see_family, .arg = &seen};
    struct buf data = BUF_EMPTY;

    (void)state;
    assert_int_equal(
        file_read(&data, TEST_DATA "/leavers.csv", IMPORT_LIMIT, NULL), 0);
    import_csv(&import, "8732001", buf_bytes(&data), 10);
    assert_int_equal(import.rc, 0);
    assert_int_equal(seen, 3);
    assert_string_equal(import_story(&import),
        "pupil 2 H873200119451\npupil 3 X873200119452\n"
        "pupil 4 L873200119453\n");
    import_free(&import);
    buf_free(&data);
}

static void test_the_template_can_be_imported(void **state)
{
    struct import import = {.pupils = 0};
    struct buf text = BUF_EMPTY;

    (void)state;
    table_template(&text);
    import_csv(&import, "8732001", buf_bytes(&text), 65536);
    assert_int_equal(import.rc, 0);
    assert_string_equal(import_story(&import), "pupil 2 V873200119001\n");
    import_free(&import);
    buf_free(&text);
}

static void test_columns_may_stand_in_any_order_and_case(void **state)
{
    struct import import = {.pupils = 0};

    (void)state;
    import_text(&import,
        "\xef\xbb\xbf"
        "Sex,DOB,Destination,FORENAME,surname,UPN\r\n\r\n"
        ",,,,,\r\n"
        "F,2014-10-03,8734500,Isla,\"Ab\"\"bott,\nx\",V873200119001\r\n");
    assert_string_equal(import_story(&import),
        "pupil 4 V873200119001\nWARN control-character 4\n");
    import_free(&import);
}

static void see_addresses(void *arg, const struct leaver *l)
{
    ++*(int *)arg;
    assert_int_equal(l->contact_count, 4);
    assert_true(l->contacts[0].address_as_pupil);
    assert_string_equal(l->contacts[0].address.lines[0], "");
    assert_false(l->contacts[1].address_as_pupil);
    assert_string_equal(l->contacts[1].address.lines[0], "4 Mill Lane");
    assert_string_equal(l->contacts[1].address.lines[1], "Fenside");
    assert_string_equal(l->contacts[1].address.postcode, "CB99 1AC");
    assert_false(l->contacts[2].address_as_pupil); /* nothing is said */
    assert_string_equal(l->contacts[2].address.lines[0], "");
    assert_false(l->contacts[3].address_as_pupil); /* both are said */
    assert_string_equal(l->contacts[3].address.postcode, "CB99 1AD");
}

static void test_reads_where_contacts_live(void **state)
{
    int seen = 0;
    struct import import = {.look = see_addresses, .arg = &seen};

    (void)state;
    import_text(&import, HEADING
        ",contact1_surname,contact1_address_as_child,contact2_surname,"
        "contact2_address_1,contact2_address_3,contact2_postcode,"
        "contact3_surname,contact4_surname,contact4_address_as_child,"
        "contact4_postcode\n" CHILD
        ",Ash,yes,Beech,4 Mill Lane,Fenside,CB99 1AC,Cole,Dale,yes,CB99 1AD\n");
    assert_int_equal(import.rc, 0);
    assert_int_equal(seen, 1);
    assert_non_null(strstr(import_story(&import), "WARN two-addresses 2"));
    import_free(&import);
}

static void test_refuses_a_file_it_cannot_read(void **state)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"", "empty"},
        {"\xef\xbb\xbf", "empty"},
        {"\n\n", "empty"},
        {"upn\tsurname\tforename\n", "unknown-column"},
        {"upn;surname;forename\n", "missing-column"},
        {"upn;surname,forename\n", "unknown-column"},
        {HEADING ",shoe_size\n", "unknown-column"},
        {HEADING ",upn\n", "duplicate-column"},
        {"upn,surname,forename,dob\n", "missing-column"},
        {HEADING "\nV873200119001,Abb\xf6tt,Isla,,,\n", "encoding"},
        {HEADING "\nV873200119001,\"Abbott,Isla,,,\n", "not-well-formed"},
        {HEADING "\nV873200119001,Ab\"bott,Isla,,,\n", "not-well-formed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {.pupils = 0};

        import_text(&import, cases[i].text);
        assert_int_equal(import.rc, ERR_MALFORMED);
        assert_string_equal(import.refusal.code, cases[i].code);
        import_free(&import);
    }
}

static void test_an_open_quotation_mark_takes_no_more_than_its_limit(
    void **state)
{
    struct import import = {.pupils = 0};
    struct buf text = BUF_EMPTY;

    (void)state;
    buf_format(&text, HEADING "\n\"");
    for (int i = 0; i < 20000; i++)
        buf_format(&text, "long\n");
    import_csv(&import, "8732001", buf_bytes(&text), 100);
    assert_int_equal(import.rc, ERR_TOO_BIG);
    assert_string_equal(import.refusal.code, "too-long");
    import_free(&import);
    buf_free(&text);
}

static void test_says_what_is_wrong_with_a_row(void **state)
{
    static const struct {
        const char *column, *text, *finding;
    } cases[] = {
        {"nc_year", "6", ""},
        {"responsibility", "yes", "REFUSE unknown-column 1\n"},
        {"contact1_responsibility", "maybe",
            "HOLD bad-boolean 2\nWARN no-relationship 2\nWARN no-phone 2\n"},
        {"contact1_relationship", "MUM",
            "WARN unknown-code 2\nWARN no-phone 2\n"},
        {"contact4_interpreter", "yes",
            "WARN unknown-code 2\nWARN no-relationship 2\nWARN no-phone 2\n"},
        {"sen_provision", "Z", "HOLD unknown-code 2\n"},
        {"sen_need_3", "BESD", "HOLD unknown-code 2\n"},
        {"ethnicity", "IRSH", "WARN unknown-code 2\n"},
        {"fsm", "perhaps", "WARN bad-boolean 2\n"},
        {"entry_date", "2026-09-02", ""},
        {"entry_date", "02/09/2026", "WARN bad-date 2\n"},
        {"postcode", "CB99 1AB and more", "HOLD too-long 2\n"},
        {"strengths",
            "kind\xe2\x80\xae"
            "dnik",
            "WARN bidi-control 2\n"},
        {"strengths", "kind,too", "HOLD columns 2\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {.pupils = 0};
        char text[512], story[512];

        snprintf(text, sizeof text, HEADING ",%s\n" CHILD ",%s\n",
            cases[i].column, cases[i].text);
        snprintf(story, sizeof story, "%s%s",
            strncmp(cases[i].finding, "REFUSE", 6) == 0
                ? ""
                : "pupil 2 V873200119001\n",
            cases[i].finding);
        import_text(&import, text);
        assert_string_equal(import_story(&import), story);
        import_free(&import);
    }
}

static void test_judges_the_destination(void **state)
{
    static const struct {
        const char *text, *finding;
    } cases[] = {
        {"", "WARN no-destination 2\n"},
        {"XXXXXXX", "WARN no-destination 2\n"},
        {"873450", "HOLD bad-destination 2\n"},
        {"8732001", "HOLD bad-destination 2\n"}, /* us */
        {"8734501", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {.pupils = 0};
        char text[512], story[256];

        snprintf(text, sizeof text,
            HEADING "\nV873200119001,Abbott,Isla,2014-10-03,F,%s\n",
            cases[i].text);
        snprintf(
            story, sizeof story, "pupil 2 V873200119001\n%s", cases[i].finding);
        import_text(&import, text);
        assert_string_equal(import_story(&import), story);
        import_free(&import);
    }
}

static void test_holds_both_children_of_one_upn(void **state)
{
    struct import import = {.pupils = 0};

    (void)state;
    import_text(&import,
        HEADING "\n" CHILD "\n" CHILD "\n"
                "V873200119001,Catchpole,Edith,2015-03-03,F,8734500\n"
                "V873200119001,Drewery,Nell,2015-03-04,F,8734500\n");
    assert_string_equal(import_story(&import),
        "pupil 2 V873200119001\n"
        "pupil 3 V873200119001\nHOLD duplicate-upn 3\n"
        "retract 2 V873200119001\n"
        "pupil 4 V873200119001\nHOLD duplicate-upn 4\n"
        "pupil 5 V873200119001\nHOLD duplicate-upn 5\n");
    import_free(&import);
}

static void test_what_the_sink_answers_ends_the_reading(void **state)
{
    struct import import = {.stop_at = 1};

    (void)state;
    import_text(&import, HEADING "\n" CHILD "\n" CHILD "\n");
    assert_int_equal(import.rc, ERR_FULL);
    assert_int_equal(import.pupils, 1);
    import_free(&import);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_the_sample_and_its_siblings),
        cmocka_unit_test(test_the_template_can_be_imported),
        cmocka_unit_test(test_reads_where_contacts_live),
        cmocka_unit_test(test_columns_may_stand_in_any_order_and_case),
        cmocka_unit_test(test_refuses_a_file_it_cannot_read),
        cmocka_unit_test(
            test_an_open_quotation_mark_takes_no_more_than_its_limit),
        cmocka_unit_test(test_says_what_is_wrong_with_a_row),
        cmocka_unit_test(test_judges_the_destination),
        cmocka_unit_test(test_holds_both_children_of_one_upn),
        cmocka_unit_test(test_what_the_sink_answers_ends_the_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
