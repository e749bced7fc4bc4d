/* curb: a restriction goes at once, is about somebody, and is there once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/recall.h"
#include "round.h"

static int begin(void **state)
{
    struct cluster_child child;
    struct round *r;

    round_begin(state);
    r = *state;
    round_child(&child, r);
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

/* --- what is sent, and what is refused --- */

/* What waits to be put at Hillside: a lane, or -1 for nothing. */
static int waiting_lane(struct round *r)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch batch;
    struct header header;

    if (unput_batches(&batch, 1, r->hillside->db, &arena, NULL) != 1)
        return -1;
    assert_int_equal(envelope_decode(&header, batch.header, NULL), 0);
    return (int)header.lane;
}

static bool is_queued(json_t *result)
{
    const bool queued = json_is_true(json_object_get(result, "queued"));

    json_decref(result);
    return queued;
}

static void test_what_was_sent_goes_again_at_once_and_first(void **state)
{
    struct round *r = *state;

    round_exchange(r);
    assert_int_equal(waiting_lane(r), -1);
    assert_true(is_queued(add(r, 2, "do-not-contact", "")));
    assert_int_equal(waiting_lane(r), LANE_URGENT);
}

static void test_what_is_not_at_another_school_is_not_sent(void **state)
{
    struct round *r = *state;

    round_exchange(r);
    json_decref(round_ask(recall_leaver, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "reason", "wrong school")));
    round_exchange(r);
    assert_false(is_queued(add(r, 2, "do-not-contact", "")));
    assert_int_equal(waiting_lane(r), -1);
    assert_int_equal(count(r), 1);
}

static void assert_refused(
    struct round *r, request_handler *handle, json_t *args, const char *with)
{
    struct err why;

    assert_null(round_try(handle, r->hillside, args, &why));
    if (strstr(why.text, with) == NULL)
        fail_msg("refused with: %s", why.text);
}

static json_t *wish(int contact, const char *kind, const char *basis)
{
    return json_pack("{s:s,s:i,s:s,s:s}", "upn", UPN, "contact", contact,
        "kind", kind, "basis", basis);
}

static void test_it_is_said_whom_it_is_about_and_why(void **state)
{
    struct round *r = *state;

    assert_refused(
        r, curb_add, wish(0, "do-not-contact", "court-order"), "--contact");
    assert_refused(
        r, curb_add, wish(3, "do-not-contact", "court-order"), "no contact 3");
    assert_refused(
        r, curb_add, wish(2, "do-not-contact", "rumour"), "a basis is one of");
    assert_refused(
        r, curb_add, wish(2, "shout-at", "court-order"), "is one of");
    assert_int_equal(count(r), 0);
    json_decref(round_ask(curb_add, r->hillside,
        wish(0, "pupil-not-to-be-named", "court-order")));
    assert_int_equal(count(r), 1);
}

/* The id of one that is added now. */
static void add_one(struct round *r, int contact, char id[ID_TEXT_SIZE])
{
    json_t *added = add(r, contact, "do-not-contact", "");

    snprintf(id, ID_TEXT_SIZE, "%s",
        json_string_value(
            json_object_get(json_object_get(added, "restriction"), "id")));
    json_decref(added);
}

static json_t *ending(const char *id, const char *evidence)
{
    return json_pack("{s:s,s:s}", "id", id, "evidence", evidence);
}

static void test_an_end_says_by_what_evidence_and_goes_as_urgently(void **state)
{
    struct round *r = *state;
    char id[ID_TEXT_SIZE];
    json_t *listed, *one;

    add_one(r, 2, id);
    round_exchange(r);
    assert_refused(r, curb_end, ending(id, ""), "evidence");
    id[4] = '\0';
    assert_true(is_queued(
        round_ask(curb_end, r->hillside, ending(id, "order lifted"))));
    assert_int_equal(waiting_lane(r), LANE_URGENT);
    listed = round_ask(curb_list, r->hillside, json_object());
    one = json_array_get(json_object_get(listed, "restrictions"), 0);
    assert_string_equal(
        json_string_value(json_object_get(one, "evidence")), "order lifted");
    assert_true(json_is_string(json_object_get(one, "ended")));
    json_decref(listed);
    assert_refused(r, curb_end, ending(id, "again"), "ended already");
}

static void test_an_end_must_name_one(void **state)
{
    struct round *r = *state;
    char id[ID_TEXT_SIZE];

    add_one(r, 2, id);
    id[3] = '\0';
    assert_refused(r, curb_end, ending(id, "x"), "first four characters");
    assert_refused(r, curb_end, ending("zzzz", "x"), "no restriction with");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_the_same_one_again_changes_nothing),
        CASE(test_another_contact_or_kind_is_another_one),
        CASE(test_where_the_note_says_what_another_note_counts),
        CASE(test_an_ended_one_can_be_set_again),
        CASE(test_what_was_sent_goes_again_at_once_and_first),
        CASE(test_what_is_not_at_another_school_is_not_sent),
        CASE(test_it_is_said_whom_it_is_about_and_why),
        CASE(test_an_end_says_by_what_evidence_and_goes_as_urgently),
        CASE(test_an_end_must_name_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
