/* At the hub: schools that change their keys, and schools that have closed. */
#include "hub_town.h"

#include "trust/renewal.h"

static void publish(struct town *town)
{
    town_say(town, ADMIN, &(struct hubtalk){.kind = HUBTALK_PUBLISH},
        members_signed(authority_members(town->trust->authority)));
    town_forget(town);
}

static void renew(struct town *town, int who, struct bytes renewal)
{
    town_say(town, who, &(struct hubtalk){.kind = HUBTALK_RENEW}, renewal);
}

static void list(struct town *town, int who, const char *after)
{
    struct hubtalk talk = {.kind = HUBTALK_RENEWALS};

    snprintf(talk.school.text, sizeof talk.school.text, "%s", after);
    town_say(town, who, &talk, (struct bytes){0});
}

/* Enrol a school again, with a new transport key; its second connection is by
 * that one from now on. */
static void change_keys(struct town *town, int who)
{
    SCOPED(mem_freep) char *state = town_folder(town->trust, "again");
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    char keys[2][CURVE_TEXT_SIZE];
    const struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
        .laestab = town_school(who),
        .urn = "100001",
        .phase = PHASE_PRIMARY,
        .name = TOWN_NAMES[who],
        .curve_public = keys[0],
        .curve_secret = keys[1]};
    struct bytes file;

    MUST(curve_new_pair(keys[0], keys[1], err));
    MUST(identity_enrol(&request, state, &wish, TOWN_NOW, err));
    file = buf_bytes(&request);
    MUST(authority_enrol(&welcome, town->trust->authority,
        &(struct authority_intake){&file, 1, false}, TOWN_NOW, err));
    publish(town);
    memcpy(town->peers[who][1].curve_key, keys[0], CURVE_TEXT_SIZE);
}

static void test_keeps_the_newest_of_each_school_for_administrators(
    void **state)
{
    struct town *town = *state;

    renew(town, BEA, bytes_of("first"));
    renew(town, BEA, bytes_of("second"));
    renew(town, CAT, bytes_of("third"));
    EXPECT(town, "Bea <- RENEWAL_IS 8732002\nBea <- RENEWAL_IS 8732002\n"
                 "Cat <- RENEWAL_IS 8734500\n");
    list(town, ADMIN, "");
    EXPECT(town, "admin <- RENEWAL_IS 8732002 with body\n");
    assert_memory_equal(town->last_body.data, "second", 6);
    list(town, ADMIN, "8732002");
    EXPECT(town, "admin <- RENEWAL_IS 8734500 with body\n");
    list(town, ADMIN, "8734500");
    EXPECT(town, "admin <- RENEWAL_IS \n");
    list(town, BEA, "");
    EXPECT(town, "Bea <- REFUSED not-administrator\n");
    renew(town, ADMIN, bytes_of("what"));
    EXPECT(town, "admin <- REFUSED unknown-sender\n");
}

static void test_refuses_nothing_and_too_much(void **state)
{
    static const uint8_t big[HUBTALK_MAX_RENEWAL + 1];
    struct town *town = *state;

    renew(town, BEA, (struct bytes){0});
    renew(town, BEA, (struct bytes){big, sizeof big});
    EXPECT(town, "Bea <- REFUSED bad-request\nBea <- REFUSED too-large\n");
    list(town, ADMIN, "");
    EXPECT(town, "admin <- RENEWAL_IS \n");
}

static void test_what_was_answered_is_told_no_more(void **state)
{
    struct town *town = *state;

    renew(town, ANN, bytes_of("renewal"));
    town_forget(town);
    change_keys(town, ANN);
    list(town, ADMIN, "");
    EXPECT(town, "admin <- RENEWAL_IS \n");
}

