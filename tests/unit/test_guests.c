/* guests: connections of a key, counted by descriptor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/guests.h"

#define MOST 3
#define DESCRIPTORS 1000
#define NOBODY (-1)

static const mono NOW = {1000000};

static int set_up(void **state)
{
    static struct guests guests;

    guests_init(&guests, DESCRIPTORS, MOST);
    *state = &guests;
    return 0;
}

static int tear_down(void **state)
{
    guests_free(*state);
    return 0;
}

/* A message of connection `number` of a key, over this descriptor. */
static int speak(struct guests *guests, const char *key, int number, int fd)
{
    struct listener_peer peer = {.routing_len = 5};

    peer.routing[3] = (uint8_t)(number >> 8);
    peer.routing[4] = (uint8_t)number;
    snprintf(peer.curve_key, sizeof peer.curve_key, "%s", key);
    return guests_speak(guests, fd, &peer);
}

static void test_one_too_many_cuts_the_longest_unheard(void **state)
{
    struct guests *guests = *state;

    assert_int_equal(speak(guests, "ann", 1, 11), NOBODY);
    assert_int_equal(speak(guests, "ann", 2, 12), NOBODY);
    assert_int_equal(speak(guests, "ann", 3, 13), NOBODY);
    assert_int_equal(speak(guests, "ann", 1, 11), NOBODY); /* once more */
    assert_int_equal(speak(guests, "ann", 4, 14), 12);
    assert_int_equal(speak(guests, "ann", 5, 15), 13);
    assert_int_equal(speak(guests, "ann", 6, 16), 11);
    assert_int_equal(speak(guests, "ann", 6, 16), NOBODY);
}

static void test_others_have_places_of_their_own(void **state)
{
    struct guests *guests = *state;
    char key[16];

    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof key, "k%d", i / MOST);
        assert_int_equal(speak(guests, key, i, 10 + i), NOBODY);
    }
    assert_int_equal(speak(guests, "k50", 900, 900), 10 + 50 * MOST);
}

static void test_a_place_is_free_when_its_connection_goes(void **state)
{
    struct guests *guests = *state;

    for (int i = 1; i < 100; i++) {
        assert_int_equal(speak(guests, "ann", i, 10 + i), NOBODY);
        if (i >= MOST)
            guests_leave(guests, 10 + i - 1); /* from the middle */
        if (i > MOST)
            guests_leave(guests, 10 + i - 1); /* twice is once */
    }
    guests_leave(guests, 500);
    guests_leave(guests, -1);
}

/* Its going was not noticed: the descriptor is another connection's now. */
static void test_a_descriptor_is_whose_message_came_last(void **state)
{
    struct guests *guests = *state;

    for (int i = 0; i < MOST; i++)
        assert_int_equal(speak(guests, "ann", i, 20 + i), NOBODY);
    assert_int_equal(speak(guests, "bea", 10, 20), NOBODY);
    assert_int_equal(speak(guests, "ann", 11, 21), NOBODY);
    assert_int_equal(speak(guests, "ann", 12, 30), NOBODY);
    assert_int_equal(speak(guests, "ann", 13, 31), 22);
    assert_int_equal(speak(guests, "bea", 10, 20), NOBODY);
}

static void test_a_lower_limit_holds_from_then_on(void **state)
{
    struct guests *guests = *state;

    for (int i = 0; i < MOST; i++)
        assert_int_equal(speak(guests, "ann", i, 20 + i), NOBODY);
    guests->most = 1;
    assert_int_equal(speak(guests, "ann", 2, 22), NOBODY);
    assert_int_equal(speak(guests, "ann", 9, 29), 20);
}

static void test_descriptors_beyond_the_table_are_passed_over(void **state)
{
    struct guests *guests = *state;

    for (int i = 0; i < 3 * MOST; i++)
        assert_int_equal(speak(guests, "ann", i, DESCRIPTORS + i), NOBODY);
    assert_int_equal(speak(guests, "ann", 1, -1), NOBODY);
    assert_int_equal(speak(guests, "ann", 1, DESCRIPTORS - 1), NOBODY);
}

static void test_a_key_may_knock_so_often_a_minute(void **state)
{
    struct guests *guests = *state;

    for (int i = 0; i < MOST * GUESTS_KNOCKS; i++)
        assert_true(guests_knock(guests, "ann", NOW));
    assert_false(guests_knock(guests, "ann", (mono){NOW.ms + 59999}));
    assert_true(guests_knock(guests, "bea", NOW));
    assert_true(guests_knock(guests, "ann", (mono){NOW.ms + 60000}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_too_many_cuts_the_longest_unheard),
        TEST(test_others_have_places_of_their_own),
        TEST(test_a_place_is_free_when_its_connection_goes),
        TEST(test_a_descriptor_is_whose_message_came_last),
        TEST(test_a_lower_limit_holds_from_then_on),
        TEST(test_descriptors_beyond_the_table_are_passed_over),
        TEST(test_a_key_may_knock_so_often_a_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
