/* What the hub remembers of schools, and what it tells authors of letters that
 * nobody fetches. */
#include "hub_town.h"

#include "agentd/flight.h"
#include "hub/visit.h"
#include "wire/hubreport.h"

#define DAY ((int64_t)24 * 3600 * 1000)

/* So many days after TOWN_NOW, and the hourly work is done. */
static void on_day(struct town *town, int64_t day)
{
    town->now.wall = (wall){TOWN_NOW.ms + day * DAY};
    town->now.mono = (mono){town->now.mono.ms + DAY};
    engine_on_time(town->engine, &town->now);
}

static void restart(struct town *town)
{
    town_drain(town);
    engine_free(town->engine);
    town_start_engine(town);
}

static void hello_with(
    struct town *town, int who, uint64_t incarnation, uint64_t progress)
{
    struct hubtalk hello = town_greeting((uint8_t)(who + 1));

    hello.incarnation = incarnation;
    hello.progress = progress;
    town_say(town, who, &hello, (struct bytes){0});
}

static void noted(
    struct town *town, int who, uint8_t letter, enum reason reason)
{
    town_say(town, who,
        &(struct hubtalk){
            .kind = HUBTALK_NOTED, .id = {{letter, 1}}, .reason = reason},
        (struct bytes){0});
}

static void test_remembers_the_most_that_a_school_said(void **state)
{
    struct town *town = *state;

    hello_with(town, ANN, 0, 12);
    EXPECT(town, "Ann <- WELCOME 0 waiting seen 0.12\n");
    hello_with(town, ANN, 0, 9);
    EXPECT(town, "Ann <- WELCOME 0 waiting seen 0.12\n");
    hello_with(town, ANN, 1, 3);
    EXPECT(town, "Ann <- WELCOME 0 waiting seen 1.3\n");
    restart(town);
    hello_with(town, ANN, 0, 99);
    hello_with(town, BEA, 0, 1);
    EXPECT(town, "Ann <- WELCOME 0 waiting seen 1.3\n"
                 "Bea <- WELCOME 0 waiting seen 0.1\n");
}

/* Each letter says it too, or a school that is put back as it was at its last
 * greeting would use its numbers again; one that is not kept says nothing. */
static void test_remembers_what_a_school_said_with_its_letters(void **state)
{
    struct town *town = *state;
    struct hubtalk letter = town_letter(ANN, CAT, LANE_NORMAL, 1);

    hello_with(town, ANN, 0, 12);
    letter.progress = 13;
    town_say(town, ANN, &letter, bytes_of("sealed"));
    letter = town_letter(BEA, CAT, LANE_NORMAL, 2); /* not Ann's to put */
    letter.progress = 14;
    town_say(town, ANN, &letter, bytes_of("sealed"));
    town_drain(town);
    restart(town);
    town_forget(town);
    hello_with(town, ANN, 0, 12);
    EXPECT(town, "Ann <- WELCOME 0 waiting seen 0.13\n");
}

static uint64_t high_of(struct town *town)
{
    town_hello(town, BEA);
    town_forget(town);
    return town->high;
}

static void test_says_how_far_its_cursors_went(void **state)
{
    struct town *town = *state;

    assert_int_equal(high_of(town), 0);
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_NORMAL, 2);
    town_drain(town);
    assert_int_equal(high_of(town), 2);
    town_connect(town, CAT, 100);
    town_ack(town, CAT, 1);
    town_ack(town, CAT, 2);
    restart(town);
    assert_int_equal(high_of(town), 2);
}

static void test_tells_the_older_run_at_once_that_it_is_fenced(void **state)
{
    struct town *town = *state;
    const struct hubtalk other = town_greeting(77);
    const struct hubtalk letter = town_letter(CAT, ANN, LANE_NORMAL, 1);

    town_connect(town, CAT, 100);
    town_say_second(town, CAT, &other, (struct bytes){0});
    EXPECT(town, "Cat' <- WELCOME 0 waiting\nCat <- REFUSED fenced\n");
    town_say(town, CAT, &letter, bytes_of("sealed"));
    EXPECT(town, "Cat <- REFUSED fenced\n");
    town_say_second(town, CAT, &letter, bytes_of("sealed"));
    EXPECT(town, "Cat' <- PUT_DONE 1\n");
}

