/* reseal: what a recipient could not read goes again by itself, and what it
 * cannot take for good is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/aside.h"
#include "agentd/reseal.h"
#include "round.h"
#include "store/retries.h"
#include "store/statement.h"
#include "unput.h"

static void assert_state(
    struct round *r, enum leaver_state state, enum reason reason)
{
    const struct leavers_row row = round_row(r, UPN);

    assert_string_equal(
        leavers_state_name(row.state), leavers_state_name(state));
    assert_int_equal(row.reason, reason);
}

static uint64_t count_refused(struct round *r)
{
    uint64_t count;

    assert_int_equal(retries_refused(&count, r->hillside->db, NULL), 0);
    return count;
}

static void test_a_letter_damaged_on_its_way_goes_again(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    uint64_t aside;

    round_child(&child, r);
    round_send(r, &child);
    r->damage = 1;
    round_exchange(r);
    assert_state(r, LEAVER_APPLIED, REASON_NONE);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_false(id_equal(&r->kept[0].envelope, &r->kept[2].envelope));
    /* the damaged one is still shown to the recipient's people */
    assert_int_equal(inbox_quarantine_count(&aside, r->northgate->db, NULL), 0);
    assert_int_equal(aside, 1);
}

static void test_a_damaged_header_does_not_hide_which_letter_it_was(
    void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_letter *letter;
    struct outbox_batch batch;
    struct cluster_child child;

    round_child(&child, r);
    round_send(r, &child);
    assert_int_equal(
        unput_batches(&batch, 1, r->hillside->db, &arena, NULL), 1);
    letter = round_keep(r, &batch.envelope, batch.header, batch.sealed);
    letter->header.epoch.bytes[3] ^= 1;
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(outbox_mark_put(r->hillside->db, &batch.envelope,
                         clock_wall(), REASON_NONE, NULL),
        0);
    round_commit(r->hillside);
    round_deliver(r, letter);
    assert_int_equal(cluster_records(r->northgate), 0);
    round_exchange(r);
    assert_state(r, LEAVER_APPLIED, REASON_NONE);
}

/* Damage the bytes that wait in the author's own database. */
static void damage_at_rest(struct round *r)
{
    static const char damage[] =
        "UPDATE letters_out SET sealed = zeroblob(length(sealed))";

    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(statement_exec(r->hillside->db, damage, NULL), 0);
    round_commit(r->hillside);
}

static void test_a_letter_damaged_at_rest_is_made_anew(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    round_child(&child, r);
    round_send(r, &child);
    damage_at_rest(r);
    round_exchange(r);
    assert_state(r, LEAVER_APPLIED, REASON_NONE);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(count_refused(r), 0);
}

static void test_a_damaged_tombstone_is_made_anew(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    round_child(&child, r);
    round_send(r, &child);
    round_exchange(r);
    json_decref(round_ask(recall_leaver, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "reason", "wrong school")));
    damage_at_rest(r);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);
    assert_int_equal(count_refused(r), 0);
}

/* A snapshot has what the school has now, in an epoch of its own. */
static void test_another_content_never_goes_under_the_same_number(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct leavers_row row;
    struct leaver known;

    round_child(&child, r);
    round_send(r, &child);
    damage_at_rest(r);
    assert_int_equal(
        roll_find(&row, &known, r->hillside, UPN, &arena, NULL), 0);
    child.leaver.forename = "Tarik";
    row.revision++;
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(roll_store(r->hillside, &row, &child.leaver, NULL), 0);
    round_commit(r->hillside);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(count_refused(r), 0);
    assert_state(r, LEAVER_APPLIED, REASON_NONE);
    for (size_t i = 0; i < r->kept_count; i++)
        for (size_t j = 0; j < i; j++)
            if (r->kept[i].header.lane == LANE_NORMAL &&
                id_equal(&r->kept[i].header.epoch, &r->kept[j].header.epoch))
                assert_int_equal(r->kept[i].sealed.len, r->kept[j].sealed.len);
}

static void test_three_times_a_day_and_then_it_is_shown(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    size_t sent = 0;

    round_child(&child, r);
    round_send(r, &child);
    r->damage = 100;
    round_exchange(r);
    for (size_t i = 0; i < r->kept_count; i++)
        sent += r->kept[i].header.lane == LANE_NORMAL;
    assert_int_equal(sent, 1 + RESEAL_A_DAY);
    assert_state(r, LEAVER_REJECTED, REASON_CANNOT_DECRYPT);
    assert_int_equal(count_refused(r), 1);
}

/* Whether the oldest batch that waits goes again after one more refusal. */
static bool refuse(struct round *r, wall now)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch batch;
    bool again = false;

    assert_int_equal(
        unput_batches(&batch, 1, r->hillside->db, &arena, NULL), 1);
    assert_int_equal(reseal_batch(&again, r->hillside, &batch, now, NULL), 0);
    return again;
}

static void test_the_next_day_it_may_go_again(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    const wall today = clock_wall();

    round_child(&child, r);
    round_send(r, &child);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    for (int i = 0; i < RESEAL_A_DAY; i++)
        assert_true(refuse(r, today));
    assert_false(refuse(r, today));
    assert_true(refuse(r, (wall){today.ms + 24 * 3600 * 1000}));
    round_commit(r->hillside);
}

static void test_only_damage_is_sent_again(void **state)
{
    (void)state;
    assert_true(reseal_may_mend(REASON_CANNOT_DECRYPT));
    assert_true(reseal_may_mend(REASON_BAD_SIGNATURE));
    assert_true(reseal_may_mend(REASON_NOT_AUTHENTICATED));
    assert_true(reseal_may_mend(REASON_HEADER_MISMATCH));
    assert_true(reseal_may_mend(REASON_BAD_HEADER));
    assert_false(reseal_may_mend(REASON_TOO_LARGE));
    assert_false(reseal_may_mend(REASON_BAD_BATCH));
    assert_false(reseal_may_mend(REASON_NEW_SCHEMA));
    assert_false(reseal_may_mend(REASON_EQUIVOCATION));
    assert_false(reseal_may_mend(REASON_REPLAY));
    assert_false(reseal_may_mend(REASON_NOT_OURS));
}

