#include "wire/directory.h"

#include "base/err.h"
#include "directory.pb-c.h"
#include "wire/field.h"
#include "wire/pool.h"

/* Messages and copies for DIRECTORY_MAX_BYTES of densely packed schools. */
#define MAX_MEMORY ((size_t)16 * 1024 * 1024)

static const int STATUSES[2] = {MEMBER_ACTIVE, MEMBER_CLOSED};
static const int PHASES[2] = {PHASE_PRIMARY, PHASE_SPECIAL};

_Static_assert((int)MEMBER_CLOSED == MOVEUP__V1__MEMBER_STATUS__MEMBER_CLOSED &&
                   (int)PHASE_SPECIAL == MOVEUP__V1__PHASE__PHASE_SPECIAL,
    "values are those of proto/directory.proto");

static ProtobufCBinaryData *lend_certificates(struct field_check *check,
    struct arena *arena, const struct bytes *certificates, size_t count)
{
    ProtobufCBinaryData *out = arena_take(arena, count * sizeof *out);

    field_count(check, count, DIRECTORY_MAX_CERTIFICATES, "certificates");
    for (size_t i = 0; i < count; i++)
        out[i] = field_lend(certificates[i].data, certificates[i].len);
    return out;
}

static void write_predecessors(Moveup__V1__DirectorySchool *out,
    struct field_check *check, struct arena *arena,
    const struct directory_school *school)
{
    field_count(check, school->predecessor_count, DIRECTORY_MAX_PREDECESSORS,
        "predecessors");
    out->n_predecessors = school->predecessor_count;
    out->predecessors = arena_take(
        arena, school->predecessor_count * sizeof *out->predecessors);
    for (size_t i = 0; i < school->predecessor_count; i++)
        out->predecessors[i] = field_put_laestab(&school->predecessors[i]);
}

static void write_school(Moveup__V1__DirectorySchool *out,
    struct field_check *check, struct arena *arena,
    const struct directory_school *school)
{
    moveup__v1__directory_school__init(out);
    out->laestab = field_put_laestab(&school->laestab);
    out->urn = field_put_text(check, school->urn, 6, "URN");
    out->name = field_put_text(check, school->name, DIRECTORY_MAX_NAME, "name");
    out->phase = (Moveup__V1__Phase)school->phase;
    out->status = (Moveup__V1__MemberStatus)school->status;
    out->status_since = (uint64_t)school->status_since.ms;
    out->reason =
        field_put_text(check, school->reason, DIRECTORY_MAX_REASON, "reason");
    out->curve_key = field_lend(school->curve_key, strlen(school->curve_key));
    out->former_curve_key =
        field_lend(school->former_curve_key, strlen(school->former_curve_key));
    out->n_sign_certificates = school->sign_count;
    out->sign_certificates = lend_certificates(
        check, arena, school->sign_certificates, school->sign_count);
    out->n_encrypt_certificates = school->encrypt_count;
    out->encrypt_certificates = lend_certificates(
        check, arena, school->encrypt_certificates, school->encrypt_count);
    write_predecessors(out, check, arena, school);
    out->successor = field_put_laestab(&school->successor);
}

static void write_hub(Moveup__V1__DirectoryHub *out, struct field_check *check,
    struct arena *arena, const struct directory_hub *hub)
{
    moveup__v1__directory_hub__init(out);
    out->endpoint =
        field_put_text(check, hub->endpoint, FIELD_MAX_ENDPOINT, "endpoint");
    out->name = field_put_text(check, hub->name, DIRECTORY_MAX_NAME, "name");
    out->curve_key = field_lend(hub->curve_key, strlen(hub->curve_key));
    out->status = (Moveup__V1__MemberStatus)hub->status;
    out->former_curve_key =
        field_lend(hub->former_curve_key, strlen(hub->former_curve_key));
    out->n_sign_certificates = hub->sign_count;
    out->sign_certificates = lend_certificates(
        check, arena, hub->sign_certificates, hub->sign_count);
}

static void write_administrator(Moveup__V1__DirectoryAdministrator *out,
    struct field_check *check, const struct directory_administrator *from)
{
    moveup__v1__directory_administrator__init(out);
    out->name = field_put_text(check, from->name, DIRECTORY_MAX_NAME, "name");
    out->curve_key = field_lend(from->curve_key, strlen(from->curve_key));
}

static void check_counts(struct field_check *check, size_t schools, size_t hubs,
    size_t administrators)
{
    field_count(check, schools, DIRECTORY_MAX_SCHOOLS, "schools");
    field_count(check, hubs, DIRECTORY_MAX_HUBS, "hubs");
    field_count(
        check, administrators, DIRECTORY_MAX_ADMINISTRATORS, "administrators");
}

