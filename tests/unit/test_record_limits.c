#include "record_fixture.h"

static void test_refuses_text_that_is_not_clean(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } cases[] = {
        {"O\0kafor", 7},         /* a hidden end */
        {"Okafor\0", 7},         /* and one at the end */
        {"Oka\nfor", 7},         /* a second line */
        {"\x1b[31mOkafor", 11},  /* a terminal's colours */
        {"Okafor\xc3", 7},       /* half a character */
        {"\xed\xa0\x80", 3},     /* a surrogate */
        {"\xc0\xaf", 2},         /* too long a form */
        {"\xe2\x80\xaeroth", 7}, /* right to left */
        {"Okafor\x7f", 7},       /* DEL */
    };
    struct fixture *fix = *state;
    const size_t before = fix->wire.len;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fix->wire.len = before;
        raw_bytes(&fix->wire, SURNAME, cases[i].text, cases[i].len);
        assert_refused(fix, ERR_MALFORMED, "record: surname is not clean text");
    }
}

static void test_one_odd_byte_is_found_wherever_it_is(void **state)
{
    static const char odd[] = {'\0', '\n', '\x1f', '\x7f', '\x80', '\xff'};
    struct fixture *fix = *state;
    const size_t before = fix->wire.len;
    char text[20];

    for (size_t len = 1; len <= sizeof text; len++)
        for (size_t at = 0; at < len * sizeof odd; at++) {
            memset(text, '~', len);
            text[at / sizeof odd] = odd[at % sizeof odd];
            fix->wire.len = before;
            raw_bytes(&fix->wire, SURNAME, text, len);
            assert_refused(
                fix, ERR_MALFORMED, "record: surname is not clean text");
        }
}

static void test_no_text_is_longer_than_the_limit(void **state)
{
    static char text[LEAVER_MAX_TEXT + 2];
    struct fixture *fix = *state;

    memset(text, 'a', LEAVER_MAX_TEXT);
    raw_text(&fix->wire, SURNAME, text);
    decode(fix);
    assert_int_equal(strlen(fix->leaver.surname), LEAVER_MAX_TEXT);
    encode(fix);

    text[LEAVER_MAX_TEXT] = 'a';
    raw_text(&fix->wire, SURNAME, text);
    assert_refused(fix, ERR_TOO_BIG, "record: surname is too long");
    fix->leaver.surname = text;
    assert_not_encoded(fix, ERR_TOO_BIG, "record: surname is too long");
}

static void test_refuses_what_is_not_a_day_or_a_known_value(void **state)
{
    static const struct {
        unsigned field;
        uint64_t value;
        const char *text;
    } cases[] = {
        {DOB, 20150229, "record: date of birth is not a day"},
        {DOB, 20161301, "record: date of birth is not a day"},
        {DOB, 20160432, "record: date of birth is not a day"},
        {DOB, 20160400, "record: date of birth is not a day"},
        {DOB, 101, "record: date of birth is not a day"},
        {DOB, 120160412, "record: date of birth is not a day"},
        {DOB, UINT32_MAX, "record: date of birth is not a day"},
        {FSM, 3, "record: free school meals is not known here"},
        {FSM, UINT64_MAX, "record: free school meals is not known here"},
    };
    struct fixture *fix = *state;
    const size_t before = fix->wire.len;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fix->wire.len = before;
        raw_number(&fix->wire, cases[i].field, cases[i].value);
        assert_refused(fix, ERR_MALFORMED, cases[i].text);
    }
    fix->wire.len = before;
    raw_number(&fix->wire, DOB, 20160229);
    decode(fix);
    assert_int_equal(fix->leaver.dob.day, 29);
}

static void test_refuses_numbers_of_no_pupil_or_school(void **state)
{
    static const char *const upns[] = {"", "B80120000500", "B8012000050011",
        "b801200005001", "B80120000500!", "1801200005001"};
    static const char *const laestabs[] = {"873450", "87345001", "873450x"};
    struct fixture *fix = *state;
    const size_t before = fix->wire.len;

    for (size_t i = 0; i < sizeof laestabs / sizeof *laestabs; i++) {
        fix->wire.len = before;
        raw_text(&fix->wire, DESTINATION, laestabs[i]);
        assert_refused(
            fix, ERR_MALFORMED, "record: destination is not a LAESTAB");
    }
    for (size_t i = 0; i < sizeof upns / sizeof *upns; i++) {
        fix->wire.len = 0;
        raw_text(&fix->wire, UPN, upns[i]);
        assert_refused(fix, ERR_MALFORMED, "record: UPN is not a UPN");
    }
    fix->leaver.upn = "B80120000500";
    assert_not_encoded(fix, ERR_MALFORMED, "record: UPN is not a UPN");
}

/* The i-th of a list, with what it must have. */
static void add_one(struct buf *wire, unsigned field, size_t i)
{
    SCOPED(buf_free) struct buf one = BUF_EMPTY;

    if (field == CONTACTS) {
        raw_number(&one, 1, i + 1);
    } else if (field == RESTRICTIONS) {
        raw_bytes(&one, 1, "0123456789abcdef", 16);
        raw_number(&one, 2, RESTRICTION_NO_TEXT);
        raw_number(&one, 3, BASIS_PARENT_REQUEST);
    }
    raw_nested(wire, field, &one);
}

