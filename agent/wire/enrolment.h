/*
 * enrolment - the two files by which a school, a hub or an administrator joins
 * (proto/enrolment.proto; design 3): a request with public keys, signed with
 * the key it names; a welcome with certificates and the directory.
 */
#ifndef WIRE_ENROLMENT_H
#define WIRE_ENROLMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "wire/directory.h"

#define ENROLMENT_MAX_REQUEST ((size_t)16 * 1024)
#define ENROLMENT_MAX_WELCOME ((size_t)3 * 1024 * 1024)
#define ENROLMENT_MAX_KEY 512 /* bytes of a SubjectPublicKeyInfo */

enum enrolment_kind { ENROLMENT_SCHOOL = 1, ENROLMENT_HUB };

struct enrolment_request {
    enum enrolment_kind kind;
    struct laestab laestab; /* SCHOOL */
    const char *urn;        /* SCHOOL */
    enum phase phase;       /* SCHOOL */
    const char *name;
    const char *endpoint; /* HUB */
    char curve_key[CURVE_KEY_SIZE];
    struct bytes sign_key;    /* SubjectPublicKeyInfo, DER; of an older hub:
                               * empty */
    struct bytes encrypt_key; /* SCHOOL */
    wall created;
    bool
        renews; /* HUB: it has its old transport key too, and goes on with it */
};

struct enrolment_welcome {
    enum enrolment_kind kind;
    struct laestab laestab;           /* "" for a hub */
    struct bytes authority;           /* the CA certificate, DER */
    struct bytes directory_signer;    /* DER; verifies directory */
    struct bytes sign_certificate;    /* DER; empty if no sign_key was sent */
    struct bytes encrypt_certificate; /* DER; empty for a hub */
    struct bytes directory;           /* signed, CMS */
    struct digest request;            /* of the request file it answers */
};

/* Encoding writes the fields of the kind.  Decoding checks all of them, and
 * that no field of the other kind is there; everything in *out lives in arena.
 * Errors: ERR_TOO_BIG, ERR_MALFORMED. */

void enrolment_encode_request(
    struct buf *out, const struct enrolment_request *request);
MUST_CHECK int enrolment_decode_request(struct enrolment_request *out,
    struct bytes wire, struct arena *arena, struct err *err);
void enrolment_encode_welcome(
    struct buf *out, const struct enrolment_welcome *welcome);
MUST_CHECK int enrolment_decode_welcome(struct enrolment_welcome *out,
    struct bytes wire, struct arena *arena, struct err *err);

#endif
