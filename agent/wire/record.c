#include "wire/record.h"

#include "base/err.h"
#include "leaver.pb-c.h"
#include "record/upn.h"
#include "wire/glance.h"
#include "wire/pack.h"
#include "wire/pool.h"
#include "wire/unpack.h"

/* Messages and copies for a record at every limit; a usual one takes 8 KiB. */
#define MAX_MEMORY ((size_t)1024 * 1024)

/* The rules that need the whole leaver; before packing and after unpacking. */

static void check_counts(struct field_check *check, const struct leaver *leaver)
{
    field_count(
        check, leaver->language_count, LEAVER_MAX_LANGUAGES, "languages");
    field_count(check, leaver->need_count, LEAVER_MAX_NEEDS, "needs");
    field_count(check, leaver->disability_count, LEAVER_MAX_DISABILITIES,
        "disabilities");
    field_count(check, leaver->contact_count, LEAVER_MAX_CONTACTS, "contacts");
    field_count(check, leaver->year_count, LEAVER_MAX_YEARS, "years");
    field_count(check, leaver->result_count, LEAVER_MAX_RESULTS, "results");
    field_count(check, leaver->school_count, LEAVER_MAX_SCHOOLS, "schools");
    field_count(check, leaver->restriction_count, LEAVER_MAX_RESTRICTIONS,
        "restrictions");
}

static void check_points(
    struct field_check *check, const struct leaver_contact *contact)
{
    for (size_t i = 0; i < contact->point_count; i++) {
        if (contact->points[i].number == 0)
            field_refuse(check, ERR_MALFORMED, "point number", "is 0");
        for (size_t j = 0; j < i; j++)
            if (contact->points[j].number == contact->points[i].number)
                field_refuse(
                    check, ERR_MALFORMED, "point number", "is there twice");
    }
}

static void check_contacts(
    struct field_check *check, const struct leaver *leaver)
{
    for (size_t i = 0; i < leaver->contact_count; i++) {
        const struct leaver_contact *contact = &leaver->contacts[i];

        field_count(
            check, contact->point_count, LEAVER_MAX_POINTS, "contact points");
        if (contact->number == 0)
            field_refuse(check, ERR_MALFORMED, "contact number", "is 0");
        for (size_t j = 0; j < i; j++)
            if (leaver->contacts[j].number == contact->number)
                field_refuse(
                    check, ERR_MALFORMED, "contact number", "is there twice");
        if (check->rc == 0)
            check_points(check, contact);
    }
}

/* A restriction that names nobody would protect nobody. */
static void check_restrictions(
    struct field_check *check, const struct leaver *leaver)
{
    for (size_t i = 0; i < leaver->restriction_count; i++) {
        const struct restriction *restriction = &leaver->restrictions[i];

        if (id_is_zero(&restriction->id))
            field_refuse(check, ERR_MALFORMED, "restriction id", "is zero");
        if (restriction->contact != 0 &&
            leaver_contact(leaver, restriction->contact) == NULL)
            field_refuse(check, ERR_MALFORMED, "restriction",
                "names no contact of the record");
    }
}

static void check_leaver(struct field_check *check, const struct leaver *leaver)
{
    check_counts(check, leaver);
    if (check->rc < 0)
        return;
    if (upn_check(leaver->upn, NULL) == UPN_BAD_FORM)
        field_refuse(check, ERR_MALFORMED, "UPN", "is not a UPN");
    check_contacts(check, leaver);
    check_restrictions(check, leaver);
}

static int encode(struct buf *out, const struct leaver *leaver,
    const char *former_upn, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct field_check check = {"record", err, 0};
    Moveup__V1__Leaver *msg;
    size_t size;

    check_leaver(&check, leaver);
    if (check.rc < 0)
        return check.rc;
    msg = pack_leaver(&check, &arena, leaver);
    msg->former_upn =
        field_put_text(&check, former_upn, LEAVER_MAX_TEXT, "former UPN");
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__leaver__get_packed_size(msg);
    if (size > RECORD_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "record: %zu bytes, limit %zu", size,
            RECORD_MAX_BYTES);
    out->len += moveup__v1__leaver__pack(msg, buf_reserve(out, size));
    return 0;
}

int record_encode(struct buf *out, const struct leaver *leaver, struct err *err)
{
    return encode(out, leaver, "", err);
}

int record_encode_own(
    struct buf *out, const struct leaver *leaver, struct err *err)
{
    return encode(out, leaver, leaver->former_upn, err);
}

bool record_travels(char upn[RECORD_UPN_SIZE], struct bytes wire)
{
    enum { UPN = 1, FORMER_UPN = 2 }; /* fields of proto/leaver.proto */
    struct glance glance = {.left = wire};
    size_t upns = 0;

    while (glance_next(&glance)) {
        if (glance.field == FORMER_UPN)
            return false;
        if (glance.field != UPN)
            continue;
        if (glance.value.len != RECORD_UPN_SIZE - 1)
            return false;
        memcpy(upn, glance.value.data, glance.value.len);
        upn[glance.value.len] = '\0';
        upns++;
    }
    return !glance.bad && upns == 1;
}

int record_decode(
    struct leaver *out, struct bytes wire, struct arena *arena, struct err *err)
{
    struct field_check check = {"record", err, 0};
    const Moveup__V1__Leaver *msg;
    struct leaver leaver;
    struct pool pool;

    if (wire.len > RECORD_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "record: %zu bytes, limit %zu",
            wire.len, RECORD_MAX_BYTES);
    pool_on_arena(&pool, arena, MAX_MEMORY);
    msg = pool_unpack(&pool, &moveup__v1__leaver__descriptor, wire);
    if (msg == NULL)
        return err_set(err, ERR_MALFORMED, "record: not protobuf");
    unpack_leaver(&leaver, &check, arena, msg);
    check_leaver(&check, &leaver);
    if (check.rc < 0)
        return check.rc;
    *out = leaver;
    return 0;
}
