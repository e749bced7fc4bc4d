#include "agentd/household.h"

#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "base/mem.h"

void household_end(struct household_set *g)
{
    free(g->pupils);
    free(g->families);
    arena_free(&g->arena);
}

static bool has_point(const struct visible *visible)
{
    for (size_t i = 0; i < visible->count; i++)
        for (size_t j = 0; j < visible->contacts[i].point_count; j++) {
            const struct leaver_point *p = visible->contacts[i].points[j];

            if (p->dial[0] != '\0' && p->kind != POINT_FAX &&
                p->kind != POINT_OTHER)
                return true;
        }
    return false;
}

static void count_family(
    struct household_set *g, const struct household_pupil *pupil)
{
    struct call_family *f = NULL;
    const enum call_tier tier = calls_tier(&pupil->leaver);

    if (g->family_count > 0 &&
        g->families[g->family_count - 1].id == pupil->row.family)
        f = &g->families[g->family_count - 1];
    if (f == NULL) {
        if (g->family_count == g->family_room) {
            g->family_room = g->family_room == 0 ? 64 : 2 * g->family_room;
            g->families =
                mem_resize(g->families, g->family_room, sizeof g->families[0]);
        }
        f = &g->families[g->family_count++];
        *f = (struct call_family){.id = pupil->row.family,
            .tier = tier,
            .oldest_record = pupil->row.applied_at};
    }
    f->has_point |= has_point(&pupil->visible);
    if (tier > f->tier)
        f->tier = tier;
    if (pupil->row.applied_at.ms < f->oldest_record.ms)
        f->oldest_record = pupil->row.applied_at;
}

static int gather_one(void *arg, const struct inbox_record *row)
{
    struct household_set *g = arg;
    struct household_pupil *pupil = arena_take(&g->arena, sizeof *pupil);
    int rc = blob_open(&pupil->leaver, g->agent, BLOB_RECORD, row->id,
        row->sealed, &g->arena, g->err);

    if (rc < 0)
        return rc;
    pupil->row = *row;
    pupil->row.sealed = (struct bytes){NULL, 0};
    visible_contacts(&pupil->visible, &pupil->leaver);
    if (g->pupil_count == g->pupil_room) {
        g->pupil_room = g->pupil_room == 0 ? 64 : 2 * g->pupil_room;
        g->pupils = mem_resize(g->pupils, g->pupil_room, sizeof g->pupils[0]);
    }
    g->pupils[g->pupil_count++] = pupil;
    count_family(g, pupil);
    return 0;
}

int household_gather(struct household_set *g, int64_t family)
{
    int rc = inbox_each_record(g->agent->db, family, gather_one, g, g->err);

    if (rc == 0)
        calls_order(g->families, g->family_count);
    return rc;
}

const struct household_pupil *household_first(
    const struct household_set *g, int64_t family)
{
    for (size_t i = 0; i < g->pupil_count; i++)
        if (g->pupils[i]->row.family == family)
            return g->pupils[i];
    return NULL;
}
