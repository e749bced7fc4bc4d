#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "raw.h"
#include "wire_directory_sample.h"

/* Numbers of the fields in proto/directory.proto. */
enum { VERSION = 2, PREVIOUS = 3, NEXT_SIGNER = 8, SCHOOLS, HUBS, ADMINS };

struct fixture {
    struct arena arena;
    struct buf wire;
    struct directory_content content;
};

static int set_up(void **state)
{
    struct fixture *fix = mem_alloc(sizeof *fix);

    wire_sample_directory(&fix->content, &fix->arena);
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

    fix->wire.len = 0;
    if (directory_encode(&fix->wire, &fix->content, &err) < 0)
        fail_msg("%s", err.text);
}

static void decode(struct directory_content *out, struct fixture *fix)
{
    struct err err = {.text = ""};

    if (directory_decode(out, buf_bytes(&fix->wire), &fix->arena, &err) < 0)
        fail_msg("%s", err.text);
}

static void assert_refused(struct fixture *fix, int code, const char *text)
{
    struct directory_content out = {.version = 77};
    struct err err = {.text = ""};

    assert_int_equal(
        directory_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), code);
    assert_string_equal(err.text, text);
    assert_int_equal(out.version, 77);
}

static void assert_content_refused(
    struct fixture *fix, int code, const char *text)
{
    encode(fix);
    assert_refused(fix, code, text);
}

static void assert_not_encoded(struct fixture *fix, int code, const char *text)
{
    struct err err = {.text = ""};

    fix->wire.len = 0;
    assert_int_equal(directory_encode(&fix->wire, &fix->content, &err), code);
    assert_string_equal(err.text, text);
}

static void assert_same_bytes(struct bytes a, struct bytes b)
{
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
}

static void assert_same_school(
    const struct directory_school *a, const struct directory_school *b)
{
    assert_string_equal(a->laestab.text, b->laestab.text);
    assert_string_equal(a->urn, b->urn);
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->phase, b->phase);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->status_since.ms, b->status_since.ms);
    assert_string_equal(a->reason, b->reason);
    assert_string_equal(a->curve_key, b->curve_key);
    assert_string_equal(a->former_curve_key, b->former_curve_key);
    assert_int_equal(a->sign_count, b->sign_count);
    for (size_t i = 0; i < a->sign_count; i++)
        assert_same_bytes(a->sign_certificates[i], b->sign_certificates[i]);
    assert_int_equal(a->encrypt_count, b->encrypt_count);
    for (size_t i = 0; i < a->encrypt_count; i++)
        assert_same_bytes(
            a->encrypt_certificates[i], b->encrypt_certificates[i]);
    assert_int_equal(a->predecessor_count, b->predecessor_count);
    for (size_t i = 0; i < a->predecessor_count; i++)
        assert_string_equal(a->predecessors[i].text, b->predecessors[i].text);
    assert_string_equal(a->successor.text, b->successor.text);
}

static void test_every_field_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct directory_content *sent = &fix->content;
    struct directory_content got;

    encode(fix);
    decode(&got, fix);
    assert_string_equal(got.cluster, sent->cluster);
    assert_int_equal(got.version, sent->version);
    assert_memory_equal(got.previous.bytes, sent->previous.bytes, DIGEST_SIZE);
    assert_int_equal(got.issued.ms, sent->issued.ms);
    assert_int_equal(got.soft_expiry.ms, sent->soft_expiry.ms);
    assert_int_equal(got.hard_expiry.ms, sent->hard_expiry.ms);
    assert_int_equal(got.minimum_protocol, sent->minimum_protocol);
    assert_same_bytes(got.next_signer, sent->next_signer);
    assert_same_bytes(got.next_authority, sent->next_authority);
    assert_int_equal(got.school_count, 2);
    assert_same_school(&got.schools[0], &sent->schools[0]);
    assert_same_school(&got.schools[1], &sent->schools[1]);
    assert_int_equal(got.hub_count, 1);
    assert_string_equal(got.hubs[0].endpoint, sent->hubs[0].endpoint);
    assert_string_equal(got.hubs[0].name, sent->hubs[0].name);
    assert_string_equal(got.hubs[0].curve_key, sent->hubs[0].curve_key);
    assert_int_equal(got.hubs[0].status, sent->hubs[0].status);
    assert_string_equal(
        got.hubs[0].former_curve_key, sent->hubs[0].former_curve_key);
    assert_int_equal(got.hubs[0].sign_count, 1);
    assert_int_equal(got.administrator_count, 1);
    assert_string_equal(
        got.administrators[0].name, sent->administrators[0].name);
    assert_string_equal(
        got.administrators[0].curve_key, sent->administrators[0].curve_key);
}

