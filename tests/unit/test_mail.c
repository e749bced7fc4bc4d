/* mail: whatever is wrong with a letter has its own reason and no effect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "cluster.h"
#include "crypto/cert.h"
#include "crypto/ossl.h"
#include "crypto/seal.h"
#include "record/visible.h"

#define UPN "V873200119001"

struct world {
    struct cluster cluster;
    struct agent *hillside;  /* primary */
    struct agent *fairfield; /* primary */
    struct agent *northgate; /* secondary */
    struct agent *stannes;   /* secondary */
    struct header header;    /* hillside to northgate, number 1 */
    struct cluster_child child;
};

static int begin(void **state)
{
    struct world *w = mem_alloc(sizeof *w);

    cluster_begin(&w->cluster);
    w->hillside = &w->cluster.schools[0];
    w->fairfield = &w->cluster.schools[1];
    w->northgate = &w->cluster.schools[2];
    w->stannes = &w->cluster.schools[3];
    w->header = (struct header){STREAM_VERSION, w->hillside->identity->laestab,
        w->northgate->identity->laestab, LANE_NORMAL, {{7}}, 1, 1,
        STREAM_TTL_DAYS};
    cluster_child(&w->child, UPN, "Tariq", &w->northgate->identity->laestab);
    *state = w;
    return 0;
}

static int end(void **state)
{
    struct world *w = *state;

    unsetenv("MOVEUP_FAKE_TIME");
    cluster_end(&w->cluster);
    free(w);
    return 0;
}

static void write_one(struct world *w, struct cluster_letter *out)
{
    cluster_write(out, w->hillside, &w->header, &w->child.leaver, 1);
}

/* The letter is put aside for this reason and nothing of it is applied. */
static void assert_refused(
    struct agent *at, const struct cluster_letter *letter, enum reason expected)
{
    const size_t before = cluster_records(at);
    enum reason reason;

    assert_in_range(cluster_deliver(at, letter, &reason), 1, 1000);
    assert_string_equal(reason_code(reason), reason_code(expected));
    assert_int_equal(cluster_records(at), before);
}

static size_t count_owed(struct agent *at)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct receipt_out owed[8];
    const int n = outbox_unput_receipts(owed, 8, at->db, &arena, NULL);

    assert_in_range(n, 0, 8);
    return (size_t)n;
}

static void test_a_good_letter_is_applied_and_a_receipt_is_owed(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    enum reason reason;

    write_one(w, &letter);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
    assert_int_equal(count_owed(w->northgate), 1);
}

static void test_a_letter_for_another_school_is_not_opened(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    write_one(w, &letter);
    assert_refused(w->stannes, &letter, REASON_NOT_FOR_US);
    assert_int_equal(count_owed(w->stannes), 0);
}

static void test_a_readdressed_letter_cannot_be_opened(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    write_one(w, &letter);
    letter.header.recipient = w->stannes->identity->laestab;
    assert_refused(w->stannes, &letter, REASON_CANNOT_DECRYPT);
}

/* Northgate takes what Hillside signed for it and seals it anew for St Anne's,
 * as if Hillside had sent it there. */
static void test_a_letter_sealed_again_by_a_third_school_is_caught(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    struct cert *stannes = NULL;

    write_one(w, &letter);
    assert_int_equal(
        members_encrypt_cert(&stannes, w->northgate->identity->members,
            &w->stannes->identity->laestab, clock_wall(), NULL),
        0);
    buf_clear(&letter.sealed);
    assert_int_equal(seal_encrypt(&letter.sealed,
                         buf_bytes(&letter.signed_content), stannes, NULL),
        0);
    letter.header.recipient = w->stannes->identity->laestab;
    assert_refused(w->stannes, &letter, REASON_HEADER_MISMATCH);
}

/* Each field of the clear header, changed on the way. */
static void test_no_field_of_the_header_can_change(void **state)
{
    struct world *w = *state;

    for (int field = 0; field < 6; field++) {
        SCOPED(cluster_letter_free)
        struct cluster_letter letter = {.header = {0}};

        write_one(w, &letter);
        letter.header.lane = field == 0 ? LANE_URGENT : LANE_NORMAL;
        letter.header.epoch.bytes[15] = field == 1;
        letter.header.last += field == 2;
        letter.header.first = letter.header.last = field == 3 ? 2 : 1;
        letter.header.ttl_days += field == 4;
        if (field == 5)
            letter.header.lane = LANE_RECEIPT;
        if (field == 2)
            letter.header.last = 2;
        assert_refused(w->northgate, &letter, REASON_HEADER_MISMATCH);
    }
}

static void test_a_letter_under_another_authors_name_is_caught(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    write_one(w, &letter);
    letter.header.author = w->fairfield->identity->laestab;
    assert_refused(w->northgate, &letter, REASON_BAD_SIGNATURE);
}

