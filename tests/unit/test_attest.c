/* What a hub signs of a letter, and who believes it. */
#include "town_trust.h"

#include "agentd/agent.h"
#include "agentd/attested.h"
#include "raw.h"
#include "trust/attesting.h"
#include "wire/hubtalk.h"
#include "wire_report_sample.h"

static int found(void **state)
{
    *state = town_found();
    return 0;
}

static int end(void **state)
{
    town_end(*state);
    return 0;
}

static struct attest sample(void)
{
    struct attest attest;

    wire_sample_attest(&attest);
    attest.time = TOWN_NOW;
    return attest;
}

static int decode(struct buf *wire, struct err *why)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct attest out;

    return attest_decode(&out, buf_bytes(wire), &arena, why);
}

static void test_comes_back_as_it_was(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    const struct attest sent = sample();
    struct attest got;

    (void)state;
    MUST(attest_encode(&wire, &sent, err));
    MUST(attest_decode(&got, buf_bytes(&wire), &arena, err));
    assert_string_equal(got.hub, sent.hub);
    assert_int_equal(got.time.ms, sent.time.ms);
    assert_true(id_equal(&got.id, &sent.id));
    assert_string_equal(got.header.author.text, "8732001");
    assert_int_equal(got.header.last, 9);
    assert_int_equal(got.size, 70000);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.events[0].kind, ATTEST_PUT);
    assert_int_equal(got.events[1].reason, REASON_QUOTA);
    assert_string_equal(attest_name(got.events[1].kind), "refused");
}

static void test_refuses_what_is_not_one(void **state)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct attest attest = sample();
    struct err why;

    (void)state;
    attest.count = 0;
    MUST(attest_encode(&wire, &attest, err));
    assert_int_equal(decode(&wire, &why), ERR_MALFORMED);
    assert_string_equal(why.text, "attestation: events are not there");
    buf_clear(&wire);
    attest = sample();
    attest.events[0].kind = (enum attest_kind)8;
    MUST(attest_encode(&wire, &attest, err));
    assert_int_equal(decode(&wire, &why), ERR_MALFORMED);
    assert_string_equal(why.text, "attestation: event is not known here");
    buf_clear(&wire);
    attest = sample();
    attest.events[0].reason = REASON_QUOTA;
    MUST(attest_encode(&wire, &attest, err));
    assert_int_equal(decode(&wire, &why), ERR_MALFORMED);
    assert_string_equal(why.text, "attestation: reason is of a refusal only");
    raw_bytes(&wire, 1, "", 0);
    buf_reserve(&wire, ATTEST_MAX_BYTES + 1);
    wire.len = ATTEST_MAX_BYTES + 1;
    assert_int_equal(decode(&wire, &why), ERR_TOO_BIG);
}

static int verify(const struct town_trust *trust, const struct buf *is_signed,
    struct err *why)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct attest out;

    return attesting_verify(&out, trust->hub->members, trust->hub->endpoint,
        buf_bytes(is_signed), &arena, why);
}

static void test_only_the_hubs_own_signature_is_taken(void **state)
{
    const struct town_trust *trust = *state;
    SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;
    struct attest attest = sample();
    struct err why;

    MUST(attesting_sign(&is_signed, trust->hub, &attest, err));
    assert_true(is_signed.len <= ATTEST_MAX_SIGNED);
    MUST(verify(trust, &is_signed, err));
    is_signed.data[is_signed.len - 1] ^= 1;
    assert_int_not_equal(verify(trust, &is_signed, &why), 0);
    buf_clear(&is_signed);
    assert_int_equal(verify(trust, &is_signed, &why), ERR_SIGNATURE);
    /* of a time when its certificate was not valid */
    attest.time = (wall){TOWN_NOW.ms + INT64_C(401) * 24 * 3600 * 1000};
    MUST(attesting_sign(&is_signed, trust->hub, &attest, err));
    assert_int_equal(verify(trust, &is_signed, &why), ERR_CERTIFICATE);
}

