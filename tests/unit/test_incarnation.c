/* incarnation: after a restore on either side nothing is lost, doubled or
 * brought back, and no number is used twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/snapshot.h"
#include "base/file.h"
#include "cluster.h"

#define MAX_SEEN 400

/* Every number that was ever sealed, with its content. */
struct seen {
    struct id epoch;
    uint64_t first;
    struct digest content;
};

struct world {
    struct cluster cluster;
    struct agent *hillside;
    struct agent *northgate;
    struct seen seen[MAX_SEEN];
    size_t seen_count;
};

static int begin(void **state)
{
    struct world *w = mem_alloc(sizeof *w);

    cluster_begin(&w->cluster);
    w->hillside = &w->cluster.schools[0];
    w->northgate = &w->cluster.schools[2];
    *state = w;
    return 0;
}

static int end(void **state)
{
    struct world *w = *state;

    cluster_end(&w->cluster);
    free(w);
    return 0;
}

/* --- mail without a hub --- */

static struct agent *school_of(struct world *w, const struct laestab *laestab)
{
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        if (laestab_equal(laestab, &w->cluster.schools[i].identity->laestab))
            return &w->cluster.schools[i];
    fail();
    return NULL;
}

/* (epoch, number) is never used twice, whatever is restored. */
static void watch(struct world *w, const struct outbox_batch *batch,
    const struct header *header)
{
    for (size_t i = 0; i < w->seen_count; i++)
        if (id_equal(&w->seen[i].epoch, &header->epoch) &&
            w->seen[i].first == header->first)
            assert_memory_equal(
                &w->seen[i].content, &batch->content, DIGEST_SIZE);
    assert_in_range(w->seen_count, 0, MAX_SEEN - 1);
    w->seen[w->seen_count++] =
        (struct seen){header->epoch, header->first, batch->content};
}

static void hand_over(struct world *w, const struct id *envelope,
    struct bytes header, struct bytes sealed)
{
    struct mail_letter letter = {.envelope = *envelope, .sealed = sealed};
    struct mail_debts debts = {.count = 0};
    struct agent *to;

    assert_int_equal(envelope_decode(&letter.header, header, NULL), 0);
    to = school_of(w, &letter.header.recipient);
    assert_int_equal(db_begin(to->db, NULL), 0);
    assert_int_equal(mail_take(to, &letter, &debts, NULL), 0);
    assert_int_equal(mail_settle(to, &debts, NULL), 0);
    assert_int_equal(db_commit(to->db, NULL), 0);
}

static size_t put_batches(struct world *w, struct agent *from, bool lose)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch batches[16];
    const int n = outbox_unput(batches, 16, from->db, &arena, NULL);

    assert_in_range(n, 0, 16);
    for (int i = 0; i < n; i++) {
        struct header header;

        assert_int_equal(envelope_decode(&header, batches[i].header, NULL), 0);
        watch(w, &batches[i], &header);
        if (!lose)
            hand_over(
                w, &batches[i].envelope, batches[i].header, batches[i].sealed);
        assert_int_equal(db_begin(from->db, NULL), 0);
        assert_int_equal(outbox_mark_put(from->db, &batches[i].envelope,
                             clock_wall(), REASON_NONE, NULL),
            0);
        assert_int_equal(db_commit(from->db, NULL), 0);
    }
    return (size_t)n;
}

static size_t put_receipts(struct world *w, struct agent *from)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct receipt_out owed[8];
    const int n = outbox_unput_receipts(owed, 8, from->db, &arena, NULL);
    bool found;

    assert_in_range(n, 0, 8);
    for (int i = 0; i < n; i++) {
        hand_over(w, &owed[i].envelope, owed[i].header, owed[i].sealed);
        assert_int_equal(db_begin(from->db, NULL), 0);
        assert_int_equal(
            outbox_mark_receipt_put(from->db, &owed[i].envelope, &found, NULL),
            0);
        assert_int_equal(db_commit(from->db, NULL), 0);
    }
    return (size_t)n;
}

