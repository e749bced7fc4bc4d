/* recall: a record is taken back, or the child goes to another school. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/recall.h"
#include "crypto/seal.h"
#include "recall_fixture.h"

static void test_a_recall_destroys_the_record_and_is_confirmed(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    json_t *one;

    start(r, &child);
    recall(r);
    assert_int_equal(round_row(r, UPN).state, LEAVER_RECALLED);
    one = listed(r);
    assert_string_equal(
        json_string_value(json_object_get(one, "state")), "recalled");
    assert_true(json_is_null(json_object_get(one, "recall_confirmed_at")));
    json_decref(one);

    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);
    one = listed(r);
    assert_string_equal(
        json_string_value(json_object_get(one, "state")), "recalled");
    assert_true(json_is_string(json_object_get(one, "recall_confirmed_at")));
    json_decref(one);
}

static void confirm(
    struct round *r, const struct agent *school, uint64_t revision)
{
    const struct batch_item item = {
        .kind = ITEM_DESTROYED, .u.destroyed = {UPN, revision, {5000}}};

    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(recall_confirmed(r->hillside, &school->identity->laestab,
                         &item, bytes_of("signed"), NULL),
        0);
    assert_int_equal(db_commit(r->hillside->db, NULL), 0);
}

/* A late tombstone of before the restore has destroyed it. */
static void test_a_recall_that_was_forgotten_is_known_again(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    confirm(r, r->hillside, 5);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
    confirm(r, r->northgate, 0);         /* older than what is there */
    confirm(r, r->northgate, INT64_MAX); /* nobody gave that number */
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
    confirm(r, r->northgate, 5);
    assert_int_equal(round_row(r, UPN).state, LEAVER_RECALLED);
    assert_int_equal(round_row(r, UPN).revision, 5);
    assert_int_equal(last_recall(r).revision, 5);
    assert_int_equal(last_recall(r).confirmed_at.ms, 5000);
    confirm(r, r->northgate, 5);
    assert_int_equal(round_row(r, UPN).revision, 5);
}

static void test_the_confirmation_is_signed_by_the_school(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    struct cluster_child child;
    struct batch batch;
    struct bytes evidence;

    start(r, &child);
    recall(r);
    assert_int_equal(recalls_evidence(&evidence, r->hillside->db,
                         last_recall(r).id, &arena, NULL),
        ERR_NOT_FOUND);
    round_exchange(r);
    assert_int_equal(recalls_evidence(&evidence, r->hillside->db,
                         last_recall(r).id, &arena, NULL),
        0);
    assert_int_equal(seal_verify(&content, NULL, evidence,
                         r->northgate->identity->sign_cert, NULL),
        0);
    assert_int_equal(
        batch_decode(&batch, buf_bytes(&content), &arena, NULL), 0);
    assert_int_equal(batch.items[0].kind, ITEM_DESTROYED);
    assert_string_equal(batch.items[0].u.destroyed.upn, UPN);
    assert_int_equal(batch.items[0].u.destroyed.revision, 2);
}

/* --- destination changes in August --- */

/* What `dest set` said; frees it. */
static void assert_moved(
    json_t *result, bool recalled, bool not_recalled, bool sent)
{
    const json_t *moved = json_object_get(result, "moved");

    assert_int_equal(
        json_is_true(json_object_get(moved, "recalled")), recalled);
    assert_int_equal(
        json_is_true(json_object_get(moved, "not_recalled")), not_recalled);
    assert_int_equal(json_is_true(json_object_get(moved, "sent")), sent);
    json_decref(result);
}

static void test_destination_changes_in_august(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    json_t *one;
    json_t *recalls;

    start(r, &child);
    move(r, r->stannes);
    /* the old school is away: the new one has the record all the same */
    while (round_put(r, r->hillside))
        continue;
    assert_int_equal(cluster_records(r->stannes), 1);
    one = listed(r);
    assert_string_equal(
        json_string_value(json_object_get(one, "to")), CLUSTER_NUMBERS[3]);
    recalls = json_object_get(one, "recalls");
    assert_int_equal(json_array_size(recalls), 1);
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(recalls, 0), "school")),
        CLUSTER_NUMBERS[2]);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(recalls, 0), "kind")),
        "moved");
    assert_true(json_is_null(
        json_object_get(json_array_get(recalls, 0), "confirmed_at")));
    assert_true(
        json_is_true(json_object_get(json_array_get(recalls, 0), "sent")));
    json_decref(one);

    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);
    assert_int_equal(cluster_records(r->stannes), 1);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
    assert_true(last_recall(r).confirmed_at.ms > 0);
}

static void test_there_and_back_leaves_it_at_the_last_school(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    move(r, r->stannes);
    move(r, r->northgate);
    move(r, r->stannes);
    move(r, r->northgate);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(cluster_records(r->stannes), 0);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
}