/* --- not ours, and the inbox --- */

/* Northgate gets a record that names St Anne's: as if somebody had mistaken
 * the school. */
static void send_astray(struct round *r)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct leavers_row row;
    struct tag tag;

    cluster_child(&child, UPN, "Tariq", &r->stannes->identity->laestab);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    row = (struct leavers_row){.revision = 1};
    assert_int_equal(roll_store(r->hillside, &row, &child.leaver, NULL), 0);
    agent_upn_tag(&tag, r->hillside, UPN);
    assert_int_equal(
        leavers_find(&row, r->hillside->db, &tag, &arena, NULL), 0);
    row.destination = r->northgate->identity->laestab;
    assert_int_equal(leavers_put(r->hillside->db, &row, NULL), 0);
    assert_int_equal(
        sender_append_leaver(r->hillside, LANE_NORMAL, &tag, NULL), 0);
    round_commit(r->hillside);
    round_exchange(r);
}

static json_t *inbox(struct round *r)
{
    json_t *result = round_ask(asks_list, r->hillside, json_object());
    json_t *list = json_incref(json_object_get(result, "requests"));

    json_decref(result);
    return list;
}

static const char *field(const json_t *list, const char *name)
{
    return json_string_value(json_object_get(json_array_get(list, 0), name));
}

static void assert_inbox_is_empty(struct round *r)
{
    json_t *list = inbox(r);

    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
}

static void test_wrong_school_receives_a_record(void **state)
{
    struct round *r = *state;
    struct cluster_child other;
    json_t *list;

    send_astray(r);
    assert_int_equal(cluster_records(r->northgate), 0);
    assert_state(r, LEAVER_QUARANTINED, REASON_NOT_OURS);
    list = inbox(r);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(field(list, "id"), "1");
    assert_string_equal(field(list, "from"), CLUSTER_NUMBERS[2]);
    assert_string_equal(field(list, "upn"), UPN);
    assert_string_equal(field(list, "kind"), "not-ours");
    assert_non_null(field(list, "due"));
    json_decref(list);

    /* what follows is not held up, and nothing is asked twice */
    cluster_child(
        &other, "M801200005002", "Amina", &r->northgate->identity->laestab);
    round_send(r, &other);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    list = inbox(r);
    assert_int_equal(json_array_size(list), 1);
    json_decref(list);

    /* the right school gets it, and the request is done with */
    json_decref(round_ask(recall_redirect, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "to", CLUSTER_NUMBERS[3])));
    round_exchange(r);
    assert_int_equal(cluster_records(r->stannes), 1);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_inbox_is_empty(r);
}

static void test_an_answer_closes_a_request_once(void **state)
{
    struct round *r = *state;
    struct err why;

    send_astray(r);
    json_decref(round_ask(answers_give, r->hillside,
        json_pack("{s:i,s:s}", "id", 1, "text", "rang them on Tuesday")));
    assert_inbox_is_empty(r);
    assert_null(round_try(answers_give, r->hillside,
        json_pack("{s:i,s:s}", "id", 1, "text", "again"), &why));
    assert_string_equal(why.text, "no request with that number is open");
    assert_null(round_try(
        answers_give, r->hillside, json_pack("{s:i}", "id", 1), &why));
}

static void test_what_is_dropped_stays_an_exception(void **state)
{
    struct round *r = *state;
    struct cluster_child other;
    int64_t id;

    send_astray(r);
    id = round_aside(r->northgate);
    json_decref(round_ask(aside_drop, r->northgate,
        json_pack("{s:I,s:s}", "id", id, "reason", "not our child")));
    cluster_child(
        &other, "M801200005002", "Amina", &r->northgate->identity->laestab);
    round_send(r, &other);
    round_exchange(r);
    assert_state(r, LEAVER_QUARANTINED, REASON_NOT_OURS);
    assert_int_equal(round_aside(r->northgate), 0);
    /* The same letter once more, as somebody may have asked for: it is looked
     * at anew, and is still not ours. */
    round_deliver(r, &r->kept[0]);
    assert_true(round_aside(r->northgate) > id);
    assert_int_equal(cluster_records(r->northgate), 1);
}

static void test_a_retry_after_a_recall_brings_nothing_back(void **state)
{
    struct round *r = *state;
    int64_t id;

    send_astray(r);
    json_decref(round_ask(recall_redirect, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "to", CLUSTER_NUMBERS[3])));
    round_exchange(r);
    id = round_aside(r->northgate);
    json_decref(
        round_ask(aside_retry, r->northgate, json_pack("{s:I}", "id", id)));
    assert_int_equal(cluster_records(r->northgate), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_letter_damaged_on_its_way_goes_again),
        CASE(test_a_damaged_header_does_not_hide_which_letter_it_was),
        CASE(test_a_letter_damaged_at_rest_is_made_anew),
        CASE(test_a_damaged_tombstone_is_made_anew),
        CASE(test_another_content_never_goes_under_the_same_number),
        CASE(test_three_times_a_day_and_then_it_is_shown),
        CASE(test_the_next_day_it_may_go_again),
        CASE(test_only_damage_is_sent_again),
        CASE(test_wrong_school_receives_a_record),
        CASE(test_an_answer_closes_a_request_once),
        CASE(test_what_is_dropped_stays_an_exception),
        CASE(test_a_retry_after_a_recall_brings_nothing_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
