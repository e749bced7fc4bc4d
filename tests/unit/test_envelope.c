#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "raw.h"
#include "wire/envelope.h"

static const struct header GOOD = {
    .version = STREAM_VERSION,
    .author = {"8732001"},
    .recipient = {"8734500"},
    .lane = LANE_NORMAL,
    .epoch = {{1, 2, 3, 0, 5}},
    .first = 1,
    .last = 200,
    .ttl_days = STREAM_TTL_DAYS,
};

static void assert_same_header(const struct header *a, const struct header *b)
{
    assert_int_equal(a->version, b->version);
    assert_string_equal(a->author.text, b->author.text);
    assert_string_equal(a->recipient.text, b->recipient.text);
    assert_int_equal(a->lane, b->lane);
    assert_true(id_equal(&a->epoch, &b->epoch));
    assert_int_equal(a->first, b->first);
    assert_int_equal(a->last, b->last);
    assert_int_equal(a->ttl_days, b->ttl_days);
}

static bool differ(const struct header *a, const struct header *b)
{
    return a->version != b->version || !laestab_equal(&a->author, &b->author) ||
           !laestab_equal(&a->recipient, &b->recipient) || a->lane != b->lane ||
           !id_equal(&a->epoch, &b->epoch) || a->first != b->first ||
           a->last != b->last || a->ttl_days != b->ttl_days;
}

static void assert_refused(struct bytes wire, int code, const char *text)
{
    struct header out = GOOD;
    struct err err = {.text = ""};

    assert_int_equal(envelope_decode(&out, wire, &err), code);
    assert_string_equal(err.text, text);
    assert_same_header(&out, &GOOD);
}

static void assert_header_refused(const struct header *header, const char *text)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    envelope_encode(&wire, header);
    assert_refused(buf_bytes(&wire), ERR_MALFORMED, text);
}

static void assert_header_taken(const struct header *header)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct header out;

    envelope_encode(&wire, header);
    assert_in_range(wire.len, 1, ENVELOPE_MAX_HEADER);
    assert_int_equal(envelope_decode(&out, buf_bytes(&wire), NULL), 0);
    assert_same_header(&out, header);
}

static void test_decode_returns_what_was_encoded(void **state)
{
    struct header receipt = GOOD;
    struct header most = GOOD;

    (void)state;
    assert_header_taken(&GOOD);
    receipt.lane = LANE_RECEIPT;
    receipt.first = receipt.last = 0;
    receipt.epoch = (struct id){{0}};
    assert_header_taken(&receipt);
    most.first = most.last = (uint64_t)INT64_MAX;
    most.ttl_days = STREAM_MAX_TTL_DAYS;
    assert_header_taken(&most);
}

static void test_a_usual_header_is_under_70_bytes(void **state)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    (void)state;
    envelope_encode(&wire, &GOOD);
    assert_in_range(wire.len, 1, 70);
}

