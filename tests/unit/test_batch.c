#include "batch_fixture.h"

static void test_changes_come_back_as_they_were(void **state)
{
    struct fixture *fix = *state;
    const struct batch *got = &fix->batch;

    fill(fix, &LEAVER, 3);
    fix->items[1] = READ;
    fix->items[2] = HEARTBEAT;
    encode(fix);
    decode(fix);
    assert_string_equal(got->header.author.text, "8732001");
    assert_string_equal(got->header.recipient.text, "8734500");
    assert_int_equal(got->header.lane, LANE_NORMAL);
    assert_int_equal(got->header.first, 41);
    assert_int_equal(got->header.last, 43);
    assert_int_equal(got->header.epoch.bytes[2], 3);
    assert_int_equal(got->previous.bytes[2], 9);
    assert_int_equal(got->created.ms, 1790000000000);
    assert_int_equal(got->count, 3);
    assert_int_equal(got->items[0].kind, ITEM_LEAVER);
    assert_string_equal(got->items[0].u.leaver.upn, UPN);
    assert_int_equal(got->items[0].u.leaver.revision, 2);
    assert_int_equal(got->items[0].u.leaver.record.len, 6);
    assert_memory_equal(got->items[0].u.leaver.record.data, "rec\0rd", 6);
    assert_int_equal(got->items[1].kind, ITEM_READ);
    assert_string_equal(got->items[1].u.read.upn, UPN);
    assert_int_equal(got->items[1].u.read.revision, 2);
    assert_string_equal(got->items[1].u.read.role, "SENCO");
    assert_int_equal(got->items[1].u.read.at.ms, 1790000000000);
    assert_int_equal(got->items[2].kind, ITEM_HEARTBEAT);
}

static void test_a_recall_and_its_confirmation_come_back(void **state)
{
    struct fixture *fix = *state;
    const struct batch_item *got;

    fill(fix, &TOMBSTONE, 2);
    fix->items[1] = DESTROYED;
    encode(fix);
    decode(fix);
    got = fix->batch.items;
    assert_int_equal(got[0].kind, ITEM_TOMBSTONE);
    assert_string_equal(got[0].u.tombstone.upn, UPN);
    assert_int_equal(got[0].u.tombstone.revision, 3);
    assert_int_equal(got[0].u.tombstone.kind, TOMBSTONE_MOVED);
    assert_int_equal(got[1].kind, ITEM_DESTROYED);
    assert_string_equal(got[1].u.destroyed.upn, UPN);
    assert_int_equal(got[1].u.destroyed.revision, 3);
    assert_int_equal(got[1].u.destroyed.at.ms, 1790000000001);
}

static void test_a_held_restriction_comes_back(void **state)
{
    struct fixture *fix = *state;
    const struct batch_item *got = fix->batch.items;

    fill(fix, &HELD, 1);
    encode(fix);
    decode(fix);
    got = fix->batch.items;
    assert_int_equal(got->kind, ITEM_HELD);
    assert_string_equal(got->u.held.upn, UPN);
    assert_int_equal(got->u.held.restriction.id.bytes[0], 9);
    assert_int_equal(got->u.held.restriction.kind, RESTRICTION_DO_NOT_CONTACT);
    assert_int_equal(got->u.held.restriction.basis, BASIS_COURT_ORDER);
    assert_int_equal(got->u.held.restriction.contact, 2);
    assert_string_equal(got->u.held.restriction.note, "note");
    assert_int_equal(got->u.held.restriction.from.ms, 5);
    assert_int_equal(got->u.held.restriction.ended.ms, 6);
    assert_string_equal(got->u.held.restriction.evidence, "evidence");
    assert_string_equal(got->u.held.source_id, "P77");
    assert_string_equal(got->u.held.surname, "Okoro");
    assert_string_equal(got->u.held.forename, "Ben");
}

static void test_a_held_restriction_needs_an_id_and_a_clean_name(void **state)
{
    struct fixture *fix = *state;

    fill(fix, &HELD, 1);
    fix->items[0].u.held.restriction.id = (struct id){{0}};
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, "batch: restriction id is zero");
    fix->items[0] = HELD;
    fix->items[0].u.held.surname = "O\nkoro";
    assert_not_encoded(
        fix, ERR_MALFORMED, "batch: contact surname is not clean text");
}

static void test_how_far_contact_has_come_goes_there_and_back(void **state)
{
    struct fixture *fix = *state;
    const struct batch_item *got = fix->items;

    fill(fix, &FAMILY, 2);
    fix->items[1].u.family.tutor = "";
    fix->items[1].u.family.day = (struct date){0, 0, 0};
    encode(fix);
    decode(fix);
    got = fix->batch.items;
    assert_string_equal(got[0].u.family.upn, UPN);
    assert_int_equal(got[0].u.family.state, COARSE_CONTACTED);
    assert_int_equal(
        date_compare(got[0].u.family.day, (struct date){2027, 6, 15}), 0);
    assert_string_equal(got[0].u.family.tutor, "Ms Lund");
    assert_false(date_is_set(got[1].u.family.day));
    assert_string_equal(got[1].u.family.tutor, "");
}

