/* bury: a child whose UPN was replaced is the same child, alive or dead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "recall_fixture.h"

#define FORMER "K87320012501A"

/* Each revision in an epoch of its own. */
static struct cluster_letter rename_child(
    struct round *r, struct cluster_child *child, uint64_t revision)
{
    struct cluster_letter letter = {.header = {0}};
    const struct cluster_record what = {
        &child->leaver, revision, FORMER, false};
    const struct header header = {STREAM_VERSION,
        r->hillside->identity->laestab, r->northgate->identity->laestab,
        LANE_NORMAL, {{9, (uint8_t)revision}}, 1, 1, STREAM_TTL_DAYS};

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

    round_child(&child, r);
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

    round_child(&child, r);
    letter = rename_child(r, &child, 2);
    round_deliver(r, &letter);
    assert_int_equal(cluster_records(r->northgate), 1);
    bury(r, FORMER, 3);
    assert_int_equal(cluster_records(r->northgate), 0);
    cluster_letter_free(&letter);
    letter = rename_child(r, &child, 3);
    round_deliver(r, &letter);
    assert_int_equal(cluster_records(r->northgate), 0);
}

/* It was recalled before the new UPN was known here at all. */
static void test_a_tombstone_under_the_former_upn_holds_for_the_new_one(
    void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    round_child(&child, r);
    bury(r, FORMER, 3);
    for (uint64_t revision = 2; revision <= 4; revision++) {
        SCOPED(cluster_letter_free)
        struct cluster_letter letter = rename_child(r, &child, revision);

        round_deliver(r, &letter);
        assert_int_equal(cluster_records(r->northgate), revision == 4);
    }
}

static void test_a_former_upn_that_comes_is_not_kept(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct header header = {STREAM_VERSION, r->hillside->identity->laestab,
        r->northgate->identity->laestab, LANE_NORMAL, {{5}}, 1, 1,
        STREAM_TTL_DAYS};

    round_child(&child, r);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_late_letter_under_the_former_upn_makes_no_second_record),
        CASE(test_a_recall_under_the_former_upn_finds_the_record),
        CASE(test_a_tombstone_under_the_former_upn_holds_for_the_new_one),
        CASE(test_a_former_upn_that_comes_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
