/* A hub changes its keys: what is asked, what is answered, the two transport
 * keys, and what a crash leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/cert.h"
#include "crypto/hash.h"
#include "place.h"
#include "trust/attesting.h"
#include "trust/folder.h"
#include "trust/hubkeys.h"

struct hub {
    char *state, *folder;
    struct authority *authority;
    struct identity *me;
};

static void begin(struct hub *h, void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);

    h->state = place_join(*state, "h1", &PLACE_HUB);
    h->folder = file_path(h->state, "identity");
    assert_int_equal(
        authority_open(&h->authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    assert_int_equal(identity_open(&h->me, h->state, PLACE_NOW, NULL), 0);
}

static void end(struct hub *h)
{
    authority_close(h->authority);
    identity_close(h->me);
    free(h->state);
    free(h->folder);
}

static void rotate(
    struct buf *request, const struct hub *h, unsigned parts, wall now)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    const struct renewal_wish wish = {parts, false, public_key, secret_key};

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    assert_int_equal(hubkeys_begin(request, h->me, &wish, now, NULL), 0);
}

/* The authority answers, and the hub gets the directory. */
static void answer(struct hub *h, const struct buf *request, wall now)
{
    struct bytes file = buf_bytes(request);
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    struct err err;

    if (authority_enrol(&welcome, h->authority,
            &(struct authority_intake){&file, 1, false}, now, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(
        identity_update_directory(
            h->me, members_signed(authority_members(h->authority)), now, NULL),
        0);
}

static bool settle(struct hub *h, wall now)
{
    struct err err;
    bool moved;

    if (hubkeys_settle(&moved, h->me, now, &err) < 0)
        fail_msg("%s", err.text);
    return moved;
}

static const struct directory_hub *listed(const struct hub *h)
{
    return members_hub(h->me->members, h->me->endpoint);
}

static void assert_signs(const struct hub *h, wall now)
{
    SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct attest attest = {.hub = "",
        .time = now,
        .id = {{1}},
        .header = {STREAM_VERSION, {"8732001"}, {"8734500"}, LANE_NORMAL, {{4}},
            1, 1, 90},
        .events = {{ATTEST_PUT, now, REASON_NONE}},
        .count = 1};
    struct attest got;

    assert_int_equal(attesting_sign(&is_signed, h->me, &attest, NULL), 0);
    assert_int_equal(attesting_verify(&got, h->me->members, h->me->endpoint,
                         buf_bytes(&is_signed), &arena, NULL),
        0);
}

static void test_signs_anew_at_once_and_moves_after_the_overlap(void **state)
{
    SCOPED(end) struct hub h;
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf again = BUF_EMPTY;
    char before[CURVE_KEY_SIZE];
    struct digest old, new;

    begin(&h, state);
    memcpy(before, h.me->curve_public, sizeof before);
    hash_sha256(&old, cert_der(h.me->sign_cert));
    rotate(&request, &h, RENEWAL_ALL, place_later(1));
    rotate(&again, &h, RENEWAL_ALL, place_later(2));
    assert_int_equal(request.len, again.len);
    assert_memory_equal(request.data, again.data, request.len);
    assert_false(settle(&h, place_later(2))); /* nobody has answered */
    hash_sha256(&new, cert_der(h.me->sign_cert));
    assert_memory_equal(&old, &new, sizeof old);

    answer(&h, &request, place_later(3));
    assert_string_equal(listed(&h)->former_curve_key, before);
    assert_string_not_equal(listed(&h)->curve_key, before);
    assert_int_equal(listed(&h)->sign_count, 2);
    assert_false(settle(&h, place_later(3)));
    hash_sha256(&new, cert_der(h.me->sign_cert));
    assert_memory_not_equal(&old, &new, sizeof old);
    assert_signs(&h, place_later(3));
    assert_string_equal(h.me->curve_public, before);

    assert_false(settle(&h, place_later(122)));
    assert_true(settle(&h, place_later(123)));
    assert_string_equal(h.me->curve_public, listed(&h)->curve_key);
    assert_false(folder_has(h.folder, "next-request"));
    assert_false(folder_has(h.folder, "next-curve.key"));
    assert_false(settle(&h, place_later(124)));
    /* the next directory forgets the old one */
    assert_int_equal(
        authority_answer(h.authority, NULL, 0, place_later(124), NULL), 0);
    assert_int_equal(identity_update_directory(h.me,
                         members_signed(authority_members(h.authority)),
                         place_later(124), NULL),
        0);
    assert_string_equal(listed(&h)->former_curve_key, "");
    identity_close(TAKE(h.me));
    assert_int_equal(identity_open(&h.me, h.state, place_later(124), NULL), 0);
    assert_string_equal(h.me->curve_public, listed(&h)->curve_key);
    assert_signs(&h, place_later(124));
}

static void test_changes_one_key_alone(void **state)
{
    SCOPED(end) struct hub h;
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    char before[CURVE_KEY_SIZE];

    begin(&h, state);
    memcpy(before, h.me->curve_public, sizeof before);
    rotate(&request, &h, RENEWAL_SIGN, place_later(1));
    answer(&h, &request, place_later(1));
    assert_string_equal(listed(&h)->former_curve_key, "");
    assert_false(settle(&h, place_later(1)));
    assert_string_equal(h.me->curve_public, before);
    assert_signs(&h, place_later(1));
    assert_false(folder_has(h.folder, "next-request"));
}

static void test_a_hub_made_anew_has_no_overlap(void **state)
{
    SCOPED(end) struct hub h;
    SCOPED(mem_freep) char *fresh = file_path(*state, "h1-again");
    SCOPED(buf_free) struct buf request = BUF_EMPTY;

    begin(&h, state);
    assert_int_equal(place_try_enrol(&request, fresh, &PLACE_HUB, NULL), 0);
    answer(&h, &request, place_later(1));
    assert_string_equal(listed(&h)->former_curve_key, "");
}

static void test_an_older_hub_gets_its_first_key(void **state)
{
    SCOPED(end) struct hub h;
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(mem_freep) char *key = NULL;
    SCOPED(mem_freep) char *crt = NULL;

    begin(&h, state);
    key = file_path(h.folder, "sign.key");
    crt = file_path(h.folder, "sign.crt");
    assert_int_equal(unlink(key) + unlink(crt), 0);
    identity_close(TAKE(h.me));
    assert_int_equal(identity_open(&h.me, h.state, PLACE_NOW, NULL), 0);
    assert_null(h.me->sign_key);
    rotate(&request, &h, RENEWAL_TRANSPORT, place_later(1));
    answer(&h, &request, place_later(1));
    assert_false(settle(&h, place_later(1)));
    assert_signs(&h, place_later(1));
}

/* Each pair of files takes its place in two steps. */
static void test_goes_on_after_a_crash_between_two_files(void **state)
{
    static const char *const cases[][2] = {
        {"sign.crt", "next-sign.crt"}, {"curve.key", "next-curve.key"}};

    for (size_t i = 0; i < 2; i++) {
        SCOPED(end) struct hub h;
        SCOPED(mem_freep) char *name = mem_format("%s/%zu", (char *)*state, i);
        SCOPED(mem_freep) char *from = NULL;
        SCOPED(mem_freep) char *to = NULL;
        void *place = name;

        assert_int_equal(mkdir(name, 0700), 0);
        begin(&h, &place);
        from = file_path(h.folder, cases[i][0]);
        to = file_path(h.folder, cases[i][1]);
        assert_int_equal(rename(from, to), 0);
        identity_close(TAKE(h.me));
        assert_int_equal(identity_open(&h.me, h.state, PLACE_NOW, NULL), 0);
        assert_signs(&h, PLACE_NOW);
    }
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_signs_anew_at_once_and_moves_after_the_overlap),
        CASE(test_changes_one_key_alone),
        CASE(test_a_hub_made_anew_has_no_overlap),
        CASE(test_an_older_hub_gets_its_first_key),
        CASE(test_goes_on_after_a_crash_between_two_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
