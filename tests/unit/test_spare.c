/* spare: recalls of a restored school that would destroy many records at once
 * wait for a person; those that somebody makes afterwards do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/checks.h"
#include "agentd/spare.h"
#include "record/upn.h"
#include "round.h"

#define MOST 60

/* Numbers from 8012000050. */
static const char *upn_of(char out[16], unsigned child)
{
    snprintf(out, 16, "B8012000050%02u", child % 100);
    (void)upn_check(out, &out[0]);
    return out;
}

/* So many children, as one batch. */
static void send_children(struct round *r, unsigned count)
{
    struct sender_row rows[MOST];
    struct agent *from = r->hillside;

    assert_int_equal(db_begin(from->db, NULL), 0);
    for (unsigned i = 0; i < count; i++) {
        struct leavers_row row = {.revision = 1};
        struct cluster_child child;
        char upn[16];

        cluster_child(
            &child, upn_of(upn, i), "Tariq", &r->northgate->identity->laestab);
        assert_int_equal(roll_store(from, &row, &child.leaver, NULL), 0);
        rows[i] = (struct sender_row){row.id, row.destination};
    }
    assert_int_equal(sender_seal_rows(from, LANE_NORMAL, rows, count, NULL), 0);
    round_commit(from);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), count);
}

static void recall(struct round *r, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        char upn[16];

        json_decref(round_ask(recall_leaver, r->hillside,
            json_pack("{s:s,s:s}", "upn", upn_of(upn, i), "reason", "wrong")));
    }
}

static void go_back(struct round *r)
{
    incarnation_suspect(r->hillside, 0, "a test");
    round_exchange(r);
}

/* The recalls are in the backup that Hillside goes back to, and Northgate has
 * never heard of them. */
static void recall_and_go_back(
    struct round *r, unsigned records, unsigned count)
{
    send_children(r, records);
    recall(r, 0, count);
    go_back(r);
}

/* The level and the step of the check "recalls"; false if there is none. */
static bool check(struct agent *agent, const char *next)
{
    json_t *list = json_array();
    bool found = false;

    spare_checks(list, agent);
    for (size_t i = 0; i < json_array_size(list); i++)
        found |= strstr(json_string_value(
                            json_object_get(json_array_get(list, i), "next")),
                     next) != NULL;
    json_decref(list);
    return found;
}

static uint64_t quarantined(struct agent *agent)
{
    uint64_t count = 0;

    assert_int_equal(inbox_quarantine_count(&count, agent->db, NULL), 0);
    return count;
}

static int note_id(void *arg, const struct quarantine_row *row)
{
    *(int64_t *)arg = row->id;
    return 1;
}

static int64_t newest(struct agent *agent)
{
    int64_t id = 0;

    assert_int_equal(inbox_quarantine_each(agent->db, note_id, &id, NULL), 1);
    return id;
}

static void approve(struct round *r)
{
    struct mail_debts debts = {.count = 0};
    size_t count;

    assert_int_equal(db_begin(r->northgate->db, NULL), 0);
    assert_int_equal(spare_approve(&count, r->northgate,
                         &r->hillside->identity->laestab, &debts, NULL),
        0);
    assert_int_equal(count, 1);
    assert_int_equal(mail_settle(r->northgate, &debts, NULL), 0);
    round_commit(r->northgate);
    mail_committed(r->northgate, &debts);
    round_exchange(r);
}

static void test_many_recalls_of_a_restored_school_wait(void **state)
{
    struct round *r = *state;

    recall_and_go_back(r, MOST, 6);
    assert_int_equal(cluster_records(r->northgate), MOST);
    assert_int_equal(quarantined(r->northgate), 1);
    assert_true(check(r->northgate, "moveup approve 8732001"));
    assert_true(check(r->hillside, "moveup approve 8732001"));

    approve(r);
    assert_int_equal(cluster_records(r->northgate), MOST - 6);
    assert_int_equal(quarantined(r->northgate), 0);
    assert_false(check(r->northgate, ""));
    assert_false(check(r->hillside, ""));
}

static void test_a_tenth_of_a_small_school_waits_too(void **state)
{
    struct round *r = *state;

    recall_and_go_back(r, 10, 2);
    assert_int_equal(cluster_records(r->northgate), 10);
    assert_true(check(r->northgate, "moveup approve 8732001"));
}

static void test_a_few_recalls_are_applied_at_once(void **state)
{
    struct round *r = *state;

    recall_and_go_back(r, MOST, 5);
    assert_int_equal(cluster_records(r->northgate), MOST - 5);
    assert_int_equal(quarantined(r->northgate), 0);
    assert_false(check(r->northgate, ""));
}

/* However they are cut into letters. */
static void test_few_wait_where_others_wait_already(void **state)
{
    struct round *r = *state;
    char upn[16];
    struct batch_item more = {.kind = ITEM_TOMBSTONE,
        .u.tombstone = {upn_of(upn, 7), 2, TOMBSTONE_RECALLED}};
    uint64_t first;
    int64_t stream;

    recall_and_go_back(r, MOST, 6);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(
        sender_append(r->hillside, &first, &stream,
            &r->northgate->identity->laestab, LANE_NORMAL, &more, 1, NULL),
        0);
    round_commit(r->hillside);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), MOST);
    assert_int_equal(quarantined(r->northgate), 2);
}

/* A school that never went back, and one that decides so afterwards. */
static void test_what_a_person_recalls_now_does_not_wait(void **state)
{
    struct round *r = *state;

    send_children(r, 10);
    recall(r, 0, 3);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 7);
    go_back(r);
    recall(r, 3, 3);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 4);
    assert_int_equal(quarantined(r->northgate), 0);
}

static void test_trying_again_is_no_approval(void **state)
{
    struct round *r = *state;

    recall_and_go_back(r, 10, 2);
    for (int i = 0; i < 2; i++)
        json_decref(round_ask(aside_retry, r->northgate,
            json_pack("{s:I}", "id", (json_int_t)newest(r->northgate))));
    assert_int_equal(cluster_records(r->northgate), 10);
    assert_int_equal(quarantined(r->northgate), 1);
}

/* What was approved once need not be approved again; the next restore is
 * another story. */
static void test_an_approval_is_for_one_restore(void **state)
{
    struct round *r = *state;

    recall_and_go_back(r, 20, 3);
    approve(r);
    assert_int_equal(cluster_records(r->northgate), 17);
    recall(r, 3, 3);
    go_back(r);
    assert_int_equal(cluster_records(r->northgate), 17);
    assert_true(check(r->northgate, "moveup approve 8732001"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_many_recalls_of_a_restored_school_wait),
        CASE(test_a_tenth_of_a_small_school_waits_too),
        CASE(test_a_few_recalls_are_applied_at_once),
        CASE(test_few_wait_where_others_wait_already),
        CASE(test_what_a_person_recalls_now_does_not_wait),
        CASE(test_trying_again_is_no_approval),
        CASE(test_an_approval_is_for_one_restore),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
