/* recall: a record that is taken back is destroyed, confirmed, and nothing of
 * it ever comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "agentd/recall.h"
#include "agentd/snapshot.h"
#include "crypto/seal.h"
#include "round.h"
#include "store/recalls.h"

#define UPN "B801200005001"
#define FORMER "K87320012501A"

static void fill(struct cluster_child *child, struct round *r)
{
    cluster_child(child, UPN, "Tariq", &r->northgate->identity->laestab);
}

/* Northgate has the record, in revision 1, and Hillside knows that. */
static void start(struct round *r, struct cluster_child *child)
{
    fill(child, r);
    round_send(r, child);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
}

static void recall(struct round *r)
{
    json_decref(round_ask(recall_leaver, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "reason", "wrong school")));
}

static void move(struct round *r, const struct agent *to)
{
    json_decref(round_ask(recall_redirect, r->hillside,
        json_pack("{s:s,s:s}", "upn", UPN, "to", to->identity->laestab.text)));
}

/* A command that is refused says why. */
static void assert_refuses(
    struct round *r, request_handler *handle, json_t *args, const char *text)
{
    struct err why;
    json_t *result = round_try(handle, r->hillside, args, &why);

    assert_null(result);
    assert_string_equal(why.text, text);
}

static json_t *listed(struct round *r)
{
    json_t *result = round_ask(roll_list, r->hillside, json_object());
    json_t *one =
        json_incref(json_array_get(json_object_get(result, "leavers"), 0));

    json_decref(result);
    return one;
}

static int note_recall(void *arg, const struct recall *found)
{
    struct recall *out = arg;

    *out = *found;
    out->sealed = (struct bytes){NULL, 0};
    return 0;
}

static struct recall last_recall(struct round *r)
{
    struct recall out = {.id = 0};

    assert_int_equal(
        recalls_each(r->hillside->db, 0, note_recall, &out, NULL), 0);
    return out;
}

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

/* --- what is left in the files --- */

static bool is_in(const char *state, const char *name, struct bytes what)
{
    SCOPED(mem_freep) char *path = file_path(state, name);
    SCOPED(buf_free) struct buf data = BUF_EMPTY;

    return file_read(&data, path, 64 << 20, NULL) == 0 && data.len > 0 &&
           memmem(data.data, data.len, what.data, what.len) != NULL;
}

static bool is_in_files(const struct agent *agent, struct bytes what)
{
    return is_in(agent->identity->state, "agent.db", what) ||
           is_in(agent->identity->state, "agent.db-wal", what);
}

static void find_record(
    struct inbox_record *row, struct agent *at, struct arena *arena)
{
    struct tag tag;

    agent_upn_tag(&tag, at, UPN);
    assert_int_equal(inbox_find_record(row, at->db, &tag, arena, NULL), 0);
}

static void test_nothing_of_the_record_is_left_in_the_files(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(mem_freep) char *person = NULL;
    struct cluster_child child;
    struct inbox_record row;
    struct vault_tag mother;
    struct bytes middle;

    start(r, &child);
    find_record(&row, r->northgate, &arena);
    middle = (struct bytes){row.sealed.data + row.sealed.len / 2, 32};
    person = mem_format("%s/P77", r->hillside->identity->laestab.text);
    vault_tag(&mother, r->northgate->vault, "person", bytes_of(person));
    assert_true(is_in_files(r->northgate, middle));
    assert_true(is_in_files(
        r->northgate, (struct bytes){mother.bytes, sizeof mother.bytes}));
    recall(r);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);
    assert_false(is_in_files(r->northgate, middle));
    assert_false(is_in_files(
        r->northgate, (struct bytes){mother.bytes, sizeof mother.bytes}));
}