static void write_members(Moveup__V1__DirectoryContent *out,
    struct field_check *check, struct arena *arena,
    const struct directory_content *content)
{
    out->n_schools = content->school_count;
    out->schools = (Moveup__V1__DirectorySchool **)field_row(
        arena, content->school_count, sizeof(Moveup__V1__DirectorySchool));
    for (size_t i = 0; i < content->school_count; i++)
        write_school(out->schools[i], check, arena, &content->schools[i]);

    out->n_hubs = content->hub_count;
    out->hubs = (Moveup__V1__DirectoryHub **)field_row(
        arena, content->hub_count, sizeof(Moveup__V1__DirectoryHub));
    for (size_t i = 0; i < content->hub_count; i++)
        write_hub(out->hubs[i], check, arena, &content->hubs[i]);

    out->n_administrators = content->administrator_count;
    out->administrators = (Moveup__V1__DirectoryAdministrator **)field_row(
        arena, content->administrator_count,
        sizeof(Moveup__V1__DirectoryAdministrator));
    for (size_t i = 0; i < content->administrator_count; i++)
        write_administrator(
            out->administrators[i], check, &content->administrators[i]);
}

int directory_encode(
    struct buf *out, const struct directory_content *content, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct field_check check = {"directory", err, 0};
    Moveup__V1__DirectoryContent msg = MOVEUP__V1__DIRECTORY_CONTENT__INIT;
    size_t size;

    check_counts(&check, content->school_count, content->hub_count,
        content->administrator_count);
    if (check.rc < 0)
        return check.rc;
    msg.cluster =
        field_put_text(&check, content->cluster, DIRECTORY_MAX_NAME, "cluster");
    msg.version = content->version;
    msg.previous = field_lend(content->previous.bytes, DIGEST_SIZE);
    msg.issued = (uint64_t)content->issued.ms;
    msg.soft_expiry = (uint64_t)content->soft_expiry.ms;
    msg.hard_expiry = (uint64_t)content->hard_expiry.ms;
    msg.minimum_protocol = content->minimum_protocol;
    msg.next_signer =
        field_lend(content->next_signer.data, content->next_signer.len);
    msg.next_authority =
        field_lend(content->next_authority.data, content->next_authority.len);
    write_members(&msg, &check, &arena, content);
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__directory_content__get_packed_size(&msg);
    if (size > DIRECTORY_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "directory: %zu bytes, limit %zu",
            size, DIRECTORY_MAX_BYTES);
    out->len +=
        moveup__v1__directory_content__pack(&msg, buf_reserve(out, size));
    return 0;
}

static struct bytes *read_certificates(struct field_check *check,
    struct arena *arena, const ProtobufCBinaryData *src, size_t count)
{
    struct bytes *out;

    field_count(check, count, DIRECTORY_MAX_CERTIFICATES, "certificates");
    if (count == 0 || check->rc < 0)
        return NULL;
    out = arena_take(arena, count * sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] =
            field_der(check, src[i], DIRECTORY_MAX_CERTIFICATE, "certificate");
    return out;
}

static struct laestab *read_predecessors(struct field_check *check,
    struct arena *arena, const Moveup__V1__DirectorySchool *src)
{
    const size_t count = src->n_predecessors;
    struct laestab *out;

    field_count(check, count, DIRECTORY_MAX_PREDECESSORS, "predecessors");
    if (count == 0 || check->rc < 0)
        return NULL;
    out = arena_take(arena, count * sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] = field_laestab(check, src->predecessors[i], "predecessor");
    return out;
}

static void read_school(struct directory_school *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__DirectorySchool *src)
{
    out->laestab = field_laestab(check, src->laestab, "school");
    out->urn = field_urn(check, src->urn);
    out->name = field_text(check, src->name, DIRECTORY_MAX_NAME, "name");
    out->phase =
        (enum phase)field_enum(check, (int)src->phase, PHASES, "phase");
    out->status = (enum member_status)field_enum(
        check, (int)src->status, STATUSES, "status");
    out->status_since = field_time(check, src->status_since, "status time");
    out->reason =
        field_text(check, src->reason, DIRECTORY_MAX_REASON, "reason");
    field_curve_key(out->curve_key, check, src->curve_key);
    if (src->former_curve_key.len > 0)
        field_curve_key(out->former_curve_key, check, src->former_curve_key);
    out->sign_certificates = read_certificates(
        check, arena, src->sign_certificates, src->n_sign_certificates);
    out->sign_count = src->n_sign_certificates;
    out->encrypt_certificates = read_certificates(
        check, arena, src->encrypt_certificates, src->n_encrypt_certificates);
    out->encrypt_count = src->n_encrypt_certificates;
    out->predecessors = read_predecessors(check, arena, src);
    out->predecessor_count = src->n_predecessors;
    out->successor = field_laestab_or_none(check, src->successor, "successor");
}

