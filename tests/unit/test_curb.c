/* curb: the same restriction twice is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "round.h"

#define UPN "B801200005001"

static int begin(void **state)
{
    struct cluster_child child;
    struct round *r;

    round_begin(state);
    r = *state;
    cluster_child(&child, UPN, "Tariq", &r->northgate->identity->laestab);
    round_send(r, &child);
    return 0;
}

static json_t *add(
    struct round *r, int contact, const char *kind, const char *note)
{
    return round_ask(curb_add, r->hillside,
        json_pack("{s:s,s:i,s:s,s:s,s:s}", "upn", UPN, "contact", contact,
            "kind", kind, "basis", "court-order", "note", note));
}

static bool is_already(json_t *result)
{
    const bool already = json_is_true(json_object_get(result, "already"));

    json_decref(result);
    return already;
}

static json_int_t count(struct round *r)
{
    json_t *result = round_ask(curb_list, r->hillside, json_object());
    const json_int_t n =
        (json_int_t)json_array_size(json_object_get(result, "restrictions"));

    json_decref(result);
    return n;
}

static void test_the_same_one_again_changes_nothing(void **state)
{
    struct round *r = *state;
    uint64_t revision;

    assert_false(is_already(add(r, 2, "do-not-contact", "order of 3 May")));
    revision = round_row(r, UPN).revision;
    assert_true(is_already(add(r, 2, "do-not-contact", "")));
    assert_int_equal(count(r), 1);
    assert_int_equal(round_row(r, UPN).revision, revision);
}

static void test_another_contact_or_kind_is_another_one(void **state)
{
    struct round *r = *state;

    assert_false(is_already(add(r, 2, "do-not-contact", "")));
    assert_false(is_already(add(r, 1, "do-not-contact", "")));
    assert_false(is_already(add(r, 2, "no-voicemail", "")));
    assert_int_equal(count(r), 3);
}

/* "contact via" somebody else: whom, is in the note. */
static void test_where_the_note_says_what_another_note_counts(void **state)
{
    struct round *r = *state;

    assert_false(is_already(add(r, 2, "contact-via", "the aunt")));
    assert_false(is_already(add(r, 2, "contact-via", "the social worker")));
    assert_true(is_already(add(r, 2, "contact-via", "the aunt")));
    assert_int_equal(count(r), 2);
}

static void test_an_ended_one_can_be_set_again(void **state)
{
    struct round *r = *state;
    json_t *first = add(r, 2, "do-not-contact", "");
    const char *id = json_string_value(
        json_object_get(json_object_get(first, "restriction"), "id"));

    json_decref(round_ask(curb_end, r->hillside,
        json_pack("{s:s,s:s}", "id", id, "evidence", "order lifted")));
    json_decref(first);
    assert_false(is_already(add(r, 2, "do-not-contact", "")));
    assert_int_equal(count(r), 2);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_the_same_one_again_changes_nothing),
        CASE(test_another_contact_or_kind_is_another_one),
        CASE(test_where_the_note_says_what_another_note_counts),
        CASE(test_an_ended_one_can_be_set_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
