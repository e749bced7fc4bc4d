#include "hub_town.h"

static int set_up(void **state)
{
    struct town_trust *trust = *state; /* of the group */
    struct town *town = mem_alloc(sizeof *town);

    town_open(town, trust);
    *state = town;
    return 0;
}

static int tear_down(void **state)
{
    struct town *town = *state;

    *state = town->trust;
    town_close(town);
    free(town);
    return 0;
}

static void connect_and_fetch(struct town *town, int who, uint64_t credit)
{
    town_hello(town, who);
    town_fetch(town, who, 0, credit);
    town_forget(town);
}

static void test_greets_a_school_of_the_directory(void **state)
{
    struct town *town = *state;

    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
}

static void test_refuses_whom_the_directory_does_not_list(void **state)
{
    struct town *town = *state;

    town_hello(town, NOBODY_KNOWS);
    EXPECT(town, "stranger <- REFUSED unknown-sender\n");
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

    connect_and_fetch(town, CAT, 1000);
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

    connect_and_fetch(town, CAT, 1000);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    assert_true(db_in_transaction(town->room->db));
    assert_string_equal(town_said(town), "");
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
    assert_false(db_in_transaction(town->room->db));
}

static void test_keeps_a_letter_once_however_often_it_is_put(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Ann <- PUT_DONE 1\nAnn <- PUT_DONE 1\n");
    connect_and_fetch(town, CAT, 1000);
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

    connect_and_fetch(town, ANN, 1000);
    town_put(town, CAT, ANN, LANE_RECEIPT, 1);
    town_put(town, CAT, ANN, LANE_RECEIPT, 2);
    EXPECT(town, "Ann <- MAIL 2 cursor 2 \"sealed\"\n"
                 "Cat <- PUT_DONE 1\nCat <- PUT_DONE 2\n");
}

static void test_sends_no_more_than_the_credit(void **state)
{
    struct town *town = *state;

    connect_and_fetch(town, CAT, 7); /* one letter has 6 bytes */
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

    connect_and_fetch(town, CAT, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
    town_fetch(town, CAT, 0, 0); /* no credit: stop */
    town_put(town, ANN, CAT, LANE_NORMAL, 2);
    EXPECT(town, "Ann <- PUT_DONE 2\n");
}

static void test_fences_the_connection_before(void **state)
{
    struct town *town = *state;
    SCOPED(buf_free) struct buf fetch = BUF_EMPTY;
    SCOPED(buf_free) struct buf ack = BUF_EMPTY;

    hubtalk_encode(
        &fetch, &(struct hubtalk){.kind = HUBTALK_FETCH, .credit = 100});
    hubtalk_encode(&ack, &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = 1});
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_hello(town, CAT);
    town_raw(town, &town->peers[CAT][1], buf_bytes(&fetch), (struct bytes){0});
    town_raw(town, &town->peers[CAT][1], buf_bytes(&ack), (struct bytes){0});
    EXPECT(town, "Cat <- WELCOME 1 waiting\n"
                 "Cat' <- REFUSED fenced\n"
                 "Cat' <- REFUSED fenced\n"
                 "Ann <- PUT_DONE 1\n");
    town_fetch(town, CAT, 0, 100);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\n");
}

static void test_fetch_needs_a_hello(void **state)
{
    struct town *town = *state;

    town_fetch(town, CAT, 0, 100);
    town_ack(town, CAT, 1);
    EXPECT(town, "Cat <- REFUSED bad-request\nCat <- REFUSED bad-request\n");
}

static void test_refuses_a_letter_in_another_schools_name(void **state)
{
    struct town *town = *state;
    const struct hubtalk talk = town_letter(ANN, CAT, LANE_NORMAL, 1);

    town_say(town, BEA, &talk, bytes_of("sealed"));
    EXPECT(town, "Bea <- PUT_DONE 1 not-author\n");
    connect_and_fetch(town, CAT, 100);
    EXPECT(town, "");
}

static void test_refuses_an_unknown_recipient(void **state)
{
    struct town *town = *state;
    struct hubtalk talk = town_letter(ANN, CAT, LANE_NORMAL, 1);

    MUST(laestab_parse(&talk.header.recipient, "9999999", err));
    town_say(town, ANN, &talk, bytes_of("sealed"));
    EXPECT(town, "Ann <- PUT_DONE 1 unknown-recipient\n");
}