static void test_refuses_a_field_that_makes_no_sense(void **state)
{
    static const struct {
        size_t field;
        uint64_t value;
        const char *text;
    } cases[] = {
        {0, 0, "header: version is not known here"},
        {0, STREAM_VERSION + 1, "header: version is not known here"},
        {1, 0, "header: lane is not known here"},
        {1, 4, "header: lane is not known here"},
        {2, 0, "header: first number is out of range"},
        {2, 201, "header: last number is out of range"},
        {2, (uint64_t)INT64_MAX + 1, "header: first number is out of range"},
        {3, 0, "header: last number is out of range"},
        {3, (uint64_t)INT64_MAX + 1, "header: last number is out of range"},
        {4, 0, "header: time to live is out of range"},
        {4, STREAM_MAX_TTL_DAYS + 1, "header: time to live is out of range"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header header = GOOD;

        switch (cases[i].field) {
        case 0:
            header.version = (uint32_t)cases[i].value;
            break;
        case 1:
            header.lane = (enum lane)cases[i].value;
            break;
        case 2:
            header.first = cases[i].value;
            break;
        case 3:
            header.last = cases[i].value;
            break;
        default:
            header.ttl_days = (uint32_t)cases[i].value;
        }
        assert_header_refused(&header, cases[i].text);
    }
}

static void test_refuses_a_bad_pair_of_schools(void **state)
{
    struct header header = GOOD;

    (void)state;
    header.author = header.recipient;
    assert_header_refused(&header, "header: author is the recipient");
    header = GOOD;
    header.author = (struct laestab){"873200"};
    assert_header_refused(&header, "header: author is not a LAESTAB");
    header = GOOD;
    header.recipient = (struct laestab){"873450x"};
    assert_header_refused(&header, "header: recipient is not a LAESTAB");
}

static void test_receipts_have_no_numbers_and_all_else_has(void **state)
{
    struct header header = GOOD;

    (void)state;
    header.lane = LANE_RECEIPT;
    assert_header_refused(&header, "header: range stands in the receipt lane");
    header = GOOD;
    header.epoch = (struct id){{0}};
    assert_header_refused(&header, "header: epoch is not stated");
}

static void test_no_bit_changes_without_effect(void **state)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    (void)state;
    envelope_encode(&wire, &GOOD);
    for (size_t bit = 0; bit < wire.len * 8; bit++) {
        struct header out;

        wire.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (envelope_decode(&out, buf_bytes(&wire), NULL) == 0)
            assert_true(differ(&out, &GOOD));
        wire.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void test_every_shorter_header_is_refused(void **state)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    (void)state;
    envelope_encode(&wire, &GOOD);
    for (size_t len = 0; len < wire.len; len++) {
        struct header out;
        struct err err = {.text = ""};

        assert_int_equal(
            envelope_decode(&out, (struct bytes){wire.data, len}, &err),
            ERR_MALFORMED);
        assert_string_not_equal(err.text, "");
    }
}

static void test_refuses_every_longer_form(void **state)
{
    static const char *const shortest = "header: not in its shortest form";
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    SCOPED(buf_free) struct buf longer = BUF_EMPTY;

    (void)state;
    envelope_encode(&wire, &GOOD);
    buf_add(&longer, buf_bytes(&wire));
    raw_number(&longer, 99, 1);
    assert_refused(buf_bytes(&longer), ERR_MALFORMED, shortest);

    longer.len = wire.len;
    raw_number(&longer, 8, GOOD.ttl_days); /* stated twice */
    assert_refused(buf_bytes(&longer), ERR_MALFORMED, shortest);

    longer.len = 0; /* version first, in two bytes: 0x81 0x00 */
    raw_varint(&longer, 1 << 3);
    buf_add(&longer, (struct bytes){(const uint8_t *)"\x81\0", 2});
    buf_add(&longer, (struct bytes){wire.data + 2, wire.len - 2});
    assert_refused(buf_bytes(&longer), ERR_MALFORMED, shortest);
}

static void test_refuses_text_with_a_hidden_end(void **state)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    (void)state;
    envelope_encode(&wire, &GOOD);
    raw_bytes(&wire, 2, "8732001\0x", 9);
    assert_refused(
        buf_bytes(&wire), ERR_MALFORMED, "header: author is not a LAESTAB");
    raw_bytes(&wire, 2, "873\0001", 5);
    assert_refused(
        buf_bytes(&wire), ERR_MALFORMED, "header: author is not a LAESTAB");
}

static void test_the_limit_stands_before_the_decoder(void **state)
{
    static const uint8_t zeros[ENVELOPE_MAX_HEADER + 1];

    (void)state;
    assert_refused((struct bytes){zeros, ENVELOPE_MAX_HEADER}, ERR_MALFORMED,
        "header: not protobuf");
    assert_refused((struct bytes){zeros, sizeof zeros}, ERR_TOO_BIG,
        "header: 257 bytes, limit 256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode_returns_what_was_encoded),
        cmocka_unit_test(test_a_usual_header_is_under_70_bytes),
        cmocka_unit_test(test_refuses_a_field_that_makes_no_sense),
        cmocka_unit_test(test_refuses_a_bad_pair_of_schools),
        cmocka_unit_test(test_receipts_have_no_numbers_and_all_else_has),
        cmocka_unit_test(test_no_bit_changes_without_effect),
        cmocka_unit_test(test_every_shorter_header_is_refused),
        cmocka_unit_test(test_refuses_every_longer_form),
        cmocka_unit_test(test_refuses_text_with_a_hidden_end),
        cmocka_unit_test(test_the_limit_stands_before_the_decoder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