static void test_a_sibling_keeps_the_family(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct cluster_child sibling;
    struct inbox_record row;
    struct tag tag;
    int64_t family;

    start(r, &child);
    find_record(&row, r->northgate, &arena);
    family = row.family;
    cluster_child(
        &sibling, "M801200005002", "Amina", &r->northgate->identity->laestab);
    round_send(r, &sibling);
    round_exchange(r);
    recall(r);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    round_send(r, &sibling);
    round_exchange(r);
    agent_upn_tag(&tag, r->northgate, "M801200005002");
    assert_int_equal(
        inbox_find_record(&row, r->northgate->db, &tag, &arena, NULL), 0);
    assert_int_equal(row.family, family);
}

/* --- nothing comes back --- */

static void test_no_letter_of_before_brings_it_back(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    size_t before;

    start(r, &child);
    child.leaver.forename = "Tarik";
    round_send(r, &child);
    round_exchange(r);
    before = r->kept_count;
    recall(r);
    round_exchange(r);
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < before; i++) {
            if (turn == 1) /* as after a hub's loss: another name */
                id_new(&r->kept[i].envelope);
            round_deliver(r, &r->kept[i]);
        }
    assert_int_equal(cluster_records(r->northgate), 0);
}

static void test_an_older_revision_in_a_new_epoch_does_not_come_back(
    void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct header header = {STREAM_VERSION, r->hillside->identity->laestab,
        r->northgate->identity->laestab, LANE_NORMAL, {{7}}, 1, 1,
        STREAM_TTL_DAYS};

    start(r, &child);
    recall(r);
    round_exchange(r);
    for (uint64_t revision = 1; revision <= 3; revision++) {
        SCOPED(cluster_letter_free)
        struct cluster_letter letter = {.header = {0}};

        header.epoch.bytes[0]++;
        cluster_write(&letter, r->hillside, &header, &child.leaver, revision);
        round_deliver(r, &letter);
        assert_int_equal(cluster_records(r->northgate), revision == 3);
    }
}

static void test_a_tombstone_may_overtake_the_record(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    fill(&child, r);
    round_send(r, &child);
    recall(r);
    assert_true(round_put(r, r->hillside));
    assert_int_equal(r->kept[0].header.lane, LANE_URGENT);
    assert_true(round_put(r, r->hillside));
    assert_int_equal(r->kept[1].header.lane, LANE_NORMAL);
    assert_int_equal(cluster_records(r->northgate), 0);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);
    assert_true(last_recall(r).confirmed_at.ms > 0);
}

static void test_a_child_who_comes_back_is_taken_again(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    size_t recalled;

    start(r, &child);
    recalled = r->kept_count;
    recall(r);
    round_exchange(r);
    move(r, r->northgate);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
    /* and the late tombstone does not destroy it again */
    id_new(&r->kept[recalled].envelope);
    r->kept[recalled].header.lane = LANE_URGENT;
    round_deliver(r, &r->kept[recalled]);
    assert_int_equal(cluster_records(r->northgate), 1);
}

static void test_a_tombstone_of_another_school_destroys_nothing(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct batch_item item = {
        .kind = ITEM_TOMBSTONE, .u.tombstone = {UPN, 99, TOMBSTONE_RECALLED}};
    uint64_t first;
    int64_t stream;

    start(r, &child);
    assert_int_equal(db_begin(r->fairfield->db, NULL), 0);
    assert_int_equal(
        sender_append(r->fairfield, &first, &stream,
            &r->northgate->identity->laestab, LANE_URGENT, &item, 1, NULL),
        0);
    round_commit(r->fairfield);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    child.leaver.forename = "Tarik";
    round_send(r, &child);
    round_exchange(r);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
}

static void test_a_confirmation_nobody_asked_for_has_no_effect(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct batch_item item = {
        .kind = ITEM_DESTROYED, .u.destroyed = {UPN, 99, {1790000000000}}};
    uint64_t first;
    int64_t stream;

    start(r, &child);
    recall(r);
    assert_int_equal(db_begin(r->stannes->db, NULL), 0);
    assert_int_equal(
        sender_append(r->stannes, &first, &stream,
            &r->hillside->identity->laestab, LANE_NORMAL, &item, 1, NULL),
        0);
    round_commit(r->stannes);
    assert_true(round_put(r, r->stannes));
    assert_int_equal(last_recall(r).confirmed_at.ms, 0);
}

