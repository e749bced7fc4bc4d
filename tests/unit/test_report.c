/* A report comes back as it was written, and nothing else is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "raw.h"
#include "wire_report_sample.h"

struct fixture {
    struct arena arena;
    struct buf wire;
    struct report report;
};

static int set_up(void **state)
{
    struct fixture *fix = calloc(1, sizeof *fix);

    assert_non_null(fix);
    wire_sample_report(&fix->report, &fix->arena);
    *state = fix;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fix = *state;

    arena_free(&fix->arena);
    buf_free(&fix->wire);
    free(fix);
    return 0;
}

static void encode(struct fixture *fix)
{
    struct err err = {.text = ""};

    buf_clear(&fix->wire);
    if (report_encode(&fix->wire, &fix->report, &err) < 0)
        fail_msg("%s", err.text);
}

static void assert_refused(struct fixture *fix, int code, const char *text)
{
    struct report out = {.held = 77};
    struct err err = {.text = ""};

    assert_int_equal(
        report_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), code);
    assert_string_equal(err.text, text);
    assert_int_equal(out.held, 77);
}

static void test_a_report_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct report *was = &fix->report;
    SCOPED(buf_free) struct buf again = BUF_EMPTY;
    struct report out;
    struct err err;

    encode(fix);
    assert_int_equal(
        report_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), 0);
    assert_string_equal(out.school.text, "8732001");
    assert_string_equal(out.software, "0.1.0");
    assert_int_equal(out.at.ms, was->at.ms);
    assert_true(out.skew_known);
    assert_int_equal(out.skew_ms, -600123);
    assert_int_equal(out.quarantine[1].reason, REASON_NOT_OURS);
    assert_int_equal(out.out_count, 2);
    assert_int_equal(out.out[1].urgent.ms, was->out[1].urgent.ms);
    assert_int_equal(out.out[1].streams[0].applied, 70);
    assert_int_equal(out.cohort.week.day, 14);
    assert_int_equal(out.cohort.cells[1].contacted, 20);
    assert_int_equal(report_encode(&again, &out, &err), 0);
    assert_int_equal(again.len, fix->wire.len);
    assert_memory_equal(again.data, fix->wire.data, again.len);
}

static void test_a_newer_version_may_say_more(void **state)
{
    struct fixture *fix = *state;
    struct report out;
    struct err err;

    encode(fix);
    raw_number(&fix->wire, 99, 1);
    assert_int_equal(
        report_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), 0);
    assert_int_equal(out.leavers, 61);
}

static void test_what_makes_no_sense_is_refused(void **state)
{
    struct fixture *fix = *state;

    fix->report.out[0].school = fix->report.out[1].school;
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "report: pairs are not in order");
    wire_sample_report(&fix->report, &fix->arena);
    fix->report.cohort.cells[0].contacted = 61;
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "report: contacted is more than all");
    wire_sample_report(&fix->report, &fix->arena);
    fix->report.cohort.contacted = 213;
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "report: contacted is more than all");
    wire_sample_report(&fix->report, &fix->arena);
    fix->report.school.text[0] = '\0';
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "report: school is not a LAESTAB");
    wire_sample_report(&fix->report, &fix->arena);
    fix->report.skew_ms = INT64_MIN;
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "report: skew is out of range");
    wire_sample_report(&fix->report, &fix->arena);
    fix->report.out[1].streams[0].lane = LANE_RECEIPT;
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "report: lane is not known here");
    buf_clear(&fix->wire);
    buf_add(&fix->wire, bytes_of("\xff\xff"));
    assert_refused(fix, ERR_MALFORMED, "report: not protobuf");
}

static void test_limits_stand_before_and_in_the_decoder(void **state)
{
    static const uint8_t big[REPORT_MAX_BYTES + 1];
    struct fixture *fix = *state;
    struct report_pair *many =
        arena_take(&fix->arena, (REPORT_MAX_PAIRS + 1) * sizeof *many);
    struct err err;

    for (int i = 0; i <= REPORT_MAX_PAIRS; i++) {
        char school[20];

        snprintf(school, sizeof school, "873%04d", 2000 + i);
        wire_sample_pair(&many[i], school, LANE_NORMAL);
        many[i].stream_count = REPORT_STREAMS;
        many[i].streams[1] = many[i].streams[0];
        many[i].streams[1].lane = LANE_URGENT;
    }
    fix->report.out = many;
    fix->report.out_count = REPORT_MAX_PAIRS + 1;
    assert_int_equal(
        report_encode(&fix->wire, &fix->report, &err), ERR_TOO_BIG);
    assert_string_equal(err.text, "report: pairs are too many");
    fix->report.out_count = REPORT_MAX_PAIRS;
    encode(fix); /* as many as may be do fit */
    buf_clear(&fix->wire);
    buf_add(&fix->wire, (struct bytes){big, sizeof big});
    assert_refused(fix, ERR_TOO_BIG, "report: 61441 bytes, limit 61440");
}

static void test_a_hubs_report_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    struct hubreport report, out;
    struct hubreport_trace trace, traced;
    struct err err;

    wire_sample_hubreport(&report, &fix->arena);
    assert_int_equal(hubreport_encode(&fix->wire, &report, &err), 0);
    assert_int_equal(
        hubreport_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), 0);
    assert_true(out.more);
    assert_int_equal(out.school_count, 2);
    assert_int_equal(out.schools[0].complaints, 101);
    assert_int_equal(out.schools[0].crowded, 17);
    assert_memory_equal(out.schools[0].report.data, "signed", 6);
    assert_int_equal(out.schools[1].turned_away, 3);
    assert_int_equal(out.schools[1].report.len, 0);

    wire_sample_trace(&trace);
    buf_clear(&fix->wire);
    assert_int_equal(hubreport_encode_trace(&fix->wire, &trace, &err), 0);
    assert_int_equal(hubreport_decode_trace(
                         &traced, buf_bytes(&fix->wire), &fix->arena, &err),
        0);
    assert_int_equal(traced.count, 1);
    assert_int_equal(traced.letters[0].last, 9);
    assert_true(traced.letters[0].waits);
    assert_true(id_equal(&traced.letters[0].epoch, &trace.letters[0].epoch));
}

static void test_a_hub_cannot_name_a_school_twice(void **state)
{
    struct fixture *fix = *state;
    struct hubreport report, out;
    struct err err;

    wire_sample_hubreport(&report, &fix->arena);
    report.schools[1].school = report.schools[0].school;
    assert_int_equal(hubreport_encode(&fix->wire, &report, &err), 0);
    assert_int_equal(
        hubreport_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err),
        ERR_MALFORMED);
    assert_string_equal(err.text, "hub's report: schools are not in order");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_report_comes_back_as_it_was),
        TEST(test_a_newer_version_may_say_more),
        TEST(test_what_makes_no_sense_is_refused),
        TEST(test_limits_stand_before_and_in_the_decoder),
        TEST(test_a_hubs_report_comes_back_as_it_was),
        TEST(test_a_hub_cannot_name_a_school_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
