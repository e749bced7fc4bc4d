/*
 * hubtalk - what an agent and a hub say to each other (proto/hub.proto).
 *
 * One message is one or two frames: the talk (this file) and, where noted, a
 * body that is passed on as it is.
 *
 *   agent                                    hub
 *   HELLO session, versions, time ------->
 *         <-- WELCOME session, limits, time, directory version
 *   PUT id, header      + sealed --------->
 *         <-- PUT_DONE id, reason            (after the hub's commit; refused:
 *                                            + wire/attest.h, signed)
 *   FETCH after, credit ------------------>
 *         <-- MAIL cursor, id, header + sealed   (until the credit is used up;
 *                                                urgent first, then receipts,
 *                                                then normal, oldest first)
 *   ACK cursor --------------------------->  (this letter; after the
 *                                            recipient's commit, and gives its
 *                                            bytes back as credit)
 *   DIRECTORY have ----------------------->
 *         <-- DIRECTORY_IS version + directory   (or no body: yours is newest)
 *         <-- DIRECTORY_IS version, offset, total + part   (then again
 *   DIRECTORY have, of, offset ----------->                 for the next)
 *   PUBLISH           + directory -------->  (an administrator's key only)
 *         <-- PUBLISH_DONE version, reason
 *   REPORT             + signed report --->  (wire/report.h)
 *   REPORTS after ------------------------>  (an administrator's key only)
 *         <-- REPORTS_ARE + what the hub knows of the schools
 *   TRACE begins ------------------------->  (an administrator's key only)
 *         <-- TRACE_IS + what it remembers of those letters
 *         <-- REFUSED reason        (any request that cannot be served)
 *         <-- NOTICE id, reason, time, header + wire/attest.h, signed
 *                               (a letter of yours has used up
 *                                most of its life, or its life: to its author)
 *   NOTED id, reason -------------------->  (after the author's commit; else
 *                                            it comes again)
 *   RENEW             + renewal --------->  (a school's request for
 *         <-- RENEWAL_IS school             certificates for new keys; kept)
 *   RENEWALS after ---------------------->  (an administrator's key only)
 *         <-- RENEWAL_IS school + renewal   (the next; school "": no more)
 *
 * Integers are checked, id and epoch are 16 bytes.  HELLO, WELCOME and REFUSED
 * may hold fields of a newer version; the others are accepted in their shortest
 * form only, as a header is (wire/envelope.h).  A message over its limit never
 * leaves: libzmq would cut the connection without a word.
 */
#ifndef WIRE_HUBTALK_H
#define WIRE_HUBTALK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/reason.h"
#include "wire/envelope.h"

#define HUBTALK_MAX_BYTES ((size_t)2048) /* of the talk frame */
#define HUBTALK_MAX_BODY ENVELOPE_MAX_SEALED
/* Of a directory that goes in parts.  One part is on its way to each agent, so
 * 1000 that ask at once cost the hub 64 MiB. */
#define HUBTALK_PART ((size_t)64 * 1024)
#define HUBTALK_MAX_VERSION_TEXT 32

enum hubtalk_kind {
    HUBTALK_HELLO = 1,
    HUBTALK_WELCOME,
    HUBTALK_PUT,
    HUBTALK_PUT_DONE,
    HUBTALK_FETCH,
    HUBTALK_MAIL,
    HUBTALK_ACK,
    HUBTALK_DIRECTORY,
    HUBTALK_DIRECTORY_IS,
    HUBTALK_PUBLISH,
    HUBTALK_PUBLISH_DONE,
    HUBTALK_REPORT,
    HUBTALK_REFUSED,
    HUBTALK_NOTICE,
    HUBTALK_NOTED,
    HUBTALK_REPORTS,
    HUBTALK_REPORTS_ARE,
    HUBTALK_TRACE,
    HUBTALK_TRACE_IS,
    HUBTALK_RENEW,
    HUBTALK_RENEWALS,
    HUBTALK_RENEWAL_IS,
};
#define HUBTALK_KINDS (HUBTALK_RENEWAL_IS + 1)
#define HUBTALK_MAX_RENEWAL ((size_t)32 * 1024) /* bytes of RENEW's body */
#define HUBTALK_LEAST_TRACE 4                   /* bytes of a name */

/* One flat struct: only the fields of the kind are set, others are zero. */
struct hubtalk {
    enum hubtalk_kind kind;
    struct id id;         /* PUT, PUT_DONE, MAIL, NOTICE, NOTED: the envelope's
                           * name; TRACE: how it begins */
    size_t id_len;        /* TRACE: bytes of id, from HUBTALK_LEAST_TRACE */
    struct laestab after; /* REPORTS: of the schools behind it; "": all */
    struct id origin;     /* PUT: the name under which the same batch was first
                           * put; zeros: this is the first time */
    struct id session;    /* HELLO: the agent's run; WELCOME: the same */
    struct id hub;        /* WELCOME: this hub's storage; changes when it is
                           * wiped, so that cursors of before mean nothing */
    uint64_t cursor;      /* FETCH: letters after this one (0: all that are not
                           * acknowledged); MAIL, ACK: of this one (MAIL 0: an
                           * early copy); PUT_DONE: it was given this one, or 0 */
    uint64_t credit;  /* FETCH: bytes that may be on their way unacknowledged */
    uint64_t version; /* directory version: HELLO, WELCOME, DIRECTORY... */
    /* of a directory that goes in parts: DIRECTORY, DIRECTORY_IS and PUBLISH:
     * where this part begins; DIRECTORY_IS, PUBLISH: bytes of the whole, 0: it
     * goes in one; DIRECTORY: the version that was begun, 0: none */
    uint64_t offset, total, of;
    uint64_t max_body; /* WELCOME: bytes */
    uint64_t waiting;  /* WELCOME: letters in the mailbox */
    wall time;         /* HELLO, WELCOME: the sender's clock; NOTICE: when
                        * the letter ends, or ended */
    /* HELLO, PUT: the agent's; WELCOME: the highest that this school ever said
     * here, so that an agent whose database went back finds out */
    uint64_t incarnation, progress;
    uint64_t high; /* WELCOME: the highest cursor ever given in this storage;
                    * lower than last time: the hub went back */
    uint32_t protocol;  /* HELLO, WELCOME: STREAM_VERSION */
    bool early;         /* HELLO: it takes early copies */
    bool parts;         /* HELLO: it takes a directory in parts */
    enum reason reason; /* PUT_DONE, PUBLISH_DONE: 0 is done; REFUSED;
                         * NOTICE, NOTED: EXPIRING or EXPIRED */
    char software[HUBTALK_MAX_VERSION_TEXT]; /* HELLO, WELCOME */
    struct header header;                    /* PUT, MAIL, NOTICE */
    struct laestab school; /* RENEWALS: after this one; RENEWAL_IS: whose; "":
                            * none */
};

/** Only the fields of talk->kind are written. */
void hubtalk_encode(struct buf *out, const struct hubtalk *talk);

/**
 * Read a talk that the peer sent.  A reason that this version has no name for
 * becomes REASON_BAD_REQUEST: it is still a refusal.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED.
 */
MUST_CHECK int hubtalk_decode(
    struct hubtalk *out, struct bytes wire, struct err *err);

#endif
