#include "store_room.h"

#include "store/recalls.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct laestab HERE = {"9364001"};
static const struct laestab THERE = {"9364002"};

static struct recall recall_of(
    int64_t leaver, const struct laestab *school, uint64_t revision)
{
    return (struct recall){.leaver = leaver,
        .school = *school,
        .tag = tag_of((unsigned)leaver),
        .revision = revision,
        .kind = TOMBSTONE_MOVED,
        .stream = 3,
        .seq = 4,
        .at = {5},
        .sealed = bytes_of("sealed")};
}

static int64_t put(struct room *room, struct recall recall)
{
    MUST(db_begin(room->db, err));
    MUST(recalls_next_id(room->db, &recall.id, err));
    MUST(recalls_put(room->db, &recall, err));
    MUST(db_commit(room->db, err));
    return recall.id;
}

static bool confirm(struct room *room, const struct laestab *school,
    unsigned leaver, uint64_t revision)
{
    const struct recalls_proof proof = {.school = *school,
        .tag = tag_of(leaver),
        .revision = revision,
        .at = {90},
        .signed_batch = bytes_of("signed")};
    bool found;

    MUST(db_begin(room->db, err));
    MUST(recalls_confirm(room->db, &proof, &found, err));
    MUST(db_commit(room->db, err));
    return found;
}

struct seen {
    char text[400];
    size_t used;
};

static int see(void *arg, const struct recall *recall)
{
    struct seen *seen = arg;

    assert_int_equal(recall->sealed.len, 6);
    seen->used += (size_t)snprintf(seen->text + seen->used,
        sizeof seen->text - seen->used, "%d:%s:%d:%d ", (int)recall->leaver,
        recall->school.text, (int)recall->revision,
        (int)recall->confirmed_at.ms);
    return 0;
}

static void assert_seen(struct room *room, int64_t leaver, const char *want)
{
    struct seen seen = {.used = 0};

    MUST(recalls_each(room->db, leaver, see, &seen, err));
    assert_string_equal(seen.text, want);
}

static void test_a_later_recall_replaces_the_same_schools(void **state)
{
    struct room *room = *state;

    put(room, recall_of(1, &HERE, 2));
    put(room, recall_of(1, &THERE, 3));
    put(room, recall_of(2, &HERE, 2));
    assert_true(confirm(room, &HERE, 1, 2));
    assert_seen(room, 1, "1:9364001:2:90 1:9364002:3:0 ");
    put(room, recall_of(1, &HERE, 5));
    assert_seen(room, 1, "1:9364002:3:0 1:9364001:5:0 ");
    assert_seen(room, 0, "1:9364002:3:0 2:9364001:2:0 1:9364001:5:0 ");
}

static void test_only_the_schools_own_word_for_that_revision_confirms(
    void **state)
{
    struct room *room = *state;

    put(room, recall_of(1, &HERE, 5));
    assert_false(confirm(room, &THERE, 1, 5));
    assert_false(confirm(room, &HERE, 2, 5));
    assert_false(confirm(room, &HERE, 1, 4));
    assert_seen(room, 1, "1:9364001:5:0 ");
    assert_true(confirm(room, &HERE, 1, 5));
    assert_seen(room, 1, "1:9364001:5:90 ");
    assert_false(confirm(room, &HERE, 1, 5));
}

static void test_keeps_what_confirmed_it(void **state)
{
    struct room *room = *state;
    const int64_t id = put(room, recall_of(1, &HERE, 5));
    struct bytes signed_batch;

    assert_int_equal(
        recalls_evidence(&signed_batch, room->db, id, &room->arena, NULL),
        ERR_NOT_FOUND);
    assert_true(confirm(room, &HERE, 1, 5));
    MUST(recalls_evidence(&signed_batch, room->db, id, &room->arena, err));
    assert_int_equal(signed_batch.len, 6);
    assert_memory_equal(signed_batch.data, "signed", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_a_later_recall_replaces_the_same_schools),
        AGENT_TEST(test_only_the_schools_own_word_for_that_revision_confirms),
        AGENT_TEST(test_keeps_what_confirmed_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