/* What the old school said of it does not count for the new one. */
static void test_nothing_of_the_old_school_is_left_in_the_row(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct leavers_row row;
    struct leaver known;
    json_t *result;

    start(r, &child);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(
        roll_find(&row, &known, r->hillside, UPN, &arena, NULL), 0);
    row.read_revision = row.revision;
    row.read_at = (wall){70};
    snprintf(row.read_role, sizeof row.read_role, "DSL");
    assert_int_equal(leavers_put(r->hillside->db, &row, NULL), 0);
    round_commit(r->hillside);
    result = round_ask(recall_redirect, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "to", CLUSTER_NUMBERS[3]));
    assert_moved(result, true, false, true);
    row = round_row(r, UPN);
    assert_int_equal(row.read_revision, 0);
    assert_int_equal(row.read_at.ms, 0);
    assert_string_equal(row.read_role, "");
    assert_int_equal(row.recalled_at.ms, 0);
    assert_int_equal(row.sent_revision, row.revision); /* to the new one */
}

/* The tombstone cannot be sealed; the child goes on all the same, and a person
 * has to know. */
static void test_a_school_that_left_is_not_asked(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    json_t *one;
    json_t *recalls;

    start(r, &child);
    assert_int_equal(
        authority_revoke(r->cluster.authority, &r->northgate->identity->laestab,
            "left", clock_wall(), NULL),
        0);
    cluster_publish(&r->cluster);
    assert_moved(
        round_ask(recall_redirect, r->hillside,
            json_pack("{s:s,s:s}", "upn", UPN, "to", CLUSTER_NUMBERS[3])),
        false, true, true);
    one = listed(r);
    recalls = json_object_get(one, "recalls");
    assert_true(
        json_is_false(json_object_get(json_array_get(recalls, 0), "sent")));
    json_decref(one);
    while (round_put(r, r->hillside))
        continue;
    assert_int_equal(cluster_records(r->stannes), 1);
}

static void test_before_sending_only_the_destination_changes(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct leavers_row row = {.revision = 1};

    round_child(&child, r);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(roll_store(r->hillside, &row, &child.leaver, NULL), 0);
    round_commit(r->hillside);
    assert_moved(
        round_ask(recall_redirect, r->hillside,
            json_pack("{s:s,s:s}", "upn", UPN, "to", CLUSTER_NUMBERS[3])),
        false, false, false);
    assert_false(round_put(r, r->hillside));
    assert_int_equal(round_row(r, UPN).state, LEAVER_READY);
    assert_string_equal(round_row(r, UPN).destination.text, CLUSTER_NUMBERS[3]);
}

static json_t *only_upn(void)
{
    return json_pack("{s:s,s:s}", "upn", UPN, "reason", "wrong school");
}

static json_t *upn_to(const char *to)
{
    return json_pack("{s:s,s:s}", "upn", UPN, "to", to);
}

static void test_what_cannot_be_recalled_or_moved_says_why(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct leavers_row row = {.revision = 1};

    round_child(&child, r);
    assert_refuses(r, recall_leaver, only_upn(), "no leaver here has that UPN");
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(roll_store(r->hillside, &row, &child.leaver, NULL), 0);
    round_commit(r->hillside);
    assert_refuses(r, recall_leaver, only_upn(),
        "this record was not sent yet: there is nothing to recall");
    assert_refuses(r, recall_redirect, upn_to(CLUSTER_NUMBERS[2]),
        "that is where this leaver goes already");
    assert_refuses(r, recall_redirect, upn_to("8739999"),
        "The school is not in this cluster: send its records as before, or "
        "wait until it joins");
    assert_refuses(r, recall_redirect, json_pack("{s:s}", "upn", UPN),
        "say where to: --to LAESTAB");
    start(r, &child);
    assert_refuses(r, recall_leaver, json_pack("{s:s}", "upn", UPN),
        "say why: --reason TEXT");
    recall(r);
    assert_refuses(
        r, recall_leaver, only_upn(), "this record was recalled already");
}

static void test_a_recalled_leaver_is_not_sent_by_mistake(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    json_t *result;
    json_t *skipped;

    start(r, &child);
    recall(r);
    round_exchange(r);
    result =
        round_ask(roll_send, r->hillside, json_pack("{s:[s]}", "upns", UPN));
    skipped = json_array_get(json_object_get(result, "skipped"), 0);
    assert_string_equal(
        json_string_value(json_object_get(skipped, "reason")), "recalled");
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_recall_destroys_the_record_and_is_confirmed),
        CASE(test_a_recall_that_was_forgotten_is_known_again),
        CASE(test_the_confirmation_is_signed_by_the_school),
        CASE(test_destination_changes_in_august),
        CASE(test_there_and_back_leaves_it_at_the_last_school),
        CASE(test_nothing_of_the_old_school_is_left_in_the_row),
        CASE(test_a_school_that_left_is_not_asked),
        CASE(test_before_sending_only_the_destination_changes),
        CASE(test_what_cannot_be_recalled_or_moved_says_why),
        CASE(test_a_recalled_leaver_is_not_sent_by_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