/* Two entries of one number would be two answers to "who is this?". */
static void check_unique(
    struct field_check *check, const struct directory_content *content)
{
    for (size_t i = 0; i < content->school_count; i++)
        for (size_t j = 0; j < i; j++)
            if (laestab_equal(
                    &content->schools[i].laestab, &content->schools[j].laestab))
                field_refuse(check, ERR_MALFORMED, "school", "is there twice");
}

static void read_hubs(struct directory_content *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__DirectoryContent *src)
{
    out->hubs = arena_take(arena, src->n_hubs * sizeof *out->hubs);
    out->hub_count = src->n_hubs;
    for (size_t i = 0; i < src->n_hubs; i++) {
        const Moveup__V1__DirectoryHub *from = src->hubs[i];
        struct directory_hub *to = &out->hubs[i];

        to->endpoint = field_endpoint(check, from->endpoint);
        to->name = field_text(check, from->name, DIRECTORY_MAX_NAME, "name");
        field_curve_key(to->curve_key, check, from->curve_key);
        to->status = (enum member_status)field_enum(
            check, (int)from->status, STATUSES, "status");
        to->sign_certificates = read_certificates(
            check, arena, from->sign_certificates, from->n_sign_certificates);
        to->sign_count = from->n_sign_certificates;
        if (from->former_curve_key.len > 0)
            field_curve_key(
                to->former_curve_key, check, from->former_curve_key);
    }
}

static void read_administrators(struct directory_content *out,
    struct field_check *check, struct arena *arena,
    const Moveup__V1__DirectoryContent *src)
{
    out->administrators =
        arena_take(arena, src->n_administrators * sizeof *out->administrators);
    out->administrator_count = src->n_administrators;
    for (size_t i = 0; i < src->n_administrators; i++) {
        out->administrators[i].name = field_text(
            check, src->administrators[i]->name, DIRECTORY_MAX_NAME, "name");
        field_curve_key(out->administrators[i].curve_key, check,
            src->administrators[i]->curve_key);
    }
}

static void read_members(struct directory_content *out,
    struct field_check *check, struct arena *arena,
    const Moveup__V1__DirectoryContent *src)
{
    check_counts(check, src->n_schools, src->n_hubs, src->n_administrators);
    if (check->rc < 0)
        return;
    out->schools = arena_take(arena, src->n_schools * sizeof *out->schools);
    out->school_count = src->n_schools;
    for (size_t i = 0; i < src->n_schools; i++)
        read_school(&out->schools[i], check, arena, src->schools[i]);
    check_unique(check, out);
    read_hubs(out, check, arena, src);
    read_administrators(out, check, arena, src);
}

static void read_facts(struct directory_content *out, struct field_check *check,
    const Moveup__V1__DirectoryContent *src)
{
    out->cluster =
        field_text(check, src->cluster, DIRECTORY_MAX_NAME, "cluster");
    out->version = field_number(check, src->version, 1, "version");
    out->previous = field_digest(check, src->previous, "previous");
    out->issued = field_time(check, src->issued, "issued");
    out->soft_expiry = field_time(check, src->soft_expiry, "soft expiry");
    out->hard_expiry = field_time(check, src->hard_expiry, "hard expiry");
    out->minimum_protocol = src->minimum_protocol;
    if (src->next_signer.len > 0)
        out->next_signer = field_der(
            check, src->next_signer, DIRECTORY_MAX_CERTIFICATE, "next signer");
    if (src->next_authority.len > 0)
        out->next_authority = field_der(check, src->next_authority,
            DIRECTORY_MAX_CERTIFICATE, "next authority");
    if (out->soft_expiry.ms > out->hard_expiry.ms)
        field_refuse(
            check, ERR_MALFORMED, "soft expiry", "is after the hard one");
}

int directory_decode(struct directory_content *out, struct bytes wire,
    struct arena *arena, struct err *err)
{
    struct directory_content content = {.version = 0};
    struct field_check check = {"directory", err, 0};
    const Moveup__V1__DirectoryContent *msg;
    struct pool pool;

    if (wire.len > DIRECTORY_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "directory: %zu bytes, limit %zu",
            wire.len, DIRECTORY_MAX_BYTES);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__directory_content__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "directory: not protobuf");
    read_facts(&content, &check, msg);
    read_members(&content, &check, arena, msg);
    if (check.rc < 0)
        return check.rc;
    *out = content;
    return 0;
}
