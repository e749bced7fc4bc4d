/* A directory with an active and a revoked school, for tests to change before
 * it is signed. */
#ifndef TEST_MEMBERS_FIXTURE_H
#define TEST_MEMBERS_FIXTURE_H

#include <stdlib.h>

#include "base/mem.h"
#include "crypto/seal.h"
#include "pki.h"
#include "trust/members.h"

#define NOW ((wall){1812000000000}) /* 2027-06-03T05:20:00Z */
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

#define HILLSIDE_KEY "0123456789012345678901234567890123456789"
#define FAIRFIELD_KEY "abcdefghijabcdefghijabcdefghijabcdefghij"
#define HUB_KEY "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJ"
#define ADMIN_KEY "................................zzzzzzzz"

static const struct laestab HILLSIDE = {"8732001"};
static const struct laestab FAIRFIELD = {"8732002"};
static const struct laestab NOBODY = {"8739999"};

/* A directory that a test changes before it is signed. */
struct fixture {
    struct pki pki;
    struct bytes sign, encrypt;
    struct directory_school schools[2]; /* Fairfield is revoked */
    struct directory_hub hub;
    struct directory_administrator administrator;
    struct directory_content content;
};

static inline int make(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);

    pki_make(&f->pki);
    f->sign = cert_der(f->pki.sign);
    f->encrypt = cert_der(f->pki.encrypt);
    f->schools[0] = (struct directory_school){.laestab = FAIRFIELD,
        .urn = "100002",
        .name = "Fairfield Primary",
        .phase = PHASE_PRIMARY,
        .status = MEMBER_REVOKED,
        .status_since = NOW,
        .reason = "lost laptop",
        .curve_key = FAIRFIELD_KEY,
        .sign_certificates = &f->sign,
        .sign_count = 1,
        .encrypt_certificates = &f->encrypt,
        .encrypt_count = 1};
    f->schools[1] = f->schools[0];
    f->schools[1].laestab = HILLSIDE;
    f->schools[1].urn = "100001";
    f->schools[1].name = "Hillside Primary";
    f->schools[1].status = MEMBER_ACTIVE;
    f->schools[1].reason = "";
    memcpy(f->schools[1].curve_key, HILLSIDE_KEY, CURVE_KEY_SIZE);
    f->hub = (struct directory_hub){.endpoint = "tcp://hub.example:7700",
        .name = "First hub",
        .curve_key = HUB_KEY,
        .status = MEMBER_ACTIVE};
    f->administrator = (struct directory_administrator){"Office", ADMIN_KEY};
    f->content = (struct directory_content){.cluster = "Anytown",
        .version = 7,
        .issued = NOW,
        .soft_expiry = {NOW.ms + 90 * DAY_MS},
        .hard_expiry = {NOW.ms + 365 * DAY_MS},
        .minimum_protocol = 1,
        .schools = f->schools,
        .school_count = 2,
        .hubs = &f->hub,
        .hub_count = 1,
        .administrators = &f->administrator,
        .administrator_count = 1};
    *state = f;
    return 0;
}

static inline int unmake(void **state)
{
    struct fixture *f = *state;

    pki_free(&f->pki);
    free(f);
    return 0;
}

static inline void sign_as(struct buf *out, const struct fixture *f,
    const struct key *key, const struct cert *cert)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;

    assert_int_equal(directory_encode(&content, &f->content, NULL), 0);
    assert_int_equal(
        seal_sign(out, NULL, buf_bytes(&content), key, cert, NULL), 0);
}

static inline struct members_trust trust_of(const struct fixture *f)
{
    return (struct members_trust){
        .authority = f->pki.authority, .signer = f->pki.directory};
}

/* Sign the fixture as it stands and load it. */
static inline int load(
    struct members **out, const struct fixture *f, wall now, struct err *err)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const struct members_trust trust = trust_of(f);

    sign_as(&file, f, f->pki.directory_key, f->pki.directory);
    return members_load(out, buf_bytes(&file), &trust, now, err);
}

#endif