static void test_does_not_fence_the_same_run_on_a_new_connection(void **state)
{
    struct town *town = *state;
    const struct hubtalk same = town_greeting(CAT + 1);

    town_connect(town, CAT, 100);
    town_say_second(town, CAT, &same, (struct bytes){0});
    EXPECT(town, "Cat' <- WELCOME 0 waiting\n");
}

static void test_warns_the_author_at_three_quarters_of_a_life(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_hello(town, ANN);
    town_forget(town);
    on_day(town, 89);
    EXPECT(town, "");
    on_day(town, 90);
    EXPECT(town, "Ann <- NOTICE 1 expiring\n");
    assert_int_equal(town->time.ms, TOWN_NOW.ms + 120 * DAY);
    noted(town, ANN, 1, REASON_EXPIRING);
    on_day(town, 91);
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
}

static void test_says_it_until_the_author_has_it(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    on_day(town, 90);
    EXPECT(town, "");
    restart(town);
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\nAnn <- NOTICE 1 expiring\n");
    on_day(town, 91);
    EXPECT(town, "Ann <- NOTICE 1 expiring\n");
    noted(town, BEA, 1, REASON_EXPIRING);
    noted(town, ANN, 1, REASON_EXPIRED);
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\nAnn <- NOTICE 1 expiring\n");
}

static void test_warns_of_nothing_that_was_fetched_or_is_a_receipt(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_put(town, ANN, CAT, LANE_RECEIPT, 2);
    town_put(town, ANN, CAT, LANE_URGENT, 3);
    town_connect(town, CAT, 1000);
    town_ack(town, CAT, 1);
    town_hello(town, ANN);
    town_forget(town);
    on_day(town, 100);
    EXPECT(town, "Ann <- NOTICE 3 expiring\n");
    town_ack(town, CAT, 3);
    town_drain(town);
    on_day(town, 101);
    EXPECT(town, "");
    on_day(town, 130);
    EXPECT(town, "");
}

static void test_tells_the_author_of_the_end_also_much_later(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_forget(town);
    on_day(town, 120);
    EXPECT(town, "");
    on_day(town, 180);
    restart(town);
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\nAnn <- NOTICE 1 expired\n");
    noted(town, ANN, 1, REASON_EXPIRED);
    town_hello(town, ANN);
    EXPECT(town, "Ann <- WELCOME 0 waiting\n");
}

/* What the hub signed beside the newest message. */
static struct attest attested(const struct town *town, struct arena *arena)
{
    struct attest attest;

    MUST(attesting_verify(&attest, town->trust->hub->members,
        town->trust->hub->endpoint, town->last_body, arena, err));
    return attest;
}

static void test_signs_what_it_says_of_a_letter(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct town *town = *state;
    struct attest attest;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_hello(town, ANN);
    town_forget(town);
    on_day(town, 90);
    EXPECT(town, "Ann <- NOTICE 1 expiring\n");
    attest = attested(town, &arena);
    assert_int_equal(attest.time.ms, TOWN_NOW.ms + 90 * DAY);
    assert_int_equal(attest.id.bytes[0], 1);
    assert_string_equal(attest.header.author.text, TOWN_LAESTABS[ANN]);
    assert_string_equal(attest.header.recipient.text, TOWN_LAESTABS[CAT]);
    assert_int_equal(attest.count, 2);
    assert_int_equal(attest.events[0].kind, ATTEST_PUT);
    assert_int_equal(attest.events[0].at.ms, TOWN_NOW.ms);
    assert_int_equal(attest.events[1].kind, ATTEST_EXPIRING);
    assert_int_equal(attest.events[1].at.ms, TOWN_NOW.ms + 120 * DAY);
    on_day(town, 121);
    town_hello(town, ANN);
    town_forget(town);
    attest = attested(town, &arena);
    assert_int_equal(attest.events[1].kind, ATTEST_EXPIRED);
}