static void test_every_list_has_a_limit(void **state)
{
    static const struct {
        unsigned field;
        size_t limit;
        const char *text;
    } cases[] = {
        {LANGUAGES, LEAVER_MAX_LANGUAGES, "record: languages are too many"},
        {NEEDS, LEAVER_MAX_NEEDS, "record: needs are too many"},
        {DISABILITIES, LEAVER_MAX_DISABILITIES,
            "record: disabilities are too many"},
        {CONTACTS, LEAVER_MAX_CONTACTS, "record: contacts are too many"},
        {YEARS, LEAVER_MAX_YEARS, "record: years are too many"},
        {RESULTS, LEAVER_MAX_RESULTS, "record: results are too many"},
        {SCHOOLS, LEAVER_MAX_SCHOOLS, "record: schools are too many"},
        {RESTRICTIONS, LEAVER_MAX_RESTRICTIONS,
            "record: restrictions are too many"},
    };
    struct fixture *fix = *state;
    const size_t before = fix->wire.len;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fix->wire.len = before;
        for (size_t n = 0; n < cases[i].limit; n++)
            add_one(&fix->wire, cases[i].field, n);
        decode(fix);
        encode(fix);
        add_one(&fix->wire, cases[i].field, cases[i].limit);
        assert_refused(fix, ERR_TOO_BIG, cases[i].text);
    }
}

static void test_a_contact_has_a_limit_of_points(void **state)
{
    struct fixture *fix = *state;
    SCOPED(buf_free) struct buf contact = BUF_EMPTY;
    const size_t before = fix->wire.len;

    raw_number(&contact, 1, 1);
    for (unsigned i = 1; i <= LEAVER_MAX_POINTS + 1; i++) {
        SCOPED(buf_free) struct buf point = BUF_EMPTY;

        raw_number(&point, 1, i);
        raw_number(&point, 2, POINT_OTHER);
        raw_nested(&contact, 18, &point);
        fix->wire.len = before;
        raw_nested(&fix->wire, CONTACTS, &contact);
        if (i <= LEAVER_MAX_POINTS)
            decode(fix);
    }
    assert_refused(fix, ERR_TOO_BIG, "record: contact points are too many");
}

static void test_encode_refuses_a_list_over_its_limit(void **state)
{
    struct fixture *fix = *state;

    fix->leaver.result_count = LEAVER_MAX_RESULTS + 1;
    assert_not_encoded(fix, ERR_TOO_BIG, "record: results are too many");
    fix->leaver.result_count = 0;
    fix->leaver.contacts[0].point_count = LEAVER_MAX_POINTS + 1;
    assert_not_encoded(fix, ERR_TOO_BIG, "record: contact points are too many");
}

static void test_refuses_numbers_that_name_nobody_or_two(void **state)
{
    struct fixture *fix = *state;
    struct leaver *leaver = &fix->leaver;

    leaver->contacts[1].number = 1;
    assert_not_encoded(
        fix, ERR_MALFORMED, "record: contact number is there twice");
    leaver->contacts[1].number = 0;
    assert_not_encoded(fix, ERR_MALFORMED, "record: contact number is 0");
    leaver->contacts[1].number = 3;
    assert_not_encoded(fix, ERR_MALFORMED,
        "record: restriction names no contact of the record");
    leaver->contacts[1].number = 2;
    leaver->contacts[1].points[2].number = 1;
    assert_not_encoded(
        fix, ERR_MALFORMED, "record: point number is there twice");
    leaver->contacts[1].points[2].number = 0;
    assert_not_encoded(fix, ERR_MALFORMED, "record: point number is 0");
    leaver->contacts[1].points[2].number = 3;
    leaver->restrictions[0].id = (struct id){{0}};
    assert_not_encoded(fix, ERR_MALFORMED, "record: restriction id is zero");
}

/* A good restriction with one field replaced. */
static void put_restriction(struct fixture *fix, unsigned field, uint64_t value)
{
    SCOPED(buf_free) struct buf one = BUF_EMPTY;

    fix->wire.len = 0;
    raw_text(&fix->wire, UPN, WIRE_SAMPLE_UPN);
    raw_bytes(&one, 1, "0123456789abcdef", 16);
    raw_number(&one, 2, RESTRICTION_NO_TEXT);
    raw_number(&one, 3, BASIS_PARENT_REQUEST);
    raw_number(&one, field, value);
    raw_nested(&fix->wire, RESTRICTIONS, &one);
}

static void test_an_unknown_restriction_is_refused_not_dropped(void **state)
{
    struct fixture *fix = *state;

    put_restriction(fix, 2, RESTRICTION_PUPIL_NOT_TO_BE_NAMED);
    decode(fix);
    put_restriction(fix, 2, RESTRICTION_PUPIL_NOT_TO_BE_NAMED + 1);
    assert_refused(
        fix, ERR_MALFORMED, "record: restriction kind is not known here");
    put_restriction(fix, 3, BASIS_SCHOOL_DECISION + 1);
    assert_refused(
        fix, ERR_MALFORMED, "record: restriction basis is not known here");
    put_restriction(fix, 4, 1);
    assert_refused(fix, ERR_MALFORMED,
        "record: restriction names no contact of the record");
    put_restriction(fix, 6, 253402300800000);
    assert_refused(
        fix, ERR_MALFORMED, "record: restriction start is not a time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_refuses_text_that_is_not_clean),
        TEST(test_one_odd_byte_is_found_wherever_it_is),
        TEST(test_no_text_is_longer_than_the_limit),
        TEST(test_refuses_what_is_not_a_day_or_a_known_value),
        TEST(test_refuses_numbers_of_no_pupil_or_school),
        TEST(test_every_list_has_a_limit),
        TEST(test_a_contact_has_a_limit_of_points),
        TEST(test_encode_refuses_a_list_over_its_limit),
        TEST(test_refuses_numbers_that_name_nobody_or_two),
        TEST(test_an_unknown_restriction_is_refused_not_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
