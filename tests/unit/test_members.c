#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/hash.h"
#include <stdio.h>

#include "members_fixture.h"

static void test_knows_who_belongs(void **state)
{
    SCOPED(members_freep) struct members *members = NULL;
    const struct fixture *f = *state;

    assert_int_equal(load(&members, f, NOW, NULL), 0);
    assert_int_equal(members_version(members), 7);
    assert_string_equal(
        members_school(members, &HILLSIDE)->name, "Hillside Primary");
    assert_string_equal(
        members_school(members, &FAIRFIELD)->reason, "lost laptop");
    assert_null(members_school(members, &NOBODY));
    assert_string_equal(
        members_by_curve_key(members, HILLSIDE_KEY)->laestab.text, "8732001");
    assert_null(members_by_curve_key(members, HUB_KEY));
    assert_null(members_by_curve_key(members, ADMIN_KEY));
    assert_true(members_is_administrator(members, ADMIN_KEY));
    assert_false(members_is_administrator(members, HILLSIDE_KEY));
    assert_string_equal(
        members_hub(members, "tcp://hub.example:7700")->name, "First hub");
    assert_null(members_hub(members, "tcp://hub.example:7701"));
}

static void test_digest_is_of_the_signed_content(void **state)
{
    SCOPED(members_freep) struct members *members = NULL;
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    const struct fixture *f = *state;
    struct digest digest;

    assert_int_equal(load(&members, f, NOW, NULL), 0);
    assert_int_equal(directory_encode(&content, &f->content, NULL), 0);
    hash_sha256(&digest, buf_bytes(&content));
    assert_memory_equal(members_digest(members), &digest, sizeof digest);
}

static void test_gives_the_certificates_of_active_schools(void **state)
{
    SCOPED(members_freep) struct members *members = NULL;
    const struct fixture *f = *state;
    struct cert *cert = NULL;

    assert_int_equal(load(&members, f, NOW, NULL), 0);
    cert = members_sign_cert(members, &HILLSIDE, 0);
    assert_true(cert_matches(cert, f->pki.sign_key));
    assert_null(members_sign_cert(members, &HILLSIDE, 1));
    assert_int_equal(
        members_encrypt_cert(&cert, members, &HILLSIDE, NOW, NULL), 0);
    assert_true(cert_matches(cert, f->pki.encrypt_key));
    assert_int_equal(members_expiry(members, &HILLSIDE).ms, PKI_UNTIL.ms);
}

static void test_a_revoked_school_is_nobody_any_more(void **state)
{
    SCOPED(members_freep) struct members *members = NULL;
    const struct fixture *f = *state;
    struct cert *cert = NULL;
    struct err err;

    assert_int_equal(load(&members, f, NOW, NULL), 0);
    assert_null(members_sign_cert(members, &FAIRFIELD, 0));
    assert_null(members_by_curve_key(members, FAIRFIELD_KEY));
    assert_int_equal(
        members_encrypt_cert(&cert, members, &FAIRFIELD, NOW, &err),
        ERR_DENIED);
    assert_string_equal(err.text, "school 8732002 is revoked");
    assert_int_equal(members_expiry(members, &FAIRFIELD).ms, 0);
    assert_int_equal(members_encrypt_cert(&cert, members, &NOBODY, NOW, &err),
        ERR_NOT_FOUND);
}

