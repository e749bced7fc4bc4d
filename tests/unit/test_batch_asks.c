/* The items of first contact: a request, its answer, how far it has come. */
#include "batch_fixture.h"

static const struct batch_item REQUEST = {.kind = ITEM_REQUEST,
    .u.request = {4711, UPN, 3, REQUEST_QUESTION, 2, 1, "Is there a laptop?",
        {2027, 6, 22}}};
static const struct batch_item ANSWER = {.kind = ITEM_ANSWER,
    .u.answer = {
        4711, UPN, true, true, 2, POINT_MOBILE, "+447700900142", "since May"}};

static void test_a_request_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct batch_item *got = fix->batch.items;

    fill(fix, &REQUEST, 1);
    encode(fix);
    decode(fix);
    got = fix->batch.items;
    assert_int_equal(got->kind, ITEM_REQUEST);
    assert_int_equal(got->u.request.request, 4711);
    assert_string_equal(got->u.request.upn, UPN);
    assert_int_equal(got->u.request.revision, 3);
    assert_int_equal(got->u.request.kind, REQUEST_QUESTION);
    assert_int_equal(got->u.request.contact, 2);
    assert_int_equal(got->u.request.point, 1);
    assert_string_equal(got->u.request.text, "Is there a laptop?");
    assert_int_equal(
        date_compare(got->u.request.due, (struct date){2027, 6, 22}), 0);
}

static void test_an_answer_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct batch_item *got;

    fill(fix, &ANSWER, 1);
    encode(fix);
    decode(fix);
    got = fix->batch.items;
    assert_int_equal(got->kind, ITEM_ANSWER);
    assert_int_equal(got->u.answer.request, 4711);
    assert_string_equal(got->u.answer.upn, UPN);
    assert_true(got->u.answer.accepted);
    assert_true(got->u.answer.from_parent);
    assert_int_equal(got->u.answer.contact, 2);
    assert_int_equal(got->u.answer.point_kind, POINT_MOBILE);
    assert_string_equal(got->u.answer.value, "+447700900142");
    assert_string_equal(got->u.answer.text, "since May");
}

static void test_how_far_it_has_come_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct batch_item *got;

    fill(fix, &FAMILY, 2);
    fix->items[1].u.family.state = COARSE_HELP_REQUEST;
    fix->items[1].u.family.day = (struct date){0, 0, 0};
    fix->items[1].u.family.tutor = "";
    fix->items[1].u.family.used_count = 0;
    encode(fix);
    decode(fix);
    got = fix->batch.items;
    assert_int_equal(got[0].kind, ITEM_FAMILY);
    assert_string_equal(got[0].u.family.upn, UPN);
    assert_int_equal(got[0].u.family.state, COARSE_CONTACTED);
    assert_int_equal(
        date_compare(got[0].u.family.day, (struct date){2027, 6, 15}), 0);
    assert_string_equal(got[0].u.family.tutor, "Ms Lund");
    assert_int_equal(got[0].u.family.used_count, 2);
    assert_string_equal(got[0].u.family.used[0].role, "HEAD_OF_YEAR");
    assert_int_equal(got[0].u.family.used[0].sections, USED_CONTACTS);
    assert_string_equal(got[0].u.family.used[1].role, "SENCO");
    assert_int_equal(
        got[0].u.family.used[1].sections, USED_CONTACTS | USED_SUPPORT);
    assert_int_equal(got[1].u.family.used_count, 0);
    assert_int_equal(got[1].u.family.state, COARSE_HELP_REQUEST);
    assert_false(date_is_set(got[1].u.family.day));
    assert_string_equal(got[1].u.family.tutor, "");
}

