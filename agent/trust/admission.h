/*
 * admission - one enrolment request on its way into the next directory: read,
 * weighed against who is there, given certificates.
 */
#ifndef TRUST_ADMISSION_H
#define TRUST_ADMISSION_H

#include "base/attr.h"
#include "base/clock.h"
#include "trust/draft.h"
#include "wire/enrolment.h"

struct cert;
struct err;
struct key;

/* Who issues. */
struct admission_issuer {
    const struct cert *cert;
    const struct key *key;
    bool readmit; /* take a revoked member back, with new keys */
    wall now;
};

struct admission {
    struct enrolment_request request;
    struct digest digest;
    struct bytes sign_certificate;    /* DER; empty without a sign_key */
    struct bytes encrypt_certificate; /* DER; empty for a hub */
};

/** A school in good standing asks for certificates for new keys: the request,
 * signed by the key of its newest certificate.  When this is refused the draft
 * is as it was.
 * Errors: ERR_NOT_FOUND (no such school), ERR_DENIED (not in good standing; a
 * request of before those that were answered; of another school),
 * ERR_SIGNATURE, and those of authority_enrol(). */
MUST_CHECK int admission_renew(struct draft *draft,
    const struct admission_issuer *issuer, const struct laestab *school,
    struct bytes renewal, struct err *err);

/** Read the request file and enter its member into the draft, in whose arena
 * *out then lives.  On failure the draft is of no more use.
 * Errors: those of authority_enrol(). */
MUST_CHECK int admission_enter(struct admission *out, struct draft *draft,
    const struct admission_issuer *issuer, struct bytes file, struct err *err);

#endif
