#include "record_fixture.h"
#include "same_leaver.h"

static void test_every_field_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct leaver sent = fix->leaver;

    encode(fix);
    decode(fix);
    assert_same_leaver(&fix->leaver, &sent);
}

static void test_what_is_not_stated_is_empty_and_never_null(void **state)
{
    struct fixture *fix = *state;
    struct leaver none;

    leaver_init(&none);
    none.upn = WIRE_SAMPLE_UPN;
    decode(fix);
    assert_same_leaver(&fix->leaver, &none);
    assert_string_equal(fix->leaver.former_upn, "");
}

static void test_a_usual_record_is_small(void **state)
{
    struct fixture *fix = *state;

    encode(fix);
    assert_in_range(fix->wire.len, 500, 1500);
}

static void test_a_former_upn_stays_with_its_author(void **state)
{
    struct fixture *fix = *state;
    SCOPED(buf_free) struct buf own = BUF_EMPTY;

    encode(fix);
    assert_null(memmem(fix->wire.data, fix->wire.len, fix->leaver.former_upn,
        strlen(fix->leaver.former_upn)));
    assert_int_equal(record_encode_own(&own, &fix->leaver, NULL), 0);
    assert_int_equal(
        record_decode(&fix->leaver, buf_bytes(&own), &fix->arena, NULL), 0);
    assert_string_equal(fix->leaver.former_upn, "X00180001701A");
}

static void test_only_a_record_without_former_upn_travels_as_it_is(void **state)
{
    struct fixture *fix = *state;
    SCOPED(buf_free) struct buf own = BUF_EMPTY;
    char upn[RECORD_UPN_SIZE] = "";

    assert_int_equal(record_encode_own(&own, &fix->leaver, NULL), 0);
    assert_false(record_travels(upn, buf_bytes(&own)));
    encode(fix);
    assert_true(record_travels(upn, buf_bytes(&fix->wire)));
    assert_string_equal(upn, WIRE_SAMPLE_UPN);
    /* the same field, its number written in three bytes */
    buf_add(&fix->wire, bytes_of("\x92\x80"));
    buf_add(&fix->wire, (struct bytes){(const uint8_t *)"\0\x01X", 3});
    assert_false(record_travels(upn, buf_bytes(&fix->wire)));
}

/* What is cut or odd is left to record_decode(). */
static void test_what_is_not_as_we_write_it_does_not_travel(void **state)
{
    struct fixture *fix = *state;
    char upn[RECORD_UPN_SIZE] = "";
    static const char *const odd[] = {"\x0b",
        "\x0a\x0d"
        "A12345",
        "\x0a\x03"
        "A12",
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"};

    assert_false(record_travels(upn, (struct bytes){NULL, 0}));
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        fix->wire.len = 0;
        encode(fix);
        buf_add(&fix->wire, bytes_of(odd[i]));
        assert_false(record_travels(upn, buf_bytes(&fix->wire)));
    }
}

static void test_a_newer_author_may_say_more(void **state)
{
    struct fixture *fix = *state;

    raw_text(&fix->wire, 200, "a field of a later version");
    decode(fix);
    assert_string_equal(fix->leaver.upn, WIRE_SAMPLE_UPN);
}

static void test_a_shorter_record_is_whole_at_no_length_or_refused(void **state)
{
    struct fixture *fix = *state;
    size_t refused = 0;

    encode(fix);
    for (size_t len = 0; len < fix->wire.len; len++) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct leaver out;
        struct err err = {.text = ""};

        if (record_decode(
                &out, (struct bytes){fix->wire.data, len}, &arena, &err) < 0) {
            assert_string_not_equal(err.text, "");
            refused++;
        } else {
            assert_string_equal(out.upn, WIRE_SAMPLE_UPN);
        }
    }
    /* Only between two fields of the outermost message can it stop. */
    assert_true(refused > fix->wire.len - 60);
}

static void test_a_record_has_a_limit_both_ways(void **state)
{
    static char text[LEAVER_MAX_TEXT + 1];
    struct fixture *fix = *state;

    memset(text, 'a', LEAVER_MAX_TEXT);
    for (size_t i = 0; i < 5; i++) {
        fix->leaver.results[i].stage = fix->leaver.results[i].locale = text;
        fix->leaver.results[i].year = fix->leaver.results[i].subject = text;
    }
    assert_not_encoded(fix, ERR_TOO_BIG, "record: 81252 bytes, limit 65536");
    memset(
        buf_reserve(&fix->wire, RECORD_MAX_BYTES + 1), 0, RECORD_MAX_BYTES + 1);
    fix->wire.len = RECORD_MAX_BYTES + 1;
    assert_refused(fix, ERR_TOO_BIG, "record: 65537 bytes, limit 65536");
}

static void test_a_little_wire_cannot_take_much_memory(void **state)
{
    struct fixture *fix = *state;

    while (fix->wire.len < RECORD_MAX_BYTES - 3)
        raw_bytes(&fix->wire, CONTACTS, NULL, 0);
    assert_refused(fix, ERR_MALFORMED, "record: not protobuf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_field_comes_back_as_it_was),
        TEST(test_what_is_not_stated_is_empty_and_never_null),
        TEST(test_a_usual_record_is_small),
        TEST(test_a_former_upn_stays_with_its_author),
        TEST(test_only_a_record_without_former_upn_travels_as_it_is),
        TEST(test_what_is_not_as_we_write_it_does_not_travel),
        TEST(test_a_newer_author_may_say_more),
        TEST(test_a_shorter_record_is_whole_at_no_length_or_refused),
        TEST(test_a_record_has_a_limit_both_ways),
        TEST(test_a_little_wire_cannot_take_much_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
