/* What the hub does for whom, and what it refuses. */
#include "hub_town.h"

#include "hub/nuisance.h"
#include "hub/watch.h"
#include "wire/hubreport.h"

static void test_refuses_whom_the_directory_does_not_list(void **state)
{
    struct town *town = *state;

    town_hello(town, NOBODY_KNOWS);
    EXPECT(town, "stranger <- REFUSED unknown-sender\n");
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

/* A connection broke; what was on its way by it comes after the new one. */
static void test_a_late_hello_takes_no_mailbox(void **state)
{
    struct town *town = *state;
    const struct hubtalk late = town_greeting(77);

    town_connect(town, CAT, 100);
    town->gone = true;
    town_say_second(town, CAT, &late, (struct bytes){0});
    town->gone = false;
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Cat <- MAIL 1 cursor 1 \"sealed\"\nAnn <- PUT_DONE 1\n");
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
    town_connect(town, CAT, 100);
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

/* Their answers are those of a letter, but no agent puts them. */
static void test_letters_in_anothers_name_mute_for_a_minute(void **state)
{
    struct town *town = *state;
    const struct hubtalk talk = town_letter(ANN, CAT, LANE_NORMAL, 1);

    for (int i = 0; i <= NUISANCE_LIMIT; i++) {
        town_say(town, BEA, &talk, bytes_of("sealed"));
        town_drain(town);
    }
    town_forget(town);
    town_say(town, BEA, &talk, bytes_of("sealed"));
    EXPECT(town, "");
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Ann <- PUT_DONE 1\n");
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

static struct hubreport reports_of(struct town *town, struct arena *arena)
{
    struct hubreport out;

    town_say(town, ADMIN, &(struct hubtalk){.kind = HUBTALK_REPORTS},
        (struct bytes){0});
    EXPECT(town, "admin <- REPORTS_ARE\n");
    MUST(hubreport_decode(&out, town->last_body, arena, err));
    return out;
}

static void test_names_who_has_too_many_connections(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct town *town = *state;
    struct hubreport out;
    int count[] = {ANN, ANN, BEA, ADMIN, NOBODY_KNOWS};

    for (size_t i = 0; i < sizeof count / sizeof count[0]; i++)
        engine_crowded(
            town->engine, &town->now, town->peers[count[i]][0].curve_key);
    out = reports_of(town, &arena);
    assert_int_equal(out.schools[0].crowded, 2);
    assert_int_equal(out.schools[1].crowded, 1);
    assert_int_equal(out.schools[2].crowded, 0);
}

static void test_hands_the_last_reports_to_administrators_only(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct town *town = *state;
    struct hubreport out;

    town_say(town, CAT, &(struct hubtalk){.kind = HUBTALK_REPORT},
        bytes_of("first"));
    town_say(town, CAT, &(struct hubtalk){.kind = HUBTALK_REPORT},
        bytes_of("second"));
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    town_say(town, CAT, &(struct hubtalk){.kind = HUBTALK_REPORTS},
        (struct bytes){0});
    EXPECT(town, "Cat <- REFUSED not-administrator\n");
    out = reports_of(town, &arena);
    assert_int_equal(out.school_count, 3);
    assert_false(out.more);
    assert_string_equal(out.schools[0].school.text, TOWN_LAESTABS[ANN]);
    assert_int_equal(out.schools[0].heard.ms, TOWN_NOW.ms);
    assert_int_equal(out.schools[0].report.len, 0);
    assert_int_equal(out.schools[1].heard.ms, 0);
    assert_int_equal(out.schools[2].report.len, 6);
    assert_memory_equal(out.schools[2].report.data, "second", 6);
    assert_int_equal(out.schools[2].waiting, 1);
    assert_int_equal(out.schools[2].complaints, 1);
    town_say(town, ADMIN,
        &(struct hubtalk){.kind = HUBTALK_REPORTS, .after = town_school(BEA)},
        (struct bytes){0});
    town_forget(town);
    MUST(hubreport_decode(&out, town->last_body, &arena, err));
    assert_int_equal(out.school_count, 1);
}

static void test_a_school_that_asks_all_the_time_is_refused_then_muted(
    void **state)
{
    struct town *town = *state;
    const struct hubtalk ask = {.kind = HUBTALK_DIRECTORY, .version = 99};

    town_hello(town, CAT);
    for (int i = 0; i < WATCH_MAX_ASKS; i++) {
        town_say(town, ANN, &ask, (struct bytes){0});
        town_drain(town);
    }
    town_forget(town);
    town_say(town, ANN, &ask, (struct bytes){0});
    EXPECT(town, "Ann <- REFUSED bad-request\n");
    for (int i = 0; i < NUISANCE_LIMIT; i++) {
        town_say(town, ANN, &ask, (struct bytes){0});
        town_drain(town);
    }
    town_forget(town);
    town_say(town, ANN, &ask, (struct bytes){0});
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 0 waiting\n");
    town->now.mono.ms += 60000;
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
}

static void test_a_school_that_reports_all_the_time_is_refused(void **state)
{
    struct town *town = *state;

    for (int i = 0; i < WATCH_MAX_REPORTS; i++)
        town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_REPORT},
            bytes_of("report"));
    EXPECT(town, "");
    town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_REPORT},
        bytes_of("report"));
    EXPECT(town, "Ann <- REFUSED bad-request\n");
    town->now.mono.ms += 60000;
    town_say(town, ANN, &(struct hubtalk){.kind = HUBTALK_REPORT},
        bytes_of("report"));
    EXPECT(town, "");
}

