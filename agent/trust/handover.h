/*
 * handover - an authority hands its cluster over to a new one (see
 * authority_rotate() for the contract), in the authority's folder:
 *
 *   next-authority.key .crt   next-directory.key .crt     the new one
 *   directory-bridge.cms      signed by the old one, announces the new one:
 *                             who was away takes this before the newest
 *
 *   1  the new keys are saved
 *   2  the bridge is signed by the old authority, kept and put in force
 *   3  the first directory of the new one is signed and put in force
 *   4  the new keys take the place of the old, which are gone then
 *
 * A crash between any two leaves a folder that handover_resume() or the next
 * handover_run() brings to its end.
 */
#ifndef TRUST_HANDOVER_H
#define TRUST_HANDOVER_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"

struct authority;
struct err;

/** Steps 1 to 4, from wherever a crash has left them; the authority is the new
 * one afterwards.  passphrase locks the new keys; NULL: none.  Errors: those of
 * authority_rotate(). */
MUST_CHECK int handover_run(struct authority *authority, const char *passphrase,
    wall now, struct err *err);

/** Step 4, if step 3 was done: before the keys are loaded.  Errors: ERR_IO. */
MUST_CHECK int handover_resume(const char *dir, wall now, struct err *err);

/** See authority_bridge(). */
MUST_CHECK int handover_bridge(
    struct buf *out, const char *dir, struct err *err);

#endif
