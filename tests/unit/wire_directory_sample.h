/* wire_directory_sample - a small cluster's directory and enrolment files, for
 * tests and fuzz seeds.  The certificates are not certificates: wire does not
 * look into them. */
#ifndef TESTS_WIRE_DIRECTORY_SAMPLE_H
#define TESTS_WIRE_DIRECTORY_SAMPLE_H

#include "wire/enrolment.h"

#define WIRE_SAMPLE_KEY_TAIL "q:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define WIRE_SAMPLE_KEY "r" WIRE_SAMPLE_KEY_TAIL

static inline void wire_sample_school(
    struct directory_school *out, struct arena *arena, const char *laestab)
{
    *out = (struct directory_school){.urn = "100001",
        .name = "Hillside Primary",
        .phase = PHASE_PRIMARY,
        .status = MEMBER_REVOKED,
        .status_since = {1790000000000},
        .reason = "Key lost with a laptop",
        .curve_key = WIRE_SAMPLE_KEY,
        .former_curve_key = "A" WIRE_SAMPLE_KEY_TAIL,
        .successor = {"8734001"}};
    memcpy(out->laestab.text, laestab, LAESTAB_SIZE);
    out->sign_certificates = arena_take(arena, 2 * sizeof(struct bytes));
    out->sign_count = 2;
    out->sign_certificates[0] = bytes_of("0\x82 sign new");
    out->sign_certificates[1] = bytes_of("0\x82 sign old");
    out->encrypt_certificates = arena_take(arena, sizeof(struct bytes));
    out->encrypt_count = 1;
    out->encrypt_certificates[0] = bytes_of("0\x82 encrypt");
    out->predecessors = arena_take(arena, sizeof(struct laestab));
    out->predecessor_count = 1;
    out->predecessors[0] = (struct laestab){"8733999"};
}

/** Everything is in arena or is constant. */
static inline void wire_sample_directory(
    struct directory_content *out, struct arena *arena)
{
    *out = (struct directory_content){.cluster = "Wrenshire",
        .version = 7,
        .previous = {{1, 0, 2}},
        .issued = {1790000000000},
        .soft_expiry = {1800000000000},
        .hard_expiry = {1810000000000},
        .minimum_protocol = 1,
        .next_signer = bytes_of("0\x82 next"),
        .next_authority = bytes_of("0\x82 after"),
        .school_count = 2,
        .hub_count = 1,
        .administrator_count = 1};
    out->schools = arena_take(arena, 2 * sizeof *out->schools);
    wire_sample_school(&out->schools[0], arena, "8732001");
    wire_sample_school(&out->schools[1], arena, "8734500");
    out->hubs = arena_take(arena, sizeof *out->hubs);
    out->hubs[0] = (struct directory_hub){.endpoint = "tcp://hub.example:7700",
        .name = "Wrenshire hub",
        .curve_key = WIRE_SAMPLE_KEY,
        .status = MEMBER_ACTIVE,
        .former_curve_key = "A" WIRE_SAMPLE_KEY_TAIL,
        .sign_certificates = arena_take(arena, sizeof(struct bytes)),
        .sign_count = 1};
    out->hubs[0].sign_certificates[0] = bytes_of("0\x82 hub");
    out->administrators = arena_take(arena, sizeof *out->administrators);
    out->administrators[0] = (struct directory_administrator){
        "Wrenshire admissions", WIRE_SAMPLE_KEY};
}

static inline void wire_sample_request(
    struct enrolment_request *out, enum enrolment_kind kind)
{
    *out = (struct enrolment_request){.kind = kind,
        .urn = "",
        .name = "Hillside Primary",
        .endpoint = "",
        .curve_key = WIRE_SAMPLE_KEY,
        .sign_key = bytes_of("0Y sign"),
        .created = {1790000000000}};
    if (kind == ENROLMENT_HUB) {
        out->endpoint = "tcp://[2001:db8::1]:7700";
        out->renews = true;
        return;
    }
    out->laestab = (struct laestab){"8732001"};
    out->urn = "100001";
    out->phase = PHASE_PRIMARY;
    out->encrypt_key = bytes_of("0Y encrypt");
}

static inline void wire_sample_welcome(
    struct enrolment_welcome *out, enum enrolment_kind kind)
{
    *out = (struct enrolment_welcome){.kind = kind,
        .authority = bytes_of("0\x82 authority"),
        .directory_signer = bytes_of("0\x82 signer"),
        .sign_certificate = bytes_of("0\x82 sign"),
        .directory = bytes_of("0\x82 directory"),
        .request = {{4, 0, 4}}};
    if (kind == ENROLMENT_HUB)
        return;
    out->laestab = (struct laestab){"8732001"};
    out->encrypt_certificate = bytes_of("0\x82 encrypt");
}

#endif
