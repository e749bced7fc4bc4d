/*
 * attested - what hubs say of our letters and sign: believed only with the
 * signature of a hub that has a certificate, and kept with it as evidence.
 */
#ifndef AGENTD_ATTESTED_H
#define AGENTD_ATTESTED_H

#include "base/attr.h"
#include "base/bytes.h"
#include "store/ending.h"
#include "wire/attest.h"

struct agent;
struct err;
struct hubtalk;

/**
 * May this NOTICE, or PUT_DONE with a reason, of the hub at this endpoint be
 * believed?  A hub of an older version has no certificate and is believed
 * because the transport names it; then *is_signed is empty, else it is body.
 * A PUT_DONE has no header: talk->header is that of the letter as we put it.
 * Errors: those of attesting_verify(), and ERR_DENIED: what is signed is
 * something else than what is said.
 */
MUST_CHECK int attested_check(struct bytes *is_signed,
    const struct agent *agent, const char *endpoint, const struct hubtalk *talk,
    struct bytes body, struct err *err);

#define ATTESTED_MAX_REFUSALS 16

/* Signed refusals of letters of ours, until the next write to the database. */
struct attested_refusals {
    struct {
        struct id envelope;
        enum reason reason;
        char hub[ENDING_HUB_SIZE];
        wall at;
        uint8_t is_signed[ATTEST_MAX_SIGNED];
        size_t len;
    } rows[ATTESTED_MAX_REFUSALS];
    size_t count;
};

/** One more; when there is no room it is left out: a refusal comes again. */
void attested_note(struct attested_refusals *refusals, const char *endpoint,
    const struct hubtalk *talk, struct bytes is_signed, wall now);

/** Within a transaction: keep them beside their batches, as evidence.  They are
 * the caller's to forget after the commit. */
MUST_CHECK int attested_keep(const struct attested_refusals *refusals,
    struct agent *agent, struct err *err);

#endif
