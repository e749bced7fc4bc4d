/* The way of a letter through the hub. */
#include "hub_town.h"

static void test_greets_a_school_of_the_directory(void **state)
{
    struct town *town = *state;

    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
}

static void test_keeps_a_letter_until_its_recipient_comes(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Ann <- PUT_DONE 1\n");
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 1 waiting\n");
    town_fetch(town, CAT, 0, 100);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\n");
    town_ack(town, CAT, 1);
    EXPECT(town, "");
    town_fetch(town, CAT, 0, 100);
    EXPECT(town, "");
}

static void test_passes_a_letter_on_to_who_waits(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, BEA, CAT, LANE_NORMAL, 2);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\n"
                 "Bea <- PUT_DONE 2\n");
}

static void test_says_nothing_before_the_commit(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    assert_true(db_in_transaction(town->room->db));
    assert_string_equal(town_said(town), "");
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
    assert_false(db_in_transaction(town->room->db));
}

static void test_an_ack_shares_the_commit_of_what_comes_next(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 2);
    town_forget(town);
    town_ack(town, CAT, 1);
    town_drain(town);
    assert_true(db_in_transaction(town->room->db));
    town_put(town, CAT, ANN, LANE_RECEIPT, 3);
    EXPECT(town, "Cat <- PUT_DONE 3\n");
    assert_false(db_in_transaction(town->room->db));
    town_ack(town, CAT, 2);
    town_drain(town);
    town->now.mono = engine_deadline(town->engine);
    engine_on_time(town->engine, &town->now);
    town->now.mono.ms += 20;
    engine_on_time(town->engine, &town->now);
    assert_false(db_in_transaction(town->room->db));
}

static void test_acks_are_kept_when_the_hub_stops(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    town_ack(town, CAT, 1);
    town_drain(town);
    engine_free(town->engine);
    room_reopen(town->room);
    town_start_engine(town);
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 0 waiting\n");
}

static void test_keeps_a_letter_once_however_often_it_is_put(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Ann <- PUT_DONE 1\nAnn <- PUT_DONE 1\n");
    town_connect(town, CAT, 1000);
    town_ack(town, CAT, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Ann <- PUT_DONE 1\n");
    town_fetch(town, CAT, 0, 1000);
    EXPECT(town, "");
}

static void test_urgent_goes_before_receipts_before_normal(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_RECEIPT, 2);
    town_put(town, ANN, CAT, LANE_URGENT, 3);
    town_put(town, ANN, CAT, LANE_NORMAL, 4);
    town_put(town, ANN, CAT, LANE_URGENT, 5);
    town_forget(town);
    town_hello(town, CAT);
    buf_clear(&town->trace);
    town_fetch(town, CAT, 0, 1000);
    EXPECT(town, "Cat <- MAIL 3 cursor 3 \"sealed\"\n"
                 "Cat <- MAIL 5 cursor 5 \"sealed\"\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Cat <- MAIL 4 cursor 4 \"sealed\"\n");
}

static void test_a_newer_receipt_takes_the_place_of_the_older(void **state)
{
    struct town *town = *state;

    town_connect(town, ANN, 1000);
    town_put(town, CAT, ANN, LANE_RECEIPT, 1);
    town_put(town, CAT, ANN, LANE_RECEIPT, 2);
    EXPECT(town, "Ann <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Cat <- PUT_DONE 1\nCat <- PUT_DONE 2\n");
}

static void test_sends_no_more_than_the_credit(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 7); /* one letter has 6 bytes */
    for (uint8_t i = 1; i <= 4; i++)
        town_put(town, ANN, CAT, LANE_NORMAL, i);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Ann <- PUT_DONE 1\nAnn <- PUT_DONE 2\n"
                 "Ann <- PUT_DONE 3\nAnn <- PUT_DONE 4\n");
    town_ack(town, CAT, 1);
    EXPECT(town, "Cat <- MAIL 3 cursor 3 \"sealed\"\n");
    town_ack(town, CAT, 1); /* a second time gives nothing back */
    EXPECT(town, "");
    town_ack(town, CAT, 3);
    town_ack(town, CAT, 2);
    EXPECT(town, "Cat <- MAIL 4 cursor 4 \"sealed\"\n");
}

