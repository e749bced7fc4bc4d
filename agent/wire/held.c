#include "wire/held.h"

#include "base/err.h"
#include "batch.pb-c.h"
#include "record/leaver.h"
#include "wire/pack.h"
#include "wire/unpack.h"

#define UPN_LENGTH 13

static const char *text(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    return field_text(check, src, LEAVER_MAX_TEXT, name);
}

static ProtobufCBinaryData put(
    struct field_check *check, const char *src, const char *name)
{
    return field_put_text(check, src, LEAVER_MAX_TEXT, name);
}

void held_write(Moveup__V1__HeldItem *out, struct field_check *check,
    struct arena *arena, const struct batch_item *item)
{
    moveup__v1__held_item__init(out);
    out->upn = field_put_text(check, item->u.held.upn, UPN_LENGTH, "UPN");
    out->restriction = arena_take(arena, sizeof *out->restriction);
    pack_restriction(out->restriction, check, &item->u.held.restriction);
    out->source_id = put(check, item->u.held.source_id, "contact identifier");
    out->surname = put(check, item->u.held.surname, "contact surname");
    out->forename = put(check, item->u.held.forename, "contact forename");
}

void held_read(struct batch_item *out, struct field_check *check,
    const Moveup__V1__HeldItem *src)
{
    out->u.held.upn = field_upn(check, src->upn);
    out->u.held.source_id = text(check, src->source_id, "contact identifier");
    out->u.held.surname = text(check, src->surname, "contact surname");
    out->u.held.forename = text(check, src->forename, "contact forename");
    if (src->restriction == NULL) {
        field_refuse(check, ERR_MALFORMED, "restriction", "is not there");
        return;
    }
    unpack_restriction(&out->u.held.restriction, check, src->restriction);
    if (check->rc == 0 && id_is_zero(&out->u.held.restriction.id))
        field_refuse(check, ERR_MALFORMED, "restriction id", "is zero");
}
