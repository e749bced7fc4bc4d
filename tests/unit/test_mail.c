/* mail: whatever is wrong with a letter has its own reason and no effect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/admit.h"
#include "crypto/cert.h"
#include "crypto/ossl.h"
#include "crypto/seal.h"
#include "world.h"

static void test_a_good_letter_is_applied_and_a_receipt_is_owed(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    enum reason reason;

    world_write_one(w, &letter);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
    assert_int_equal(world_owed(w->northgate), 1);
}

static void test_a_letter_for_another_school_is_not_opened(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    world_assert_refused(w->stannes, &letter, REASON_NOT_FOR_US);
    assert_int_equal(world_owed(w->stannes), 0);
}

static void test_a_readdressed_letter_cannot_be_opened(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    letter.header.recipient = w->stannes->identity->laestab;
    world_assert_refused(w->stannes, &letter, REASON_CANNOT_DECRYPT);
}

/* Northgate takes what Hillside signed for it and seals it anew for St Anne's,
 * as if Hillside had sent it there. */
static void test_a_letter_sealed_again_by_a_third_school_is_caught(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    struct cert *stannes = NULL;

    world_write_one(w, &letter);
    assert_int_equal(
        members_encrypt_cert(&stannes, w->northgate->identity->members,
            &w->stannes->identity->laestab, clock_wall(), NULL),
        0);
    buf_clear(&letter.sealed);
    assert_int_equal(seal_encrypt(&letter.sealed,
                         buf_bytes(&letter.signed_content), stannes, NULL),
        0);
    letter.header.recipient = w->stannes->identity->laestab;
    world_assert_refused(w->stannes, &letter, REASON_HEADER_MISMATCH);
}

/* Each field of the clear header, changed on the way. */
static void test_no_field_of_the_header_can_change(void **state)
{
    struct world *w = *state;

    for (int field = 0; field < 6; field++) {
        SCOPED(cluster_letter_free)
        struct cluster_letter letter = {.header = {0}};

        world_write_one(w, &letter);
        letter.header.lane = field == 0 ? LANE_URGENT : LANE_NORMAL;
        letter.header.epoch.bytes[15] = field == 1;
        letter.header.last += field == 2;
        letter.header.first = letter.header.last = field == 3 ? 2 : 1;
        letter.header.ttl_days += field == 4;
        if (field == 5)
            letter.header.lane = LANE_RECEIPT;
        if (field == 2)
            letter.header.last = 2;
        world_assert_refused(w->northgate, &letter, REASON_HEADER_MISMATCH);
    }
}

static void test_a_letter_under_another_authors_name_is_caught(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    letter.header.author = w->fairfield->identity->laestab;
    world_assert_refused(w->northgate, &letter, REASON_BAD_SIGNATURE);
}

static void test_a_stranger_is_refused(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    letter.header.author = (struct laestab){"9999999"};
    world_assert_refused(w->northgate, &letter, REASON_UNKNOWN_SENDER);
    assert_int_equal(world_answers(w->northgate, &letter.header.author), 0);
}

static void test_a_member_is_told_why_and_whom_it_was_not_for_is_not(
    void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    world_assert_refused(w->stannes, &letter, REASON_NOT_FOR_US);
    assert_int_equal(world_answers(w->stannes, &letter.header.author), 0);
    letter.sealed.data[letter.sealed.len / 2] ^= 1;
    assert_int_equal(world_answers(w->northgate, &letter.header.author), 0);
    world_assert_refused(w->northgate, &letter, REASON_CANNOT_DECRYPT);
    assert_int_equal(world_answers(w->northgate, &letter.header.author), 1);
}

static void test_an_expired_certificate_signs_nothing(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    setenv("MOVEUP_FAKE_TIME", "36000000", 1); /* 416 days on */
    world_assert_refused(w->northgate, &letter, REASON_EXPIRED_CERTIFICATE);
}

/* The author changed its keys while the letter was on its way. */
static void test_a_certificate_of_before_verifies_what_was_signed_in_time(
    void **state)
{
    struct world *w = *state;
    const struct cert *cert = w->hillside->identity->sign_cert;
    const int64_t day = (int64_t)24 * 3600 * 1000;
    const wall end = cert_expiry(cert);
    const wall later = {end.ms + 100 * day}, too_late = {end.ms + 121 * day};

    assert_int_equal(admit_cert_time(cert, 0, later, NULL), ERR_CERTIFICATE);
    assert_int_equal(admit_cert_time(cert, 1, later, NULL), 0);
    assert_int_equal(admit_cert_time(cert, 1, too_late, NULL), ERR_CERTIFICATE);
    assert_true(admit_in_time(cert, end, later));
    assert_false(admit_in_time(cert, (wall){end.ms + 1}, later));
}

/* What OpenSSL makes without authentication, with all the right keys. */
static void test_unauthenticated_encryption_is_refused(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    const struct bytes der = cert_der(w->northgate->identity->encrypt_cert);
    const unsigned char *at = der.data;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.len);
    STACK_OF(X509) *recipients = sk_X509_new_null();
    unsigned char *out = NULL;
    CMS_ContentInfo *cms;
    BIO *in;
    int len;

    world_write_one(w, &letter);
    sk_X509_push(recipients, x509);
    in = BIO_new_mem_buf(
        letter.signed_content.data, (int)letter.signed_content.len);
    cms = CMS_encrypt(recipients, in, EVP_aes_256_cbc(), CMS_BINARY);
    assert_non_null(cms);
    len = i2d_CMS_ContentInfo(cms, &out);
    buf_clear(&letter.sealed);
    buf_add(&letter.sealed, (struct bytes){out, (size_t)len});
    world_assert_refused(w->northgate, &letter, REASON_NOT_AUTHENTICATED);
    OPENSSL_free(out);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    sk_X509_pop_free(recipients, X509_free);
}

