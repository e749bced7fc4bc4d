/* incarnation: after a restore on either side nothing is lost, doubled or
 * brought back, and no number is used twice. */
#include "incarnation_world.h"
#include "unput.h"

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
    assert_int_equal(unput_batches(&late, 1, w->hillside->db, &arena, NULL), 1);
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

/* The author's folder went back, and somebody changed the record before that
 * was known: the change got a number that the recipient has for another. */
static void test_one_revision_with_two_contents_waits_for_a_person(void **state)
{
    struct world *w = *state;
    size_t waiting = 0;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    keep(w, 0, false, true);
    send(w, "V873200119001", "Tarik");
    exchange(w);
    keep(w, 0, true, true);
    w->seen_count = 0; /* nobody can know before the first answer */
    send(w, "V873200119001", "Tomas");
    exchange(w);
    assert_has(w, "V873200119001", "Tarik");
    assert_int_equal(
        leavers_each(w->hillside->db, NULL, false, count_old, &waiting, NULL),
        0);
    assert_int_equal(waiting, 1);
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
    assert_int_equal(unput_batches(&late, 1, w->hillside->db, &arena, NULL), 1);
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

/* --- witnesses that lie --- */

static void hear(struct world *w, uint64_t heard, uint64_t progress)
{
    struct batch batch = {.heard = heard, .heard_progress = progress};
    bool stale;

    batch.header.author = w->northgate->identity->laestab;
    batch.header.recipient = w->hillside->identity->laestab;
    assert_int_equal(db_begin(w->hillside->db, NULL), 0);
    assert_int_equal(incarnation_heard(&stale, w->hillside, &batch, NULL), 0);
    assert_int_equal(db_commit(w->hillside->db, NULL), 0);
    assert_int_equal(incarnation_settle(w->hillside, NULL), 0);
}

/* The number would end what can be counted, and with it all that this school
 * sends. */
static void test_a_leap_that_no_restore_explains_is_not_believed(void **state)
{
    struct world *w = *state;

    hear(w, INT64_MAX, 0);
    hear(w, INCARNATION_MAX_LEAP + 1, 0);
    assert_int_equal(w->hillside->incarnation.number, 0);
    hear(w, INCARNATION_MAX_LEAP, 0);
    assert_int_equal(w->hillside->incarnation.number, INCARNATION_MAX_LEAP + 1);
    send(w, "V873200119001", "Tariq");
    exchange(w);
    assert_all_applied(w);
}

/* Each time, all would go to everybody again. */
static void test_who_says_it_over_and_over_is_not_believed(void **state)
{
    struct world *w = *state;

    for (unsigned i = 0; i < 2 * INCARNATION_MAX_TOLD; i++)
        hear(w, w->hillside->incarnation.number, 1000000);
    assert_int_equal(w->hillside->incarnation.number, INCARNATION_MAX_TOLD);
    incarnation_told(
        w->hillside, "8734501", INCARNATION_MAX_TOLD, "another school");
    assert_int_equal(incarnation_settle(w->hillside, NULL), 0);
    assert_int_equal(w->hillside->incarnation.number, INCARNATION_MAX_TOLD + 1);
}

/* A school that says in each letter that its own database went back. */
static void test_who_asks_for_all_again_and_again_is_owed_it(void **state)
{
    struct world *w = *state;
    struct batch batch = {.incarnation = 0};
    uint64_t before, after;
    bool stale;

    send(w, "V873200119001", "Tariq");
    exchange(w);
    batch.header.author = w->northgate->identity->laestab;
    batch.header.recipient = w->hillside->identity->laestab;
    assert_int_equal(incarnation_progress(&before, w->hillside, NULL), 0);
    for (batch.incarnation = 1; batch.incarnation <= 40; batch.incarnation++) {
        assert_int_equal(db_begin(w->hillside->db, NULL), 0);
        assert_int_equal(
            incarnation_heard(&stale, w->hillside, &batch, NULL), 0);
        assert_int_equal(db_commit(w->hillside->db, NULL), 0);
    }
    assert_int_equal(incarnation_progress(&after, w->hillside, NULL), 0);
    assert_int_equal(after, before + SNAPSHOT_MOST);
    assert_int_equal(db_begin(w->hillside->db, NULL), 0);
    assert_int_equal(snapshot_send_owed(w->hillside, NULL), 1);
    assert_int_equal(db_commit(w->hillside->db, NULL), 0);
}

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
        CASE(test_one_revision_with_two_contents_waits_for_a_person),
        CASE(test_a_late_letter_of_an_old_incarnation_still_counts),
        CASE(test_a_damaged_marker_stops_the_start_with_advice),
        CASE(test_a_leap_that_no_restore_explains_is_not_believed),
        CASE(test_who_says_it_over_and_over_is_not_believed),
        CASE(test_who_asks_for_all_again_and_again_is_owed_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
