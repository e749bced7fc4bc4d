/* noticeboard: what a primary believes of a secondary's dates and sessions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/noticeboard.h"
#include "recall_fixture.h"
#include "store/diaries.h"

static const struct diary_session SESSIONS[] = {
    {1, SESSION_NEW_INTAKE_EVENING, false, "", {4102444800000}, {4102448400000},
        "Main hall", false, false, false, false, ""}};

/* Hillside hears that a school's new pupils start on that day of September. */
static void hear(struct round *r, const struct agent *author,
    uint64_t incarnation, uint64_t progress, int day)
{
    const struct batch batch = {.header.author = author->identity->laestab,
        .incarnation = incarnation,
        .progress = progress};
    const struct batch_item item = {.kind = ITEM_DIARY,
        .u.diary = {.entry = {2027, 9, (uint8_t)day},
            .sessions = SESSIONS,
            .count = 1}};

    assert_int_equal(db_begin(r->hillside->db, NULL), 0);
    assert_int_equal(noticeboard_heard(r->hillside, &batch, &item, NULL), 0);
    round_commit(r->hillside);
}

static json_t *shown(struct round *r)
{
    return round_ask(bulletin_list, r->hillside, json_object());
}

static void assert_entry(struct round *r, const char *day)
{
    json_t *board = shown(r);
    const json_t *school = json_array_get(json_object_get(board, "schools"), 0);

    assert_int_equal(json_array_size(json_object_get(board, "schools")), 1);
    assert_string_equal(
        json_string_value(json_object_get(school, "entry")), day);
    assert_int_equal(json_array_size(json_object_get(school, "sessions")), 1);
    json_decref(board);
}

static void test_only_a_school_that_has_our_children_is_heard(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    struct diaries_row row;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;

    start(r, &child);
    hear(r, r->stannes, 0, 5, 2);
    assert_int_equal(diaries_find(&row, r->hillside->db,
                         &r->stannes->identity->laestab, &arena, NULL),
        0);
    assert_int_equal(row.at.ms, 0);
    hear(r, r->northgate, 0, 1000, 2);
    assert_entry(r, "2027-09-02");
}

static void test_an_older_letter_replaces_nothing(void **state)
{
    struct round *r = *state;
    struct cluster_child child;

    start(r, &child);
    hear(r, r->northgate, 0, 1000, 2);
    hear(r, r->northgate, 0, 999, 3);
    hear(r, r->northgate, 0, 1000, 3);
    assert_entry(r, "2027-09-02");
    hear(r, r->northgate, 0, 1001, 4);
    assert_entry(r, "2027-09-04");
    hear(r, r->northgate, 1, 7, 5); /* its database went back */
    assert_entry(r, "2027-09-05");
    hear(r, r->northgate, 0, 5000, 6);
    assert_entry(r, "2027-09-05");
}

static void test_a_school_that_lost_our_children_is_not_shown(void **state)
{
    struct round *r = *state;
    struct cluster_child child;
    json_t *board;

    start(r, &child);
    hear(r, r->northgate, 0, 1000, 2);
    recall(r);
    board = shown(r);
    assert_int_equal(json_array_size(json_object_get(board, "schools")), 0);
    json_decref(board);
    hear(r, r->northgate, 0, 1001, 3);
    move(r, r->northgate);
    assert_entry(r, "2027-09-02");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_only_a_school_that_has_our_children_is_heard),
        CASE(test_an_older_letter_replaces_nothing),
        CASE(test_a_school_that_lost_our_children_is_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