/* --- a UPN that was replaced --- */

static struct cluster_letter rename_child(
    struct round *r, struct cluster_child *child, uint64_t revision)
{
    struct cluster_letter letter = {.header = {0}};
    const struct cluster_record what = {
        &child->leaver, revision, FORMER, false};
    const struct header header = {STREAM_VERSION,
        r->hillside->identity->laestab, r->northgate->identity->laestab,
        LANE_NORMAL, {{9}}, 1, 1, STREAM_TTL_DAYS};

    child->leaver.upn = UPN;
    cluster_write_record(&letter, r->hillside, &header, &what);
    return letter;
}

static void test_a_late_letter_under_the_former_upn_makes_no_second_record(
    void **state)
{
    struct round *r = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter late = {.header = {0}};
    struct cluster_child child;
    struct header header = {STREAM_VERSION, r->hillside->identity->laestab,
        r->northgate->identity->laestab, LANE_URGENT, {{8}}, 1, 1,
        STREAM_TTL_DAYS};

    fill(&child, r);
    child.leaver.upn = FORMER;
    cluster_write(&late, r->hillside, &header, &child.leaver, 1);
    letter = rename_child(r, &child, 2);
    round_deliver(r, &letter);
    assert_int_equal(cluster_records(r->northgate), 1);
    round_deliver(r, &late);
    assert_int_equal(cluster_records(r->northgate), 1);
}

static void test_a_recall_under_the_former_upn_finds_the_record(void **state)
{
    struct round *r = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    struct cluster_child child;
    struct batch_item item = {
        .kind = ITEM_TOMBSTONE, .u.tombstone = {FORMER, 3, TOMBSTONE_RECALLED}};
    uint64_t first;
    int64_t stream;

    fill(&child, r);
    letter = rename_child(r, &child, 2);
    round_deliver(r, &letter);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(
        sender_append(r->hillside, &first, &stream,
            &r->northgate->identity->laestab, LANE_URGENT, &item, 1, NULL),
        0);
    round_commit(r->hillside);
    assert_true(round_put(r, r->hillside));
    assert_int_equal(cluster_records(r->northgate), 0);
    letter.header.epoch.bytes[0]++;
    cluster_letter_free(&letter);
    letter = rename_child(r, &child, 3);
    round_deliver(r, &letter);
    assert_int_equal(cluster_records(r->northgate), 0);
}

static void test_a_former_upn_that_comes_is_not_kept(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct header header = {STREAM_VERSION, r->hillside->identity->laestab,
        r->northgate->identity->laestab, LANE_NORMAL, {{5}}, 1, 1,
        STREAM_TTL_DAYS};

    fill(&child, r);
    child.leaver.former_upn = FORMER;
    for (uint64_t revision = 1; revision <= 2; revision++) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        SCOPED(cluster_letter_free)
        struct cluster_letter letter = {.header = {0}};
        const struct cluster_record what = {
            &child.leaver, revision, NULL, true};
        struct inbox_record row;
        struct leaver kept;

        header.epoch.bytes[0]++;
        cluster_write_record(&letter, r->hillside, &header, &what);
        round_deliver(r, &letter);
        find_record(&row, r->northgate, &arena);
        assert_int_equal(row.revision, revision);
        assert_int_equal(blob_open(&kept, r->northgate, BLOB_RECORD, row.id,
                             row.sealed, &arena, NULL),
            0);
        assert_string_equal(kept.former_upn, "");
    }
}