static void test_a_stranger_and_a_revoked_school_are_refused(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    write_one(w, &letter);
    letter.header.author = (struct laestab){"9999999"};
    assert_refused(w->northgate, &letter, REASON_UNKNOWN_SENDER);

    letter.header.author = w->hillside->identity->laestab;
    assert_int_equal(authority_revoke(w->cluster.authority,
                         &letter.header.author, "left", clock_wall(), NULL),
        0);
    cluster_publish(&w->cluster);
    id_new(&letter.envelope);
    assert_refused(w->northgate, &letter, REASON_SENDER_REVOKED);
    assert_int_equal(count_owed(w->northgate), 0);
}

static void test_an_expired_certificate_signs_nothing(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    write_one(w, &letter);
    setenv("MOVEUP_FAKE_TIME", "36000000", 1); /* 416 days on */
    assert_refused(w->northgate, &letter, REASON_EXPIRED_CERTIFICATE);
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

    write_one(w, &letter);
    sk_X509_push(recipients, x509);
    in = BIO_new_mem_buf(
        letter.signed_content.data, (int)letter.signed_content.len);
    cms = CMS_encrypt(recipients, in, EVP_aes_256_cbc(), CMS_BINARY);
    assert_non_null(cms);
    len = i2d_CMS_ContentInfo(cms, &out);
    buf_clear(&letter.sealed);
    buf_add(&letter.sealed, (struct bytes){out, (size_t)len});
    assert_refused(w->northgate, &letter, REASON_NOT_AUTHENTICATED);
    OPENSSL_free(out);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    sk_X509_pop_free(recipients, X509_free);
}

static void test_a_letter_over_the_limit_is_refused_unopened(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    write_one(w, &letter);
    memset(buf_reserve(&letter.sealed, ENVELOPE_MAX_SEALED), 0,
        ENVELOPE_MAX_SEALED);
    letter.sealed.len += ENVELOPE_MAX_SEALED;
    assert_refused(w->northgate, &letter, REASON_TOO_LARGE);
}

static void test_signed_rubbish_is_not_a_batch(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    const struct identity *me = w->hillside->identity;
    struct cert *northgate = NULL;

    write_one(w, &letter);
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
    assert_refused(w->northgate, &letter, REASON_BAD_BATCH);
}

static void test_a_repeated_letter_has_no_effect_but_an_answer(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct receipt_out owed[2];
    enum reason reason;
    bool found;

    write_one(w, &letter);
    cluster_deliver(w->northgate, &letter, &reason);
    assert_int_equal(
        outbox_unput_receipts(owed, 2, w->northgate->db, &arena, NULL), 1);
    assert_int_equal(db_begin(w->northgate->db, NULL), 0);
    assert_int_equal(outbox_mark_receipt_put(
                         w->northgate->db, &owed[0].envelope, &found, NULL),
        0);
    assert_int_equal(db_commit(w->northgate->db, NULL), 0);
    assert_int_equal(count_owed(w->northgate), 0);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
    assert_int_equal(count_owed(w->northgate), 1);
}

static void test_two_contents_under_one_number_are_put_aside(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter one = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter two = {.header = {0}};
    enum reason reason;

    write_one(w, &one);
    w->child.leaver.forename = "Tarik";
    write_one(w, &two);
    assert_int_equal(cluster_deliver(w->northgate, &one, &reason), 0);
    assert_refused(w->northgate, &two, REASON_EQUIVOCATION);
}

static void test_a_closed_epoch_cannot_be_replayed(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter old = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter fresh = {.header = {0}};
    enum reason reason;

    write_one(w, &old);
    w->header.epoch.bytes[0] = 8;
    write_one(w, &fresh);
    assert_int_equal(cluster_deliver(w->northgate, &old, &reason), 0);
    assert_int_equal(cluster_deliver(w->northgate, &fresh, &reason), 0);
    assert_refused(w->northgate, &old, REASON_REPLAY);
}

static void test_two_schools_cannot_claim_one_child(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter first = {.header = {0}};
    SCOPED(cluster_letter_free) struct cluster_letter other = {.header = {0}};
    enum reason reason;

    write_one(w, &first);
    assert_int_equal(cluster_deliver(w->northgate, &first, &reason), 0);
    w->header.author = w->fairfield->identity->laestab;
    cluster_write(&other, w->fairfield, &w->header, &w->child.leaver, 9);
    assert_refused(w->northgate, &other, REASON_UPN_CONFLICT);
}

static void test_a_record_for_another_destination_is_not_ours(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};

    w->child.leaver.destination = w->stannes->identity->laestab;
    write_one(w, &letter);
    assert_refused(w->northgate, &letter, REASON_NOT_OURS);
}