/* Carry everything there and back until it is quiet. */
static void exchange(struct world *w)
{
    size_t moved = 1;

    for (int round = 0; moved > 0; round++) {
        assert_in_range(round, 0, 20);
        moved = 0;
        for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
            struct agent *agent = &w->cluster.schools[i];

            assert_int_equal(incarnation_settle(agent, NULL), 0);
            assert_int_equal(incarnation_mark(agent, NULL), 0);
            moved += put_batches(w, agent, false);
            moved += put_receipts(w, agent);
        }
    }
}

/* --- leavers --- */

static void store_leaver(struct world *w, const char *upn, const char *forename,
    struct sender_row *out)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct leavers_row row;
    struct leaver known;

    cluster_child(&child, upn, forename, &w->northgate->identity->laestab);
    if (roll_find(&row, &known, w->hillside, upn, &arena, NULL) < 0)
        row = (struct leavers_row){.revision = 0};
    row.revision = incarnation_next_revision(w->hillside, row.revision);
    assert_int_equal(roll_store(w->hillside, &row, &child.leaver, NULL), 0);
    *out = (struct sender_row){row.id, row.tag, row.destination};
}

static void send(struct world *w, const char *upn, const char *forename)
{
    struct sender_row row;

    assert_int_equal(db_begin(w->hillside->db, NULL), 0);
    store_leaver(w, upn, forename, &row);
    assert_int_equal(
        sender_seal_rows(w->hillside, LANE_NORMAL, &row, 1, NULL), 0);
    assert_int_equal(db_commit(w->hillside->db, NULL), 0);
}

static void assert_has(struct world *w, const char *upn, const char *forename)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    struct leaver leaver;
    struct tag tag;

    agent_upn_tag(&tag, w->northgate, upn);
    assert_int_equal(
        inbox_find_record(&row, w->northgate->db, &tag, &arena, NULL), 0);
    assert_int_equal(blob_open(&leaver, w->northgate, BLOB_RECORD, row.id,
                         row.sealed, &arena, NULL),
        0);
    assert_string_equal(leaver.forename, forename);
}

static int is_applied(void *arg, const struct leavers_row *row)
{
    (void)arg;
    if (row->state != LEAVER_APPLIED)
        fail_msg("a leaver is %s (%s)", leavers_state_name(row->state),
            reason_code(row->reason));
    return 0;
}

static void assert_all_applied(struct world *w)
{
    assert_int_equal(
        leavers_each(w->hillside->db, NULL, false, is_applied, NULL, NULL), 0);
}

/* --- backups --- */

static void copy(const char *from, const char *to)
{
    SCOPED(buf_free) struct buf data = BUF_EMPTY;

    assert_int_equal(file_read(&data, from, 64 << 20, NULL), 0);
    assert_int_equal(file_write(to, buf_bytes(&data), FILE_PRIVATE, NULL), 0);
}

/* Copy a closed school's database away, or back; with its marker if asked. */
static void keep(struct world *w, size_t i, bool back, bool marker)
{
    static const char *const names[] = {"agent.db", "marker"};
    SCOPED(mem_freep)
    char *state = cluster_path(&w->cluster, CLUSTER_NUMBERS[i]);

    cluster_close_school(&w->cluster, i);
    for (size_t n = 0; n < (marker ? 2 : 1); n++) {
        SCOPED(mem_freep) char *live = file_path(state, names[n]);
        SCOPED(mem_freep) char *kept = mem_format("%s.kept", live);

        copy(back ? kept : live, back ? live : kept);
    }
    cluster_open_school(&w->cluster, i);
    assert_int_equal(incarnation_open(&w->cluster.schools[i], NULL), 0);
}

/* --- tests --- */

static void test_a_school_that_only_restarts_keeps_its_incarnation(void **state)
{
    struct world *w = *state;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    cluster_close_school(&w->cluster, 0);
    cluster_open_school(&w->cluster, 0);
    assert_int_equal(incarnation_open(w->hillside, NULL), 0);
    assert_int_equal(w->hillside->incarnation.number, 0);
    send(w, "J873200119002", "Isla");
    exchange(w);
    assert_all_applied(w);
}

