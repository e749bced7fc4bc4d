#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "raw.h"
#include "wire/hubtalk.h"

#define ID                                                                     \
    {                                                                          \
        {                                                                      \
            9, 8, 7                                                            \
        }                                                                      \
    }
#define HEADER                                                                 \
    {                                                                          \
        .version = STREAM_VERSION, .author = {"8732001"},                      \
        .recipient = {"8734500"}, .lane = LANE_URGENT, .epoch = {{4}},         \
        .first = 3, .last = 4, .ttl_days = STREAM_TTL_DAYS                     \
    }

/* One of each kind with every field that it has. */
static const struct hubtalk EACH[] = {
    {.kind = HUBTALK_HELLO,
        .session = ID,
        .version = 7,
        .time = {1813046520123},
        .protocol = 1,
        .incarnation = 2,
        .progress = 345,
        .early = true,
        .parts = true,
        .software = "0.1.0"},
    {.kind = HUBTALK_WELCOME,
        .session = ID,
        .hub = {{3}},
        .version = 8,
        .max_body = HUBTALK_MAX_BODY,
        .waiting = 40,
        .incarnation = 3,
        .progress = 346,
        .high = 77,
        .time = {1813046520123},
        .protocol = 1,
        .software = "0.1.0-a-name-of-31-characters.."},
    {.kind = HUBTALK_PUT, .id = ID, .header = HEADER},
    {.kind = HUBTALK_PUT, .id = ID, .origin = {{5, 6}}, .header = HEADER},
    {.kind = HUBTALK_PUT,
        .id = ID,
        .header = HEADER,
        .incarnation = 2,
        .progress = 77},
    {.kind = HUBTALK_PUT_DONE, .id = ID, .cursor = 12},
    {.kind = HUBTALK_PUT_DONE, .id = ID, .reason = REASON_QUOTA},
    {.kind = HUBTALK_FETCH, .cursor = 0, .credit = 4 << 20},
    {.kind = HUBTALK_MAIL, .cursor = 9, .id = ID, .header = HEADER},
    {.kind = HUBTALK_ACK, .cursor = (uint64_t)INT64_MAX},
    {.kind = HUBTALK_DIRECTORY, .version = 3, .offset = 65536, .of = 4},
    {.kind = HUBTALK_DIRECTORY_IS,
        .version = 8,
        .offset = 65536,
        .total = 2000000},
    {.kind = HUBTALK_PUBLISH, .offset = 1048576, .total = 2000000},
    {.kind = HUBTALK_PUBLISH_DONE,
        .version = 9,
        .reason = REASON_OLD_DIRECTORY},
    {.kind = HUBTALK_REPORT},
    {.kind = HUBTALK_REFUSED, .reason = REASON_FENCED},
    {.kind = HUBTALK_NOTICE,
        .id = ID,
        .reason = REASON_EXPIRING,
        .time = {1813046520123},
        .header = HEADER},
    {.kind = HUBTALK_NOTED, .id = ID, .reason = REASON_EXPIRED},
    {.kind = HUBTALK_REPORTS, .after = {"8732001"}},
    {.kind = HUBTALK_REPORTS},
    {.kind = HUBTALK_REPORTS_ARE},
    {.kind = HUBTALK_TRACE, .id = {{1, 2, 3, 4, 5}}, .id_len = 5},
    {.kind = HUBTALK_TRACE_IS},
    {.kind = HUBTALK_RENEW},
    {.kind = HUBTALK_RENEWALS, .school = {"8732001"}},
    {.kind = HUBTALK_RENEWAL_IS, .school = {"8734500"}},
    {.kind = HUBTALK_RENEWAL_IS},
};

#define EACH_COUNT (sizeof EACH / sizeof *EACH)

static void assert_same_talk(const struct hubtalk *a, const struct hubtalk *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->id_len, b->id_len);
    assert_string_equal(a->after.text, b->after.text);
    assert_true(id_equal(&a->id, &b->id));
    assert_true(id_equal(&a->origin, &b->origin));
    assert_true(id_equal(&a->session, &b->session));
    assert_true(id_equal(&a->hub, &b->hub));
    assert_int_equal(a->cursor, b->cursor);
    assert_int_equal(a->credit, b->credit);
    assert_int_equal(a->version, b->version);
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->total, b->total);
    assert_int_equal(a->of, b->of);
    assert_int_equal(a->parts, b->parts);
    assert_int_equal(a->max_body, b->max_body);
    assert_int_equal(a->waiting, b->waiting);
    assert_int_equal(a->incarnation, b->incarnation);
    assert_int_equal(a->progress, b->progress);
    assert_int_equal(a->high, b->high);
    assert_int_equal(a->time.ms, b->time.ms);
    assert_int_equal(a->protocol, b->protocol);
    assert_int_equal(a->reason, b->reason);
    assert_string_equal(a->software, b->software);
    assert_string_equal(a->school.text, b->school.text);
    assert_string_equal(a->header.author.text, b->header.author.text);
    assert_string_equal(a->header.recipient.text, b->header.recipient.text);
    assert_int_equal(a->header.lane, b->header.lane);
    assert_int_equal(a->header.first, b->header.first);
    assert_int_equal(a->header.last, b->header.last);
    assert_true(id_equal(&a->header.epoch, &b->header.epoch));
}

