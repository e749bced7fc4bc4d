#include "wire/enrolment.h"

#include "base/err.h"
#include "enrolment.pb-c.h"
#include "wire/field.h"
#include "wire/pool.h"

/* Messages and copies for each file, with what they do not know. */
#define MAX_REQUEST_MEMORY ((size_t)256 * 1024)
#define MAX_WELCOME_MEMORY ((size_t)8 * 1024 * 1024)

static const int KINDS[2] = {ENROLMENT_SCHOOL, ENROLMENT_HUB};
static const int PHASES[2] = {PHASE_PRIMARY, PHASE_SPECIAL};

_Static_assert((int)ENROLMENT_HUB == MOVEUP__V1__ENROLMENT_KIND__ENROLMENT_HUB,
    "values are those of proto/enrolment.proto");

static ProtobufCBinaryData lend_text(const char *text)
{
    return field_lend(text, strlen(text));
}

static ProtobufCBinaryData lend(struct bytes src)
{
    return field_lend(src.data, src.len);
}

void enrolment_encode_request(
    struct buf *out, const struct enrolment_request *request)
{
    Moveup__V1__EnrolmentRequest msg = MOVEUP__V1__ENROLMENT_REQUEST__INIT;
    size_t size;

    msg.kind = (Moveup__V1__EnrolmentKind)request->kind;
    msg.name = lend_text(request->name);
    msg.curve_key = lend_text(request->curve_key);
    msg.created = (uint64_t)request->created.ms;
    msg.sign_key = lend(request->sign_key);
    if (request->kind == ENROLMENT_SCHOOL) {
        msg.laestab = field_put_laestab(&request->laestab);
        msg.urn = lend_text(request->urn);
        msg.phase = (Moveup__V1__Phase)request->phase;
        msg.encrypt_key = lend(request->encrypt_key);
    } else {
        msg.endpoint = lend_text(request->endpoint);
        msg.renews = request->renews;
    }
    size = moveup__v1__enrolment_request__get_packed_size(&msg);
    out->len +=
        moveup__v1__enrolment_request__pack(&msg, buf_reserve(out, size));
}

static void read_school_request(struct enrolment_request *out,
    struct field_check *check, const Moveup__V1__EnrolmentRequest *src)
{
    out->laestab = field_laestab(check, src->laestab, "school");
    out->urn = field_urn(check, src->urn);
    out->phase =
        (enum phase)field_enum(check, (int)src->phase, PHASES, "phase");
    out->sign_key =
        field_der(check, src->sign_key, ENROLMENT_MAX_KEY, "sign key");
    out->encrypt_key =
        field_der(check, src->encrypt_key, ENROLMENT_MAX_KEY, "encrypt key");
    if (src->endpoint.len > 0 || src->renews)
        field_refuse(check, ERR_MALFORMED, "endpoint", "is a hub's");
}

static void read_hub_request(struct enrolment_request *out,
    struct field_check *check, const Moveup__V1__EnrolmentRequest *src)
{
    out->endpoint = field_endpoint(check, src->endpoint);
    out->renews = src->renews != 0;
    if (src->sign_key.len > 0)
        out->sign_key =
            field_der(check, src->sign_key, ENROLMENT_MAX_KEY, "sign key");
    if (src->laestab.len + src->urn.len + src->encrypt_key.len > 0 ||
        (int)src->phase != 0)
        field_refuse(check, ERR_MALFORMED, "kind", "is not a school's");
}

int enrolment_decode_request(struct enrolment_request *out, struct bytes wire,
    struct arena *arena, struct err *err)
{
    struct enrolment_request request = {.urn = "", .endpoint = ""};
    struct field_check check = {"request", err, 0};
    const Moveup__V1__EnrolmentRequest *msg;
    struct pool pool;