static void test_the_marker_shows_that_the_authors_database_went_back(
    void **state)
{
    struct world *w = *state;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 0, false, false);
    send(w, "J873200119002", "Isla");
    exchange(w);
    keep(w, 0, true, false);
    assert_int_equal(w->hillside->incarnation.number, 1);
    send(w, "U873200119008", "Kofi");
    exchange(w);
    assert_all_applied(w);
    assert_has(w, "V873200119001", "Tariq");
    assert_has(w, "J873200119002", "Isla");
    assert_has(w, "U873200119008", "Kofi");
}

/* The whole folder came back: the marker is as old as the database, and only
 * the peer's answer shows it. */
static void test_a_peer_shows_that_the_whole_folder_went_back(void **state)
{
    struct world *w = *state;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 0, false, true);
    send(w, "J873200119002", "Isla");
    exchange(w);
    keep(w, 0, true, true);
    assert_int_equal(w->hillside->incarnation.number, 0);
    w->seen_count = 0; /* nobody can know before the first answer */
    send(w, "U873200119008", "Kofi");
    exchange(w);
    assert_int_equal(w->hillside->incarnation.number, 1);
    assert_all_applied(w);
    assert_has(w, "J873200119002", "Isla");
    assert_has(w, "U873200119008", "Kofi");
}

/* Marker and database are equally old, and a school that only receives has no
 * numbers of its own that a receipt could contradict: what the author has heard
 * of it shows it. */
static void test_an_author_shows_that_the_recipients_folder_went_back(
    void **state)
{
    struct world *w = *state;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 2, false, true);
    send(w, "J873200119002", "Isla");
    exchange(w);
    keep(w, 2, true, true);
    assert_int_equal(w->northgate->incarnation.number, 0);
    send(w, "U873200119008", "Kofi");
    exchange(w);
    assert_int_equal(w->northgate->incarnation.number, 1);
    assert_has(w, "J873200119002", "Isla");
    assert_has(w, "U873200119008", "Kofi");
    assert_all_applied(w);
}

/* The recipient has written as much since as it had forgotten, so no count
 * shows it; its receipt does. */
static void test_a_receipt_that_lacks_what_was_applied_brings_it_all_again(
    void **state)
{
    struct world *w = *state;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 2, false, true);
    send(w, "J873200119002", "Isla");
    exchange(w);
    keep(w, 2, true, true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(db_begin(w->northgate->db, NULL), 0);
        assert_int_equal(incarnation_count_batch(w->northgate, NULL), 0);
        assert_int_equal(db_commit(w->northgate->db, NULL), 0);
    }
    send(w, "U873200119008", "Kofi");
    exchange(w);
    assert_int_equal(w->northgate->incarnation.number, 0);
    assert_has(w, "J873200119002", "Isla");
    assert_has(w, "U873200119008", "Kofi");
    assert_all_applied(w);
}

static void give_everything_again(struct world *w)
{
    assert_int_equal(db_begin(w->hillside->db, NULL), 0);
    assert_int_equal(
        snapshot_send(w->hillside, &w->northgate->identity->laestab, NULL), 0);
    assert_int_equal(db_commit(w->hillside->db, NULL), 0);
}

/* The recipient has never seen the epoch of a letter that was long on its way,
 * takes it for a new one and closes the one that followed it. */
static void test_a_late_letter_of_a_skipped_epoch_stops_nothing(void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch late;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    give_everything_again(w);
    assert_int_equal(outbox_unput(&late, 1, w->hillside->db, &arena, NULL), 1);
    give_everything_again(w);
    exchange(w);
    hand_over(w, &late.envelope, late.header, late.sealed);
    send(w, "J873200119002", "Isla");
    exchange(w);
    assert_has(w, "V873200119001", "Tariq");
    assert_has(w, "J873200119002", "Isla");
    assert_all_applied(w);
}

