/*
 * directory - who belongs to the cluster, as the bytes the authority signs
 * (proto/directory.proto; design 3).  trust/directory.h is what others use.
 */
#ifndef WIRE_DIRECTORY_H
#define WIRE_DIRECTORY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "record/laestab.h"

struct err;

#define DIRECTORY_MAX_BYTES ((size_t)2560 * 1024)
#define DIRECTORY_MAX_SCHOOLS 1000
#define DIRECTORY_MAX_HUBS 8
#define DIRECTORY_MAX_ADMINISTRATORS 16
#define DIRECTORY_MAX_NAME 120                   /* bytes */
#define DIRECTORY_MAX_REASON 500                 /* bytes */
#define DIRECTORY_MAX_CERTIFICATE ((size_t)4096) /* bytes of DER */
#define DIRECTORY_MAX_CERTIFICATES 4 /* of one kind, of one school: overlap */
#define DIRECTORY_MAX_PREDECESSORS 16
#define CURVE_KEY_SIZE 41 /* Z85 text and NUL */

/* One school with the longest name and one certificate of each kind, as the
 * authority makes them; and with two of each and two transport keys, while its
 * keys are renewed.  All the schools fit while all renew at once. */
#define DIRECTORY_USUAL_SCHOOL 1260    /* bytes */
#define DIRECTORY_RENEWING_SCHOOL 2400 /* bytes */
_Static_assert(DIRECTORY_MAX_SCHOOLS *(size_t)DIRECTORY_RENEWING_SCHOOL +
                       (size_t)64 * 1024 <=
                   DIRECTORY_MAX_BYTES,
    "a directory of all the schools fits");

enum member_status { MEMBER_ACTIVE = 1, MEMBER_REVOKED, MEMBER_CLOSED };
enum phase {
    PHASE_PRIMARY = 1,
    PHASE_MIDDLE,
    PHASE_SECONDARY,
    PHASE_ALL_THROUGH,
    PHASE_SPECIAL
};

struct directory_school {
    struct laestab laestab;
    const char *urn; /* six digits */
    const char *name;
    enum phase phase;
    enum member_status status;
    wall status_since;
    const char *reason; /* of a revocation */
    char curve_key[CURVE_KEY_SIZE];
    char former_curve_key[CURVE_KEY_SIZE]; /* "" if none: the one before */
    struct bytes *sign_certificates;
    size_t sign_count; /* DER, newest first */
    struct bytes *encrypt_certificates;
    size_t encrypt_count;
    struct laestab *predecessors;
    size_t predecessor_count;
    struct laestab successor; /* "" if none */
};

struct directory_hub {
    const char *endpoint; /* tcp://host:port, at most 256 bytes */
    const char *name;
    char curve_key[CURVE_KEY_SIZE];
    enum member_status status;
    struct bytes *sign_certificates; /* DER, newest first; none: an older hub,
                                      * which signs nothing */
    size_t sign_count;
    char former_curve_key[CURVE_KEY_SIZE]; /* "" if none: the one before, in use
                                            * for a while */
};

struct directory_administrator {
    const char *name;
    char curve_key[CURVE_KEY_SIZE];
};

struct directory_content {
    const char *cluster;    /* its name */
    uint64_t version;       /* from 1, one more each time */
    struct digest previous; /* of the signed content before; zeros for 1 */
    wall issued;
    wall soft_expiry; /* from here people are told */
    wall hard_expiry; /* from here it is refused */
    uint32_t minimum_protocol;
    struct bytes next_signer; /* DER certificate that may sign the directories
                               * after this one; empty: the same as now */
    struct bytes next_authority; /* DER: who issued next_signer, and will have
                                  * issued all; empty: the same as now */
    struct directory_school *schools;
    size_t school_count;
    struct directory_hub *hubs;
    size_t hub_count;
    struct directory_administrator *administrators;
    size_t administrator_count;
};

/** Errors: ERR_TOO_BIG, ERR_MALFORMED (text that is not clean). */
MUST_CHECK int directory_encode(
    struct buf *out, const struct directory_content *content, struct err *err);

/**
 * Read signed bytes (after the signature was verified, and not before).
 * Everything in *out lives in arena.  No certificate is parsed here; no two
 * schools have the same number.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED.
 */
MUST_CHECK int directory_decode(struct directory_content *out,
    struct bytes wire, struct arena *arena, struct err *err);

#endif
