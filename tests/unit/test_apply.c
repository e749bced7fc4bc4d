/* apply: what a record does to what is there already. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/crowd.h"
#include "agentd/hearsay.h"
#include "outreach/event.h"
#include "record/visible.h"
#include "store/happenings.h"
#include "world.h"

static void test_two_schools_cannot_claim_one_child(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter first = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter other = {.header = {0}};
    enum reason reason;

    world_write_one(w, &first);
    assert_int_equal(cluster_deliver(w->northgate, &first, &reason), 0);
    w->header.author = w->fairfield->identity->laestab;
    cluster_write(&other, w->fairfield, &w->header, &w->child.leaver, 9);
    world_assert_refused(w->northgate, &other, REASON_UPN_CONFLICT);
}

static void test_a_record_for_another_destination_is_not_ours(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    w->child.leaver.destination = w->stannes->identity->laestab;
    world_write_one(w, &letter);
    world_assert_refused(w->northgate, &letter, REASON_NOT_OURS);
}

static void test_a_newer_revision_replaces_and_an_older_one_does_not(
    void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;

    world_deliver_revision(w, 1, 2, "Tariq");
    world_deliver_revision(w, 2, 3, "Tarik");
    world_deliver_revision(w, 3, 1, "Old");
    world_open_record(&leaver, w->northgate, &arena);
    assert_string_equal(leaver.forename, "Tarik");
    assert_int_equal(cluster_records(w->northgate), 1);
}

static void test_a_temporary_upn_is_replaced_in_place(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_record what = {
        .leaver = &w->child.leaver, .revision = 2, .known_as = "K87320012501A"};
    struct leaver leaver;
    enum reason reason;

    w->child.leaver.upn = "K87320012501A";
    world_deliver_revision(w, 1, 1, "Tariq");
    w->child.leaver.upn = WORLD_UPN;
    w->header.epoch.bytes[1] = 2;
    cluster_write_record(&letter, w->hillside, &w->header, &what);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
    world_open_record(&leaver, w->northgate, &arena);
    assert_string_equal(leaver.upn, WORLD_UPN);
}

static void test_a_restriction_that_is_not_mentioned_again_stays(void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct restriction restriction = {.id = {{5}},
        .kind = RESTRICTION_DO_NOT_CONTACT,
        .basis = BASIS_COURT_ORDER,
        .contact = 2,
        .note = "",
        .from = {1},
        .evidence = ""};
    struct visible visible;
    struct leaver leaver;

    w->child.leaver.restrictions = &restriction;
    w->child.leaver.restriction_count = 1;
    world_deliver_revision(w, 1, 1, "Tariq");
    w->child.leaver.restriction_count = 0;
    world_deliver_revision(w, 2, 2, "Tariq");
    world_open_record(&leaver, w->northgate, &arena);
    visible_contacts(&visible, &leaver);
    assert_int_equal(visible.count, 1);
    assert_int_equal(visible.withheld, 1);

    restriction.ended = (wall){2};
    restriction.evidence = "order lifted";
    w->child.leaver.restriction_count = 1;
    world_deliver_revision(w, 3, 3, "Tariq");
    world_open_record(&leaver, w->northgate, &arena);
    visible_contacts(&visible, &leaver);
    assert_int_equal(visible.count, 2);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

/* What the notes of a case have no room for stops neither the record nor the
 * letters behind it. */
static void test_a_new_number_that_is_far_too_long_stops_nothing(void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    char dial[EVENT_MAX_NAME + 2] = "a@";
    struct leaver leaver;

    memset(dial + 2, 'b', sizeof dial - 3);
    world_deliver_revision(w, 1, 1, "Tariq");
    w->child.points[0].kind = POINT_EMAIL;
    w->child.points[0].dial = dial;
    world_deliver_revision(w, 2, 2, "Tarik");
    world_open_record(&leaver, w->northgate, &arena);
    assert_string_equal(leaver.forename, "Tarik");
}

/* Each revision with other numbers: the record is taken, the notes of them come
 * to an end. */
static void test_a_school_cannot_fill_the_notes_of_a_case(void **state)
{
    struct world *w = *state;
    struct leaver_point points[LEAVER_MAX_POINTS];
    char dials[LEAVER_MAX_POINTS][16];
    const uint64_t revisions = HEARSAY_MOST / LEAVER_MAX_POINTS + 3;
    int64_t count;

    w->child.contacts[0].points = points;
    w->child.contacts[0].point_count = LEAVER_MAX_POINTS;
    for (uint64_t r = 1; r <= revisions; r++) {
        for (uint32_t i = 0; i < LEAVER_MAX_POINTS; i++) {
            snprintf(dials[i], sizeof dials[i], "+4477009%05u",
                (unsigned)r * 100 + i);
            points[i] =
                (struct leaver_point){i + 1, POINT_MOBILE, dials[i], dials[i]};
        }
        world_deliver_revision(w, r, r, "Tariq");
    }
    assert_int_equal(happenings_unsigned(&count, w->northgate->db, 1, NULL), 0);
    assert_int_equal(count, HEARSAY_MOST);
}

/* All but one of CROWD_MOST records, of that author; the agent gives out the
 * ids before theirs. */
static void crowd(struct world *w, const struct laestab *author)
{
    struct inbox_record row = {.author = *author,
        .revision = 1,
        .family = 1,
        .sealed = bytes_of("sealed")};

    assert_int_equal(db_begin(w->northgate->db, NULL), 0);
    for (row.id = 1001; row.id < 1000 + CROWD_MOST; row.id++) {
        memcpy(row.tag.bytes, &row.id, sizeof row.id);
        assert_int_equal(inbox_put_record(w->northgate->db, &row, NULL), 0);
    }
    assert_int_equal(db_commit(w->northgate->db, NULL), 0);
}

static enum reason deliver_another_child(struct world *w)
{
    SCOPED(cluster_letter_free) struct cluster_letter more = {.header = {0}};
    enum reason reason = REASON_NONE;

    w->child.leaver.upn = "J873200119002";
    w->header.epoch.bytes[1] = 3;
    world_write_one(w, &more);
    (void)cluster_deliver(w->northgate, &more, &reason);
    return reason;
}

/* A school that sends children without end. */
static void test_a_school_has_room_for_so_many_records(void **state)
{
    struct world *w = *state;

    world_deliver_revision(w, 1, 1, "Tariq");
    crowd(w, &w->hillside->identity->laestab);
    world_deliver_revision(w, 2, 2, "Tarik"); /* what is here may change */
    assert_int_equal(deliver_another_child(w), REASON_TOO_LARGE);
    assert_int_equal(cluster_records(w->northgate), CROWD_MOST);
}

static void test_the_records_of_others_leave_it_its_room(void **state)
{
    struct world *w = *state;
    const struct laestab other = {"8732009"};

    world_deliver_revision(w, 1, 1, "Tariq");
    crowd(w, &other);
    assert_int_equal(deliver_another_child(w), REASON_NONE);
    assert_int_equal(cluster_records(w->northgate), CROWD_MOST + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_two_schools_cannot_claim_one_child),
        CASE(test_a_record_for_another_destination_is_not_ours),
        CASE(test_a_newer_revision_replaces_and_an_older_one_does_not),
        CASE(test_a_temporary_upn_is_replaced_in_place),
        CASE(test_a_restriction_that_is_not_mentioned_again_stays),
        CASE(test_a_new_number_that_is_far_too_long_stops_nothing),
        CASE(test_a_school_cannot_fill_the_notes_of_a_case),
        CASE(test_a_school_has_room_for_so_many_records),
        CASE(test_the_records_of_others_leave_it_its_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
