/* succession: schools that close, are followed by others, or are renamed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place.h"

static struct authority *found(const char *place)
{
    SCOPED(mem_freep) char *dir = place_found(place, NULL);
    SCOPED(mem_freep) char *one = place_join(place, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *two = place_join(place, "s1", &PLACE_NORTHGATE);
    struct authority *authority = NULL;

    assert_int_equal(
        authority_open(&authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    return authority;
}

static int change(struct authority *authority, struct authority_change change)
{
    return authority_change(authority, &change, PLACE_NOW, NULL);
}

static const struct directory_school *hillside(const struct authority *a)
{
    return members_school(authority_members(a), &PLACE_HILLSIDE.laestab);
}

static void test_a_school_is_renamed_and_keeps_the_rest(void **state)
{
    SCOPED(authority_closep) struct authority *authority = found(*state);
    const struct laestab stranger = {"9999999"};

    assert_int_equal(
        change(authority, (struct authority_change){.move = AUTHORITY_RENAME,
                              .schools = &PLACE_HILLSIDE.laestab,
                              .count = 1,
                              .name = "Hillside Academy"}),
        0);
    assert_string_equal(hillside(authority)->name, "Hillside Academy");
    assert_string_equal(hillside(authority)->urn, "100001");
    assert_int_equal(hillside(authority)->phase, PHASE_PRIMARY);
    assert_int_equal(hillside(authority)->status, MEMBER_ACTIVE);
    assert_int_equal(
        change(authority, (struct authority_change){.move = AUTHORITY_RENAME,
                              .schools = &PLACE_HILLSIDE.laestab,
                              .count = 1,
                              .urn = "149999"}),
        0);
    assert_string_equal(hillside(authority)->name, "Hillside Academy");
    assert_string_equal(hillside(authority)->urn, "149999");
    assert_int_equal(
        change(authority, (struct authority_change){.move = AUTHORITY_RENAME,
                              .schools = &stranger,
                              .count = 1,
                              .name = "Nowhere"}),
        ERR_NOT_FOUND);
}

static void test_a_school_closes_once_and_another_follows(void **state)
{
    SCOPED(authority_closep) struct authority *authority = found(*state);
    struct authority_change closing = {.move = AUTHORITY_CLOSE,
        .schools = &PLACE_HILLSIDE.laestab,
        .count = 1,
        .reason = "merged"};

    closing.successor = &PLACE_HILLSIDE.laestab;
    assert_int_equal(change(authority, closing), ERR_DENIED);
    closing.successor = NULL;
    assert_int_equal(change(authority, closing), 0);
    assert_int_equal(hillside(authority)->status, MEMBER_CLOSED);
    assert_string_equal(hillside(authority)->successor.text, "");
    assert_int_equal(change(authority, closing), ERR_EXISTS);
    closing.successor = &PLACE_NORTHGATE.laestab; /* it is known only later */
    assert_int_equal(change(authority, closing), 0);
    assert_string_equal(
        hillside(authority)->successor.text, PLACE_NORTHGATE.laestab.text);
    closing.schools = &PLACE_NORTHGATE.laestab;
    closing.successor = &PLACE_HILLSIDE.laestab;
    assert_int_equal(change(authority, closing), ERR_DENIED);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_school_is_renamed_and_keeps_the_rest),
        TEST(test_a_school_closes_once_and_another_follows),
    };

    return cmocka_run_group_tests_name("succession", tests, NULL, NULL);
}
