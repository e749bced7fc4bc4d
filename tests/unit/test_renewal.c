/* A school changes its keys: what is asked, who is answered, and what a crash
 * leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/cert.h"
#include "crypto/key.h"
#include "place.h"
#include "trust/folder.h"
#include "trust/former.h"
#include "trust/renewal.h"

struct school {
    char *place, *state, *folder;
    struct authority *authority;
    struct identity *me;
};

static void begin(struct school *s, void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);

    s->place = *state;
    s->state = place_join(s->place, "hillside", &PLACE_HILLSIDE);
    s->folder = file_path(s->state, "identity");
    assert_int_equal(
        authority_open(&s->authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    assert_int_equal(identity_open(&s->me, s->state, PLACE_NOW, NULL), 0);
}

static void end(struct school *s)
{
    authority_close(s->authority);
    identity_close(s->me);
    free(s->state);
    free(s->folder);
}

static void rotate(
    struct buf *request, const struct school *s, unsigned parts, wall now)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    const struct renewal_wish wish = {parts, false, public_key, secret_key};

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    assert_int_equal(renewal_begin(request, s->me, &wish, now, NULL), 0);
}

static int answer(struct school *s, const struct laestab *school,
    const struct buf *letter, wall now, struct err *why)
{
    struct authority_renewal one = {
        .school = *school, .renewal = buf_bytes(letter)};

    assert_int_equal(authority_answer(s->authority, &one, 1, now, NULL), 0);
    if (why != NULL)
        *why = one.why;
    return one.rc;
}

static void take_directory(struct school *s, bool changes, wall now)
{
    bool changed = false;

    assert_int_equal(
        identity_update_directory(
            s->me, members_signed(authority_members(s->authority)), now, NULL),
        0);
    assert_int_equal(renewal_settle(&changed, s->me, now, NULL), 0);
    assert_int_equal(changed, changes);
}

static void test_changes_what_was_asked_and_nothing_else(void **state)
{
    static const unsigned parts[] = {
        RENEWAL_SIGN, RENEWAL_ENCRYPT, RENEWAL_TRANSPORT, RENEWAL_ALL};
    SCOPED(end) struct school s = {NULL};

    begin(&s, state);
    for (int i = 0; i < 4; i++) {
        SCOPED(buf_free) struct buf request = BUF_EMPTY;
        SCOPED(buf_free) struct buf letter = BUF_EMPTY;
        SCOPED(cert_freep) struct cert *sign = NULL;
        SCOPED(cert_freep) struct cert *encrypt = NULL;
        const wall now = place_later(i + 1);
        const size_t former = s.me->former_count;
        char curve[CURVE_KEY_SIZE];

        assert_int_equal(cert_parse(&sign, cert_der(s.me->sign_cert), NULL), 0);
        assert_int_equal(
            cert_parse(&encrypt, cert_der(s.me->encrypt_cert), NULL), 0);
        memcpy(curve, s.me->curve_public, sizeof curve);
        rotate(&request, &s, parts[i], now);
        assert_true(renewal_is_pending(s.me));
        assert_true(cert_matches(sign, s.me->sign_key)); /* as before */
        assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
        assert_int_equal(
            answer(&s, &PLACE_HILLSIDE.laestab, &letter, now, NULL), 0);
        take_directory(&s, true, now);
        assert_false(renewal_is_pending(s.me));
        assert_int_equal(!cert_matches(sign, s.me->sign_key),
            (parts[i] & RENEWAL_SIGN) != 0);
        assert_int_equal(!cert_matches(encrypt, s.me->encrypt_key),
            (parts[i] & RENEWAL_ENCRYPT) != 0);
        assert_int_equal(strcmp(curve, s.me->curve_public) != 0,
            (parts[i] & RENEWAL_TRANSPORT) != 0);
        assert_int_equal(
            s.me->former_count - former, (parts[i] & RENEWAL_ENCRYPT) != 0);
    }
}

