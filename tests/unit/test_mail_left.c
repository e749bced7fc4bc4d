/* mail: letters of a school that was revoked, or has closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "world.h"

static void revoke_hillside(struct world *w)
{
    usleep(2000); /* what was signed before has an earlier time */
    assert_int_equal(
        authority_revoke(w->cluster.authority, &w->hillside->identity->laestab,
            "left", clock_wall(), NULL),
        0);
    cluster_publish(&w->cluster);
}

static void approve(struct agent *at, const struct cluster_letter *letter)
{
    const struct mail_letter mail = {.envelope = letter->envelope,
        .header = letter->header,
        .sealed = buf_bytes(&letter->sealed)};
    struct mail_debts debts = {.count = 0};

    assert_int_equal(db_begin(at->db, NULL), 0);
    assert_int_equal(mail_approve(at, &mail, &debts, NULL), 0);
    assert_int_equal(mail_settle(at, &debts, NULL), 0);
    assert_int_equal(db_commit(at->db, NULL), 0);
}

static void test_what_a_revoked_school_signed_before_waits_for_a_person(
    void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    revoke_hillside(w);
    world_assert_refused(w->northgate, &letter, REASON_SIGNED_BEFORE);
    assert_int_equal(world_owed(w->northgate), 0);
    assert_int_equal(world_answers(w->northgate, &letter.header.author), 0);
    approve(w->northgate, &letter);
    assert_int_equal(cluster_records(w->northgate), 1);
}

static void test_what_a_revoked_school_signs_nobody_can_approve(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    revoke_hillside(w);
    world_write_one(w, &letter);
    world_assert_refused(w->northgate, &letter, REASON_SENDER_REVOKED);
    assert_int_equal(world_answers(w->northgate, &letter.header.author), 0);
    approve(w->northgate, &letter);
    assert_int_equal(cluster_records(w->northgate), 0);
    assert_int_equal(world_owed(w->northgate), 0);
}

static void close_hillside(struct world *w)
{
    const struct authority_change change = {.move = AUTHORITY_CLOSE,
        .schools = &w->hillside->identity->laestab,
        .count = 1,
        .reason = ""};

    assert_int_equal(
        authority_change(w->cluster.authority, &change, clock_wall(), NULL), 0);
    cluster_publish(&w->cluster);
}

static void test_what_a_closed_school_signed_before_is_taken(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    enum reason reason;

    world_write_one(w, &letter);
    close_hillside(w);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
}

static void test_what_a_closed_school_signs_is_not_taken(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    close_hillside(w);
    world_write_one(w, &letter);
    world_assert_refused(w->northgate, &letter, REASON_SCHOOL_CLOSED);
    assert_int_equal(world_owed(w->northgate), 0);
}

static void test_a_closed_school_is_trusted_for_120_days(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    close_hillside(w);
    setenv("MOVEUP_FAKE_TIME", "10454400", 1); /* 121 days on */
    world_assert_refused(w->northgate, &letter, REASON_SCHOOL_CLOSED);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_what_a_revoked_school_signed_before_waits_for_a_person),
        CASE(test_what_a_revoked_school_signs_nobody_can_approve),
        CASE(test_what_a_closed_school_signed_before_is_taken),
        CASE(test_what_a_closed_school_signs_is_not_taken),
        CASE(test_a_closed_school_is_trusted_for_120_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
