/*
 * field - one protobuf field to one plain value and back, with its checks.
 *
 * A message is a long list of fields.  So that the lists stay readable, the
 * first refusal is kept in a struct field_check and the rest of the list runs
 * on with harmless values ("" and 0); whoever made the list looks at rc once,
 * at its end.  An error names the field and never its value.
 *
 * Text is `bytes` in the .proto files: protobuf-c hands a `string` over without
 * its length, and what stands behind a NUL would escape the check.
 */
#ifndef WIRE_FIELD_H
#define WIRE_FIELD_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/date.h"
#include "record/laestab.h"
#include "record/reason.h"

struct err;

/* Milliseconds up to the end of the year 9999: no later time is written. */
#define FIELD_MAX_TIME ((uint64_t)253402300799999)
/* Numbers, revisions and cursors end up in SQLite, whose integers are signed.
 */
#define FIELD_MAX_NUMBER ((uint64_t)INT64_MAX)

#define FIELD_MAX_ENDPOINT 256

struct field_check {
    const char *message; /* begins each error: "batch" */
    struct err *err;
    int rc; /* 0 until something is refused */
};

/** Refuse the message, unless it is refused already. */
void field_refuse(
    struct field_check *check, int code, const char *name, const char *why);

/* From protobuf; each refuses with ERR_MALFORMED or ERR_TOO_BIG. */

/** Clean text of at most limit bytes; src must come from a struct pool. */
const char *field_text(struct field_check *check, ProtobufCBinaryData src,
    size_t limit, const char *name);
/** A pupil's number in a batch item: thirteen capitals and digits. */
const char *field_upn(struct field_check *check, ProtobufCBinaryData src);
struct id field_id(
    struct field_check *check, ProtobufCBinaryData src, const char *name);
struct digest field_digest(
    struct field_check *check, ProtobufCBinaryData src, const char *name);
struct laestab field_laestab(
    struct field_check *check, ProtobufCBinaryData src, const char *name);
/** The same, or "" if the field is not there. */
struct laestab field_laestab_or_none(
    struct field_check *check, ProtobufCBinaryData src, const char *name);
struct date field_date(
    struct field_check *check, uint32_t src, const char *name);
wall field_time(struct field_check *check, uint64_t src, const char *name);
uint64_t field_number(
    struct field_check *check, uint64_t src, uint64_t least, const char *name);
/** value, if it is one of least to most; else refused, and least. */
int field_enum(
    struct field_check *check, int value, const int range[2], const char *name);
/** A reason that is not 0.  One of a newer peer that has no name here becomes
 * `unknown`: it is still a refusal. */
enum reason field_reason(struct field_check *check, uint32_t src,
    enum reason unknown, const char *name);
/** ERR_TOO_BIG when there are more than most. */
void field_count(
    struct field_check *check, size_t count, size_t most, const char *name);

/** A public transport key: 40 characters of Z85, to out (41 bytes). */
void field_curve_key(
    char *out, struct field_check *check, ProtobufCBinaryData src);
/** A school's Unique Reference Number: six digits. */
const char *field_urn(struct field_check *check, ProtobufCBinaryData src);
/** tcp://host:port of at most FIELD_MAX_ENDPOINT bytes. */
const char *field_endpoint(struct field_check *check, ProtobufCBinaryData src);
/** DER of 1 to limit bytes; borrows src. */
struct bytes field_der(struct field_check *check, ProtobufCBinaryData src,
    size_t limit, const char *name);

/* To protobuf, which knows no const but only reads. */

ProtobufCBinaryData field_lend(const void *data, size_t len);
/** Refused like field_text(): what we write, we can read. */
ProtobufCBinaryData field_put_text(struct field_check *check, const char *text,
    size_t limit, const char *name);
ProtobufCBinaryData field_put_laestab(const struct laestab *laestab);
uint32_t field_put_date(struct date date);
/** count zeroed structs of size in arena and a pointer to each, as protobuf-c
 * wants what is repeated. */
void **field_row(struct arena *arena, size_t count, size_t size);

#endif