static void test_encrypts_to_a_certificate_that_is_valid_today(void **state)
{
    SCOPED(members_freep) struct members *members = NULL;
    SCOPED(cert_freep) struct cert *spent = NULL;
    struct fixture *f = *state;
    const struct cert_subject subject = {"8732001 Hillside", "Anytown"};
    struct bytes two[2];
    struct cert *cert = NULL;
    struct err err;

    assert_int_equal(
        cert_issue(&spent, CERT_ENCRYPT, &subject, f->pki.encrypt_key,
            f->pki.authority, f->pki.authority_key, PKI_FROM,
            (wall){NOW.ms + DAY_MS}, NULL),
        0);
    two[0] = cert_der(spent);
    two[1] = cert_der(f->pki.encrypt);
    f->schools[1].encrypt_certificates = two;
    f->schools[1].encrypt_count = 2;
    f->content.hard_expiry.ms = PKI_UNTIL.ms + 90 * DAY_MS;
    assert_int_equal(load(&members, f, NOW, NULL), 0);
    assert_int_equal(
        members_encrypt_cert(&cert, members, &HILLSIDE, NOW, NULL), 0);
    assert_int_equal(cert_expiry(cert).ms, cert_expiry(spent).ms);
    assert_int_equal(members_encrypt_cert(&cert, members, &HILLSIDE,
                         (wall){NOW.ms + 2 * DAY_MS}, NULL),
        0);
    assert_int_equal(cert_expiry(cert).ms, PKI_UNTIL.ms);
    assert_int_equal(members_encrypt_cert(&cert, members, &HILLSIDE,
                         (wall){PKI_UNTIL.ms + DAY_MS}, &err),
        ERR_CERTIFICATE);
}

static void test_refuses_to_go_back(void **state)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct members *members = NULL;
    const struct fixture *f = *state;
    struct members_trust trust = trust_of(f);
    struct err err;

    sign_as(&file, f, f->pki.directory_key, f->pki.directory);
    trust.seen = 8;
    assert_int_equal(
        members_load(&members, buf_bytes(&file), &trust, NOW, &err), ERR_STATE);
    assert_string_equal(
        err.text, "directory 7 is older than 8, which was seen here before");
    assert_null(members);
    trust.seen = 7;
    assert_int_equal(
        members_load(&members, buf_bytes(&file), &trust, NOW, NULL), 0);
    members_free(members);
}

static void test_is_stale_at_the_soft_expiry_and_refused_at_the_hard(
    void **state)
{
    SCOPED(members_freep) struct members *members = NULL;
    struct members *none = NULL;
    const struct fixture *f = *state;
    const wall soft = f->content.soft_expiry, hard = f->content.hard_expiry;
    struct cert *cert = NULL;
    struct err err;

    assert_int_equal(load(&members, f, (wall){hard.ms - 1}, NULL), 0);
    assert_false(members_is_stale(members, (wall){soft.ms - 1}));
    assert_true(members_is_stale(members, soft));
    assert_false(members_is_expired(members, (wall){hard.ms - 1}));
    assert_true(members_is_expired(members, hard));
    assert_int_equal(members_encrypt_cert(
                         &cert, members, &HILLSIDE, (wall){hard.ms - 1}, NULL),
        0);
    assert_int_equal(
        members_encrypt_cert(&cert, members, &HILLSIDE, hard, NULL),
        ERR_DENIED);
    assert_int_equal(load(&none, f, hard, &err), ERR_STATE);
    assert_string_equal(err.text,
        "directory 7 expired on 2028-06-02T05:20:00Z; ask the cluster "
        "administrator for a newer one");
}

static void test_refuses_another_signer(void **state)
{
    const struct fixture *f = *state;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(key_freep) struct key *key = NULL;
    SCOPED(cert_freep) struct cert *cert = NULL;
    const struct members_trust trust = trust_of(f);
    struct members *members = NULL;

    assert_int_equal(key_new(&key, NULL), 0);
    cert = pki_issue(
        (struct pki *)&f->pki, CERT_DIRECTORY, "Another directory", key);
    sign_as(&file, f, key, cert);
    assert_int_equal(
        members_load(&members, buf_bytes(&file), &trust, NOW, NULL),
        ERR_SIGNATURE);
}

static void test_a_school_cannot_sign_a_directory(void **state)
{
    const struct fixture *f = *state;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct members_trust trust = trust_of(f);
    struct members *members = NULL;
    struct err err;

    sign_as(&file, f, f->pki.sign_key, f->pki.sign);
    assert_int_equal(
        members_load(&members, buf_bytes(&file), &trust, NOW, NULL),
        ERR_SIGNATURE);
    trust.signer = f->pki.sign; /* even if it were put in the signer's place */
    assert_int_equal(
        members_load(&members, buf_bytes(&file), &trust, NOW, &err),
        ERR_CERTIFICATE);
    assert_null(members);
}