static struct hubreport_trace trace_of(struct town *town, uint8_t first)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct hubreport_trace out;

    town_say(town, ADMIN,
        &(struct hubtalk){
            .kind = HUBTALK_TRACE, .id = {{first, 1}}, .id_len = 4},
        (struct bytes){0});
    EXPECT(town, "admin <- TRACE_IS\n");
    MUST(hubreport_decode_trace(&out, town->last_body, &arena, err));
    return out;
}

static void test_says_what_became_of_a_letter(void **state)
{
    struct town *town = *state;
    struct hubreport_trace trace;

    town_put(town, ANN, CAT, LANE_NORMAL, 7);
    town_connect(town, CAT, 1000);
    trace = trace_of(town, 7);
    assert_int_equal(trace.count, 1);
    assert_true(trace.letters[0].waits);
    assert_int_equal(trace.letters[0].acked.ms, 0);
    town->now.wall.ms += 5000;
    town_ack(town, CAT, 1);
    town_forget(town);
    trace = trace_of(town, 7);
    assert_false(trace.letters[0].waits);
    assert_int_equal(trace.letters[0].put.ms, TOWN_NOW.ms);
    assert_int_equal(trace.letters[0].acked.ms, TOWN_NOW.ms + 5000);
    assert_string_equal(trace.letters[0].author.text, TOWN_LAESTABS[ANN]);
    assert_int_equal(trace.letters[0].first, 7);
    assert_int_equal(trace_of(town, 8).count, 0);
}

static void test_what_only_a_hub_says_is_refused(void **state)
{
    struct town *town = *state;

    town_say(town, ANN,
        &(struct hubtalk){.kind = HUBTALK_PUT_DONE, .id = {{1}}},
        (struct bytes){0});
    EXPECT(town, "Ann <- REFUSED bad-request\n");
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

    town_connect(town, ANN, 1000);
    town_connect(town, BEA, 1000);
    town_put(town, ANN, BEA, LANE_NORMAL, 3); /* comes too late */
    MUST(authority_revoke(
        town->trust->authority, &bea, "closed", TOWN_NOW, err));
    town_say(town, ADMIN, &(struct hubtalk){.kind = HUBTALK_PUBLISH},
        members_signed(authority_members(town->trust->authority)));
    EXPECT(town, "admin <- PUBLISH_DONE 3\nAnn <- DIRECTORY_IS 3\n"
                 "Ann <- PUT_DONE 3\n");

    town_put(town, BEA, CAT, LANE_NORMAL, 1);
    town_fetch(town, BEA, 0, 1000);
    town_put(town, ANN, BEA, LANE_NORMAL, 2);
    EXPECT(town, "Bea <- REFUSED sender-revoked\n"
                 "Bea <- REFUSED sender-revoked\n"
                 "Ann <- PUT_DONE 2 unknown-recipient\n");
    engine_turned_away(town->engine, &town->now, town->trust->keys[BEA][0]);
    engine_turned_away(town->engine, &town->now, town->trust->keys[4][0]);
    assert_int_equal(
        reports_of(town, &town->room->arena).schools[1].turned_away, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(test_refuses_whom_the_directory_does_not_list),
        TOWN_TEST(test_fences_the_connection_before),
        TOWN_TEST(test_a_late_hello_takes_no_mailbox),
        TOWN_TEST(test_fetch_needs_a_hello),
        TOWN_TEST(test_refuses_a_letter_in_another_schools_name),
        TOWN_TEST(test_refuses_an_unknown_recipient),
        TOWN_TEST(test_refuses_letters_with_nothing_or_too_much),
        TOWN_TEST(test_keeps_within_quotas_but_lets_receipts_pass),
        TOWN_TEST(test_a_full_disk_stops_letters_and_nothing_else),
        TOWN_TEST(test_senseless_messages_mute_for_a_minute),
        TOWN_TEST(test_letters_in_anothers_name_mute_for_a_minute),
        TOWN_TEST(test_names_who_has_too_many_connections),
        TOWN_TEST(test_takes_reports_up_to_their_limit),
        TOWN_TEST(test_hands_the_last_reports_to_administrators_only),
        TOWN_TEST(test_a_school_that_asks_all_the_time_is_refused_then_muted),
        TOWN_TEST(test_a_school_that_reports_all_the_time_is_refused),
        TOWN_TEST(test_says_what_became_of_a_letter),
        TOWN_TEST(test_what_only_a_hub_says_is_refused),
        TOWN_TEST(test_gives_the_directory_to_who_has_an_older_one),
        TOWN_TEST(test_only_an_administrator_publishes),
        TOWN_TEST(test_refuses_a_forged_directory),
        TOWN_TEST(test_a_revoked_school_is_refused_at_its_next_message),
    };

    return cmocka_run_group_tests(
        tests, town_group_set_up, town_group_tear_down);
}