static void test_a_diary_comes_back_as_it_was(void **state)
{
    struct fixture *fix = *state;
    const struct diary *got;

    fill(fix, &DIARY, 2);
    fix->items[1].u.diary = (struct diary){.count = 0};
    encode(fix);
    decode(fix);
    got = &fix->batch.items[0].u.diary;
    assert_int_equal(date_compare(got->entry, (struct date){2027, 9, 2}), 0);
    assert_int_equal(
        date_compare(got->induction, (struct date){2027, 7, 6}), 0);
    assert_false(date_is_set(got->term_end));
    assert_int_equal(got->count, 2);
    assert_int_equal(got->sessions[0].number, 3);
    assert_int_equal(got->sessions[0].type, SESSION_NEW_INTAKE_EVENING);
    assert_int_equal(got->sessions[0].start.ms, 1813856400000);
    assert_int_equal(got->sessions[0].end.ms, 1813861800000);
    assert_string_equal(got->sessions[0].place, "Main hall");
    assert_string_equal(got->sessions[0].interpreters, "SOM,URD");
    assert_true(got->sessions[0].step_free);
    assert_true(got->sessions[0].creche);
    assert_false(got->sessions[0].online);
    assert_false(got->sessions[0].cancelled);
    assert_true(got->sessions[1].cancelled);
    assert_true(got->sessions[1].online);
    assert_true(got->sessions[1].learning_linked);
    assert_string_equal(got->sessions[1].title, "Reading");
    assert_int_equal(fix->batch.items[1].u.diary.count, 0);
}

static void test_they_are_numbered_items(void **state)
{
    const struct batch_item *const items[] = {
        &REQUEST, &ANSWER, &FAMILY, &DIARY};
    struct fixture *fix = *state;

    for (size_t i = 0; i < 4; i++) {
        fill_receipt(fix, items[i]);
        encode(fix);
        assert_refused(fix, ERR_MALFORMED, "batch: item is in the wrong lane");
    }
}

/* One item, well-formed but for what a case changes. */
static struct batch_item of(enum item_kind kind)
{
    return kind == ITEM_REQUEST  ? REQUEST
           : kind == ITEM_ANSWER ? ANSWER
                                 : FAMILY;
}

static void refuse(
    struct fixture *fix, const struct batch_item *item, const char *text)
{
    fix->batch.items = fix->items;
    fill(fix, item, 1);
    encode(fix);
    assert_refused(fix, ERR_MALFORMED, text);
}

static void test_refuses_what_makes_no_sense(void **state)
{
    struct fixture *fix = *state;
    struct batch_item item = of(ITEM_REQUEST);

    item.u.request.request = 0;
    refuse(fix, &item, "batch: request is out of range");
    item = of(ITEM_REQUEST);
    item.u.request.revision = 0;
    refuse(fix, &item, "batch: revision is out of range");
    item = of(ITEM_REQUEST);
    item.u.request.kind = (enum request_kind)77;
    refuse(fix, &item, "batch: kind is not known here");
    item = of(ITEM_REQUEST);
    item.u.request.kind = REQUEST_WRONG_NUMBER;
    refuse(fix, &item, "batch: text does not fit the kind");
    item = of(ITEM_REQUEST);
    item.u.request.text = "";
    refuse(fix, &item, "batch: text does not fit the kind");
    item = of(ITEM_ANSWER);
    item.u.answer.value = "";
    refuse(fix, &item, "batch: value does not fit the answer");
    item = of(ITEM_ANSWER);
    item.u.answer.accepted = false;
    refuse(fix, &item, "batch: value does not fit the answer");
    item = of(ITEM_ANSWER);
    item.u.answer.contact = 0;
    refuse(fix, &item, "batch: value does not fit the answer");
    item = of(ITEM_FAMILY);
    item.u.family.state = (enum coarse)(COARSE_LAST + 1);
    refuse(fix, &item, "batch: state is not known here");
    item = of(ITEM_FAMILY);
    item.u.family.state = 0;
    refuse(fix, &item, "batch: state is not known here");
}

/* One diary with two sessions, the second as a case has it. */
static void refuse_session(
    struct fixture *fix, const struct diary_session *second, const char *text)
{
    struct diary_session sessions[] = {DIARY_SESSIONS[0], *second};
    struct batch_item item = DIARY;

    item.u.diary.sessions = sessions;
    refuse(fix, &item, text);
}