static void test_refuses_a_signer_that_has_expired(void **state)
{
    const struct fixture *f = *state;
    struct fixture late = *f;
    struct members *members = NULL;

    late.content.issued = PKI_UNTIL;
    late.content.soft_expiry = late.content.hard_expiry =
        (wall){PKI_UNTIL.ms + 90 * DAY_MS};
    assert_int_equal(load(&members, &late, (wall){PKI_UNTIL.ms + DAY_MS}, NULL),
        ERR_CERTIFICATE);
}

static void test_takes_the_next_signer_and_says_so(void **state)
{
    const struct fixture *f = *state;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(key_freep) struct key *key = NULL;
    SCOPED(cert_freep) struct cert *next = NULL;
    SCOPED(members_freep) struct members *first = NULL;
    SCOPED(members_freep) struct members *second = NULL;
    struct members_trust trust = trust_of(f);
    struct fixture announcing = *f;

    assert_int_equal(key_new(&key, NULL), 0);
    next = pki_issue((struct pki *)&f->pki, CERT_DIRECTORY, "Next", key);
    announcing.content.next_signer = cert_der(next);
    assert_int_equal(load(&first, &announcing, NOW, NULL), 0);
    assert_false(members_by_next_signer(first));
    assert_true(cert_matches(members_next_signer(first), key));

    sign_as(&file, f, key, next);
    trust.next_signer = members_next_signer(first);
    assert_int_equal(
        members_load(&second, buf_bytes(&file), &trust, NOW, NULL), 0);
    assert_true(members_by_next_signer(second));
}

static void test_refuses_a_next_signer_that_is_none(void **state)
{
    struct fixture *f = *state;
    struct members *members = NULL;

    f->content.next_signer = cert_der(f->pki.sign);
    assert_int_equal(load(&members, f, NOW, NULL), ERR_CERTIFICATE);
}

static void test_one_bad_certificate_refuses_the_whole(void **state)
{
    struct fixture *f = *state;
    struct pki other;
    struct bytes foreign;
    struct members *members = NULL;
    struct err err;

    pki_make(&other);
    foreign = cert_der(other.sign);
    f->schools[1].sign_certificates = &foreign;
    assert_int_equal(load(&members, f, NOW, &err), ERR_CERTIFICATE);
    assert_memory_equal(err.text, "8732001: ", 9);
    f->schools[1].sign_certificates = &f->encrypt; /* the wrong usage */
    assert_int_equal(load(&members, f, NOW, NULL), ERR_CERTIFICATE);
    f->schools[1].sign_certificates = &f->sign;
    f->schools[1].encrypt_certificates = &f->sign;
    assert_int_equal(load(&members, f, NOW, NULL), ERR_CERTIFICATE);
    assert_null(members);
    pki_free(&other);
}

static void test_refuses_what_is_named_twice(void **state)
{
    struct fixture *f = *state;
    struct members *members = NULL;
    struct err err;

    memcpy(f->hub.curve_key, HILLSIDE_KEY, CURVE_KEY_SIZE);
    assert_int_equal(load(&members, f, NOW, &err), ERR_MALFORMED);
    assert_string_equal(
        err.text, "directory: one transport key belongs to two members");
    memcpy(f->hub.curve_key, HUB_KEY, CURVE_KEY_SIZE);
    f->schools[0].laestab = HILLSIDE;
    assert_int_equal(load(&members, f, NOW, &err), ERR_MALFORMED);
    assert_null(members);
}

static void test_refuses_dates_that_make_no_sense(void **state)
{
    struct fixture *f = *state;
    struct members *members = NULL;

    f->content.soft_expiry.ms = f->content.issued.ms - 1;
    assert_int_equal(load(&members, f, NOW, NULL), ERR_MALFORMED);
}