static void test_a_tutor_has_a_name_of_80_bytes_at_most(void **state)
{
    struct fixture *fix = *state;
    char name[BATCH_MAX_TUTOR + 2];

    memset(name, 'L', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    fill(fix, &FAMILY, 1);
    fix->items[0].u.family.tutor = name;
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: tutor is too long");
}

static void test_items_must_fill_the_stated_range(void **state)
{
    struct fixture *fix = *state;

    fill(fix, &HEARTBEAT, 3);
    encode(fix);
    raw_nested(&fix->wire, ITEMS, &BUF_EMPTY);
    assert_refused(fix, ERR_MALFORMED, "batch: items do not fill the range");
    fix->batch.count = 2;
    assert_not_encoded(
        fix, ERR_MALFORMED, "batch: items do not fill the range");
    fix->batch.count = 0;
    assert_not_encoded(
        fix, ERR_MALFORMED, "batch: items do not fill the range");
}

static void test_items_stay_in_their_lane(void **state)
{
    static const char *const text = "batch: item is in the wrong lane";
    const struct batch_item *const numbered[] = {
        &LEAVER, &HEARTBEAT, &READ, &TOMBSTONE, &DESTROYED};
    const struct batch_item *const receipts[] = {&RECEIPT, &REFUSAL};
    struct fixture *fix = *state;

    for (size_t i = 0; i < 2; i++) {
        fill(fix, receipts[i], 1);
        encode(fix);
        assert_refused(fix, ERR_MALFORMED, text);
    }
    for (size_t i = 0; i < 5; i++) {
        fill_receipt(fix, numbered[i]);
        encode(fix);
        assert_refused(fix, ERR_MALFORMED, text);
    }
}

static void test_holds_so_many_items_and_no_more(void **state)
{
    struct fixture *fix = *state;

    fill(fix, &HEARTBEAT, BATCH_MAX_ITEMS);
    encode(fix);
    decode(fix);
    assert_int_equal(fix->batch.count, BATCH_MAX_ITEMS);
    raw_nested(&fix->wire, ITEMS, &BUF_EMPTY);
    assert_refused(fix, ERR_TOO_BIG, "batch: items are too many");
    fix->batch.items = fix->items;
    fill(fix, &HEARTBEAT, BATCH_MAX_ITEMS + 1);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: items are too many");
}

/* A batch of one item of this kind, made of these bytes. */
static void put_item(
    struct fixture *fix, unsigned kind, const struct buf *content)
{
    SCOPED(buf_free) struct buf item = BUF_EMPTY;
    SCOPED(buf_free) struct buf header = BUF_EMPTY;
    static const struct digest zeros;

    raw_number(&header, 1, STREAM_VERSION);
    raw_text(&header, 2, "8732001");
    raw_text(&header, 3, "8734500");
    raw_number(&header, 4, LANE_NORMAL);
    raw_bytes(&header, 5, "0123456789abcdef", 16);
    raw_number(&header, 6, 1);
    raw_number(&header, 7, 1);
    raw_number(&header, 8, 120);
    fix->wire.len = 0;
    raw_nested(&fix->wire, HEADER, &header);
    raw_bytes(&fix->wire, PREVIOUS, zeros.bytes, DIGEST_SIZE);
    if (content != NULL)
        raw_nested(&item, kind, content);
    raw_nested(&fix->wire, ITEMS, &item);
}

static void test_refuses_items_with_bad_fields(void **state)
{
    static const struct {
        unsigned kind, field;
        const char *value;
        size_t len;
        const char *text;
    } cases[] = {
        {ITEM_READ, 1, "b801200005001", 13, "UPN is not thirteen characters"},
        {ITEM_READ, 1, "B8012000050011", 14, "UPN is not thirteen characters"},
        {ITEM_READ, 1, "B80120000500\0", 13, "UPN is not thirteen characters"},
        {ITEM_READ, 3, "SEN\0CO", 6, "role is not clean text"},
        {ITEM_READ, 3, "SEN\nCO", 6, "role is not clean text"},
        {ITEM_READ, 3, "\xff", 1, "role is not clean text"},
        {ITEM_READ, 3, "", 0, "role is empty"},
        {ITEM_LEAVER, 3, "", 0, "record is empty"},
    };
    struct fixture *fix = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf item = BUF_EMPTY;
        char text[80];

        raw_text(&item, 1, UPN);
        raw_number(&item, 2, 1);
        raw_text(&item, 3, "SENCO");
        raw_bytes(&item, cases[i].field, cases[i].value, cases[i].len);
        put_item(fix, cases[i].kind, &item);
        snprintf(text, sizeof text, "batch: %s", cases[i].text);
        assert_refused(fix, ERR_MALFORMED, text);
    }
}