static void assert_refused(struct bytes wire, int code, const char *text)
{
    struct hubtalk out = {.credit = 77};
    struct err err = {.text = ""};

    assert_int_equal(hubtalk_decode(&out, wire, &err), code);
    assert_string_equal(err.text, text);
    assert_int_equal(out.credit, 77);
}

static void test_every_kind_comes_back_as_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < EACH_COUNT; i++) {
        SCOPED(buf_free) struct buf wire = BUF_EMPTY;
        struct hubtalk out;
        struct err err = {.text = ""};

        hubtalk_encode(&wire, &EACH[i]);
        if (hubtalk_decode(&out, buf_bytes(&wire), &err) < 0)
            fail_msg("%zu: %s", i, err.text);
        assert_same_talk(&out, &EACH[i]);
        assert_in_range(wire.len, 1, 120);
    }
}

static void test_a_kind_carries_its_own_fields_only(void **state)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    const struct hubtalk talk = {.kind = HUBTALK_ACK,
        .cursor = 5,
        .credit = 6,
        .reason = REASON_QUOTA,
        .header = HEADER};
    struct hubtalk out;

    (void)state;
    hubtalk_encode(&wire, &talk);
    assert_int_equal(hubtalk_decode(&out, buf_bytes(&wire), NULL), 0);
    assert_same_talk(&out, &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = 5});
}

static void test_a_shorter_message_never_passes_for_the_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < EACH_COUNT; i++) {
        SCOPED(buf_free) struct buf wire = BUF_EMPTY;

        hubtalk_encode(&wire, &EACH[i]);
        for (size_t len = 0; len < wire.len; len++) {
            struct hubtalk out;
            struct err err = {.text = ""};

            assert_int_equal(
                hubtalk_decode(&out, (struct bytes){wire.data, len}, &err),
                ERR_MALFORMED);
            assert_string_not_equal(err.text, "");
        }
    }
}

/* talk = one nested message of this kind, made of these bytes. */
static void assert_content_refused(
    unsigned kind, const struct buf *content, const char *text)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    raw_nested(&wire, kind, content);
    assert_refused(buf_bytes(&wire), ERR_MALFORMED, text);
}

static void test_refuses_numbers_out_of_range(void **state)
{
    static const struct {
        unsigned kind, field;
        uint64_t value;
        const char *text;
    } cases[] = {
        {HUBTALK_FETCH, 1, (uint64_t)INT64_MAX + 1,
            "hub talk: cursor is out of range"},
        {HUBTALK_FETCH, 2, UINT64_MAX, "hub talk: credit is out of range"},
        {HUBTALK_ACK, 1, 0, "hub talk: cursor is out of range"},
        {HUBTALK_DIRECTORY, 1, UINT64_MAX,
            "hub talk: directory version is out of range"},
        {HUBTALK_REFUSED, 1, 0, "hub talk: reason is not stated"},
        {HUBTALK_DIRECTORY, 4, 1, "hub talk: not in its shortest form"},
        {HUBTALK_DIRECTORY, 1, 0, "hub talk: not in its shortest form"},
        {HUBTALK_REPORT, 5, 1, "hub talk: not in its shortest form"},
        {HUBTALK_DIRECTORY_IS, 2, 1, "hub talk: offset is behind the end"},
        {HUBTALK_PUBLISH, 1, 1, "hub talk: offset is behind the end"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf content = BUF_EMPTY;

        raw_number(&content, cases[i].field, cases[i].value);
        assert_content_refused(cases[i].kind, &content, cases[i].text);
    }
}

static void test_refuses_witnesses_out_of_range(void **state)
{
    static const struct {
        unsigned kind, field;
        const char *text;
    } cases[] = {
        {HUBTALK_HELLO, 6, "hub talk: incarnation is out of range"},
        {HUBTALK_HELLO, 7, "hub talk: progress is out of range"},
        {HUBTALK_WELCOME, 9, "hub talk: incarnation is out of range"},
        {HUBTALK_WELCOME, 10, "hub talk: progress is out of range"},
        {HUBTALK_WELCOME, 11, "hub talk: highest cursor is out of range"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf content = BUF_EMPTY;

        raw_bytes(&content, 2, "0123456789abcdef", 16);
        if (cases[i].kind == HUBTALK_WELCOME)
            raw_bytes(&content, 3, "0123456789abcdef", 16);
        raw_number(&content, cases[i].field, (uint64_t)INT64_MAX + 1);
        assert_content_refused(cases[i].kind, &content, cases[i].text);
    }
}

static void test_refuses_ids_that_are_not_16_bytes(void **state)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;

    (void)state;
    raw_bytes(&content, 1, "0123456789abcde", 15);
    assert_content_refused(
        HUBTALK_PUT_DONE, &content, "hub talk: id is not 16 bytes");
    raw_bytes(&content, 1, "0123456789abcdefg", 17);
    assert_content_refused(
        HUBTALK_PUT_DONE, &content, "hub talk: id is not 16 bytes");
}

static void test_refuses_a_put_without_or_with_a_bad_header(void **state)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(buf_free) struct buf header = BUF_EMPTY;

    (void)state;
    raw_bytes(&content, 1, "0123456789abcdef", 16);
    assert_content_refused(
        HUBTALK_PUT, &content, "hub talk: header is not there");
    envelope_encode(&header, &(struct header)HEADER);
    raw_number(&header, 99, 1);
    raw_nested(&content, 2, &header);
    assert_content_refused(
        HUBTALK_PUT, &content, "hub talk: not in its shortest form");
    raw_number(&header, 4, 9);
    raw_nested(&content, 2, &header);
    assert_content_refused(
        HUBTALK_PUT, &content, "hub talk: lane is not known here");
}

