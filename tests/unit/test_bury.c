/* bury: what was taken back is destroyed, and nothing of it ever comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "agentd/casework.h"
#include "agentd/snapshot.h"
#include "recall_fixture.h"

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

    round_child(&child, r);
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
    struct batch_item item = {
        .kind = ITEM_TOMBSTONE, .u.tombstone = {UPN, 2, TOMBSTONE_RECALLED}};
    uint64_t first;
    int64_t stream;

    start(r, &child);
    recall(r);
    round_exchange(r);
    move(r, r->northgate);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
    assert_int_equal(round_row(r, UPN).state, LEAVER_APPLIED);
    /* and an older tombstone does not destroy it again */
    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(
        sender_append(r->hillside, &first, &stream,
            &r->northgate->identity->laestab, LANE_URGENT, &item, 1, NULL),
        0);
    round_commit(r->hillside);
    round_exchange(r);
    assert_int_equal(cluster_records(r->northgate), 1);
}

static void test_the_revision_that_a_tombstone_names_goes_too(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    bury(r, UPN, round_row(r, UPN).revision);
    assert_int_equal(cluster_records(r->northgate), 0);
}

/* What a daemon keeps in memory to answer callers quickly. */
static void test_callers_see_nothing_of_it_from_that_moment(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    assert_int_equal(casework_refresh(r->northgate, NULL), 0);
    assert_int_equal(r->northgate->casework->pupil_count, 1);
    recall(r);
    round_exchange(r);
    assert_int_equal(casework_refresh(r->northgate, NULL), 0);
    assert_int_equal(r->northgate->casework->pupil_count, 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_nothing_of_the_record_is_left_in_the_files),
        CASE(test_a_sibling_keeps_the_family),
        CASE(test_no_letter_of_before_brings_it_back),
        CASE(test_an_older_revision_in_a_new_epoch_does_not_come_back),
        CASE(test_a_tombstone_may_overtake_the_record),
        CASE(test_a_child_who_comes_back_is_taken_again),
        CASE(test_the_revision_that_a_tombstone_names_goes_too),
        CASE(test_callers_see_nothing_of_it_from_that_moment),
        CASE(test_a_tombstone_of_another_school_destroys_nothing),
        CASE(test_a_confirmation_nobody_asked_for_has_no_effect),
        CASE(test_a_removed_contact_does_not_come_back),
        CASE(test_a_snapshot_brings_the_tombstones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
