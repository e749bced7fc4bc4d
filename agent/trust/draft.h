/*
 * draft - the next directory while it is being changed: a copy of the one in
 * force, one version up, with fresh dates.  Nothing of it counts before
 * draft_publish() has signed it.
 */
#ifndef TRUST_DRAFT_H
#define TRUST_DRAFT_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "crypto/cert.h"
#include "trust/members.h"

struct err;
struct key;

struct draft {
    struct arena arena; /* what content points at, beside the old directory */
    struct directory_content content;
};

/** The first directory of a cluster: one administrator and nobody else. */
void draft_first(struct draft *out, const char *cluster,
    const struct directory_administrator *administrator, wall now);

/** The one after `from`, which must outlive it; room for `more` new schools
 * and as many hubs.
 * Errors: ERR_STATE: now is before `from` was issued. */
MUST_CHECK int draft_next(struct draft *out, const struct members *from,
    size_t more, wall now, struct err *err);

/** An entry to change, or NULL. */
struct directory_school *draft_school(
    struct draft *draft, const struct laestab *laestab);
struct directory_hub *draft_hub(struct draft *draft, const char *endpoint);

/** A new, zeroed entry; within the room asked for. */
struct directory_school *draft_add_school(struct draft *draft);
struct directory_hub *draft_add_hub(struct draft *draft);

/* Who issues, for whom, what. */
struct draft_issuer {
    const struct cert *cert;
    const struct key *key;
    enum cert_profile profile;
    struct cert_subject subject;
};

/** Issue each certificate of a list anew, for the same key and time, by
 * another authority. */
MUST_CHECK int draft_reissue(struct draft *draft, struct bytes **list,
    size_t count, const struct draft_issuer *issuer, struct err *err);

/** Put a certificate before the others of its list, and leave out what has
 * expired long ago or is too many.  keep_old false: it alone remains. */
void draft_put_cert(struct draft *draft, struct bytes **list, size_t *count,
    struct bytes der, bool keep_old, wall now);

/* Where a directory is signed and with what. */
struct draft_pen {
    const char *dir; /* of the authority */
    const struct key *key;
    struct cert *signer;
    const struct cert *authority;
};

/** Sign it, load the result with every check that members make, and only then
 * write it to DIR/history/N.cms and DIR/directory.cms.
 * Errors: ERR_TOO_BIG, ERR_CRYPTO, ERR_CERTIFICATE, ERR_IO and those of
 * members_load(). */
MUST_CHECK int draft_publish(struct members **out, const struct draft *draft,
    const struct draft_pen *pen, wall now, struct err *err);

void draft_free(struct draft *draft);

#endif