/* Ann has two keys since the test before. */
static void test_the_old_transport_key_ends_with_the_new(void **state)
{
    struct town *town = *state;
    const struct hubtalk hello = town_greeting(9);
    const char *fresh =
        members_school(town->trust->hub->members, &(struct laestab){"8732001"})
            ->curve_key;

    memcpy(town->peers[ANN][1].curve_key, fresh, CURVE_TEXT_SIZE);
    assert_true(
        engine_admits(town->engine, &town->now, town->trust->keys[ANN][0]));
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
    town_say_second(town, ANN, &hello, (struct bytes){0});
    EXPECT(town, "Ann' <- WELCOME 0 waiting\nAnn <- REFUSED fenced\n");
    assert_false(
        engine_admits(town->engine, &town->now, town->trust->keys[ANN][0]));
    assert_true(engine_admits(town->engine, &town->now, fresh));
    town_hello(town, ANN);
    EXPECT(town, "Ann <- REFUSED unknown-sender\n");
}

/* Bea is closed from here on. */
static void test_a_closed_school_takes_its_mail_and_signs_nothing(void **state)
{
    struct town *town = *state;
    const struct laestab bea = town_school(BEA);
    const struct authority_change change = {
        .move = AUTHORITY_CLOSE, .schools = &bea, .count = 1, .reason = ""};

    town_put(town, CAT, BEA, LANE_NORMAL, 1);
    town_forget(town);
    MUST(authority_change(town->trust->authority, &change, TOWN_NOW, err));
    publish(town);
    town_put(town, CAT, BEA, LANE_NORMAL, 2);
    EXPECT(town, "Cat <- PUT_DONE 2 school-closed\n");
    town_hello(town, BEA);
    town_fetch(town, BEA, 0, 100);
    EXPECT(town, "Bea <- WELCOME 1 waiting\n"
                 "Bea <- MAIL 1 cursor 1 \"sealed\"\n");
    town_put(town, BEA, CAT, LANE_NORMAL, 3);
    town_put(town, BEA, CAT, LANE_RECEIPT, 4);
    EXPECT(town, "Bea <- PUT_DONE 3 school-closed\nBea <- PUT_DONE 4\n");
    renew(town, BEA, bytes_of("renewal"));
    EXPECT(town, "Bea <- REFUSED school-closed\n");
    town->now.wall.ms += (int64_t)31 * 24 * 3600 * 1000;
    town_hello(town, BEA);
    EXPECT(town, "Bea <- REFUSED sender-revoked\n");
}

static void test_leads_who_was_away_to_the_new_authority(void **state)
{
    struct town *town = *state;
    const uint64_t had = members_version(town->trust->hub->members);
    struct hubtalk ask = {.kind = HUBTALK_DIRECTORY, .version = had};
    SCOPED(buf_free) struct buf bridge = BUF_EMPTY;
    char expected[80];

    MUST(authority_rotate(town->trust->authority, NULL, TOWN_NOW, err));
    MUST(authority_bridge(&bridge, town->trust->authority, err));
    town_say(town, ADMIN, &(struct hubtalk){.kind = HUBTALK_PUBLISH},
        buf_bytes(&bridge));
    publish(town);
    for (int i = 1; i <= 2; i++) { /* the bridge, then the newest */
        town_say(town, CAT, &ask, (struct bytes){0});
        snprintf(expected, sizeof expected,
            "Cat <- DIRECTORY_IS %llu with body\n",
            (unsigned long long)(had + (uint64_t)i));
        EXPECT(town, expected);
        ask.version = had + (uint64_t)i;
    }
    town_say(town, CAT, &ask, (struct bytes){0});
    snprintf(expected, sizeof expected, "Cat <- DIRECTORY_IS %llu\n",
        (unsigned long long)had + 2);
    EXPECT(town, expected);
}

/* One trust for all: what they change of it stays, in this order. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(test_keeps_the_newest_of_each_school_for_administrators),
        TOWN_TEST(test_refuses_nothing_and_too_much),
        TOWN_TEST(test_what_was_answered_is_told_no_more),
        TOWN_TEST(test_the_old_transport_key_ends_with_the_new),
        TOWN_TEST(test_a_closed_school_takes_its_mail_and_signs_nothing),
        TOWN_TEST(test_leads_who_was_away_to_the_new_authority),
    };

    return cmocka_run_group_tests(
        tests, town_group_set_up, town_group_tear_down);
}
