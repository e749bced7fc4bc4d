#include "wire/unpack.h"

#include "leaver.pb-c.h"
#include "record/leaver.h"

static const int RESTRICTIONS[2] = {
    RESTRICTION_DO_NOT_CONTACT, RESTRICTION_PUPIL_NOT_TO_BE_NAMED};
static const int BASES[2] = {BASIS_COURT_ORDER, BASIS_SCHOOL_DECISION};

static const char *text(
    struct field_check *check, ProtobufCBinaryData src, const char *name)
{
    return field_text(check, src, LEAVER_MAX_TEXT, name);
}

void unpack_restriction(struct restriction *out, struct field_check *check,
    const Moveup__V1__Restriction *src)
{
    out->id = field_id(check, src->id, "restriction id");
    out->kind = (enum restriction_kind)field_enum(
        check, (int)src->kind, RESTRICTIONS, "restriction kind");
    out->basis = (enum restriction_basis)field_enum(
        check, (int)src->basis, BASES, "restriction basis");
    out->contact = src->contact;
    out->note = text(check, src->note, "restriction note");
    out->from = field_time(check, src->from, "restriction start");
    out->ended = field_time(check, src->ended, "restriction end");
    out->evidence = text(check, src->evidence, "restriction evidence");
}
