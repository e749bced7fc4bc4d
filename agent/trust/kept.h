/*
 * kept - the newest directory as a member keeps it on disk, and the mark of how
 * far it has come (directory.cms, directory.seen in the state folder).
 *
 * The mark holds version and digest of the newest directory ever accepted.  It
 * is a file of its own, so that neither a restored database nor a restored
 * directory.cms takes the member back unnoticed.  directory.cms is written
 * first: after a crash in between the mark is behind, never ahead.
 */
#ifndef TRUST_KEPT_H
#define TRUST_KEPT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "trust/members.h"

struct cert;
struct err;

struct kept_mark {
    uint64_t version; /* 0: none was seen yet */
    struct digest digest;
};

/* Who may sign the stored directory and the one after it. */
struct kept_signers {
    struct cert *now;
    struct cert *next; /* NULL unless one was announced */
    struct cert *authority;
    struct cert *next_authority; /* of next; NULL: the same */
};

/** Read identity/directory.crt and authority.crt, and what was announced.
 * Errors: ERR_NOT_FOUND, ERR_MALFORMED, ERR_IO. */
MUST_CHECK int kept_load_signers(
    struct kept_signers *out, const char *state, struct err *err);
/** What a directory is measured against; borrows them. */
struct members_trust kept_trust(const struct kept_signers *signers);
void kept_signers_free(struct kept_signers *signers);

/** Keep up with a directory that was accepted: when the announced signer has
 * signed it, that one is the signer from now on; when it announces another,
 * that is the next. */
MUST_CHECK int kept_follow_signers(struct kept_signers *signers,
    const char *state, const struct members *accepted, struct err *err);

/** A missing file is a mark of version 0.  Errors: ERR_MALFORMED, ERR_IO. */
MUST_CHECK int kept_read_mark(
    struct kept_mark *out, const char *state, struct err *err);

/** True if members is the very directory that was marked. */
bool kept_is_marked(
    const struct kept_mark *mark, const struct members *members);

/** May fresh follow what was marked?  Errors: ERR_STATE: older, or the same
 * version with other content. */
MUST_CHECK int kept_check(
    const struct kept_mark *mark, const struct members *fresh, struct err *err);

/** Load the stored directory; trust->seen is not used, the mark is.
 * Errors: those of members_load(), ERR_NOT_FOUND, ERR_STATE. */
MUST_CHECK int kept_load(struct members **out, const char *state,
    const struct members_trust *trust, wall now, struct err *err);

/** Keep the directory that announced another authority, and who signed it, for
 * members that were away meanwhile. */
MUST_CHECK int kept_store_bridge(const char *state, const struct members *last,
    const struct kept_signers *by, struct err *err);

/** Load it again.  Errors: ERR_NOT_FOUND (none), those of members_load(). */
MUST_CHECK int kept_load_bridge(
    struct members **out, const char *state, wall now, struct err *err);

/** Store a directory and mark it. */
MUST_CHECK int kept_store(
    const char *state, const struct members *members, struct err *err);

#endif
