#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "raw.h"
#include "wire_directory_sample.h"

static const enum enrolment_kind KINDS[] = {ENROLMENT_SCHOOL, ENROLMENT_HUB};

struct fixture {
    struct arena arena;
    struct buf wire;
};

static int set_up(void **state)
{
    *state = mem_alloc(sizeof(struct fixture));
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

static void assert_same_bytes(struct bytes a, struct bytes b)
{
    assert_int_equal(a.len, b.len);
    if (a.len > 0)
        assert_memory_equal(a.data, b.data, a.len);
}

static void encode_request(struct fixture *fix, enum enrolment_kind kind)
{
    struct enrolment_request request;

    wire_sample_request(&request, kind);
    fix->wire.len = 0;
    enrolment_encode_request(&fix->wire, &request);
}

static void encode_welcome(struct fixture *fix, enum enrolment_kind kind)
{
    struct enrolment_welcome welcome;

    wire_sample_welcome(&welcome, kind);
    fix->wire.len = 0;
    enrolment_encode_welcome(&fix->wire, &welcome);
}

static int decode_request(struct fixture *fix, struct err *err)
{
    struct enrolment_request out;

    return enrolment_decode_request(
        &out, buf_bytes(&fix->wire), &fix->arena, err);
}

static int decode_welcome(struct fixture *fix, struct err *err)
{
    struct enrolment_welcome out;

    return enrolment_decode_welcome(
        &out, buf_bytes(&fix->wire), &fix->arena, err);
}

static void test_requests_come_back_as_they_were(void **state)
{
    struct fixture *fix = *state;

    for (size_t i = 0; i < 2; i++) {
        struct enrolment_request sent, got;

        wire_sample_request(&sent, KINDS[i]);
        encode_request(fix, KINDS[i]);
        assert_int_equal(enrolment_decode_request(
                             &got, buf_bytes(&fix->wire), &fix->arena, NULL),
            0);
        assert_int_equal(got.kind, sent.kind);
        assert_string_equal(got.laestab.text, sent.laestab.text);
        assert_string_equal(got.urn, sent.urn);
        assert_int_equal(got.phase, sent.phase);
        assert_string_equal(got.name, sent.name);
        assert_string_equal(got.endpoint, sent.endpoint);
        assert_string_equal(got.curve_key, sent.curve_key);
        assert_same_bytes(got.sign_key, sent.sign_key);
        assert_same_bytes(got.encrypt_key, sent.encrypt_key);
        assert_int_equal(got.created.ms, sent.created.ms);
    }
}

static void test_welcomes_come_back_as_they_were(void **state)
{
    struct fixture *fix = *state;

    for (size_t i = 0; i < 2; i++) {
        struct enrolment_welcome sent, got;

        wire_sample_welcome(&sent, KINDS[i]);
        encode_welcome(fix, KINDS[i]);
        assert_int_equal(enrolment_decode_welcome(
                             &got, buf_bytes(&fix->wire), &fix->arena, NULL),
            0);
        assert_int_equal(got.kind, sent.kind);
        assert_string_equal(got.laestab.text, sent.laestab.text);
        assert_same_bytes(got.authority, sent.authority);
        assert_same_bytes(got.directory_signer, sent.directory_signer);
        assert_same_bytes(got.sign_certificate, sent.sign_certificate);
        assert_same_bytes(got.encrypt_certificate, sent.encrypt_certificate);
        assert_same_bytes(got.directory, sent.directory);
        assert_memory_equal(got.request.bytes, sent.request.bytes, DIGEST_SIZE);
    }
}

static void test_refuses_requests_with_a_bad_field(void **state)
{
    static const struct {
        enum enrolment_kind kind;
        unsigned field;
        const char *value;
        size_t len;
        const char *text;
    } cases[] = {
        {ENROLMENT_SCHOOL, 2, "873200", 6, "request: school is not a LAESTAB"},
        {ENROLMENT_SCHOOL, 2,
            "873\000"
            "001",
            7, "request: school is not a LAESTAB"},
        {ENROLMENT_SCHOOL, 3, "10001x", 6, "request: URN is not six digits"},
        {ENROLMENT_SCHOOL, 5, "Hill\0side", 9,
            "request: name is not clean text"},
        {ENROLMENT_SCHOOL, 5, "\xe2\x80\xaeHill", 7,
            "request: name is not clean text"},
        {ENROLMENT_SCHOOL, 6, "tcp://h:1", 9, "request: endpoint is a hub's"},
        {ENROLMENT_SCHOOL, 7, "short", 5, "request: CURVE key is not a key"},
        {ENROLMENT_SCHOOL, 8, "", 0, "request: sign key is not there"},
        {ENROLMENT_SCHOOL, 9, "", 0, "request: encrypt key is not there"},
        {ENROLMENT_HUB, 2, "8732001", 7, "request: kind is not a school's"},
        {ENROLMENT_HUB, 9, "key", 3, "request: kind is not a school's"},
        {ENROLMENT_HUB, 6, "hub:7700", 8,
            "request: endpoint is not tcp://host:port"},
    };
    struct fixture *fix = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {.text = ""};

        encode_request(fix, cases[i].kind);
        raw_bytes(&fix->wire, cases[i].field, cases[i].value, cases[i].len);
        assert_int_equal(decode_request(fix, &err), ERR_MALFORMED);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void test_refuses_kinds_and_phases_it_does_not_know(void **state)
{
    static const struct {
        unsigned field;
        uint64_t value;
        const char *text;
    } cases[] = {
        {1, 0, "request: kind is not known here"},
        {1, 3, "request: kind is not known here"},
        {4, 0, "request: phase is not known here"},
        {4, PHASE_SPECIAL + 1, "request: phase is not known here"},
        {10, UINT64_MAX, "request: created is not a time"},
    };
    struct fixture *fix = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {.text = ""};

        encode_request(fix, ENROLMENT_SCHOOL);
        raw_number(&fix->wire, cases[i].field, cases[i].value);
        assert_int_equal(decode_request(fix, &err), ERR_MALFORMED);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void test_refuses_welcomes_with_a_bad_field(void **state)
{
    static const struct {
        enum enrolment_kind kind;
        unsigned field;
        const char *value;
        const char *text;
    } cases[] = {
        {ENROLMENT_SCHOOL, 2, "", "welcome: school is not a LAESTAB"},
        {ENROLMENT_SCHOOL, 3, "", "welcome: authority is not there"},
        {ENROLMENT_SCHOOL, 4, "", "welcome: directory signer is not there"},
        {ENROLMENT_SCHOOL, 5, "", "welcome: sign certificate is not there"},
        {ENROLMENT_SCHOOL, 6, "", "welcome: encrypt certificate is not there"},
        {ENROLMENT_SCHOOL, 7, "", "welcome: directory is not there"},
        {ENROLMENT_SCHOOL, 8, "short", "welcome: request is not 32 bytes"},
        {ENROLMENT_HUB, 2, "8732001", "welcome: kind is not a school's"},
        {ENROLMENT_HUB, 6, "0", "welcome: kind is not a school's"},
    };
    struct fixture *fix = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {.text = ""};

        encode_welcome(fix, cases[i].kind);
        raw_text(&fix->wire, cases[i].field, cases[i].value);
        assert_int_equal(decode_welcome(fix, &err), ERR_MALFORMED);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void test_keys_and_certificates_have_limits(void **state)
{
    static char bytes[DIRECTORY_MAX_CERTIFICATE + 1];
    struct fixture *fix = *state;
    struct err err;

    encode_request(fix, ENROLMENT_SCHOOL);
    raw_bytes(&fix->wire, 8, bytes, ENROLMENT_MAX_KEY);
    assert_int_equal(decode_request(fix, NULL), 0);
    raw_bytes(&fix->wire, 8, bytes, ENROLMENT_MAX_KEY + 1);
    assert_int_equal(decode_request(fix, &err), ERR_TOO_BIG);
    assert_string_equal(err.text, "request: sign key is too long");

    encode_welcome(fix, ENROLMENT_SCHOOL);
    raw_bytes(&fix->wire, 3, bytes, DIRECTORY_MAX_CERTIFICATE);
    assert_int_equal(decode_welcome(fix, NULL), 0);
    raw_bytes(&fix->wire, 3, bytes, DIRECTORY_MAX_CERTIFICATE + 1);
    assert_int_equal(decode_welcome(fix, &err), ERR_TOO_BIG);
    assert_string_equal(err.text, "welcome: authority is too long");
}

static void test_limits_stand_before_the_decoders(void **state)
{
    static const uint8_t zeros[ENROLMENT_MAX_WELCOME + 1];
    struct fixture *fix = *state;
    struct err err;

    buf_add(&fix->wire, (struct bytes){zeros, sizeof zeros});
    assert_int_equal(decode_welcome(fix, &err), ERR_TOO_BIG);
    assert_string_equal(err.text, "welcome: 3145729 bytes, limit 3145728");
    fix->wire.len = ENROLMENT_MAX_WELCOME;
    assert_int_equal(decode_welcome(fix, NULL), ERR_MALFORMED);
    fix->wire.len = ENROLMENT_MAX_REQUEST + 1;
    assert_int_equal(decode_request(fix, &err), ERR_TOO_BIG);
    assert_string_equal(err.text, "request: 16385 bytes, limit 16384");
    fix->wire.len = ENROLMENT_MAX_REQUEST;
    assert_int_equal(decode_request(fix, NULL), ERR_MALFORMED);
}

static void test_every_shorter_file_is_refused(void **state)
{
    struct fixture *fix = *state;
    size_t whole;

    for (size_t i = 0; i < 2; i++) {
        /* A request may do without its last field, the time (7 bytes); a
         * hub's also without what stands before and behind that: its key (9)
         * and whether it renews (2). */
        const size_t behind = KINDS[i] == ENROLMENT_HUB ? 2 : 0;

        encode_request(fix, KINDS[i]);
        whole = fix->wire.len;
        for (size_t len = 0; len < whole; len++) {
            struct err err = {.text = ""};

            fix->wire.len = len;
            if (decode_request(fix, &err) < 0)
                assert_string_not_equal(err.text, "");
            else
                assert_true(len == whole - behind - 7 ||
                            (behind > 0 && (len == whole - behind ||
                                               len == whole - behind - 16)));
        }
        encode_welcome(fix, KINDS[i]);
        for (size_t len = fix->wire.len; len-- > 0;) {
            fix->wire.len = len;
            assert_int_equal(decode_welcome(fix, NULL), ERR_MALFORMED);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_requests_come_back_as_they_were),
        TEST(test_welcomes_come_back_as_they_were),
        TEST(test_refuses_requests_with_a_bad_field),
        TEST(test_refuses_kinds_and_phases_it_does_not_know),
        TEST(test_refuses_welcomes_with_a_bad_field),
        TEST(test_keys_and_certificates_have_limits),
        TEST(test_limits_stand_before_the_decoders),
        TEST(test_every_shorter_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