static void test_refuses_a_recall_without_its_fields(void **state)
{
    struct fixture *fix = *state;
    SCOPED(buf_free) struct buf item = BUF_EMPTY;

    raw_text(&item, 1, UPN);
    put_item(fix, ITEM_TOMBSTONE, &item);
    assert_refused(fix, ERR_MALFORMED, "batch: revision is out of range");
    put_item(fix, ITEM_DESTROYED, &item);
    assert_refused(fix, ERR_MALFORMED, "batch: revision is out of range");
    raw_number(&item, 2, 1);
    put_item(fix, ITEM_TOMBSTONE, &item);
    assert_refused(fix, ERR_MALFORMED, "batch: kind is not known here");
    raw_number(&item, 3, 3);
    put_item(fix, ITEM_TOMBSTONE, &item);
    assert_refused(fix, ERR_MALFORMED, "batch: kind is not known here");
}

static void test_texts_and_records_have_limits(void **state)
{
    static const struct {
        unsigned kind;
        size_t limit;
        const char *text;
    } cases[] = {
        {ITEM_READ, BATCH_MAX_ROLE, "batch: role is too long"},
        {ITEM_LEAVER, RECORD_MAX_BYTES,
            "batch: bytes of a record are too many"},
    };
    static char bytes[RECORD_MAX_BYTES + 1];
    struct fixture *fix = *state;

    memset(bytes, 'a', sizeof bytes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf item = BUF_EMPTY;

        raw_text(&item, 1, UPN);
        raw_number(&item, 2, 1);
        raw_bytes(&item, 3, bytes, cases[i].limit);
        put_item(fix, cases[i].kind, &item);
        decode(fix);
        raw_bytes(&item, 3, bytes, cases[i].limit + 1);
        put_item(fix, cases[i].kind, &item);
        assert_refused(fix, ERR_TOO_BIG, cases[i].text);
    }
}

static void test_refuses_unknown_items_and_missing_parts(void **state)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    struct fixture *fix = *state;

    put_item(fix, 99, &content);
    assert_refused(fix, ERR_MALFORMED, "batch: item is of no known kind");
    put_item(fix, 0, NULL);
    assert_refused(fix, ERR_MALFORMED, "batch: item is of no known kind");
    put_item(fix, ITEM_HEARTBEAT, &content);
    raw_bytes(&fix->wire, PREVIOUS, "short", 5);
    assert_refused(fix, ERR_MALFORMED, "batch: previous is not 32 bytes");
    put_item(fix, ITEM_HEARTBEAT, &content);
    raw_number(&fix->wire, CREATED, UINT64_MAX);
    assert_refused(fix, ERR_MALFORMED, "batch: created is not a time");
    put_item(fix, ITEM_READ, &content);
    assert_refused(fix, ERR_MALFORMED, "batch: UPN is not thirteen characters");
    fix->wire.len = 0;
    assert_refused(fix, ERR_MALFORMED, "batch: header is not there");
}

static void test_a_shorter_batch_never_passes_for_the_whole(void **state)
{
    struct fixture *fix = *state;

    fill(fix, &LEAVER, 3);
    encode(fix);
    for (size_t len = 0; len < fix->wire.len; len++) {
        struct batch out;
        struct err err = {.text = ""};

        assert_int_equal(batch_decode(&out, (struct bytes){fix->wire.data, len},
                             &fix->arena, &err),
            ERR_MALFORMED);
        assert_string_not_equal(err.text, "");
    }
}

static void test_a_batch_has_a_limit_both_ways(void **state)
{
    static uint8_t record[RECORD_MAX_BYTES];
    struct batch_item item = LEAVER;
    struct fixture *fix = *state;

    item.u.leaver.record = (struct bytes){record, sizeof record};
    fill(fix, &item, 14);
    encode(fix);
    decode(fix);
    fix->batch.items = fix->items;
    fill(fix, &item, 15);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: 983564 bytes, limit 921600");
    memset(
        buf_reserve(&fix->wire, BATCH_MAX_BYTES + 1), 0, BATCH_MAX_BYTES + 1);
    fix->wire.len = BATCH_MAX_BYTES + 1;
    assert_refused(fix, ERR_TOO_BIG, "batch: 921601 bytes, limit 921600");
}

static void test_a_little_wire_cannot_take_much_memory(void **state)
{
    struct fixture *fix = *state;

    while (fix->wire.len < BATCH_MAX_BYTES - 2)
        raw_nested(&fix->wire, ITEMS, &BUF_EMPTY);
    assert_refused(fix, ERR_MALFORMED, "batch: not protobuf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_changes_come_back_as_they_were),
        TEST(test_a_recall_and_its_confirmation_come_back),
        TEST(test_a_held_restriction_comes_back),
        TEST(test_a_held_restriction_needs_an_id_and_a_clean_name),
        TEST(test_refuses_a_recall_without_its_fields),
        TEST(test_how_far_contact_has_come_goes_there_and_back),
        TEST(test_a_tutor_has_a_name_of_80_bytes_at_most),
        TEST(test_items_must_fill_the_stated_range),
        TEST(test_items_stay_in_their_lane),
        TEST(test_holds_so_many_items_and_no_more),
        TEST(test_refuses_items_with_bad_fields),
        TEST(test_texts_and_records_have_limits),
        TEST(test_refuses_unknown_items_and_missing_parts),
        TEST(test_a_shorter_batch_never_passes_for_the_whole),
        TEST(test_a_batch_has_a_limit_both_ways),
        TEST(test_a_little_wire_cannot_take_much_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