static void test_refuses_software_that_is_long_or_not_clean(void **state)
{
    SCOPED(buf_free) struct buf hello = BUF_EMPTY;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    static const struct {
        const char *text;
        size_t len;
        const char *why;
    } cases[] = {
        {"0.1\0evil", 8, "hub talk: software is not clean text"},
        {"\xff", 1, "hub talk: software is not clean text"},
        {"\x1b[2J", 4, "hub talk: software is not clean text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf content = BUF_EMPTY;

        raw_bytes(&content, 2, "0123456789abcdef", 16);
        raw_bytes(&content, 5, cases[i].text, cases[i].len);
        assert_content_refused(HUBTALK_HELLO, &content, cases[i].why);
    }
    raw_bytes(&hello, 2, "0123456789abcdef", 16);
    raw_text(&hello, 5, "0.1.0-a-name-of-32-characters...");
    raw_nested(&wire, HUBTALK_HELLO, &hello);
    assert_refused(
        buf_bytes(&wire), ERR_TOO_BIG, "hub talk: software is too long");
}

static void test_versions_can_meet_and_nothing_else_is_open(void **state)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct hubtalk out;

    (void)state;
    raw_number(&content, 1, 2);
    raw_bytes(&content, 2, "0123456789abcdef", 16);
    raw_text(&content, 77, "a field of version 2");
    raw_nested(&wire, HUBTALK_HELLO, &content);
    assert_int_equal(hubtalk_decode(&out, buf_bytes(&wire), NULL), 0);
    assert_int_equal(out.protocol, 2);

    content.len = wire.len = 0;
    raw_nested(&wire, 99, &content);
    assert_refused(
        buf_bytes(&wire), ERR_MALFORMED, "hub talk: of no known kind");
}

static void test_a_reason_of_a_newer_hub_is_still_a_refusal(void **state)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct hubtalk out;

    (void)state;
    raw_bytes(&content, 1, "0123456789abcdef", 16);
    raw_number(&content, 2, 9999);
    raw_nested(&wire, HUBTALK_PUT_DONE, &content);
    assert_int_equal(hubtalk_decode(&out, buf_bytes(&wire), NULL), 0);
    assert_int_equal(out.reason, REASON_BAD_REQUEST);
}

static void test_limits_stand_before_and_in_the_decoder(void **state)
{
    SCOPED(buf_free) struct buf many = BUF_EMPTY;
    static const uint8_t zeros[HUBTALK_MAX_BYTES + 1];

    (void)state;
    assert_refused((struct bytes){zeros, sizeof zeros}, ERR_TOO_BIG,
        "hub talk: 2049 bytes, limit 2048");
    while (many.len < HUBTALK_MAX_BYTES - 2)
        raw_number(&many, 15, 0); /* an unknown field: 2 bytes, 48 kept */
    assert_refused(buf_bytes(&many), ERR_MALFORMED, "hub talk: not protobuf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_comes_back_as_it_was),
        cmocka_unit_test(test_a_kind_carries_its_own_fields_only),
        cmocka_unit_test(test_a_shorter_message_never_passes_for_the_whole),
        cmocka_unit_test(test_refuses_numbers_out_of_range),
        cmocka_unit_test(test_refuses_witnesses_out_of_range),
        cmocka_unit_test(test_refuses_ids_that_are_not_16_bytes),
        cmocka_unit_test(test_refuses_a_put_without_or_with_a_bad_header),
        cmocka_unit_test(test_refuses_software_that_is_long_or_not_clean),
        cmocka_unit_test(test_versions_can_meet_and_nothing_else_is_open),
        cmocka_unit_test(test_a_reason_of_a_newer_hub_is_still_a_refusal),
        cmocka_unit_test(test_limits_stand_before_and_in_the_decoder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