static void test_a_letter_over_the_limit_is_refused_unopened(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    world_write_one(w, &letter);
    memset(buf_reserve(&letter.sealed, ENVELOPE_MAX_SEALED), 0,
        ENVELOPE_MAX_SEALED);
    letter.sealed.len += ENVELOPE_MAX_SEALED;
    world_assert_refused(w->northgate, &letter, REASON_TOO_LARGE);
}

static void test_signed_rubbish_is_not_a_batch(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    const struct identity *me = w->hillside->identity;
    struct cert *northgate = NULL;

    world_write_one(w, &letter);
    buf_clear(&letter.signed_content);
    buf_clear(&letter.sealed);
    assert_int_equal(
        seal_sign(&letter.signed_content, NULL, bytes_of("rubbish"),
            me->sign_key, me->sign_cert, NULL),
        0);
    assert_int_equal(members_encrypt_cert(&northgate, me->members,
                         &letter.header.recipient, clock_wall(), NULL),
        0);
    assert_int_equal(seal_encrypt(&letter.sealed,
                         buf_bytes(&letter.signed_content), northgate, NULL),
        0);
    world_assert_refused(w->northgate, &letter, REASON_BAD_BATCH);
}

static void test_a_repeated_letter_has_no_effect_but_an_answer(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct owed_receipt owed[2];
    enum reason reason;
    bool found;

    world_write_one(w, &letter);
    cluster_deliver(w->northgate, &letter, &reason);
    assert_int_equal(owed_unput(owed, 2, w->northgate->db, &arena, NULL), 1);
    assert_int_equal(db_begin(w->northgate->db, NULL), 0);
    assert_int_equal(
        owed_mark_put(w->northgate->db, &owed[0].envelope, &found, NULL), 0);
    assert_int_equal(db_commit(w->northgate->db, NULL), 0);
    assert_int_equal(world_owed(w->northgate), 0);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
    assert_int_equal(world_owed(w->northgate), 1);
}

static void test_two_contents_under_one_number_are_put_aside(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter one = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter two = {.header = {0}};
    enum reason reason;

    world_write_one(w, &one);
    w->child.leaver.forename = "Tarik";
    world_write_one(w, &two);
    assert_int_equal(cluster_deliver(w->northgate, &one, &reason), 0);
    world_assert_refused(w->northgate, &two, REASON_EQUIVOCATION);
}

static void test_a_closed_epoch_cannot_be_replayed(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter old = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter fresh = {.header = {0}};
    enum reason reason;

    world_write_one(w, &old);
    w->header.epoch.bytes[0] = 8;
    world_write_one(w, &fresh);
    assert_int_equal(cluster_deliver(w->northgate, &old, &reason), 0);
    assert_int_equal(cluster_deliver(w->northgate, &fresh, &reason), 0);
    world_assert_refused(w->northgate, &old, REASON_REPLAY);
}

/* Take a letter in the transaction that is open. */
static void take(struct agent *at, const struct cluster_letter *letter)
{
    const struct mail_letter mail = {.envelope = letter->envelope,
        .header = letter->header,
        .sealed = buf_bytes(&letter->sealed)};
    struct mail_debts debts = {.count = 0};

    assert_int_equal(mail_take(at, &mail, &debts, NULL), 0);
}

/* Flip each bit of a letter's sealed bytes and of its encoded header: never is
 * anything applied. */
static void test_no_flipped_bit_has_an_effect(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    SCOPED(buf_free) struct buf header = BUF_EMPTY;

    world_write_one(w, &letter);
    assert_int_equal(db_begin(w->northgate->db, NULL), 0);
    for (size_t bit = 0; bit < letter.sealed.len * 8; bit++) {
        letter.sealed.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        take(w->northgate, &letter);
        letter.sealed.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(cluster_records(w->northgate), 0);
    envelope_encode(&header, &letter.header);
    for (size_t bit = 0; bit < header.len * 8; bit++) {
        header.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (envelope_decode(&letter.header, buf_bytes(&header), NULL) == 0)
            take(w->northgate, &letter);
        header.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(cluster_records(w->northgate), 0);
    letter.header = w->header;
    take(w->northgate, &letter);
    assert_int_equal(cluster_records(w->northgate), 1);
    assert_int_equal(db_commit(w->northgate->db, NULL), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_good_letter_is_applied_and_a_receipt_is_owed),
        CASE(test_a_letter_for_another_school_is_not_opened),
        CASE(test_a_readdressed_letter_cannot_be_opened),
        CASE(test_a_letter_sealed_again_by_a_third_school_is_caught),
        CASE(test_no_field_of_the_header_can_change),
        CASE(test_a_letter_under_another_authors_name_is_caught),
        CASE(test_a_stranger_is_refused),
        CASE(test_a_member_is_told_why_and_whom_it_was_not_for_is_not),
        CASE(test_an_expired_certificate_signs_nothing),
        CASE(test_a_certificate_of_before_verifies_what_was_signed_in_time),
        CASE(test_unauthenticated_encryption_is_refused),
        CASE(test_a_letter_over_the_limit_is_refused_unopened),
        CASE(test_signed_rubbish_is_not_a_batch),
        CASE(test_a_repeated_letter_has_no_effect_but_an_answer),
        CASE(test_two_contents_under_one_number_are_put_aside),
        CASE(test_a_closed_epoch_cannot_be_replayed),
        CASE(test_no_flipped_bit_has_an_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