static void test_signs_why_it_refuses_but_not_for_ever(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct town *town = *state;
    struct attest attest;

    town->settings.sender_mib = 0;
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    EXPECT(town, "Ann <- PUT_DONE 1 quota\n");
    attest = attested(town, &arena);
    assert_int_equal(attest.count, 1);
    assert_int_equal(attest.events[0].kind, ATTEST_REFUSED);
    assert_int_equal(attest.events[0].reason, REASON_QUOTA);
    for (int i = 1; i < 10 * FLIGHT_MAX; i++) {
        town_put(town, ANN, CAT, LANE_NORMAL, 2);
        town_forget(town);
        if (i < 4 * FLIGHT_MAX) /* what an agent has on its way, refused */
            assert_int_not_equal(town->last_body.len, 0);
    }
    assert_int_equal(town->last_body.len, 0);
    town_put(town, BEA, CAT, LANE_NORMAL, 3);
    town_forget(town);
    assert_int_not_equal(town->last_body.len, 0);
}

static struct hubreport_trace trace_of(
    struct town *town, uint8_t id, struct arena *arena)
{
    const struct hubtalk ask = {
        .kind = HUBTALK_TRACE, .id = {{id, 1}}, .id_len = 4};
    struct hubreport_trace trace;

    town_forget(town);
    town_say(town, ADMIN, &ask, (struct bytes){0});
    EXPECT(town, "admin <- TRACE_IS\n");
    MUST(hubreport_decode_trace(&trace, town->last_body, arena, err));
    return trace;
}

/* The events of the only letter of that name, as "put 0 handed 5 ". */
static void assert_trail(struct town *town, uint8_t id, const char *expected)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct hubreport_trace trace = trace_of(town, id, &arena);
    struct attest attest;
    char text[200] = "";

    assert_int_equal(trace.count, 1);
    assert_int_equal(trace.letters[0].plain.len, 0);
    MUST(attesting_verify(&attest, town->trust->hub->members,
        town->trust->hub->endpoint, trace.letters[0].is_signed, &arena, err));
    assert_int_equal(attest.id.bytes[0], id);
    assert_int_equal(attest.time.ms, town->now.wall.ms);
    for (size_t i = 0; i < attest.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s %d ",
            attest_name(attest.events[i].kind),
            (int)((attest.events[i].at.ms - TOWN_NOW.ms) / DAY));
    assert_string_equal(text, expected);
}

static void test_the_trail_of_a_letter_is_signed(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    assert_trail(town, 1, "put 0 expiring 120 ");
    on_day(town, 3);
    town_connect(town, CAT, 1000);
    assert_trail(town, 1, "put 0 handed 3 expiring 120 ");
    on_day(town, 4);
    town_ack(town, CAT, 1);
    assert_trail(town, 1, "put 0 handed 3 acknowledged 4 ");
    town_put(town, ANN, CAT, LANE_RECEIPT, 2);
    on_day(town, 5);
    town_put(town, ANN, CAT, LANE_RECEIPT, 3);
    assert_trail(town, 2, "put 4 superseded 5 ");
    town_put(town, ANN, BEA, LANE_NORMAL, 4);
    town_forget(town);
    on_day(town, 126);
    assert_trail(town, 4, "put 5 expired 125 ");
    town_hello(town, ANN);
    noted(town, ANN, 4, REASON_EXPIRED);
    on_day(town, 127);
    assert_trail(town, 4, "put 5 expired 125 ");
    town->settings.sender_mib = 0;
    town_put(town, ANN, BEA, LANE_NORMAL, 5);
    assert_trail(town, 5, "refused 127 ");
}

/* A hub of an enrolment from before hubs had certificates. */
static void test_a_trail_that_nobody_signs_can_be_read(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct town *town = *state;
    struct hubreport_trace trace;
    struct attest attest;

    town->engine->callbacks.attest = NULL;
    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    trace = trace_of(town, 1, &arena);
    assert_int_equal(trace.letters[0].is_signed.len, 0);
    MUST(attest_decode(&attest, trace.letters[0].plain, &arena, err));
    assert_string_equal(attest.hub, "");
    assert_int_equal(attest.events[0].kind, ATTEST_PUT);
}

