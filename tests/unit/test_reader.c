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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
