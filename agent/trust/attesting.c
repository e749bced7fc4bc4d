#include "trust/attesting.h"

#include <string.h>

#include "base/err.h"
#include "crypto/cert.h"
#include "crypto/seal.h"
#include "trust/identity.h"

int attesting_sign(struct buf *out, const struct identity *hub,
    const struct attest *what, struct err *err)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    struct attest attest = *what;
    int rc;

    if (hub->sign_cert == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "this hub has no certificate to sign with");
    attest.hub = hub->endpoint;
    rc = attest_encode(&content, &attest, err);
    return rc < 0 ? rc
                  : seal_sign(out, NULL, buf_bytes(&content), hub->sign_key,
                        hub->sign_cert, err);
}

bool attesting_expected(const struct members *members, const char *endpoint)
{
    return members_hub_cert(members, endpoint, 0) != NULL;
}

/* With whichever of its certificates it was signed. */
static int find_signer(struct buf *content, struct cert **by,
    const struct members *members, const char *endpoint, struct bytes is_signed,
    struct err *err)
{
    int rc = err_set(err, ERR_NOT_FOUND,
        "the directory lists no certificate of %s", endpoint);

    for (size_t i = 0; rc != 0; i++) {
        struct cert *cert = members_hub_cert(members, endpoint, i);

        if (cert == NULL)
            return rc;
        rc = seal_verify(content, NULL, is_signed, cert, err);
        *by = cert;
    }
    return rc;
}

int attesting_verify(struct attest *out, const struct members *members,
    const char *endpoint, struct bytes is_signed, struct arena *arena,
    struct err *err)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    struct cert *by = NULL;
    struct attest attest;
    int rc;

    if (is_signed.len > ATTEST_MAX_SIGNED)
        return err_set(err, ERR_TOO_BIG, "attestation: %zu bytes, limit %zu",
            is_signed.len, ATTEST_MAX_SIGNED);
    if (is_signed.len == 0)
        return err_set(err, ERR_SIGNATURE, "it is not signed");
    rc = find_signer(&content, &by, members, endpoint, is_signed, err);
    if (rc == 0)
        rc = attest_decode(&attest, buf_bytes(&content), arena, err);
    if (rc == 0 && strcmp(attest.hub, endpoint) != 0)
        rc = err_set(err, ERR_DENIED, "it is the word of another hub");
    if (rc == 0)
        rc = cert_check_time(by, attest.time, err);
    if (rc == 0)
        *out = attest;
    return rc;
}