static void test_tells_many_a_few_at_a_time(void **state)
{
    struct town *town = *state;
    size_t lines = 0;

    for (uint8_t id = 1; id <= 40; id++)
        town_put(town, ANN, CAT, LANE_NORMAL, id);
    town_hello(town, ANN);
    town_forget(town);
    on_day(town, 95);
    for (const char *at = town_said(town); (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 32);
    for (uint8_t id = 1; id <= 31; id++)
        noted(town, ANN, id, REASON_EXPIRING);
    town_forget(town);
    noted(town, ANN, 32, REASON_EXPIRING);
    EXPECT(town, "Ann <- NOTICE 33 expiring\nAnn <- NOTICE 34 expiring\n"
                 "Ann <- NOTICE 35 expiring\nAnn <- NOTICE 36 expiring\n"
                 "Ann <- NOTICE 37 expiring\nAnn <- NOTICE 38 expiring\n"
                 "Ann <- NOTICE 39 expiring\nAnn <- NOTICE 40 expiring\n");
}

static void put_again(struct town *town, uint8_t id, uint8_t origin)
{
    struct hubtalk talk = town_letter(ANN, CAT, LANE_NORMAL, id);

    talk.origin = (struct id){{origin, 1}};
    town_say(town, ANN, &talk, bytes_of("again"));
}

static void test_a_letter_put_again_takes_the_place_of_the_first(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_drain(town);
    on_day(town, 60);
    put_again(town, 2, 1);
    town_drain(town);
    put_again(town, 3, 1);
    town_hello(town, ANN);
    town_forget(town);
    on_day(town, 90);
    EXPECT(town, "Ann <- NOTICE 3 expiring\n");
    town_hello(town, CAT);
    town_fetch(town, CAT, 0, 100);
    EXPECT(town, "Cat <- WELCOME 1 waiting\n"
                 "Cat <- MAIL 3 cursor 3 \"again\"\n");
}

static void test_a_letter_is_not_replaced_by_another_authors(void **state)
{
    struct town *town = *state;
    struct hubtalk talk = town_letter(BEA, CAT, LANE_NORMAL, 2);

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_drain(town);
    talk.origin = (struct id){{1, 1}};
    town_say(town, BEA, &talk, bytes_of("mine"));
    town_forget(town);
    town_hello(town, CAT);
    EXPECT(town, "Cat <- WELCOME 2 waiting\n");
}

static void test_a_letter_that_was_fetched_can_come_again(void **state)
{
    struct town *town = *state;

    town_put(town, ANN, CAT, LANE_NORMAL, 1);
    town_connect(town, CAT, 100);
    town_ack(town, CAT, 1);
    town_forget(town);
    put_again(town, 2, 1);
    EXPECT(town, "Cat <- MAIL 2 cursor 2 \"again\"\nAnn <- PUT_DONE 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(test_remembers_the_most_that_a_school_said),
        TOWN_TEST(test_remembers_what_a_school_said_with_its_letters),
        TOWN_TEST(test_says_how_far_its_cursors_went),
        TOWN_TEST(test_tells_the_older_run_at_once_that_it_is_fenced),
        TOWN_TEST(test_does_not_fence_the_same_run_on_a_new_connection),
        TOWN_TEST(test_warns_the_author_at_three_quarters_of_a_life),
        TOWN_TEST(test_says_it_until_the_author_has_it),
        TOWN_TEST(test_warns_of_nothing_that_was_fetched_or_is_a_receipt),
        TOWN_TEST(test_tells_the_author_of_the_end_also_much_later),
        TOWN_TEST(test_signs_what_it_says_of_a_letter),
        TOWN_TEST(test_signs_why_it_refuses_but_not_for_ever),
        TOWN_TEST(test_the_trail_of_a_letter_is_signed),
        TOWN_TEST(test_a_trail_that_nobody_signs_can_be_read),
        TOWN_TEST(test_tells_many_a_few_at_a_time),
        TOWN_TEST(test_a_letter_put_again_takes_the_place_of_the_first),
        TOWN_TEST(test_a_letter_is_not_replaced_by_another_authors),
        TOWN_TEST(test_a_letter_that_was_fetched_can_come_again),
    };

    return cmocka_run_group_tests(
        tests, town_group_set_up, town_group_tear_down);
}