static void test_an_empty_cluster_is_a_directory_too(void **state)
{
    struct fixture *fix = *state;
    struct directory_content got;

    fix->content.school_count = fix->content.hub_count = 0;
    fix->content.administrator_count = 0;
    fix->content.next_signer = (struct bytes){NULL, 0};
    encode(fix);
    decode(&got, fix);
    assert_int_equal(got.school_count, 0);
    assert_int_equal(got.next_signer.len, 0);
}

static void test_refuses_facts_that_make_no_sense(void **state)
{
    struct fixture *fix = *state;
    struct directory_content *content = &fix->content;

    content->version = 0;
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: version is out of range");
    content->version = 1;
    content->soft_expiry.ms = content->hard_expiry.ms + 1;
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: soft expiry is after the hard one");
    content->soft_expiry.ms = -1;
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: soft expiry is not a time");
    content->soft_expiry.ms = 0;
    encode(fix);
    raw_bytes(&fix->wire, PREVIOUS, "short", 5);
    assert_refused(fix, ERR_MALFORMED, "directory: previous is not 32 bytes");
}

static void test_refuses_schools_that_make_no_sense(void **state)
{
    struct fixture *fix = *state;
    struct directory_school *school = &fix->content.schools[1];
    const struct directory_school good = *school;

    school->laestab = fix->content.schools[0].laestab;
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: school is there twice");
    *school = good;
    school->laestab = (struct laestab){"87345x0"};
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: school is not a LAESTAB");
    *school = good;
    school->urn = "10001";
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: URN is not six digits");
    *school = good;
    school->phase = (enum phase)0;
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: phase is not known here");
    *school = good;
    school->status = (enum member_status)(MEMBER_CLOSED + 1);
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: status is not known here");
    *school = good;
    school->curve_key[39] = '\0';
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: CURVE key is not a key");
    memcpy(school->curve_key, good.curve_key, CURVE_KEY_SIZE);
    school->curve_key[3] = ' ';
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: CURVE key is not a key");
    *school = good;
    school->predecessors[0] = (struct laestab){"1"};
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: predecessor is not a LAESTAB");
}

static void test_refuses_endpoints_that_are_not_tcp(void **state)
{
    static const char *const bad[] = {"", "hub.example:7700", "tcp://:7700",
        "tcp://hub.example", "tcp://hub.example:", "tcp://hub.example:http",
        "ipc:///tmp/hub:1", "tcp://hub example:7700"};
    struct fixture *fix = *state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fix->content.hubs[0].endpoint = bad[i];
        assert_content_refused(
            fix, ERR_MALFORMED, "directory: endpoint is not tcp://host:port");
    }
}

static void test_refuses_text_that_is_not_clean(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } cases[] = {{"Hill\0side", 9}, {"Hill\nside", 9}, {"\xff", 1}};
    struct fixture *fix = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf admin = BUF_EMPTY;

        encode(fix);
        raw_bytes(&admin, 1, cases[i].text, cases[i].len);
        raw_text(&admin, 2, WIRE_SAMPLE_KEY);
        raw_nested(&fix->wire, ADMINS, &admin);
        assert_refused(fix, ERR_MALFORMED, "directory: name is not clean text");
    }
    fix->content.administrators[0].name = "Hill\nside";
    assert_not_encoded(fix, ERR_MALFORMED, "directory: name is not clean text");
}

static void test_texts_and_certificates_have_limits(void **state)
{
    static char text[DIRECTORY_MAX_CERTIFICATE + 2];
    struct fixture *fix = *state;
    struct directory_school *school = &fix->content.schools[1];
    struct directory_content got;

    memset(text, 'a', sizeof text - 1);
    school->name = text + sizeof text - 1 - DIRECTORY_MAX_NAME;
    school->reason = text + sizeof text - 1 - DIRECTORY_MAX_REASON;
    school->encrypt_certificates[0].data = (const uint8_t *)text;
    school->encrypt_certificates[0].len = DIRECTORY_MAX_CERTIFICATE;
    encode(fix);
    decode(&got, fix);
    assert_int_equal(strlen(got.schools[1].name), DIRECTORY_MAX_NAME);

    school->encrypt_certificates[0].len++;
    assert_content_refused(
        fix, ERR_TOO_BIG, "directory: certificate is too long");
    school->encrypt_certificates[0].len = 0;
    assert_content_refused(
        fix, ERR_MALFORMED, "directory: certificate is not there");
    school->name--;
    assert_not_encoded(fix, ERR_TOO_BIG, "directory: name is too long");
    school->name++;
    school->reason--;
    assert_not_encoded(fix, ERR_TOO_BIG, "directory: reason is too long");
}