static void test_a_hub_without_a_key_signs_nothing(void **state)
{
    const struct town_trust *trust = *state;
    SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;
    const struct attest attest = sample();
    struct identity older = *trust->hub;
    struct err why;

    older.sign_cert = NULL;
    assert_int_equal(
        attesting_sign(&is_signed, &older, &attest, &why), ERR_NOT_FOUND);
    assert_false(attesting_expected(trust->hub->members, "tcp://other:1"));
    assert_true(attesting_expected(trust->hub->members, trust->hub->endpoint));
}

/* A NOTICE as its author gets it. */
static struct hubtalk notice(const struct attest *attest)
{
    return (struct hubtalk){.kind = HUBTALK_NOTICE,
        .id = attest->id,
        .reason = REASON_EXPIRED,
        .time = {TOWN_NOW.ms - 7},
        .header = attest->header};
}

static int check(const struct town_trust *trust, const struct hubtalk *talk,
    const struct attest *attest, struct bytes *kept)
{
    SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;
    struct agent agent = {.identity = trust->hub};
    struct bytes body = {NULL, 0};
    struct err why;

    if (attest != NULL) {
        MUST(attesting_sign(&is_signed, trust->hub, attest, err));
        body = buf_bytes(&is_signed);
    }
    return attested_check(kept, &agent, trust->hub->endpoint, talk, body, &why);
}

static void test_the_author_wants_what_is_said_signed(void **state)
{
    const struct town_trust *trust = *state;
    struct attest attest = sample();
    struct hubtalk talk = notice(&attest);
    struct bytes kept;

    attest.events[1] =
        (struct attest_event){ATTEST_EXPIRED, talk.time, REASON_NONE};
    assert_int_equal(check(trust, &talk, &attest, &kept), 0);
    assert_int_not_equal(kept.len, 0);
    assert_int_equal(check(trust, &talk, NULL, &kept), ERR_SIGNATURE);
    assert_int_equal(kept.len, 0);
    talk.time.ms++;
    assert_int_equal(check(trust, &talk, &attest, &kept), ERR_DENIED);
    talk = notice(&attest);
    talk.reason = REASON_EXPIRING;
    assert_int_equal(check(trust, &talk, &attest, &kept), ERR_DENIED);
    talk = notice(&attest);
    talk.id.bytes[0] ^= 1;
    assert_int_equal(check(trust, &talk, &attest, &kept), ERR_DENIED);
    talk = notice(&attest);
    talk.header.last++;
    assert_int_equal(check(trust, &talk, &attest, &kept), ERR_DENIED);
}

static void test_the_author_wants_a_refusal_signed_too(void **state)
{
    const struct town_trust *trust = *state;
    const struct attest attest = sample();
    struct hubtalk talk = {.kind = HUBTALK_PUT_DONE,
        .id = attest.id,
        .reason = REASON_QUOTA,
        .header = attest.header}; /* of the letter that we put */
    struct bytes kept;

    assert_int_equal(check(trust, &talk, &attest, &kept), 0);
    assert_int_equal(check(trust, &talk, NULL, &kept), ERR_SIGNATURE);
    talk.reason = REASON_TOO_LARGE;
    assert_int_equal(check(trust, &talk, &attest, &kept), ERR_DENIED);
    talk.reason = REASON_QUOTA;
    talk.header.recipient = talk.header.author;
    assert_int_equal(check(trust, &talk, &attest, &kept), ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back_as_it_was),
        cmocka_unit_test(test_refuses_what_is_not_one),
        cmocka_unit_test(test_only_the_hubs_own_signature_is_taken),
        cmocka_unit_test(test_a_hub_without_a_key_signs_nothing),
        cmocka_unit_test(test_the_author_wants_what_is_said_signed),
        cmocka_unit_test(test_the_author_wants_a_refusal_signed_too),
    };

    return cmocka_run_group_tests(tests, found, end);
}
