/* A record is read by a table of ours (wire/direct.h).  protobuf-c is the
 * yardstick: whatever we take, it takes, and understands the same. */
#include "record_fixture.h"

#include "leaver.pb-c.h"

#define BENDS 40000

/* The same numbers in every run. */
static uint32_t next_number(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* What we read, as we would write it; empty if it was refused. */
static void read_ours(struct buf *out, struct bytes wire)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;

    buf_clear(out);
    if (record_decode(&leaver, wire, &arena, NULL) == 0)
        assert_int_equal(record_encode_own(out, &leaver, NULL), 0);
}

/* wire as protobuf-c understands it: read, and written anew.  False: it does
 * not. */
static bool through_protobuf_c(struct buf *out, struct bytes wire)
{
    Moveup__V1__Leaver *message =
        moveup__v1__leaver__unpack(NULL, wire.len, wire.data);

    buf_clear(out);
    if (message == NULL)
        return false;
    out->len += moveup__v1__leaver__pack(message,
        buf_reserve(out, moveup__v1__leaver__get_packed_size(message)));
    moveup__v1__leaver__free_unpacked(message, NULL);
    return true;
}

/* Returns whether it was taken. */
static bool assert_understood_alike(struct bytes wire)
{
    SCOPED(buf_free) struct buf ours = BUF_EMPTY;
    SCOPED(buf_free) struct buf theirs = BUF_EMPTY;
    SCOPED(buf_free) struct buf anew = BUF_EMPTY;

    read_ours(&ours, wire);
    if (ours.len == 0)
        return false;
    assert_true(through_protobuf_c(&anew, wire));
    read_ours(&theirs, buf_bytes(&anew));
    assert_int_equal(ours.len, theirs.len);
    assert_memory_equal(ours.data, theirs.data, ours.len);
    return true;
}

static void test_one_bent_byte_is_understood_as_by_protobuf_c(void **state)
{
    struct fixture *fix = *state;
    uint32_t seed = 1;
    unsigned taken = 0;

    encode(fix);
    for (int i = 0; i < BENDS; i++) {
        uint8_t *byte = &fix->wire.data[next_number(&seed) % fix->wire.len];
        const uint8_t was = *byte;

        *byte = (uint8_t)(was ^ (1 + next_number(&seed) % 255));
        taken += assert_understood_alike(buf_bytes(&fix->wire));
        *byte = was;
    }
    assert_in_range(taken, BENDS / 10, BENDS - BENDS / 10);
}

static void test_two_records_in_a_row_are_one_merged(void **state)
{
    struct fixture *fix = *state;
    SCOPED(buf_free) struct buf address = BUF_EMPTY;
    SCOPED(buf_free) struct buf more = BUF_EMPTY;

    raw_text(&address, 2, "Second line");
    raw_text(&more, SURNAME, "Later");
    raw_bytes(&more, ADDRESS, address.data, address.len);
    encode(fix);
    buf_add(&fix->wire, buf_bytes(&more));
    assert_true(assert_understood_alike(buf_bytes(&fix->wire)));
    decode(fix);
    assert_string_equal(fix->leaver.surname, "Later");
    assert_string_equal(fix->leaver.address.lines[1], "Second line");
    assert_string_not_equal(fix->leaver.address.postcode, "");
}

static void test_rows_may_come_apart(void **state)
{
    struct fixture *fix = *state;

    raw_text(&fix->wire, DISABILITIES, "HEAR");
    raw_text(&fix->wire, SURNAME, "Between");
    raw_text(&fix->wire, DISABILITIES, "VIS");
    assert_true(assert_understood_alike(buf_bytes(&fix->wire)));
    decode(fix);
    assert_int_equal(fix->leaver.disability_count, 2);
    assert_string_equal(fix->leaver.disabilities[0], "HEAR");
    assert_string_equal(fix->leaver.disabilities[1], "VIS");
}

static void test_a_number_where_text_belongs_is_refused(void **state)
{
    struct fixture *fix = *state;

    raw_number(&fix->wire, SURNAME, 7);
    assert_refused(fix, ERR_MALFORMED, "record: not protobuf");
}

static void test_text_where_a_number_belongs_is_refused(void **state)
{
    struct fixture *fix = *state;

    raw_text(&fix->wire, DOB, "20160412");
    assert_refused(fix, ERR_MALFORMED, "record: not protobuf");
}

static void test_a_point_without_a_kind_is_refused(void **state)
{
    struct fixture *fix = *state;
    SCOPED(buf_free) struct buf point = BUF_EMPTY;
    SCOPED(buf_free) struct buf contact = BUF_EMPTY;

    raw_number(&point, 1, 1);
    raw_number(&contact, 1, 1);
    raw_bytes(&contact, 18, point.data, point.len);
    raw_bytes(&fix->wire, CONTACTS, contact.data, contact.len);
    assert_refused(fix, ERR_MALFORMED, "record: point kind is not there");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_bent_byte_is_understood_as_by_protobuf_c),
        TEST(test_two_records_in_a_row_are_one_merged),
        TEST(test_rows_may_come_apart),
        TEST(test_a_number_where_text_belongs_is_refused),
        TEST(test_text_where_a_number_belongs_is_refused),
        TEST(test_a_point_without_a_kind_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
