/*
 * papers - the two text files that people carry between a member and the
 * authority: an enrolment request and the welcome that answers it
 * (wire/enrolment.h inside trust/armour.h).
 *
 * A request is signed by the sign key it names, which proves that the sender
 * holds that key; a hub of an older version names none and does not sign.  What
 * counts is the fingerprint that two people compare by telephone: it is taken
 * over the whole file.
 *
 * A welcome is not signed as a whole.  Every part of it is, by the authority,
 * and identity_join() checks each; it names the digest of the request it
 * answers, so it fits nobody else.
 */
#ifndef TRUST_PAPERS_H
#define TRUST_PAPERS_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/enrolment.h"

struct err;
struct key;

/* Bytes of a file to read at most; the decoders' own limits are tighter. */
#define PAPERS_MAX_REQUEST_FILE ((size_t)32 * 1024)
#define PAPERS_MAX_WELCOME_FILE ((size_t)4608 * 1024)

/** Add the request file to out.  sign_key signs it; NULL: it names none.
 * Errors: ERR_CRYPTO. */
MUST_CHECK int papers_write_request(struct buf *out,
    const struct enrolment_request *request, const struct key *sign_key,
    struct err *err);

/** Read and check a request file.  Everything in *out lives in arena; *digest
 * is what the fingerprint is taken of and what the welcome names.
 * Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_SIGNATURE. */
MUST_CHECK int papers_read_request(struct enrolment_request *out,
    struct digest *digest, struct bytes file, struct arena *arena,
    struct err *err);

/* A member's own request, from its folder. */
struct papers_own {
    struct arena arena;
    struct buf file;
    struct enrolment_request request;
    struct digest digest;
};

/** Read FOLDER/request into *out, which is all zeros before.
 * Errors: ERR_NOT_FOUND ("run: moveup enrol") and papers_read_request()'s. */
MUST_CHECK int papers_load_own(
    struct papers_own *out, const char *folder, struct err *err);
void papers_own_free(struct papers_own *own);

void papers_write_welcome(
    struct buf *out, const struct enrolment_welcome *welcome);

/** Only the form is checked here.  Errors: ERR_TOO_BIG, ERR_MALFORMED. */
MUST_CHECK int papers_read_welcome(struct enrolment_welcome *out,
    struct bytes file, struct arena *arena, struct err *err);

/** Check what a person typed or a file says about a member: name, LAESTAB,
 * URN, phase or endpoint.  Errors: ERR_USAGE with what is wrong. */
MUST_CHECK int papers_check_member(
    const struct enrolment_request *request, struct err *err);

#endif