static void test_the_same_request_until_it_is_answered_or_dropped(void **state)
{
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf first = BUF_EMPTY;
    SCOPED(buf_free) struct buf second = BUF_EMPTY;
    SCOPED(buf_free) struct buf third = BUF_EMPTY;
    const struct renewal_wish anew = {RENEWAL_SIGN, true, "", ""};

    begin(&s, state);
    rotate(&first, &s, RENEWAL_ALL, place_later(1));
    rotate(&second, &s, RENEWAL_SIGN, place_later(2));
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    assert_int_equal(
        renewal_begin(&third, s.me, &anew, place_later(2), NULL), 0);
    assert_false(folder_has(s.folder, "next-encrypt.key"));
}

/* Whoever keeps what a school once asked must not bring its old keys back. */
static void test_a_renewal_counts_once(void **state)
{
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf letter = BUF_EMPTY;
    struct err why;

    begin(&s, state);
    rotate(&request, &s, RENEWAL_ENCRYPT, place_later(1));
    assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(2), NULL), 0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(3), &why),
        ERR_DENIED);
    assert_non_null(strstr(why.text, "keys rotate --anew"));
}

static void test_only_a_school_in_good_standing_and_only_for_itself(
    void **state)
{
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf letter = BUF_EMPTY;
    const struct laestab nobody = {"8739999"};
    SCOPED(mem_freep) char *other = NULL;

    begin(&s, state);
    rotate(&request, &s, RENEWAL_ALL, place_later(1));
    assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
    authority_close(s.authority);
    s.authority = NULL;
    other = place_join(s.place, "northgate", &PLACE_NORTHGATE);
    free(other);
    other = file_path(s.place, "authority");
    assert_int_equal(
        authority_open(&s.authority, other, NULL, true, PLACE_NOW, NULL), 0);
    assert_int_equal(
        answer(&s, &nobody, &letter, place_later(1), NULL), ERR_NOT_FOUND);
    assert_int_equal(
        answer(&s, &PLACE_NORTHGATE.laestab, &letter, place_later(1), NULL),
        ERR_SIGNATURE);
    letter.data[letter.len / 2] ^= 1;
    assert_int_not_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(1), NULL), 0);
    letter.data[letter.len / 2] ^= 1;
    assert_int_equal(authority_revoke(s.authority, &PLACE_HILLSIDE.laestab,
                         "stolen", place_later(1), NULL),
        0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(1), NULL),
        ERR_DENIED);
}

static void test_a_request_of_the_future_is_refused(void **state)
{
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf letter = BUF_EMPTY;

    begin(&s, state);
    rotate(&request, &s, RENEWAL_ALL, place_later(10));
    assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(1), NULL),
        ERR_DENIED);
}

static void test_the_hub_may_admit_both_transport_keys_for_a_while(void **state)
{
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf letter = BUF_EMPTY;
    char before[CURVE_KEY_SIZE];

    begin(&s, state);
    memcpy(before, s.me->curve_public, sizeof before);
    rotate(&request, &s, RENEWAL_TRANSPORT, place_later(1));
    assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(1), NULL), 0);
    take_directory(&s, true, place_later(1));
    assert_non_null(members_by_curve_key(s.me->members, before));
    assert_non_null(members_by_curve_key(s.me->members, s.me->curve_public));
    assert_int_equal(authority_answer(s.authority, NULL, 0,
                         place_later(2 + AUTHORITY_OVERLAP_DAYS), NULL),
        0);
    take_directory(&s, false, place_later(2 + AUTHORITY_OVERLAP_DAYS));
    assert_null(members_by_curve_key(s.me->members, before));
}

