/*
 * attested - what the hub signs of a letter: its notices, its refusals, and its
 * trail for an administrator (for the engine only).
 *
 * A hub of an older enrolment has no key: then nothing is added to out, and its
 * word goes unsigned.
 */
#ifndef HUB_ATTESTED_H
#define HUB_ATTESTED_H

#include "base/buf.h"
#include "wire/attest.h"

struct drain_reply;
struct engine;
struct engine_now;
struct notice;
struct traces_letter;

/** `attest` signed by this hub as of now; attest->hub is not looked at. */
void attested_sign(
    struct buf *out, struct engine *engine, const struct attest *attest);

/** What a notice says. */
void attested_notice(struct buf *out, struct engine *engine,
    const struct notice *notice, const struct header *header, wall now);

/** Why a letter was refused.  At most WATCH_MAX_SIGNED a minute of one school:
 * a signature costs more than a refusal. */
void attested_refusal(struct buf *out, struct engine *engine,
    const struct drain_reply *reply, const struct engine_now *now);

/* Letters that were refused of late, for whoever asks; in memory. */
#define ATTESTED_MAX_REFUSALS 64

struct attested_refusals {
    struct attest rows[ATTESTED_MAX_REFUSALS]; /* id zero: not used yet */
    size_t next;
};

/** What became of a letter that was kept. */
struct attest attested_trail(const struct engine *engine,
    const struct traces_letter *letter, const struct header *header);

/** The content of an attestation, signed, or for a hub that signs nothing as it
 * is: one of the two buffers stays empty. */
void attested_write(struct buf *is_signed, struct buf *plain,
    struct engine *engine, const struct attest *attest);

#endif