/* The record that a secondary holds for UPN, opened. */
static void open_record(
    struct leaver *out, struct agent *at, struct arena *arena)
{
    struct inbox_record row;
    struct tag tag;

    agent_upn_tag(&tag, at, UPN);
    assert_int_equal(inbox_find_record(&row, at->db, &tag, arena, NULL), 0);
    assert_int_equal(
        blob_open(out, at, BLOB_RECORD, row.id, row.sealed, arena, NULL), 0);
}

static void deliver_revision(
    struct world *w, uint64_t number, uint64_t revision, const char *forename)
{
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    enum reason reason;

    w->header.epoch.bytes[1] = (uint8_t)number; /* each its own epoch */
    w->child.leaver.forename = forename;
    cluster_write(&letter, w->hillside, &w->header, &w->child.leaver, revision);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
}

static void test_a_newer_revision_replaces_and_an_older_one_does_not(
    void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;

    deliver_revision(w, 1, 2, "Tariq");
    deliver_revision(w, 2, 3, "Tarik");
    deliver_revision(w, 3, 1, "Old");
    open_record(&leaver, w->northgate, &arena);
    assert_string_equal(leaver.forename, "Tarik");
    assert_int_equal(cluster_records(w->northgate), 1);
}

static void test_a_temporary_upn_is_replaced_in_place(void **state)
{
    struct world *w = *state;
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_record what = {&w->child.leaver, 2, "K87320012501A"};
    struct leaver leaver;
    enum reason reason;

    w->child.leaver.upn = "K87320012501A";
    deliver_revision(w, 1, 1, "Tariq");
    w->child.leaver.upn = UPN;
    w->header.epoch.bytes[1] = 2;
    cluster_write_record(&letter, w->hillside, &w->header, &what);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
    assert_int_equal(cluster_records(w->northgate), 1);
    open_record(&leaver, w->northgate, &arena);
    assert_string_equal(leaver.upn, UPN);
}

static void test_a_restriction_that_is_not_mentioned_again_stays(void **state)
{
    struct world *w = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct restriction restriction = {.id = {{5}},
        .kind = RESTRICTION_DO_NOT_CONTACT,
        .basis = BASIS_COURT_ORDER,
        .contact = 2,
        .note = "",
        .from = {1},
        .evidence = ""};
    struct visible visible;
    struct leaver leaver;

    w->child.leaver.restrictions = &restriction;
    w->child.leaver.restriction_count = 1;
    deliver_revision(w, 1, 1, "Tariq");
    w->child.leaver.restriction_count = 0;
    deliver_revision(w, 2, 2, "Tariq");
    open_record(&leaver, w->northgate, &arena);
    visible_contacts(&visible, &leaver);
    assert_int_equal(visible.count, 1);
    assert_int_equal(visible.withheld, 1);

    restriction.ended = (wall){2};
    restriction.evidence = "order lifted";
    w->child.leaver.restriction_count = 1;
    deliver_revision(w, 3, 3, "Tariq");
    open_record(&leaver, w->northgate, &arena);
    visible_contacts(&visible, &leaver);
    assert_int_equal(visible.count, 2);
}

/* Take a letter in the transaction that is open. */
static void take(struct agent *at, const struct cluster_letter *letter)
{
    const struct mail_letter mail = {
        letter->envelope, letter->header, buf_bytes(&letter->sealed)};
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

    write_one(w, &letter);
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

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_good_letter_is_applied_and_a_receipt_is_owed),
        CASE(test_a_letter_for_another_school_is_not_opened),
        CASE(test_a_readdressed_letter_cannot_be_opened),
        CASE(test_a_letter_sealed_again_by_a_third_school_is_caught),
        CASE(test_no_field_of_the_header_can_change),
        CASE(test_a_letter_under_another_authors_name_is_caught),
        CASE(test_a_stranger_and_a_revoked_school_are_refused),
        CASE(test_an_expired_certificate_signs_nothing),
        CASE(test_unauthenticated_encryption_is_refused),
        CASE(test_a_letter_over_the_limit_is_refused_unopened),
        CASE(test_signed_rubbish_is_not_a_batch),
        CASE(test_a_repeated_letter_has_no_effect_but_an_answer),
        CASE(test_two_contents_under_one_number_are_put_aside),
        CASE(test_a_closed_epoch_cannot_be_replayed),
        CASE(test_two_schools_cannot_claim_one_child),
        CASE(test_a_record_for_another_destination_is_not_ours),
        CASE(test_a_newer_revision_replaces_and_an_older_one_does_not),
        CASE(test_a_temporary_upn_is_replaced_in_place),
        CASE(test_a_restriction_that_is_not_mentioned_again_stays),
        CASE(test_no_flipped_bit_has_an_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