static void test_a_removed_contact_does_not_come_back(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct inbox_record row;
    struct leaver kept;
    size_t before;

    start(r, &child);
    before = r->kept_count;
    child.contacts[1].left_out = true;
    round_send(r, &child);
    round_exchange(r);
    for (size_t i = 0; i < before; i++) {
        id_new(&r->kept[i].envelope);
        round_deliver(r, &r->kept[i]);
    }
    {
        SCOPED(cluster_letter_free)
        struct cluster_letter old = {.header = {0}};
        const struct header header = {STREAM_VERSION,
            r->hillside->identity->laestab, r->northgate->identity->laestab,
            LANE_NORMAL, {{9}}, 1, 1, STREAM_TTL_DAYS};

        child.contacts[1].left_out = false;
        cluster_write(&old, r->hillside, &header, &child.leaver, 1);
        round_deliver(r, &old);
    }
    find_record(&row, r->northgate, &arena);
    assert_int_equal(blob_open(&kept, r->northgate, BLOB_RECORD, row.id,
                         row.sealed, &arena, NULL),
        0);
    assert_int_equal(kept.contact_count, 2);
    assert_true(kept.contacts[1].left_out);
}

/* --- destination changes in August --- */

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

static void test_before_sending_only_the_destination_changes(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct leavers_row row = {.revision = 1};

    fill(&child, r);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(roll_store(r->hillside, &row, &child.leaver, NULL), 0);
    round_commit(r->hillside);
    move(r, r->stannes);
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

    fill(&child, r);
    assert_refuses(r, recall_leaver, only_upn(), "no leaver here has that UPN");
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(roll_store(r->hillside, &row, &child.leaver, NULL), 0);
    round_commit(r->hillside);
    assert_refuses(r, recall_leaver, only_upn(),
        "this record was not sent yet: there is nothing to recall");
    assert_refuses(r, recall_redirect, upn_to(CLUSTER_NUMBERS[2]),
        "that is where this leaver goes already");
    assert_refuses(r, recall_redirect, upn_to("8739999"),
        "The destination is not in the cluster's directory");
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

/* --- snapshots --- */

static void test_a_snapshot_brings_the_tombstones(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    SCOPED(mem_freep)
    char *state_dir = cluster_path(&r->cluster, CLUSTER_NUMBERS[2]);
    SCOPED(mem_freep) char *path = file_path(state_dir, "agent.db");
    SCOPED(buf_free) struct buf backup = BUF_EMPTY;

    start(r, &child);
    cluster_close_school(&r->cluster, 2);
    assert_int_equal(file_read(&backup, path, 64 << 20, NULL), 0);
    cluster_open_school(&r->cluster, 2);
    recall(r);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);

    cluster_close_school(&r->cluster, 2);
    assert_int_equal(
        file_write(path, buf_bytes(&backup), FILE_PRIVATE, NULL), 0);
    cluster_open_school(&r->cluster, 2);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(
        snapshot_send(r->hillside, &r->northgate->identity->laestab, NULL), 0);
    round_commit(r->hillside);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_recall_destroys_the_record_and_is_confirmed),
        CASE(test_the_confirmation_is_signed_by_the_school),
        CASE(test_nothing_of_the_record_is_left_in_the_files),
        CASE(test_a_sibling_keeps_the_family),
        CASE(test_no_letter_of_before_brings_it_back),
        CASE(test_an_older_revision_in_a_new_epoch_does_not_come_back),
        CASE(test_a_tombstone_may_overtake_the_record),
        CASE(test_a_child_who_comes_back_is_taken_again),
        CASE(test_a_tombstone_of_another_school_destroys_nothing),
        CASE(test_a_confirmation_nobody_asked_for_has_no_effect),
        CASE(test_a_late_letter_under_the_former_upn_makes_no_second_record),
        CASE(test_a_recall_under_the_former_upn_finds_the_record),
        CASE(test_a_former_upn_that_comes_is_not_kept),
        CASE(test_a_removed_contact_does_not_come_back),
        CASE(test_destination_changes_in_august),
        CASE(test_there_and_back_leaves_it_at_the_last_school),
        CASE(test_before_sending_only_the_destination_changes),
        CASE(test_what_cannot_be_recalled_or_moved_says_why),
        CASE(test_a_recalled_leaver_is_not_sent_by_mistake),
        CASE(test_a_snapshot_brings_the_tombstones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
