#include "wire/step.h"

#include "batch.pb-c.h"

#define UPN_LENGTH 13

static const int COARSE[2] = {COARSE_NONE, COARSE_LAST};

void step_write(Moveup__V1__FamilyItem *out, struct field_check *check,
    const struct batch_item *item)
{
    moveup__v1__family_item__init(out);
    out->upn = field_put_text(check, item->u.family.upn, UPN_LENGTH, "UPN");
    out->state = (uint32_t)item->u.family.state;
    out->day = field_put_date(item->u.family.day);
    out->tutor =
        field_put_text(check, item->u.family.tutor, BATCH_MAX_TUTOR, "tutor");
}

void step_read(struct batch_item *out, struct field_check *check,
    const Moveup__V1__FamilyItem *src)
{
    out->u.family.upn = field_upn(check, src->upn);
    out->u.family.state =
        (enum coarse)field_enum(check, (int)src->state, COARSE, "state");
    out->u.family.day = field_date(check, src->day, "day");
    out->u.family.tutor =
        field_text(check, src->tutor, BATCH_MAX_TUTOR, "tutor");
}