static void test_a_recipient_that_went_back_gets_everything_again(void **state)
{
    struct world *w = *state;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 2, false, false);
    send(w, "J873200119002", "Isla");
    send(w, "V873200119001", "Tarik");
    exchange(w);
    keep(w, 2, true, false);
    assert_int_equal(w->northgate->incarnation.number, 1);
    exchange(w);
    assert_has(w, "V873200119001", "Tarik");
    assert_has(w, "J873200119002", "Isla");
    assert_all_applied(w);
}

static void test_both_sides_went_back_at_once(void **state)
{
    struct world *w = *state;
    SCOPED(mem_freep)
    char *flag = cluster_path(&w->cluster, "8734500/restored");

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 0, false, false);
    keep(w, 2, false, false);
    send(w, "J873200119002", "Isla");
    exchange(w);
    assert_int_equal(file_write(flag, bytes_of("\n"), FILE_PRIVATE, NULL), 0);
    keep(w, 2, true, false);
    keep(w, 0, true, false);
    send(w, "U873200119008", "Kofi");
    exchange(w);
    assert_all_applied(w);
    assert_has(w, "V873200119001", "Tariq");
    assert_has(w, "U873200119008", "Kofi");
}

static int count_old(void *arg, const struct leavers_row *row)
{
    *(size_t *)arg += row->reason == REASON_OLD_REVISION;
    return 0;
}

static void test_an_older_record_does_not_replace_a_newer_one_by_itself(
    void **state)
{
    struct world *w = *state;
    size_t waiting = 0;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 0, false, false);
    send(w, "V873200119001", "Tarik");
    exchange(w);
    keep(w, 0, true, false);
    exchange(w);
    assert_has(w, "V873200119001", "Tarik");
    assert_int_equal(
        leavers_each(w->hillside->db, NULL, false, count_old, &waiting, NULL),
        0);
    assert_int_equal(waiting, 1);
    send(w, "V873200119001", "Tomas"); /* the newest file, imported again */
    exchange(w);
    assert_has(w, "V873200119001", "Tomas");
    assert_all_applied(w);
}

/* A letter from before the restore arrives behind the snapshot. */
static void test_a_late_letter_of_an_old_incarnation_still_counts(void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch late;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 0, false, false);
    send(w, "J873200119002", "Isla");
    assert_int_equal(incarnation_mark(w->hillside, NULL), 0);
    assert_int_equal(outbox_unput(&late, 1, w->hillside->db, &arena, NULL), 1);
    keep(w, 0, true, false);
    exchange(w);
    hand_over(w, &late.envelope, late.header, late.sealed);
    assert_has(w, "J873200119002", "Isla");
    exchange(w);
    send(w, "U873200119008", "Kofi");
    exchange(w);
    assert_all_applied(w);
}

static void test_a_damaged_marker_stops_the_start_with_advice(void **state)
{
    struct world *w = *state;
    SCOPED(mem_freep)
    char *marker = cluster_path(&w->cluster, "8732001/marker");
    struct err err;

    assert_int_equal(
        file_write(marker, bytes_of("rubbish"), FILE_PRIVATE, NULL), 0);
    assert_int_equal(incarnation_open(w->hillside, &err), ERR_MALFORMED);
    assert_non_null(strstr(err.text, "remove it"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_school_that_only_restarts_keeps_its_incarnation),
        CASE(test_the_marker_shows_that_the_authors_database_went_back),
        CASE(test_a_peer_shows_that_the_whole_folder_went_back),
        CASE(test_an_author_shows_that_the_recipients_folder_went_back),
        CASE(test_a_receipt_that_lacks_what_was_applied_brings_it_all_again),
        CASE(test_a_late_letter_of_a_skipped_epoch_stops_nothing),
        CASE(test_a_recipient_that_went_back_gets_everything_again),
        CASE(test_both_sides_went_back_at_once),
        CASE(test_an_older_record_does_not_replace_a_newer_one_by_itself),
        CASE(test_a_late_letter_of_an_old_incarnation_still_counts),
        CASE(test_a_damaged_marker_stops_the_start_with_advice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