static void test_refuses_letters_with_nothing_or_too_much(void **state)
{
    static const uint8_t big[HUBTALK_MAX_BODY + 1];
    struct town *town = *state;
    const struct hubtalk talk = town_letter(ANN, CAT, LANE_NORMAL, 1);

    town_say(town, ANN, &talk, (struct bytes){0});
    town_say(town, ANN, &talk, (struct bytes){big, sizeof big});
    EXPECT(
        town, "Ann <- PUT_DONE 1 bad-request\nAnn <- PUT_DONE 1 too-large\n");
}

static void test_keeps_within_quotas_but_lets_receipts_pass(void **state)
{
    static const uint8_t half[HUBTALK_MAX_BODY / 2];
    struct town *town = *state;
    struct hubtalk talk;

    town->settings.mailbox_mib = 1;
    for (uint8_t i = 1; i <= 2; i++) {
        talk = town_letter(ANN, CAT, LANE_NORMAL, i);
        town_say(town, ANN, &talk, (struct bytes){half, sizeof half});
    }
    town_put(town, BEA, CAT, LANE_NORMAL, 3);
    EXPECT(town, "Ann <- PUT_DONE 1\nAnn <- PUT_DONE 2 quota\n"
                 "Bea <- PUT_DONE 3\n");
    talk = town_letter(ANN, CAT, LANE_RECEIPT, 4);
    town_say(town, ANN, &talk, (struct bytes){half, sizeof half});
    talk.header.recipient = town_school(BEA);
    town->settings.sender_mib = 0;
    town_say(town, ANN, &talk, bytes_of("sealed"));
    EXPECT(town, "Ann <- PUT_DONE 4\nAnn <- PUT_DONE 4 quota\n");
}

static void test_a_full_disk_stops_letters_and_nothing_else(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    town->free_disk =
        (uint64_t)town->settings.disk_reserve_mib * 1024 * 1024 - 1;
    town_put(town, ANN, CAT, LANE_NORMAL, 2);
    town_put(town, ANN, CAT, LANE_RECEIPT, 3);
    EXPECT(town, "Ann <- PUT_DONE 2 disk-full\nAnn <- PUT_DONE 3\n");
    town_hello(town, CAT);
    town_fetch(town, CAT, 0, 1);
    EXPECT(
        town, "Cat <- WELCOME 2 waiting\nCat <- MAIL 3 cursor 2 \"sealed\"\n");
    town_ack(town, CAT, 2);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\n");
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

    connect_and_fetch(town, CAT, 1000);
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

    connect_and_fetch(town, CAT, 1000);
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

static void test_gives_the_directory_to_who_has_an_older_one(void **state)
{
    struct town *town = *state;
    const uint64_t version = members_version(town->trust->hub->members);
    char text[128];

    town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_DIRECTORY},
        (struct bytes){0});
    assert_true(town->last_body.len > 100);
    town_say(town, ADMIN,
        &(struct hubtalk){.kind = HUBTALK_DIRECTORY, .version = version},
        (struct bytes){0});
    snprintf(text, sizeof text,
        "Ann <- DIRECTORY_IS %llu with body\nadmin <- DIRECTORY_IS %llu\n",
        (unsigned long long)version, (unsigned long long)version);
    EXPECT(town, text);
}

static void test_only_an_administrator_publishes(void **state)
{
    struct town *town = *state;
    const struct hubtalk letter = town_letter(ANN, CAT, LANE_NORMAL, 1);

    town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_PUBLISH},
        members_signed(authority_members(town->trust->authority)));
    town_say(town, ADMIN, &letter, bytes_of("sealed"));
    EXPECT(town, "Ann <- REFUSED not-administrator\n"
                 "admin <- REFUSED unknown-sender\n");
}

static void test_refuses_a_forged_directory(void **state)
{
    struct town *town = *state;
    const struct bytes real = members_signed(town->trust->hub->members);
    SCOPED(buf_free) struct buf forged = BUF_EMPTY;

    buf_add(&forged, real);
    forged.data[forged.len - 5] ^= 1;
    town_say(town, ADMIN, &(struct hubtalk){.kind = HUBTALK_PUBLISH},
        buf_bytes(&forged));
    town_drain(town);
    assert_non_null(
        strstr(town_said(town), "admin <- PUBLISH_DONE 2 bad-signature"));
}