static void test_refuses_a_diary_that_makes_no_sense(void **state)
{
    struct fixture *fix = *state;
    static struct diary_session many[DIARY_MAX_SESSIONS + 1];
    struct diary_session one = DIARY_SESSIONS[1];
    struct batch_item item = DIARY;

    one.number = 3; /* twice */
    refuse_session(fix, &one, "batch: session number is out of range");
    one = DIARY_SESSIONS[1];
    one.type = (enum session_type)99;
    refuse_session(fix, &one, "batch: session type is not known here");
    one = DIARY_SESSIONS[1];
    one.end.ms = one.start.ms - 1;
    refuse_session(fix, &one, "batch: end is before the start");
    one = DIARY_SESSIONS[1];
    one.start.ms = 0;
    refuse_session(fix, &one, "batch: end is before the start");
    for (uint32_t i = 0; i <= DIARY_MAX_SESSIONS; i++) {
        many[i] = DIARY_SESSIONS[0];
        many[i].number = i + 1;
    }
    item.u.diary.sessions = many;
    item.u.diary.count = DIARY_MAX_SESSIONS;
    fix->batch.items = fix->items;
    fill(fix, &item, 1);
    encode(fix);
    decode(fix);
    item.u.diary.count++;
    fix->batch.items = fix->items;
    fill(fix, &item, 1);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: sessions are too many");
}

static void test_roles_are_words_and_each_stands_once(void **state)
{
    struct fixture *fix = *state;
    struct used used[USED_MAX_ROLES + 1] = {{"SENCO", 1}, {"SENCO", 2}};
    struct batch_item item = of(ITEM_FAMILY);
    static const char *const wrong[] = {"", "J. Lund", "senco", "SENCO 7",
        "SENCO,LEAD", "AAAAAAAAAABBBBBBBBBBCCCC"};

    item.u.family.used = used;
    refuse(fix, &item, "batch: role is not one");
    for (size_t i = 0; i < 5; i++) {
        used[1].role = wrong[i];
        refuse(fix, &item, "batch: role is not one");
    }
    used[1].role = wrong[5];
    fix->batch.items = fix->items;
    fill(fix, &item, 1);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: role is too long");
    used[1] = (struct used){"LEAD", ~0U}; /* a newer author knows more parts */
    fix->batch.items = fix->items;
    fill(fix, &item, 1);
    encode(fix);
    decode(fix);
    assert_int_equal(fix->batch.items[0].u.family.used[1].sections, USED_ALL);
    item.u.family.used_count = USED_MAX_ROLES + 1;
    fix->batch.items = fix->items;
    fill(fix, &item, 1);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: roles are too many");
}

static void test_texts_have_limits(void **state)
{
    struct fixture *fix = *state;
    SCOPED(mem_freep) char *most = mem_alloc(BATCH_MAX_ASK + 2);
    struct batch_item item = of(ITEM_REQUEST);

    memset(most, 'x', BATCH_MAX_ASK);
    item.u.request.text = most;
    fill(fix, &item, 1);
    encode(fix);
    decode(fix);
    most[BATCH_MAX_ASK] = 'x';
    fix->batch.items = fix->items;
    fill(fix, &item, 1);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: text is too long");
    item = of(ITEM_FAMILY);
    most[BATCH_MAX_TUTOR + 1] = '\0';
    item.u.family.tutor = most;
    fill(fix, &item, 1);
    assert_not_encoded(fix, ERR_TOO_BIG, "batch: tutor is too long");
    item.u.family.tutor = "Ms\nLund";
    fill(fix, &item, 1);
    assert_not_encoded(fix, ERR_MALFORMED, "batch: tutor is not clean text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_request_comes_back_as_it_was),
        TEST(test_an_answer_comes_back_as_it_was),
        TEST(test_how_far_it_has_come_comes_back_as_it_was),
        TEST(test_a_diary_comes_back_as_it_was),
        TEST(test_they_are_numbered_items),
        TEST(test_refuses_what_makes_no_sense),
        TEST(test_refuses_a_diary_that_makes_no_sense),
        TEST(test_roles_are_words_and_each_stands_once),
        TEST(test_texts_have_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
