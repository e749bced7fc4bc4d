/*
 * admit - whose letters are taken: those of active members; and of a school
 * that is one no more, what it had signed before.
 *
 *   closed    signed before it closed: taken for 120 days; its receipts too,
 *             for the 30 days in which it still takes its own mail
 *   revoked   signed before the revocation: waits for a person (moveup
 *             quarantine approve), because who has its keys can write any date
 */
#ifndef AGENTD_ADMIT_H
#define AGENTD_ADMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/clock.h"
#include "record/reason.h"
#include "wire/stream.h"

struct agent;
struct cert;
struct err;

/** Before anything is opened: REASON_NONE if the author is somebody. */
enum reason admit_author(
    const struct agent *agent, const struct header *header, struct err *err);

/** The certificates to verify this author's letters with; NULL past the last.
 */
struct cert *admit_cert(
    const struct agent *agent, const struct laestab *author, size_t i);

/** May number i of them verify what comes now?  Also one that has run out, if
 * the author has a newer one and a letter signed before may still be on its
 * way: then the letter must say that it was (admit_in_time). Errors: those of
 * cert_check_time(). */
MUST_CHECK int admit_cert_time(
    const struct cert *cert, size_t i, wall now, struct err *err);

/** Was it signed while the certificate was good? */
bool admit_in_time(const struct cert *cert, wall created, wall now);

/** When it is verified: may a letter that was signed at `created` be taken?
 * approved: a person has said so. */
enum reason admit_signed(const struct agent *agent, const struct header *header,
    wall created, bool approved, struct err *err);

#endif
