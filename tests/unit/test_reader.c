#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "import_room.h"

#define NORTHGATE "8732001_CTF_8734500_001.xml"
#define SIMS "8732002_CTF_8734500_001.xml"

static void import_sample(struct import *import, const char *file)
{
    struct buf data = BUF_EMPTY;
    char path[512], me[LAESTAB_SIZE];

    snprintf(path, sizeof path, "%s/%s", TEST_DATA, file);
    snprintf(me, sizeof me, "%.7s", file);
    assert_int_equal(file_read(&data, path, IMPORT_LIMIT, NULL), 0);
    import_ctf(import, file, me, buf_bytes(&data), 1000);
    buf_free(&data);
}

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

/* ---- the samples ---- */

static void test_reads_the_header(void **state)
{
    struct import import = {.pupils = 0};

    (void)state;
    import_sample(&import, NORTHGATE);
    assert_int_equal(import.rc, 0);
    assert_int_equal(import.pupils, 7);
    assert_string_equal(import.header.source.text, "8732001");
    assert_string_equal(import.header.destination.text, "8734500");
    assert_string_equal(import.header.version, "25.0");
    assert_true(import.header.written.ms == INT64_C(1781277600000));
    assert_false(import.header.partial);
    import_free(&import);
}

static void test_the_samples_hold_what_their_readme_says(void **state)
{
    static const struct {
        const char *file;
        unsigned pupils;
        const char *hold; /* in the story, or NULL */
    } cases[] = {
        {NORTHGATE, 7, "HOLD upn-check-letter 834\n"},
        {"8732001_CTF_8734500_002.xml", 3, NULL},
        {"8732001_CTF_8734501_001.xml", 5, NULL},
        {SIMS, 4, NULL},
        {"8732002_CTF_8734501_001.xml", 4, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {.pupils = 0};

        import_sample(&import, cases[i].file);
        assert_int_equal(import.rc, 0);
        assert_int_equal(import.pupils, cases[i].pupils);
        if (cases[i].hold == NULL)
            assert_null(strstr(import_story(&import), "HOLD"));
        else
            assert_non_null(strstr(import_story(&import), cases[i].hold));
        import_free(&import);
    }
}

static void test_a_file_cut_short_is_refused(void **state)
{
    struct import import = {.pupils = 0};

    (void)state;
    import_sample(&import, "8732001_CTF_8734501_002.xml");
    assert_int_equal(import.rc, ERR_MALFORMED);
    assert_string_equal(import.refusal.code, "not-well-formed");
    assert_true(import.refusal.byte > 1000);
    import_free(&import);
}

static void see_daisy(void *arg, const struct leaver *l)
{
    const struct leaver_contact *father;
    char text[DATE_TEXT_SIZE];

    if (strcmp(l->forename, "Daisy") != 0)
        return;
    ++*(int *)arg;
    assert_string_equal(l->middle_names, "Rose");
    assert_string_equal(date_format(l->dob, text), "2015-08-30");
    assert_string_equal(l->sen_provision, "E"); /* not the one that ended */
    assert_int_equal(l->need_count, 2);
    assert_string_equal(l->needs[0].type, "ASD");
    assert_int_equal(l->needs[1].rank, 2);
    assert_string_equal(l->disabilities[0], "AUT");
    assert_int_equal(l->medical_flag, STATED_YES);
    assert_int_equal(l->fsm, NOT_STATED);
    assert_int_equal(l->in_care, NOT_STATED);
    assert_string_equal(l->address.lines[0], "7 Mill Lane");
    assert_string_equal(l->address.lines[1], "Eastmoor");
    assert_string_equal(l->address.postcode, "CB99 3GH");
    assert_int_equal(l->year_count, 1);
    assert_int_equal(l->years[0].possible, 350);
    assert_string_equal(l->years[0].school, "Hillside Primary");
    assert_int_equal(l->result_count, 2);
    assert_string_equal(l->results[0].stage, "KS2");
    assert_string_equal(l->results[0].component, "WRI");
    assert_string_equal(l->schools[0].laestab, "8732001");
    assert_string_equal(date_format(l->schools[0].leaving, text), "2026-07-21");

    assert_int_equal(l->contact_count, 2);
    assert_true(l->contacts[0].address_as_pupil);
    father = &l->contacts[1];
    assert_int_equal(father->court_order, STATED_YES);
    assert_int_equal(l->contacts[0].court_order, NOT_STATED);
    assert_int_equal(father->responsibility, STATED_YES);
    assert_false(father->address_as_pupil);
    assert_string_equal(father->address.lines[0], "51 Quay Street");
    assert_string_equal(father->relationship, "PAF");
}

static void test_reads_every_field_of_a_pupil(void **state)
{
    int seen = 0;
    struct import import = {.look = see_daisy, .arg = &seen};

    (void)state;
    import_sample(&import, NORTHGATE);
    assert_int_equal(seen, 1);
    import_free(&import);
}

static void see_points(void *arg, const struct leaver *l)
{
    if (strcmp(l->surname, "Kowalska") == 0) {
        ++*(int *)arg;
        assert_string_equal(l->contacts[0].forename, "Ewa"); /* by order */
        assert_string_equal(l->contacts[0].points[0].raw, "+44 7700 900213");
        assert_string_equal(l->contacts[0].points[0].dial, "+447700900213");
        assert_int_equal(l->contacts[0].points[1].kind, POINT_EMAIL);
        assert_string_equal(
            l->contacts[0].points[1].dial, "ewa.kowalska@example.org");
        assert_string_equal(l->phone, "01632 960214");
        assert_string_equal(l->preferred_forename, "Zuzia");
        assert_int_equal(l->language_count, 3);
    }
    if (strcmp(l->surname, "Rahman") == 0) {
        ++*(int *)arg;
        assert_string_equal(
            l->contacts[0].points[0].raw, "07700 900229 (text only)");
        assert_string_equal(l->contacts[0].points[0].dial, "+447700900229");
        assert_int_equal(l->contacts[1].points[1].kind, POINT_TEXTPHONE);
        assert_string_equal(l->contacts[1].points[1].dial, "");
    }
}

static void test_keeps_numbers_as_written_and_derives_what_to_dial(void **state)
{
    int seen = 0;
    struct import import = {.look = see_points, .arg = &seen};

    (void)state;
    import_sample(&import, NORTHGATE);
    assert_int_equal(seen, 2);
    import_free(&import);
}

static void see_sims(void *arg, const struct leaver *l)
{
    ++*(int *)arg;
    if (strcmp(l->surname, "Hartley-Crewe") == 0) {
        assert_string_equal(l->sex, "F");
        assert_string_equal(l->contacts[0].forename, "Gemma");
        assert_int_equal(l->contacts[0].order, 1);
        assert_int_equal(l->contacts[0].court_order, NOT_STATED);
        assert_string_equal(l->address.lines[0], "5 Rookery Rise");
    }
    if (strcmp(l->surname, "Gayle") == 0)
        assert_int_equal(l->contacts[1].court_order, STATED_YES);
    if (strcmp(l->surname, "Balczunas") == 0)
        assert_int_equal(l->contacts[1].points[1].kind, POINT_FAX);
}

static void test_reads_what_sims_writes(void **state)
{
    int seen = 0;
    struct import import = {.look = see_sims, .arg = &seen};

    (void)state;
    import_sample(&import, SIMS);
    assert_int_equal(seen, 4);
    assert_string_equal(import.header.version, "19.0");
    import_free(&import);
}

static void test_what_the_sink_answers_ends_the_reading(void **state)
{
    struct import import = {.stop_at = 2};

    (void)state;
    import_sample(&import, NORTHGATE);
    assert_int_equal(import.rc, ERR_FULL);
    assert_int_equal(import.pupils, 2);
    assert_int_equal(import.refusal.level, 0);
    import_free(&import);
}

/* ---- details ---- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_the_header),
        cmocka_unit_test(test_the_samples_hold_what_their_readme_says),
        cmocka_unit_test(test_a_file_cut_short_is_refused),
        cmocka_unit_test(test_reads_every_field_of_a_pupil),
        cmocka_unit_test(
            test_keeps_numbers_as_written_and_derives_what_to_dial),
        cmocka_unit_test(test_reads_what_sims_writes),
        cmocka_unit_test(test_what_the_sink_answers_ends_the_reading),
        cmocka_unit_test(test_says_what_is_wrong_inside_a_pupil),
        cmocka_unit_test(
            test_a_pupil_with_nothing_else_is_taken_without_a_word),
        cmocka_unit_test(test_free_meals_count_while_they_have_no_end),
        cmocka_unit_test(test_keeps_the_former_upn_and_no_impossible_date),
        cmocka_unit_test(test_more_contacts_than_a_record_holds_hold_the_pupil),
        cmocka_unit_test(test_a_hold_is_never_lost_among_many_warnings),
        cmocka_unit_test(test_a_file_cannot_invent_names_for_ever),
        cmocka_unit_test(test_the_order_of_a_file_is_fixed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
