#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "place.h"

/* Add the request of a fresh place/NAME. */
static void request_of(struct buf *request, const char *place, const char *name,
    const struct identity_wish *wish)
{
    SCOPED(mem_freep) char *dir = file_path(place, name);

    assert_int_equal(place_try_enrol(request, dir, wish, NULL), 0);
}

static void test_no_changed_character_of_a_request_is_accepted(void **state)
{
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    struct arena arena = ARENA_EMPTY;
    struct enrolment_request out;
    struct digest digest;

    request_of(&request, *state, "p1", &PLACE_HILLSIDE);
    for (size_t i = 0; i + 1 < request.len; i++) {
        const uint8_t was = request.data[i];

        request.data[i] = was == 'A' ? 'B' : 'A';
        if (authority_read_request(
                &out, &digest, buf_bytes(&request), &arena, NULL) == 0)
            fail_msg("character %zu may be changed", i);
        request.data[i] = was;
    }
    assert_int_equal(authority_read_request(
                         &out, &digest, buf_bytes(&request), &arena, NULL),
        0);
    arena_free(&arena);
}

static void test_mail_may_change_line_ends_but_not_the_fingerprint(void **state)
{
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf mailed = BUF_EMPTY;
    struct arena arena = ARENA_EMPTY;
    struct enrolment_request out;
    struct digest digest, other;

    request_of(&request, *state, "p1", &PLACE_HILLSIDE);
    buf_add(&mailed, bytes_of("\r\n"));
    for (size_t i = 0; i < request.len; i++) {
        if (request.data[i] == '\n')
            buf_add(&mailed, bytes_of("\r"));
        buf_add(&mailed, (struct bytes){&request.data[i], 1});
    }
    buf_add(&mailed, bytes_of("\r\n \t"));
    assert_int_equal(authority_read_request(
                         &out, &digest, buf_bytes(&request), &arena, NULL),
        0);
    assert_int_equal(
        authority_read_request(&out, &other, buf_bytes(&mailed), &arena, NULL),
        0);
    assert_memory_equal(&digest, &other, sizeof digest);
    hash_sha256(&other, buf_bytes(&request));
    assert_memory_equal(&digest, &other, sizeof digest);
    arena_free(&arena);
}

/* Somebody sends a request under our name with a key that is not theirs. */
static void test_a_request_shows_that_its_sender_has_the_key(void **state)
{
    SCOPED(buf_free) struct buf ours = BUF_EMPTY;
    SCOPED(buf_free) struct buf theirs = BUF_EMPTY;
    SCOPED(buf_free) struct buf mixed = BUF_EMPTY;
    struct arena arena = ARENA_EMPTY;
    struct enrolment_request out;
    struct digest digest;
    const char *body, *blank;

    request_of(&ours, *state, "p1", &PLACE_HILLSIDE);
    request_of(&theirs, *state, "thief", &PLACE_HILLSIDE);
    buf_add(&ours, (struct bytes){(const uint8_t *)"", 1});
    buf_add(&theirs, (struct bytes){(const uint8_t *)"", 1});
    blank = strstr((const char *)theirs.data, "\n\n");
    body = strstr((const char *)ours.data, "\n\n");
    buf_add(&mixed, (struct bytes){theirs.data,
                        (size_t)(blank - (const char *)theirs.data)});
    buf_add(&mixed, bytes_of(body));
    assert_int_equal(
        authority_read_request(&out, &digest, buf_bytes(&mixed), &arena, NULL),
        ERR_SIGNATURE);
    arena_free(&arena);
}

static void test_refuses_a_request_that_is_too_long(void **state)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct arena arena = ARENA_EMPTY;
    struct enrolment_request out;
    struct digest digest;

    (void)state;
    buf_add(&file, bytes_of("-----BEGIN MOVEUP REQUEST-----\nFrom: x\n\n"));
    while (file.len < PAPERS_MAX_REQUEST_FILE)
        buf_add(&file, bytes_of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                                "AAAAAAAAAAAAAAAAAAAAAA\n"));
    assert_int_equal(
        authority_read_request(&out, &digest, buf_bytes(&file), &arena, NULL),
        ERR_TOO_BIG);
    arena_free(&arena);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_changed_character_of_a_request_is_accepted),
        TEST(test_mail_may_change_line_ends_but_not_the_fingerprint),
        TEST(test_a_request_shows_that_its_sender_has_the_key),
        TEST(test_refuses_a_request_that_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
