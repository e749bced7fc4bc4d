#include "check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "base/err.h"
#include "record/visible.h"
#include "sight.h"
#include "store/inbox.h"
#include "store/leavers.h"
#include "store/outbox.h"
#include "store/recalls.h"
#include "town.h"
#include "work.h"

/* A look into one school's database. */
struct look {
    struct node *node;
    struct world *world;
    struct oracle *oracle;
};

static int see_leaver(void *arg, const struct leavers_row *row)
{
    struct look *look = arg;
    struct pupil *pupil = sight_find(look->node, &row->tag);
    struct pupil_at *at;

    if (pupil == NULL)
        return 0;
    pupil->dest = (size_t)town_school(&row->destination);
    pupil->recalled = row->recalled_at.ms != 0;
    at = &pupil->at[pupil->dest];
    if ((row->state == LEAVER_APPLIED || row->state == LEAVER_READ) &&
        row->applied_at.ms != 0 && row->sent_revision > at->receipted)
        at->receipted = row->sent_revision;
    return 0;
}

/* The newest tombstone for it; 0: none. */
static uint64_t newest_recall(const struct pupil_at *at)
{
    return at->recall_count == 0 ? 0 : at->recalls[at->recall_count - 1];
}

/* The first one that takes this revision away; 0: none. */
static uint64_t recall_of(const struct pupil_at *at, uint64_t revision)
{
    for (size_t i = 0; i < at->recall_count; i++)
        if (at->recalls[i] >= revision)
            return at->recalls[i];
    return 0;
}

/* Before its commit no tombstone has left; so it is known here first. */
static int see_recall(void *arg, const struct recall *recall)
{
    struct look *look = arg;
    struct pupil *pupil = sight_find(look->node, &recall->tag);
    struct pupil_at *at;

    if (pupil == NULL)
        return 0;
    at = &pupil->at[town_school(&recall->school)];
    if (recall->revision > newest_recall(at) &&
        at->recall_count < CHECK_RECALLS)
        at->recalls[at->recall_count++] = recall->revision;
    return 0;
}

static int see_content(
    struct look *look, struct pupil *pupil, const struct inbox_record *row)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct pupil_at *at = &pupil->at[look->node->index];
    struct leaver leaver;
    struct err err;

    if (blob_open(&leaver, look->node->agent, BLOB_RECORD, row->id, row->sealed,
            &arena, &err) < 0) {
        world_fail(look->world, "VIOLATION: %s cannot open a record: %s",
            look->node->name, err.text);
        return 0;
    }
    at->hidden |= sight_restricted(&leaver);
    if ((sight_shown(&leaver) & at->hidden) != 0)
        world_fail(look->world,
            "VIOLATION: %s shows a restricted contact of %s, revision %" PRIu64,
            look->node->name, pupil->upn, row->revision);
    /* A restored author has forgotten it, and a person approved what it had. */
    if (look->world->schools[pupil->author].restores > 0)
        at->left_out = 0;
    at->left_out |= sight_left_out(&leaver);
    if ((at->left_out & ~sight_left_out(&leaver)) != 0)
        world_fail(look->world,
            "VIOLATION: %s has a contact of %s again that was removed",
            look->node->name, pupil->upn);
    return 0;
}

static int see_record(void *arg, const struct inbox_record *row)
{
    struct look *look = arg;
    struct pupil *pupil = sight_find(look->node, &row->tag);
    struct pupil_at *at;

    if (pupil == NULL) {
        world_fail(look->world, "VIOLATION: %s has a record nobody sent",
            look->node->name);
        return 0;
    }
    at = &pupil->at[look->node->index];
    at->seen = true;
    if (row->revision <= at->buried)
        world_fail(look->world,
            "VIOLATION: %s has revision %" PRIu64
            " of %s again, recalled as %" PRIu64,
            look->node->name, row->revision, pupil->upn, at->buried);
    if (row->revision < at->here)
        world_fail(look->world,
            "VIOLATION: %s went back from revision %" PRIu64 " to %" PRIu64
            " of %s",
            look->node->name, at->here, row->revision, pupil->upn);
    if (row->revision == at->here)
        return 0;
    at->here = row->revision;
    return see_content(look, pupil, row);
}

static void forget_seen(struct look *look)
{
    for (size_t i = 0; i < look->oracle->count; i++)
        look->oracle->pupils[i].at[look->node->index].seen = false;
}

/* Records that were here and are not any more. */
static void see_gone(struct look *look)
{
    for (size_t i = 0; i < look->oracle->count; i++) {
        struct pupil *pupil = &look->oracle->pupils[i];
        struct pupil_at *at = &pupil->at[look->node->index];

        if (at->seen || at->here == 0)
            continue;
        at->buried = recall_of(at, at->here);
        if (at->buried == 0)
            world_fail(look->world, "VIOLATION: %s lost %s, nobody recalled it",
                look->node->name, pupil->upn);
        at->here = 0;
        at->hidden = 0;
        at->left_out = 0;
    }
}

static void compare_at(
    struct look *look, const struct pupil *pupil, size_t school)
{
    const struct pupil_at *at = &pupil->at[school];
    const struct node *dest = &look->world->schools[school];

    if (!dest->up || dest->healing || newest_recall(at) >= at->receipted)
        return; /* what it committed last is seen when it starts */
    if (at->receipted > at->here)
        world_fail(look->world,
            "VIOLATION: %s holds a receipt for revision %" PRIu64
            " of %s, %s has %" PRIu64,
            look->world->schools[pupil->author].name, at->receipted, pupil->upn,
            dest->name, at->here);
}

static void compare(struct look *look)
{
    for (size_t i = 0; i < look->oracle->count; i++)
        for (size_t school = 2; school < WORLD_SCHOOLS; school++)
            compare_at(look, &look->oracle->pupils[i], school);
}

void check_school(struct node *node)
{
    struct world *world = node->world;
    struct oracle *oracle = world->oracle;
    struct look look = {.node = node, .world = world, .oracle = oracle};
    struct db *db = node->agent->db;
    struct err err;
    int rc;

    if (oracle == NULL || oracle->seen_syncs[node->index] == node->disk.syncs ||
        db_in_transaction(db))
        return;
    oracle->seen_syncs[node->index] = node->disk.syncs;
    oracle->checks++;
    world->node = node; /* for the clock */
    if (node->index < 2) {
        rc = leavers_each(db, NULL, false, see_leaver, &look, &err);
        if (rc == 0)
            rc = recalls_each(db, 0, see_recall, &look, &err);
    } else {
        forget_seen(&look);
        rc = inbox_each_record(db, 0, see_record, &look, &err);
        if (rc == 0)
            see_gone(&look);
    }
    world->node = NULL;
    if (rc == 0)
        compare(&look);
}

void check_again(struct node *node)
{
    if (!node->is_hub && node->world->oracle != NULL)
        node->world->oracle->seen_syncs[node->index] = UINT64_MAX;
}

void check_restored(struct node *node)
{
    struct oracle *oracle = node->world->oracle;

    for (size_t i = 0; i < oracle->count; i++) {
        struct pupil *pupil = &oracle->pupils[i];

        if (pupil->author == node->index)
            pupil->promised = 0; /* it may have forgotten the promise */
        pupil->at[node->index].here = 0;
        pupil->at[node->index].hidden = 0;
        pupil->at[node->index].left_out = 0;
        pupil->at[node->index].buried = 0;
    }
    check_again(node);
    node->healing = true;
}
