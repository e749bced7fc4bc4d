/* recall_fixture - a child whose record Hillside recalls from Northgate. */
#ifndef TESTS_RECALL_FIXTURE_H
#define TESTS_RECALL_FIXTURE_H

#include "round.h"
#include "store/recalls.h"

/* Northgate has the record, in revision 1, and Hillside knows that. */
static inline void start(struct round *r, struct cluster_child *child)
{
    round_child(child, r);
    round_send(r, child);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
}

static inline void recall(struct round *r)
{
    json_decref(round_ask(recall_leaver, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "reason", "wrong school")));
}

static inline void move(struct round *r, const struct agent *to)
{
    json_decref(round_ask(recall_redirect, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "to", to->identity->laestab.text)));
}

/* A command that is refused says why. */
static inline void assert_refuses(
    struct round *r, request_handler *handle, json_t *args, const char *text)
{
    struct err why;
    json_t *result = round_try(handle, r->hillside, args, &why);

    assert_null(result);
    assert_string_equal(why.text, text);
}

static inline json_t *listed(struct round *r)
{
    json_t *result = round_ask(roll_list, r->hillside, json_object());
    json_t *one =
        json_incref(json_array_get(json_object_get(result, "leavers"), 0));

    json_decref(result);
    return one;
}

static inline int note_recall(void *arg, const struct recall *found)
{
    struct recall *out = arg;

    *out = *found;
    out->sealed = (struct bytes){NULL, 0};
    return 0;
}

static inline struct recall last_recall(struct round *r)
{
    struct recall out = {.id = 0};

    assert_int_equal(
        recalls_each(r->hillside->db, 0, note_recall, &out, NULL), 0);
    return out;
}

static inline void find_record(
    struct inbox_record *row, struct agent *at, struct arena *arena)
{
    struct tag tag;

    agent_upn_tag(&tag, at, UPN);
    assert_int_equal(inbox_find_record(row, at->db, &tag, arena, NULL), 0);
}

/* Hillside says that this revision and all before it are gone. */
static inline void bury(struct round *r, const char *upn, uint64_t revision)
{
    struct batch_item item = {.kind = ITEM_TOMBSTONE,
        .u.tombstone = {upn, revision, TOMBSTONE_RECALLED}};
    uint64_t first;
    int64_t stream;

    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(
        sender_append(r->hillside, &first, &stream,
            &r->northgate->identity->laestab, LANE_URGENT, &item, 1, NULL),
        0);
    round_commit(r->hillside);
    assert_true(round_put(r, r->hillside));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

#endif