/* Schools, hubs or administrators until there are count of them. */
static void add(struct fixture *fix, unsigned field, size_t count)
{
    encode(fix);
    for (size_t i = 0; i < count; i++) {
        SCOPED(buf_free) struct buf one = BUF_EMPTY;
        char laestab[24];

        snprintf(laestab, sizeof laestab, "%07zu", i);
        if (field == SCHOOLS) {
            raw_text(&one, 1, laestab);
            raw_text(&one, 2, "100001");
            raw_number(&one, 4, PHASE_PRIMARY);
            raw_number(&one, 5, MEMBER_ACTIVE);
            raw_text(&one, 8, WIRE_SAMPLE_KEY);
        } else if (field == HUBS) {
            raw_text(&one, 1, "tcp://hub.example:7700");
            raw_text(&one, 3, WIRE_SAMPLE_KEY);
            raw_number(&one, 4, MEMBER_ACTIVE);
        } else {
            raw_text(&one, 2, WIRE_SAMPLE_KEY);
        }
        raw_nested(&fix->wire, field, &one);
    }
}

static void test_every_list_has_a_limit(void **state)
{
    static const struct {
        unsigned field;
        size_t limit;
        const char *text;
    } cases[] = {
        {SCHOOLS, DIRECTORY_MAX_SCHOOLS, "directory: schools are too many"},
        {HUBS, DIRECTORY_MAX_HUBS, "directory: hubs are too many"},
        {ADMINS, DIRECTORY_MAX_ADMINISTRATORS,
            "directory: administrators are too many"},
    };
    struct fixture *fix = *state;
    struct directory_content got;

    fix->content.school_count = fix->content.hub_count = 0;
    fix->content.administrator_count = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        add(fix, cases[i].field, cases[i].limit);
        decode(&got, fix);
        add(fix, cases[i].field, cases[i].limit + 1);
        assert_refused(fix, ERR_TOO_BIG, cases[i].text);
    }
}

static void test_a_school_has_few_certificates_and_predecessors(void **state)
{
    struct fixture *fix = *state;
    struct directory_school *school = &fix->content.schools[0];
    struct bytes certificates[DIRECTORY_MAX_CERTIFICATES + 1];
    struct laestab before[DIRECTORY_MAX_PREDECESSORS + 1];
    struct directory_content got;

    for (size_t i = 0; i <= DIRECTORY_MAX_CERTIFICATES; i++)
        certificates[i] = bytes_of("0");
    for (size_t i = 0; i <= DIRECTORY_MAX_PREDECESSORS; i++)
        before[i] = (struct laestab){"8730001"};
    school->sign_certificates = school->encrypt_certificates = certificates;
    school->sign_count = school->encrypt_count = DIRECTORY_MAX_CERTIFICATES;
    school->predecessors = before;
    school->predecessor_count = DIRECTORY_MAX_PREDECESSORS;
    encode(fix);
    decode(&got, fix);
    assert_int_equal(got.schools[0].sign_count, DIRECTORY_MAX_CERTIFICATES);

    school->sign_count++;
    assert_not_encoded(
        fix, ERR_TOO_BIG, "directory: certificates are too many");
    school->sign_count--;
    school->predecessor_count++;
    assert_not_encoded(
        fix, ERR_TOO_BIG, "directory: predecessors are too many");
}

static void test_a_shorter_directory_never_passes_for_the_whole(void **state)
{
    struct fixture *fix = *state;
    encode(fix);
    for (size_t len = 0; len < fix->wire.len; len++) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct directory_content out;
        struct err err = {.text = ""};

        if (directory_decode(
                &out, (struct bytes){fix->wire.data, len}, &arena, &err) == 0)
            assert_true(out.next_authority.len == 0);
        else
            assert_string_not_equal(err.text, "");
    }
}

static void test_limits_stand_before_and_in_the_decoder(void **state)
{
    struct fixture *fix = *state;

    fix->wire.len = 0;
    while (fix->wire.len < DIRECTORY_MAX_BYTES - 2)
        raw_nested(&fix->wire, SCHOOLS, &BUF_EMPTY);
    assert_refused(fix, ERR_MALFORMED, "directory: not protobuf");
    memset(buf_reserve(&fix->wire, 8), 0, 8);
    fix->wire.len = DIRECTORY_MAX_BYTES + 1;
    assert_refused(fix, ERR_TOO_BIG, "directory: 2621441 bytes, limit 2621440");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_field_comes_back_as_it_was),
        TEST(test_an_empty_cluster_is_a_directory_too),
        TEST(test_refuses_facts_that_make_no_sense),
        TEST(test_refuses_schools_that_make_no_sense),
        TEST(test_refuses_endpoints_that_are_not_tcp),
        TEST(test_refuses_text_that_is_not_clean),
        TEST(test_texts_and_certificates_have_limits),
        TEST(test_every_list_has_a_limit),
        TEST(test_a_school_has_few_certificates_and_predecessors),
        TEST(test_a_shorter_directory_never_passes_for_the_whole),
        TEST(test_limits_stand_before_and_in_the_decoder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
