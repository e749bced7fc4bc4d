/* Copies of small letters that go while the hub still stores them. */
#include "hub_town.h"

#include "agentd/early.h"
#include "hub/early.h"

static void connect_early(struct town *town, int who, uint64_t credit)
{
    struct hubtalk hello = town_greeting((uint8_t)(who + 1));

    hello.early = true;
    town_say(town, who, &hello, (struct bytes){0});
    town_fetch(town, who, 0, credit);
    town_forget(town);
}

static void put_bytes(struct town *town, int recipient, uint8_t id, size_t len)
{
    static uint8_t body[EARLY_MAX_BYTES + 1];
    const struct hubtalk talk = town_letter(ANN, recipient, LANE_RECEIPT, id);

    memset(body, 'x', sizeof body);
    town_say(town, ANN, &talk, (struct bytes){body, len});
}

static void test_a_copy_goes_before_the_commit_and_the_letter_after(
    void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_RECEIPT, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 0 \"sealed\"\n"
                 "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\n");
    town_ack(town, CAT, 1);
    EXPECT(town, "");
    town_fetch(town, CAT, 0, 1000);
    EXPECT(town, "");
}

static void test_who_did_not_ask_for_copies_gets_none(void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, 1000);
    town_connect(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_RECEIPT, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
}

/* The copy was of a letter that is not kept, and its author hears that. */
static void test_a_commit_that_fails_is_told_to_the_author(void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_RECEIPT, 1);
    db_rollback(town->room->db);
    EXPECT(town, "Cat <- MAIL 1 cursor 0 \"sealed\"\n"
                 "Ann <- PUT_DONE 1 disk-full\n");
    town_put(town, ANN, CAT, LANE_RECEIPT, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 0 \"sealed\"\n"
                 "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\n");
}

static void test_a_newer_receipt_is_copied_not_the_older(void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_RECEIPT, 1);
    town_put(town, ANN, CAT, LANE_RECEIPT, 2);
    EXPECT(town, "Cat <- MAIL 2 cursor 0 \"sealed\"\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\n"
                 "Ann <- PUT_DONE 2\n");
}

static void test_who_has_not_had_all_before_gets_no_copy(void **state)
{
    struct town *town = *state;
    struct hubtalk hello = town_greeting(CAT + 1);

    hello.early = true;
    town_put(town, ANN, CAT, LANE_RECEIPT, 1);
    town_forget(town);
    town_say(town, CAT, &hello, (struct bytes){0});
    town_fetch(town, CAT, 0, 1000);
    town_put(town, ANN, CAT, LANE_RECEIPT, 2);
    EXPECT(town, "Cat <- WELCOME 1 waiting\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Ann <- PUT_DONE 2\n");
}

static void test_a_large_receipt_has_no_copy(void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, (uint64_t)4 * EARLY_MAX_BYTES);
    put_bytes(town, CAT, 1, EARLY_MAX_BYTES + 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"xxxxxxxx\"\nAnn <- PUT_DONE 1\n");
    put_bytes(town, CAT, 2, EARLY_MAX_BYTES);
    EXPECT(town, "Cat <- MAIL 2 cursor 0 \"xxxxxxxx\"\n"
                 "Cat <- MAIL 2 cursor 2 \"xxxxxxxx\"\n"
                 "Ann <- PUT_DONE 2\n");
}

/* One that may not go holds back those behind it, and no other mailbox's. */
static void test_no_copy_overtakes_a_letter_of_its_mailbox(void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, (uint64_t)4 * EARLY_MAX_BYTES);
    put_bytes(town, CAT, 1, EARLY_MAX_BYTES + 1);
    town_put(town, BEA, CAT, LANE_RECEIPT, 2);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"xxxxxxxx\"\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\n"
                 "Bea <- PUT_DONE 2\n");
}

/* The hub must know how far the author has come before anybody else does. */
static void test_what_is_numbered_has_no_copy(void **state)
{
    struct town *town = *state;

    connect_early(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_URGENT, 2);
    EXPECT(town, "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\n"
                 "Ann <- PUT_DONE 2\n");
}

static void test_an_agent_knows_the_newest_names_until_it_forgets(void **state)
{
    struct early early = {.count = 0};
    struct id id = {{0}};

    (void)state;
    assert_false(early_knows(&early, &id));
    for (unsigned i = 0; i <= EARLY_NAMES; i++) {
        id.bytes[0] = (uint8_t)i;
        early_note(&early, &id);
    }
    assert_true(early_knows(&early, &id));
    id.bytes[0] = 1;
    assert_true(early_knows(&early, &id));
    id.bytes[0] = 0;
    assert_false(early_knows(&early, &id));
    early_forget(&early);
    id.bytes[0] = EARLY_NAMES;
    assert_false(early_knows(&early, &id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(test_a_copy_goes_before_the_commit_and_the_letter_after),
        TOWN_TEST(test_who_did_not_ask_for_copies_gets_none),
        TOWN_TEST(test_a_commit_that_fails_is_told_to_the_author),
        TOWN_TEST(test_a_newer_receipt_is_copied_not_the_older),
        TOWN_TEST(test_who_has_not_had_all_before_gets_no_copy),
        TOWN_TEST(test_a_large_receipt_has_no_copy),
        TOWN_TEST(test_no_copy_overtakes_a_letter_of_its_mailbox),
        TOWN_TEST(test_what_is_numbered_has_no_copy),
        cmocka_unit_test(test_an_agent_knows_the_newest_names_until_it_forgets),
    };

    return cmocka_run_group_tests_name(
        "early", tests, town_group_set_up, town_group_tear_down);
}
