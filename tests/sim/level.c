#include "level.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "base/err.h"
#include "check.h"
#include "sight.h"
#include "store/inbox.h"
#include "store/leavers.h"
#include "store/outbox.h"
#include "store/recalls.h"
#include "town.h"

/* A look into one school's database. */
struct look {
    struct node *node;
    struct world *world;
    char *why; /* where a reason goes */
    size_t size;
    bool level;
};

static void __attribute__((format(printf, 2, 3)))
uneven(struct look *look, const char *fmt, ...)
{
    va_list args;

    if (!look->level)
        return;
    look->level = false;
    va_start(args, fmt);
    vsnprintf(look->why, look->size, fmt, args);
    va_end(args);
}

/* The record at the recipient, open. */
static bool fetch(struct leaver *leaver, struct inbox_record *row,
    const struct pupil *pupil, struct world *world, struct arena *arena)
{
    struct agent *agent = world->schools[pupil->dest].agent;
    struct err err;

    return inbox_find_record(
               row, agent->db, &pupil->at[pupil->dest].tag, arena, &err) == 0 &&
           blob_open(leaver, agent, BLOB_RECORD, row->id, row->sealed, arena,
               &err) == 0;
}

static void compare_content(
    struct look *look, const struct pupil *pupil, const struct leavers_row *row)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record theirs;
    struct leaver mine, copy;
    struct err err;

    if (blob_open(&mine, look->node->agent, BLOB_LEAVER, row->id, row->sealed,
            &arena, &err) < 0) {
        uneven(look, "%s cannot open its own record", look->node->name);
        return;
    }
    if (!fetch(&copy, &theirs, pupil, look->world, &arena)) {
        uneven(look, "%s is not at %s", pupil->upn,
            look->world->schools[pupil->dest].name);
        return;
    }
    if ((sight_restricted(&copy) & ~sight_restricted(&mine)) != 0)
        uneven(look, "%s has forgotten a restriction of %s", look->node->name,
            pupil->upn);
    /* The rest of what a restored author forgot may be newer there. */
    if (look->node->restores > 0 && theirs.revision > row->revision)
        return;
    if (theirs.revision != row->revision)
        uneven(look, "%s has revision %" PRIu64 ", %s has %" PRIu64 " of %s",
            look->node->name, row->revision,
            look->world->schools[pupil->dest].name, theirs.revision,
            pupil->upn);
    else if (strcmp(mine.strengths, copy.strengths) != 0)
        uneven(look,
            "revision %" PRIu64 " of %s with two contents: \"%s\", \"%s\"",
            row->revision, pupil->upn, mine.strengths, copy.strengths);
    if ((sight_restricted(&mine) & ~sight_restricted(&copy)) != 0)
        uneven(look, "a restriction of %s is missing", pupil->upn);
    if ((sight_left_out(&mine) & ~sight_left_out(&copy)) != 0)
        uneven(look, "a contact of %s was removed and is there", pupil->upn);
    if (theirs.read_revision > row->read_revision)
        uneven(look, "%s does not know that %s was read", look->node->name,
            pupil->upn);
}

static int level_leaver(void *arg, const struct leavers_row *row)
{
    struct look *look = arg;
    const struct pupil *pupil = sight_find(look->node, &row->tag);

    if (pupil == NULL || row->state == LEAVER_RECALLED)
        return 0;
    if (row->state != LEAVER_APPLIED && row->state != LEAVER_READ)
        uneven(look, "%s at %s is %s (%s)", pupil->upn, look->node->name,
            leavers_state_name(row->state), reason_code(row->reason));
    if (look->level)
        compare_content(look, pupil, row);
    return 0;
}

/* Nothing is left where it was taken back from, and the author knows. */
static int level_recall(void *arg, const struct recall *recall)
{
    struct look *look = arg;
    const struct pupil *pupil = sight_find(look->node, &recall->tag);
    const size_t school = (size_t)town_school(&recall->school);

    if (pupil == NULL || recall->stream == 0)
        return 0;
    if (pupil->at[school].here != 0 &&
        pupil->at[school].here <= recall->revision)
        uneven(look, "%s was recalled and is still at %s", pupil->upn,
            look->world->schools[school].name);
    return 0;
}

static int level_stream(void *arg, const struct outbox_stream *stream)
{
    struct look *look = arg;

    if (stream->unreceipted > 0)
        uneven(look, "%s waits for %" PRIu64 " receipts from %s (%s)",
            look->node->name, stream->unreceipted, stream->recipient.text,
            stream_lane_name(stream->lane));
    return 0;
}

static void level_promises(struct look *look)
{
    for (size_t i = 0; i < look->world->oracle->count; i++) {
        const struct pupil *pupil = &look->world->oracle->pupils[i];

        if (!pupil->recalled &&
            (pupil->promised & ~pupil->at[pupil->dest].hidden) != 0)
            uneven(look, "a restriction of %s was promised and never came",
                pupil->upn);
    }
}

bool level_reached(struct world *world, char *why, size_t size)
{
    struct look look = {
        .world = world, .why = why, .size = size, .level = true};
    struct err err;

    for (size_t i = 0; look.level && i < WORLD_SCHOOLS; i++) {
        struct node *node = &world->schools[i];

        look.node = node;
        if (!node->used)
            continue;
        if (!node->up) {
            uneven(&look, "%s is down", node->name);
            break;
        }
        if (db_in_transaction(node->agent->db))
            uneven(&look, "%s is busy", node->name);
        else if (outbox_each_stream(
                     node->agent->db, level_stream, &look, &err) < 0)
            uneven(&look, "%s: %s", node->name, err.text);
    }
    for (size_t i = 0; look.level && i < 2; i++) {
        struct node *node = &world->schools[i];

        look.node = node;
        if (node->used && (leavers_each(node->agent->db, NULL, true,
                               level_leaver, &look, &err) < 0 ||
                              recalls_each(node->agent->db, 0, level_recall,
                                  &look, &err) < 0))
            uneven(&look, "%s: %s", node->name, err.text);
    }
    if (look.level)
        level_promises(&look);
    return look.level;
}
