#include "batch_fixture.h"

static void test_receipts_come_back_as_they_were(void **state)
{
    struct fixture *fix = *state;
    const struct receipt *got;

    fill_receipt(fix, &RECEIPT);
    encode(fix);
    decode(fix);
    got = &fix->batch.items[0].u.receipt;
    assert_int_equal(got->lane, LANE_NORMAL);
    assert_int_equal(got->epoch.bytes[2], 2);
    assert_int_equal(got->received, 12);
    assert_int_equal(got->applied, 10);
    assert_int_equal(got->head.bytes[2], 6);
    assert_int_equal(got->exception_count, 2);
    assert_int_equal(got->exceptions[0].first, 3);
    assert_int_equal(got->exceptions[0].last, 4);
    assert_int_equal(got->exceptions[0].reason, REASON_UPN_CONFLICT);
    assert_int_equal(got->exceptions[1].reason, REASON_MISSING);
    assert_string_equal(got->statement, RECEIPT.u.receipt.statement);
}

static void test_refusals_come_back_as_they_were(void **state)
{
    struct fixture *fix = *state;
    const struct refusal *got;

    fill_receipt(fix, &REFUSAL);
    encode(fix);
    decode(fix);
    got = &fix->batch.items[0].u.refusal;
    assert_int_equal(fix->batch.items[0].kind, ITEM_REFUSAL);
    assert_int_equal(got->envelope.bytes[0], 7);
    assert_int_equal(got->lane, LANE_URGENT);
    assert_int_equal(got->epoch.bytes[0], 8);
    assert_int_equal(got->first, 1);
    assert_int_equal(got->last, 200);
    assert_int_equal(got->reason, REASON_BAD_SIGNATURE);
}

static void test_a_receipt_holds_so_many_exceptions_and_no_more(void **state)
{
    static struct exception many[BATCH_MAX_EXCEPTIONS + 1];
    struct fixture *fix = *state;
    struct batch_item item = RECEIPT;

    for (size_t i = 0; i <= BATCH_MAX_EXCEPTIONS; i++)
        many[i] = (struct exception){2 * i + 1, 2 * i + 1, REASON_MISSING};
    item.u.receipt.exceptions = many;
    item.u.receipt.exception_count = BATCH_MAX_EXCEPTIONS;
    fill_receipt(fix, &item);
    encode(fix);
    decode(fix);
    assert_int_equal(fix->batch.items[0].u.receipt.exceptions[255].last, 511);
    item.u.receipt.exception_count++;
    fix->batch.items = fix->items;
    fill_receipt(fix, &item);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: exceptions are too many");
}

static void test_refuses_a_receipt_that_contradicts_itself(void **state)
{
    struct fixture *fix = *state;
    struct batch_item item = RECEIPT;
    struct exception crossed[] = {
        {3, 5, REASON_MISSING}, {5, 6, REASON_MISSING}};

    item.u.receipt.applied = 13;
    fill_receipt(fix, &item);
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: applied is over received");

    item = RECEIPT;
    item.u.receipt.exceptions = crossed;
    fill_receipt(fix, &item);
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: exception is out of range");

    crossed[0] = (struct exception){4, 3, REASON_MISSING};
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: exception is out of range");

    crossed[0] = (struct exception){3, 4, REASON_NONE};
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: exception is not stated");

    item = RECEIPT;
    item.u.receipt.lane = LANE_RECEIPT;
    fill_receipt(fix, &item);
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: lane is not known here");
}

static void test_refuses_a_refusal_without_reason_or_range(void **state)
{
    struct fixture *fix = *state;
    struct batch_item item = REFUSAL;

    item.u.refusal.reason = REASON_NONE;
    fill_receipt(fix, &item);
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: reason is not stated");
    item = REFUSAL;
    item.u.refusal.first = 0;
    fill_receipt(fix, &item);
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: first number is out of range");
    item.u.refusal.lane = LANE_RECEIPT; /* which has no numbers */
    item.u.refusal.last = 0;
    fill_receipt(fix, &item);
    encode(fix);
    decode(fix);
}

static void test_a_reason_of_a_newer_peer_is_still_a_reason(void **state)
{
    struct fixture *fix = *state;
    struct batch_item item = REFUSAL;

    item.u.refusal.reason = (enum reason)9999;
    fill_receipt(fix, &item);
    encode(fix);
    decode(fix);
    assert_int_equal(fix->batch.items[0].u.refusal.reason, REASON_BAD_BATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_receipts_come_back_as_they_were),
        TEST(test_refusals_come_back_as_they_were),
        TEST(test_a_receipt_holds_so_many_exceptions_and_no_more),
        TEST(test_refuses_a_receipt_that_contradicts_itself),
        TEST(test_refuses_a_refusal_without_reason_or_range),
        TEST(test_a_reason_of_a_newer_peer_is_still_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
