#include "wire/step.h"

#include <string.h>

#include "base/err.h"
#include "batch.pb-c.h"

#define UPN_LENGTH 13

static const int COARSE[2] = {COARSE_NONE, COARSE_LAST};

static void write_used(Moveup__V1__FamilyItem *out, struct field_check *check,
    struct arena *arena, const struct batch_item *item)
{
    const size_t count = item->u.family.used_count;

    field_count(check, count, USED_MAX_ROLES, "roles");
    if (check->rc < 0 || count == 0)
        return;
    out->n_used = count;
    out->used =
        (Moveup__V1__Used **)field_row(arena, count, sizeof(Moveup__V1__Used));
    for (size_t i = 0; i < count; i++) {
        moveup__v1__used__init(out->used[i]);
        out->used[i]->role = field_put_text(
            check, item->u.family.used[i].role, USED_MAX_ROLE, "role");
        out->used[i]->sections = item->u.family.used[i].sections;
    }
}

void step_write(Moveup__V1__FamilyItem *out, struct field_check *check,
    struct arena *arena, const struct batch_item *item)
{
    moveup__v1__family_item__init(out);
    out->upn = field_put_text(check, item->u.family.upn, UPN_LENGTH, "UPN");
    out->state = (uint32_t)item->u.family.state;
    out->day = field_put_date(item->u.family.day);
    out->tutor =
        field_put_text(check, item->u.family.tutor, BATCH_MAX_TUTOR, "tutor");
    write_used(out, check, arena, item);
}

static bool is_repeated(const struct used *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].role, list[count].role) == 0)
            return true;
    return false;
}

static void read_used(struct batch_item *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__FamilyItem *src)
{
    struct used *list;

    field_count(check, src->n_used, USED_MAX_ROLES, "roles");
    if (check->rc < 0 || src->n_used == 0)
        return;
    list = arena_take(arena, src->n_used * sizeof *list);
    for (size_t i = 0; i < src->n_used; i++) {
        list[i].role =
            field_text(check, src->used[i]->role, USED_MAX_ROLE, "role");
        list[i].sections = src->used[i]->sections & USED_ALL;
        if (!used_is_role(list[i].role) || is_repeated(list, i))
            field_refuse(check, ERR_MALFORMED, "role", "is not one");
    }
    out->u.family.used = list;
    out->u.family.used_count = src->n_used;
}

void step_read(struct batch_item *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__FamilyItem *src)
{
    out->u.family.upn = field_upn(check, src->upn);
    out->u.family.state =
        (enum coarse)field_enum(check, (int)src->state, COARSE, "state");
    out->u.family.day = field_date(check, src->day, "day");
    out->u.family.tutor =
        field_text(check, src->tutor, BATCH_MAX_TUTOR, "tutor");
    read_used(out, check, arena, src);
}