static void test_always_lets_one_letter_go(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
    town_fetch(town, CAT, 0, 0); /* no credit: stop */
    town_put(town, ANN, CAT, LANE_NORMAL, 2);
    EXPECT(town, "Ann <- PUT_DONE 2\n");
}

static void test_goes_on_when_a_full_queue_has_room_again(void **state)
{
    struct town *town = *state;

    for (uint8_t i = 1; i <= 3; i++)
        town_put(town, ANN, CAT, LANE_NORMAL, i);
    town_forget(town);
    town_hello(town, CAT);
    buf_clear(&town->trace);
    town_fetch(town, CAT, 0, 1000);
    town->busy = 1;
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\n");
    town->busy = -1;
    assert_true(engine_deadline(town->engine).ms <= town->now.mono.ms + 1000);
    town->now.mono = engine_deadline(town->engine); /* expiry, at first */
    engine_on_time(town->engine, &town->now);
    town->now.mono.ms += 2000000;
    engine_on_time(town->engine, &town->now);
    EXPECT(town, "Cat <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Cat <- MAIL 3 cursor 3 \"sealed\"\n");
}

static void test_a_consumer_that_is_gone_gets_it_the_next_time(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1000);
    town->gone = true;
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "");
    town->gone = false;
    town_put(town, ANN, CAT, LANE_NORMAL, 2);
    EXPECT(town, "Ann <- PUT_DONE 2\n");
    town_hello(town, CAT);
    town_fetch(town, CAT, 0, 1000);
    EXPECT(town, "Cat <- WELCOME 2 waiting\n"
                 "Cat <- MAIL 1 cursor 1 \"sealed\"\n"
                 "Cat <- MAIL 2 cursor 2 \"sealed\"\n");
}

/* SQLite rolls back by itself when the disk is full: nothing of the drain is
 * kept, nothing is passed on, every author is told. */
static void test_keeps_nothing_of_a_drain_that_failed(void **state)
{
    struct town *town = *state;

    town_connect(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    db_rollback(town->room->db);
    town_put(town, BEA, CAT, LANE_NORMAL, 2);
    EXPECT(town, "Ann <- PUT_DONE 1 disk-full\nBea <- PUT_DONE 2 disk-full\n");
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
}

static void test_mail_outlives_the_engine(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    engine_free(town->engine);
    room_reopen(town->room);
    town_start_engine(town);
    town_hello(town, CAT);
    town_fetch(town, CAT, 0, 1000);
    EXPECT(
        town, "Cat <- WELCOME 1 waiting\nCat <- MAIL 1 cursor 1 \"sealed\"\n");
}

static void test_mail_expires_after_its_days_and_not_before(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    town->now.wall.ms += (int64_t)119 * 24 * 3600 * 1000;
    engine_on_time(town->engine, &town->now);
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 1 waiting\n");
    town->now.wall.ms += (int64_t)2 * 24 * 3600 * 1000;
    town->now.mono = engine_deadline(town->engine);
    engine_on_time(town->engine, &town->now);
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 0 waiting\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(test_greets_a_school_of_the_directory),
        TOWN_TEST(test_keeps_a_letter_until_its_recipient_comes),
        TOWN_TEST(test_passes_a_letter_on_to_who_waits),
        TOWN_TEST(test_says_nothing_before_the_commit),
        TOWN_TEST(test_an_ack_shares_the_commit_of_what_comes_next),
        TOWN_TEST(test_acks_are_kept_when_the_hub_stops),
        TOWN_TEST(test_keeps_a_letter_once_however_often_it_is_put),
        TOWN_TEST(test_urgent_goes_before_receipts_before_normal),
        TOWN_TEST(test_a_newer_receipt_takes_the_place_of_the_older),
        TOWN_TEST(test_sends_no_more_than_the_credit),
        TOWN_TEST(test_always_lets_one_letter_go),
        TOWN_TEST(test_goes_on_when_a_full_queue_has_room_again),
        TOWN_TEST(test_a_consumer_that_is_gone_gets_it_the_next_time),
        TOWN_TEST(test_keeps_nothing_of_a_drain_that_failed),
        TOWN_TEST(test_mail_outlives_the_engine),
        TOWN_TEST(test_mail_expires_after_its_days_and_not_before),
    };

    return cmocka_run_group_tests(
        tests, town_group_set_up, town_group_tear_down);
}
