#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "import_room.h"

#define NORTHGATE "8732001_CTF_8734500_001.xml"

/* A whole file around what stands in a Pupil beside its UPN, names, sex and
 * date of birth. */
static void import_around(struct import *import, const char *inside)
{
    struct buf data = BUF_EMPTY;

    buf_format(&data,
        "<CTfile><Header><DocumentName>Common Transfer File</DocumentName>"
        "<CTFversion>25.0</CTFversion><DateTime>2026-06-12T15:20:00</DateTime>"
        "<DocumentQualifier>full</DocumentQualifier>"
        "<SourceSchool><LEA>873</LEA><Estab>2001</Estab></SourceSchool>"
        "<DestSchool><LEA>873</LEA><Estab>4500</Estab></DestSchool></Header>\n"
        "<CTFpupilData><Pupil><UPN>V873200119001</UPN><Surname>Abbott</Surname>"
        "<Forename>Isla</Forename><DOB>2014-10-03</DOB><Sex>F</Sex>%s</Pupil>"
        "</CTFpupilData></CTfile>",
        inside);
    import_ctf(import, NORTHGATE, "8732001", buf_bytes(&data), 65536);
    buf_free(&data);
}

static void test_says_what_is_wrong_inside_a_pupil(void **state)
{
    static const struct {
        const char *inside, *finding;
    } cases[] = {
        {"<UPN>V87320011900</UPN>", "HOLD bad-upn 2\n"},
        {"<UPN></UPN>", "HOLD no-upn 2\n"},
        {"<Surname> </Surname>", "HOLD missing 2\n"},
        {"<Gender>X</Gender>", "HOLD unknown-code 2\n"},
        {"<DOB>03/10/2014</DOB>", "HOLD bad-date 2\n"},
        {"<DOB>1990-01-01</DOB>", "WARN age 2\n"},
        {"<UniqueLearnerNumber>2481081875</UniqueLearnerNumber>",
            "WARN bad-uln 2\n"},
        {"<BasicDetails><FormerUPN>A873200119001</FormerUPN></BasicDetails>",
            "WARN bad-former-upn 2\n"},
        {"<BasicDetails><MedicalFlag>maybe</MedicalFlag></BasicDetails>",
            "WARN bad-boolean 2\n"},
        {"<SENhistory><SEN><SENprovision>S</SENprovision></SEN></SENhistory>",
            "WARN old-code 2\n"},
        {"<Contacts><Contact><Order>1</Order><Responsibility/></Contact>"
         "</Contacts>",
            "HOLD bad-boolean 2\n"},
        {"<Contacts><Contact/><Contact/></Contacts>", "WARN contact-order 2\n"},
        {"<Contacts><Contact><Phones><Phone><TelephoneType>H</TelephoneType>"
         "<PhoneNo>960001</PhoneNo></Phone></Phones></Contact></Contacts>",
            "WARN phone-unclear 2\n"},
        {"<Contacts><Contact><Email>at home</Email></Contact></Contacts>",
            "WARN email-unclear 2\n"},
        {"<Attendance><YearData><Year>2025</Year><SessionsPossible>9"
         "</SessionsPossible></YearData></Attendance>",
            "WARN attendance-sum 2\n"},
        {"<SuppInfo><OddDate>soon</OddDate></SuppInfo>", "WARN bad-date 2\n"},
        {"<Email>a@example.org</Email><Contacts><Contact><Email>A@example.org"
         "</Email></Contact></Contacts>",
            "WARN pupil-email 2\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {.pupils = 0};

        import_around(&import, cases[i].inside);
        assert_int_equal(import.rc, 0);
        assert_int_equal(import.pupils, 1);
        if (strstr(import_story(&import), cases[i].finding) == NULL)
            print_error("%s\n%s", cases[i].inside, import_story(&import));
        assert_non_null(strstr(import_story(&import), cases[i].finding));
        import_free(&import);
    }
}

static void test_a_pupil_with_nothing_else_is_taken_without_a_word(void **state)
{
    struct import import = {.pupils = 0};

    (void)state;
    import_around(&import, "");
    assert_string_equal(import_story(&import), "pupil 2 V873200119001\n");
    import_free(&import);
}

static void see_stated(void *arg, const struct leaver *l)
{
    *(enum stated *)arg = l->fsm;
}

static void test_free_meals_count_while_they_have_no_end(void **state)
{
    static const struct {
        const char *end;
        enum stated fsm;
    } cases[] = {
        {"", STATED_YES},
        {"<FSMendDate></FSMendDate>", STATED_YES},
        {"<FSMendDate>2026-09-01</FSMendDate>", STATED_YES},
        {"<FSMendDate>2024-07-21</FSMendDate>", STATED_NO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum stated fsm = NOT_STATED;
        struct import import = {.look = see_stated, .arg = &fsm};
        char inside[256];

        snprintf(inside, sizeof inside,
            "<FSMhistory><FSMinstance><FSMstartDate>2021-09-06</FSMstartDate>"
            "%s</FSMinstance></FSMhistory>",
            cases[i].end);
        import_around(&import, inside);
        assert_int_equal(fsm, cases[i].fsm);
        import_free(&import);
    }
}

static void see_former(void *arg, const struct leaver *l)
{
    (void)arg;
    assert_string_equal(l->former_upn, "K87320012501A");
    assert_string_equal(l->needs[0].type, "ASD");
    assert_false(date_is_set(l->needs[0].start)); /* before birth */
    assert_string_equal(l->address.lines[0], "Room 9, Weir House");
    assert_string_equal(l->address.lines[1], "12 Carr Street");
    assert_string_equal(l->address.postcode, "CB99 6NP");
}

static void test_keeps_the_former_upn_and_no_impossible_date(void **state)
{
    struct import import = {.look = see_former};

    (void)state;
    import_around(&import,
        "<BasicDetails><FormerUPN>K87320012501A</FormerUPN></BasicDetails>"
        "<SENhistory><SENneeds><SENneed><NeedStartDate>2009-01-09"
        "</NeedStartDate><SENtypeRank>1</SENtypeRank><SENtype>ASD</SENtype>"
        "</SENneed></SENneeds></SENhistory><Address><AddressLines>"
        "<AddressLine1>Room 9, Weir House</AddressLine1>"
        "<AddressLine2>12 Carr Street</AddressLine2></AddressLines>"
        "<ZIP>CB99 6NP</ZIP></Address>");
    assert_int_equal(import.pupils, 1);
    import_free(&import);
}

static void see_limit(void *arg, const struct leaver *l)
{
    (void)arg;
    assert_int_equal(l->contact_count, LEAVER_MAX_CONTACTS);
}

static void test_more_contacts_than_a_record_holds_hold_the_pupil(void **state)
{
    struct import import = {.look = see_limit};
    struct buf inside = BUF_EMPTY;

    (void)state;
    buf_format(&inside, "<Contacts>");
    for (int i = 1; i <= LEAVER_MAX_CONTACTS + 3; i++)
        buf_format(&inside,
            "<Contact><Order>%d</Order><Relationship>OTH</Relationship><Phones>"
            "<Phone><TelephoneType>M</TelephoneType><PhoneNo>07700 900%03d"
            "</PhoneNo></Phone></Phones><Email>c%d@example.org</Email>"
            "</Contact>",
            i, i, i);
    buf_add(&inside, (struct bytes){(const uint8_t *)"</Contacts>", 12});
    import_around(&import, (const char *)inside.data);
    assert_string_equal(
        import_story(&import), "pupil 2 V873200119001\nHOLD too-many 2\n");
    import_free(&import);
    buf_free(&inside);
}

static void test_a_hold_is_never_lost_among_many_warnings(void **state)
{
    struct import import = {.pupils = 0};
    struct buf inside = BUF_EMPTY;

    (void)state;
    for (int i = 0; i < 3 * FINDINGS_MAX; i++)
        buf_format(&inside, "<Odd><OddDate>soon</OddDate></Odd>");
    buf_format(&inside, "<Sex>B</Sex>");
    buf_add(&inside, (struct bytes){(const uint8_t *)"", 1});
    import_around(&import, (const char *)inside.data);
    assert_non_null(strstr(import_story(&import), "HOLD unknown-code 2\n"));
    import_free(&import);
    buf_free(&inside);
}

static void test_a_file_cannot_invent_names_for_ever(void **state)
{
    struct import import = {.pupils = 0};
    struct buf inside = BUF_EMPTY;

    (void)state;
    for (int i = 0; i < 2000; i++)
        buf_format(&inside, "<odd%d/>", i);
    buf_add(&inside, (struct bytes){(const uint8_t *)"", 1});
    import_around(&import, (const char *)inside.data);
    assert_int_equal(import.rc, ERR_TOO_BIG);
    assert_string_equal(import.refusal.code, "too-many-names");
    import_free(&import);
    buf_free(&inside);
}

static void test_the_order_of_a_file_is_fixed(void **state)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"<CTfile><CTFpupilData><Pupil/></CTFpupilData></CTfile>", "header"},
        {"<CTfile/>", "header"},
        {"<CTfile></CTfile><CTfile/>", "not-well-formed"},
        {"<x:CTfile xmlns:x=\"u\"/>", "wrong-root"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {.pupils = 0};

        import_ctf(
            &import, NORTHGATE, "8732001", bytes_of(cases[i].text), 65536);
        assert_int_equal(import.rc, ERR_MALFORMED);
        assert_string_equal(import.refusal.code, cases[i].code);
        import_free(&import);
    }
}