/* Every single bit, over a directory with every kind of member in it. */
static void test_no_flipped_bit_is_accepted(void **state)
{
    const struct fixture *f = *state;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const struct members_trust trust = trust_of(f);

    sign_as(&file, f, f->pki.directory_key, f->pki.directory);
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        struct members *members = NULL;
        struct err err = {0};

        file.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (members_load(&members, buf_bytes(&file), &trust, NOW, &err) == 0)
            fail_msg("bit %zu of %zu may be flipped", bit, 8 * file.len);
        assert_string_not_equal(err.text, "");
        assert_null(members);
        file.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void test_refuses_what_is_cut_or_longer(void **state)
{
    const struct fixture *f = *state;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const struct members_trust trust = trust_of(f);
    struct members *members = NULL;
    static const uint8_t zeros[MEMBERS_MAX_SIGNED + 1];

    sign_as(&file, f, f->pki.directory_key, f->pki.directory);
    for (size_t len = 0; len < file.len; len += 7)
        assert_true(members_load(&members, (struct bytes){file.data, len},
                        &trust, NOW, NULL) < 0);
    buf_add(&file, bytes_of("x"));
    assert_true(
        members_load(&members, buf_bytes(&file), &trust, NOW, NULL) < 0);
    assert_int_equal(members_load(&members, (struct bytes){zeros, sizeof zeros},
                         &trust, NOW, NULL),
        ERR_TOO_BIG);
    assert_null(members);
}

/* As many schools as may be, with the longest names, two certificates of each
 * kind and two transport keys, while all of them renew: signed, and loaded with
 * every check. */
static void test_a_full_directory_is_loaded(void **state)
{
    struct fixture *f = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(members_freep) struct members *members = NULL;
    struct bytes sign[2] = {f->sign, f->sign};
    struct bytes encrypt[2] = {f->encrypt, f->encrypt};
    struct directory_school *schools =
        arena_take(&arena, DIRECTORY_MAX_SCHOOLS * sizeof *schools);
    struct err err;
    char name[DIRECTORY_MAX_NAME + 1];

    memset(name, 'N', DIRECTORY_MAX_NAME);
    name[DIRECTORY_MAX_NAME] = '\0';
    for (size_t i = 0; i < DIRECTORY_MAX_SCHOOLS; i++) {
        struct directory_school *school = &schools[i];

        *school = f->schools[1];
        school->name = name;
        snprintf(school->laestab.text, LAESTAB_SIZE, "%zu", 8730000 + i);
        snprintf(school->curve_key, CURVE_KEY_SIZE, "%040zu", i);
        snprintf(school->former_curve_key, CURVE_KEY_SIZE, "%040zu", 5000 + i);
        school->sign_certificates = sign;
        school->encrypt_certificates = encrypt;
        school->sign_count = school->encrypt_count = 2;
    }
    f->content.schools = schools;
    f->content.school_count = DIRECTORY_MAX_SCHOOLS;
    if (load(&members, f, NOW, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(
        members_content(members)->school_count, DIRECTORY_MAX_SCHOOLS);
    assert_in_range(members_signed(members).len,
        DIRECTORY_MAX_SCHOOLS * DIRECTORY_USUAL_SCHOOL,
        DIRECTORY_MAX_SCHOOLS * DIRECTORY_RENEWING_SCHOOL);
    assert_non_null(members_sign_cert(members, &schools[999].laestab, 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_knows_who_belongs),
        TEST(test_digest_is_of_the_signed_content),
        TEST(test_gives_the_certificates_of_active_schools),
        TEST(test_a_revoked_school_is_nobody_any_more),
        TEST(test_encrypts_to_a_certificate_that_is_valid_today),
        TEST(test_refuses_to_go_back),
        TEST(test_is_stale_at_the_soft_expiry_and_refused_at_the_hard),
        TEST(test_refuses_another_signer),
        TEST(test_a_school_cannot_sign_a_directory),
        TEST(test_refuses_a_signer_that_has_expired),
        TEST(test_takes_the_next_signer_and_says_so),
        TEST(test_refuses_a_next_signer_that_is_none),
        TEST(test_one_bad_certificate_refuses_the_whole),
        TEST(test_refuses_what_is_named_twice),
        TEST(test_refuses_dates_that_make_no_sense),
        TEST(test_no_flipped_bit_is_accepted),
        TEST(test_refuses_what_is_cut_or_longer),
        TEST(test_a_full_directory_is_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