    if (wire.len > ENROLMENT_MAX_REQUEST)
        return err_set(err, ERR_TOO_BIG, "request: %zu bytes, limit %zu",
            wire.len, ENROLMENT_MAX_REQUEST);
    pool_on_arena(&pool, arena, MAX_REQUEST_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__enrolment_request__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "request: not protobuf");
    request.kind =
        (enum enrolment_kind)field_enum(&check, (int)msg->kind, KINDS, "kind");
    if (request.kind == ENROLMENT_SCHOOL)
        read_school_request(&request, &check, msg);
    else
        read_hub_request(&request, &check, msg);
    request.name = field_text(&check, msg->name, DIRECTORY_MAX_NAME, "name");
    field_curve_key(request.curve_key, &check, msg->curve_key);
    request.created = field_time(&check, msg->created, "created");
    if (check.rc < 0)
        return check.rc;
    *out = request;
    return 0;
}

void enrolment_encode_welcome(
    struct buf *out, const struct enrolment_welcome *welcome)
{
    Moveup__V1__EnrolmentWelcome msg = MOVEUP__V1__ENROLMENT_WELCOME__INIT;
    size_t size;

    msg.kind = (Moveup__V1__EnrolmentKind)welcome->kind;
    msg.authority = lend(welcome->authority);
    msg.directory_signer = lend(welcome->directory_signer);
    msg.directory = lend(welcome->directory);
    msg.request = field_lend(welcome->request.bytes, DIGEST_SIZE);
    msg.sign_certificate = lend(welcome->sign_certificate);
    if (welcome->kind == ENROLMENT_SCHOOL) {
        msg.laestab = field_put_laestab(&welcome->laestab);
        msg.encrypt_certificate = lend(welcome->encrypt_certificate);
    }
    size = moveup__v1__enrolment_welcome__get_packed_size(&msg);
    out->len +=
        moveup__v1__enrolment_welcome__pack(&msg, buf_reserve(out, size));
}

static struct bytes certificate(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    return field_der(check, src, DIRECTORY_MAX_CERTIFICATE, name);
}

static void read_welcome(struct enrolment_welcome *out,
    struct field_check *check, const Moveup__V1__EnrolmentWelcome *src)
{
    out->kind =
        (enum enrolment_kind)field_enum(check, (int)src->kind, KINDS, "kind");
    out->authority = certificate(check, src->authority, "authority");
    out->directory_signer =
        certificate(check, src->directory_signer, "directory signer");
    out->directory =
        field_der(check, src->directory, ENROLMENT_MAX_WELCOME, "directory");
    out->request = field_digest(check, src->request, "request");
    if (out->kind == ENROLMENT_SCHOOL) {
        out->laestab = field_laestab(check, src->laestab, "school");
        out->sign_certificate =
            certificate(check, src->sign_certificate, "sign certificate");
        out->encrypt_certificate =
            certificate(check, src->encrypt_certificate, "encrypt certificate");
        return;
    }
    if (src->sign_certificate.len > 0)
        out->sign_certificate =
            certificate(check, src->sign_certificate, "sign certificate");
    if (src->laestab.len + src->encrypt_certificate.len > 0)
        field_refuse(check, ERR_MALFORMED, "kind", "is not a school's");
}

int enrolment_decode_welcome(struct enrolment_welcome *out, struct bytes wire,
    struct arena *arena, struct err *err)
{
    struct enrolment_welcome welcome = {.kind = ENROLMENT_SCHOOL};
    struct field_check check = {"welcome", err, 0};
    const Moveup__V1__EnrolmentWelcome *msg;
    struct pool pool;

    if (wire.len > ENROLMENT_MAX_WELCOME)
        return err_set(err, ERR_TOO_BIG, "welcome: %zu bytes, limit %zu",
            wire.len, ENROLMENT_MAX_WELCOME);
    pool_on_arena(&pool, arena, MAX_WELCOME_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__enrolment_welcome__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "welcome: not protobuf");
    read_welcome(&welcome, &check, msg);
    if (check.rc < 0)
        return check.rc;
    *out = welcome;
    return 0;
}