static void see_provision(void *arg, const struct leaver *l)
{
    assert_string_equal(l->sen_provision, arg);
}

#define SEN(start, provision, end)                                             \
    "<SEN><StartDate>" start "</StartDate><SENprovision>" provision            \
    "</SENprovision>" end "</SEN>"
#define END(date) "<EndDate>" date "</EndDate>"

static void test_of_the_special_needs_history_the_open_item_counts(void **state)
{
    static const struct {
        const char *history, *provision;
    } cases[] = {
        {SEN("2025-01-06", "K", END("2025-12-19"))
                SEN("2020-09-07", "N", "<EndDate/>"),
            "N"},
        {SEN("2020-09-07", "K", "") SEN("2024-01-15", "E", ""), "E"},
        {SEN("2024-01-15", "E", "") SEN("2020-09-07", "K", ""), "E"},
        {SEN("2025-01-06", "K", END("2025-12-19")), ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[2], inside[512];
        struct import import = {.look = see_provision, .arg = expected};

        snprintf(expected, sizeof expected, "%s", cases[i].provision);
        snprintf(inside, sizeof inside, "<SENhistory>%s</SENhistory>",
            cases[i].history);
        import_around(&import, inside);
        assert_int_equal(import.pupils, 1);
        import_free(&import);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_what_is_wrong_inside_a_pupil),
        cmocka_unit_test(
            test_a_pupil_with_nothing_else_is_taken_without_a_word),
        cmocka_unit_test(test_free_meals_count_while_they_have_no_end),
        cmocka_unit_test(test_keeps_the_former_upn_and_no_impossible_date),
        cmocka_unit_test(test_more_contacts_than_a_record_holds_hold_the_pupil),
        cmocka_unit_test(test_a_hold_is_never_lost_among_many_warnings),
        cmocka_unit_test(test_a_file_cannot_invent_names_for_ever),
        cmocka_unit_test(test_the_order_of_a_file_is_fixed),
        cmocka_unit_test(
            test_of_the_special_needs_history_the_open_item_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