/* Changes the directory for good, so it comes last. */
static void test_a_revoked_school_is_refused_at_its_next_message(void **state)
{
    struct town *town = *state;
    const struct laestab bea = town_school(BEA);

    connect_and_fetch(town, ANN, 1000);
    connect_and_fetch(town, BEA, 1000);
    MUST(authority_revoke(
        town->trust->authority, &bea, "closed", TOWN_NOW, err));
    town_say(town, ADMIN, &(struct hubtalk){.kind = HUBTALK_PUBLISH},
        members_signed(authority_members(town->trust->authority)));
    EXPECT(town, "admin <- PUBLISH_DONE 3\nAnn <- DIRECTORY_IS 3\n");

    town_put(town, BEA, CAT, LANE_NORMAL, 1);
    town_fetch(town, BEA, 0, 1000);
    town_put(town, ANN, BEA, LANE_NORMAL, 2);
    EXPECT(town, "Bea <- REFUSED sender-revoked\n"
                 "Bea <- REFUSED sender-revoked\n"
                 "Ann <- PUT_DONE 2 unknown-recipient\n");
}

static void test_senseless_messages_mute_for_a_minute(void **state)
{
    struct town *town = *state;

    for (int i = 0; i < 101; i++) {
        town_raw(town, &town->peers[ANN][0], bytes_of("\xff garbage"),
            (struct bytes){0});
        town_drain(town);
    }
    assert_memory_equal(town->trace.data, "Ann <- REFUSED bad-request\n", 27);
    assert_int_equal(town->trace.len, 101 * 27);
    town_forget(town);
    town_hello(town, ANN);
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 0 waiting\n");
    town->now.mono.ms += 60000;
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
}

static void test_takes_reports_up_to_their_limit(void **state)
{
    static const uint8_t big[ENGINE_MAX_REPORT + 1];
    struct town *town = *state;

    town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_REPORT},
        (struct bytes){big, ENGINE_MAX_REPORT});
    town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_REPORT},
        (struct bytes){big, sizeof big});
    EXPECT(town, "Ann <- REFUSED too-large\n");
}

static void test_what_only_a_hub_says_is_refused(void **state)
{
    struct town *town = *state;

    town_say(town, ANN,
        &(struct hubtalk){.kind = HUBTALK_PUT_DONE, .id = {{1}}},
        (struct bytes){0});
    EXPECT(town, "Ann <- REFUSED bad-request\n");
}

static int found(void **state)
{
    *state = town_found();
    return 0;
}

static int end(void **state)
{
    town_end(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_greets_a_school_of_the_directory),
        TEST(test_refuses_whom_the_directory_does_not_list),
        TEST(test_keeps_a_letter_until_its_recipient_comes),
        TEST(test_passes_a_letter_on_to_who_waits),
        TEST(test_says_nothing_before_the_commit),
        TEST(test_keeps_a_letter_once_however_often_it_is_put),
        TEST(test_urgent_goes_before_receipts_before_normal),
        TEST(test_a_newer_receipt_takes_the_place_of_the_older),
        TEST(test_sends_no_more_than_the_credit),
        TEST(test_always_lets_one_letter_go),
        TEST(test_fences_the_connection_before),
        TEST(test_fetch_needs_a_hello),
        TEST(test_refuses_a_letter_in_another_schools_name),
        TEST(test_refuses_an_unknown_recipient),
        TEST(test_refuses_letters_with_nothing_or_too_much),
        TEST(test_keeps_within_quotas_but_lets_receipts_pass),
        TEST(test_a_full_disk_stops_letters_and_nothing_else),
        TEST(test_goes_on_when_a_full_queue_has_room_again),
        TEST(test_a_consumer_that_is_gone_gets_it_the_next_time),
        TEST(test_keeps_nothing_of_a_drain_that_failed),
        TEST(test_mail_outlives_the_engine),
        TEST(test_mail_expires_after_its_days_and_not_before),
        TEST(test_gives_the_directory_to_who_has_an_older_one),
        TEST(test_only_an_administrator_publishes),
        TEST(test_refuses_a_forged_directory),
        TEST(test_senseless_messages_mute_for_a_minute),
        TEST(test_takes_reports_up_to_their_limit),
        TEST(test_what_only_a_hub_says_is_refused),
        TEST(test_a_revoked_school_is_refused_at_its_next_message),
    };

    return cmocka_run_group_tests(tests, found, end);
}
