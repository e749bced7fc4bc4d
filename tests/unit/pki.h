/* pki - an authority and one school's keys and certificates, for tests. */
#ifndef TEST_PKI_H
#define TEST_PKI_H

#include "crypto/cert.h"
#include "crypto/key.h"

#define PKI_FROM ((wall){1577836800000})  /* 2020-01-01T00:00:00Z */
#define PKI_UNTIL ((wall){2524607999000}) /* 2049-12-31T23:59:59Z */

struct pki {
    struct key *authority_key;
    struct key *directory_key;
    struct key *sign_key;
    struct key *encrypt_key;
    struct key *hub_key;
    struct cert *authority;
    struct cert *directory;
    struct cert *sign;
    struct cert *encrypt;
    struct cert *hub;
};

static inline struct cert *pki_issue(struct pki *pki, enum cert_profile profile,
    const char *name, const struct key *key)
{
    const struct cert_subject subject = {name, "Anytown"};
    struct cert *cert = NULL;

    assert_int_equal(cert_issue(&cert, profile, &subject, key, pki->authority,
                         pki->authority_key, PKI_FROM, PKI_UNTIL, NULL),
        0);
    return cert;
}

static inline void pki_make(struct pki *pki)
{
    *pki = (struct pki){NULL};
    assert_int_equal(key_new(&pki->authority_key, NULL), 0);
    assert_int_equal(key_new(&pki->directory_key, NULL), 0);
    assert_int_equal(key_new(&pki->sign_key, NULL), 0);
    assert_int_equal(key_new(&pki->encrypt_key, NULL), 0);
    assert_int_equal(key_new(&pki->hub_key, NULL), 0);
    pki->authority =
        pki_issue(pki, CERT_AUTHORITY, "Anytown", pki->authority_key);
    pki->directory =
        pki_issue(pki, CERT_DIRECTORY, "Directory", pki->directory_key);
    pki->sign =
        pki_issue(pki, CERT_SIGN, "8732001 Hillside Primary", pki->sign_key);
    pki->encrypt = pki_issue(
        pki, CERT_ENCRYPT, "8732001 Hillside Primary", pki->encrypt_key);
    pki->hub = pki_issue(pki, CERT_HUB, "hub Anytown", pki->hub_key);
}

static inline void pki_free(struct pki *pki)
{
    key_free(pki->authority_key);
    key_free(pki->directory_key);
    key_free(pki->sign_key);
    key_free(pki->encrypt_key);
    key_free(pki->hub_key);
    cert_free(pki->authority);
    cert_free(pki->directory);
    cert_free(pki->sign);
    cert_free(pki->encrypt);
    cert_free(pki->hub);
}

/* For cmocka's setup and teardown: *state is the pki. */
static inline int pki_begin(void **state)
{
    struct pki *pki = mem_alloc(sizeof *pki);

    pki_make(pki);
    *state = pki;
    return 0;
}

static inline int pki_end(void **state)
{
    pki_free(*state);
    free(*state);
    return 0;
}

#endif