/* The moves of renewal_install(), of which a crash leaves the first few. */
static void test_goes_on_after_a_crash_at_any_step(void **state)
{
    static const char *const moves[] = {"encrypt.key former-1822368000.key",
        "next-encrypt.key encrypt.key", "next-encrypt.crt encrypt.crt",
        "next-sign.key sign.key", "next-sign.crt sign.crt",
        "next-curve.pub curve.pub", "next-curve.key curve.key",
        "next-request request"};
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf letter = BUF_EMPTY;
    const struct directory_school *me;

    begin(&s, state);
    rotate(&request, &s, RENEWAL_ALL, place_later(1));
    assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(1), NULL), 0);
    assert_int_equal(identity_update_directory(s.me,
                         members_signed(authority_members(s.authority)),
                         place_later(1), NULL),
        0);
    me = members_school(s.me->members, &PLACE_HILLSIDE.laestab);
    for (size_t done = 0; done <= sizeof moves / sizeof moves[0]; done++) {
        SCOPED(identity_closep) struct identity *again = NULL;
        SCOPED(cert_freep) struct cert *sign = NULL;
        SCOPED(cert_freep) struct cert *encrypt = NULL;
        SCOPED(mem_freep) char *copy = mem_format("%s/copy%zu", s.place, done);
        SCOPED(mem_freep)
        char *script = mem_format("cp -a '%s' '%s' && cd '%s/identity' && "
                                  "echo 1822368000 >next-ready && "
                                  "cp encrypt.crt former-1822368000.crt",
            s.state, copy, copy);
        SCOPED(mem_freep) char *copied = file_path(copy, "identity");

        assert_int_equal(system(script), 0);
        assert_int_equal(cert_parse(&sign, me->sign_certificates[0], NULL), 0);
        assert_int_equal(
            cert_parse(&encrypt, me->encrypt_certificates[0], NULL), 0);
        assert_int_equal(
            folder_save_cert(copied, "next-sign.crt", sign, NULL), 0);
        assert_int_equal(
            folder_save_cert(copied, "next-encrypt.crt", encrypt, NULL), 0);
        for (size_t i = 0; i < done; i++) {
            SCOPED(mem_freep)
            char *move = mem_format("cd '%s' && mv %s", copied, moves[i]);

            assert_int_equal(system(move), 0);
        }
        assert_int_equal(identity_open(&again, copy, place_later(1), NULL), 0);
        assert_true(cert_matches(sign, again->sign_key));
        assert_true(cert_matches(encrypt, again->encrypt_key));
        assert_string_equal(again->curve_public, me->curve_key);
        assert_int_equal(again->former_count, 1);
        assert_true(cert_matches(s.me->encrypt_cert, again->former[0].key));
        assert_false(renewal_is_pending(again));
    }
}

static void test_a_former_key_is_destroyed_on_its_day_and_not_before(
    void **state)
{
    SCOPED(end) struct school s = {NULL};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf letter = BUF_EMPTY;

    begin(&s, state);
    rotate(&request, &s, RENEWAL_ENCRYPT, place_later(1));
    assert_int_equal(renewal_letter(&letter, s.me, NULL), 0);
    assert_int_equal(
        answer(&s, &PLACE_HILLSIDE.laestab, &letter, place_later(1), NULL), 0);
    take_directory(&s, true, place_later(1));
    assert_int_equal(former_destroy(s.me, place_later(FORMER_DAYS), NULL), 0);
    assert_int_equal(s.me->former_count, 1);
    assert_int_equal(
        former_destroy(s.me, place_later(FORMER_DAYS + 1), NULL), 1);
    assert_int_equal(s.me->former_count, 0);
    assert_int_equal(identity_reload(s.me, NULL), 0);
    assert_int_equal(s.me->former_count, 0);
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_changes_what_was_asked_and_nothing_else),
        CASE(test_the_same_request_until_it_is_answered_or_dropped),
        CASE(test_a_renewal_counts_once),
        CASE(test_only_a_school_in_good_standing_and_only_for_itself),
        CASE(test_a_request_of_the_future_is_refused),
        CASE(test_the_hub_may_admit_both_transport_keys_for_a_while),
        CASE(test_goes_on_after_a_crash_at_any_step),
        CASE(test_a_former_key_is_destroyed_on_its_day_and_not_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
