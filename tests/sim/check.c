#include "check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "base/err.h"
#include "record/visible.h"
#include "store/inbox.h"
#include "store/leavers.h"
#include "store/outbox.h"
#include "town.h"
#include "work.h"

/* A look into one school's database. */
struct look {
    struct node *node;
    struct world *world;
    struct oracle *oracle;
    char *why; /* of check_level(): where a reason goes; NULL while stepping */
    size_t size;
    bool level;
};

static bool same_tag(const struct tag *a, const struct tag *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static struct pupil *find(struct look *look, const struct tag *tag, bool author)
{
    for (size_t i = 0; i < look->oracle->count; i++) {
        struct pupil *pupil = &look->oracle->pupils[i];
        const size_t school = author ? pupil->author : pupil->dest;

        if (school == look->node->index &&
            same_tag(tag, author ? &pupil->at_author : &pupil->at_dest))
            return pupil;
    }
    return NULL;
}

static int see_leaver(void *arg, const struct leavers_row *row)
{
    struct look *look = arg;
    struct pupil *pupil = find(look, &row->tag, true);

    if (pupil == NULL)
        return 0;
    pupil->revision = row->revision;
    if ((row->state == LEAVER_APPLIED || row->state == LEAVER_READ) &&
        row->applied_at.ms != 0 && row->sent_revision > pupil->receipted)
        pupil->receipted = row->sent_revision;
    return 0;
}

/* Contacts (by number) that the record shows. */
static uint32_t shown(const struct leaver *leaver)
{
    struct visible seen;
    uint32_t bits = 0;

    visible_contacts(&seen, leaver);
    for (size_t i = 0; i < seen.count; i++)
        bits |= 1u << seen.contacts[i].contact->number;
    return bits;
}

/* Contacts that a restriction of this record takes out. */
static uint32_t restricted(const struct leaver *leaver)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (restriction_hides(&leaver->restrictions[i]))
            bits |= 1u << leaver->restrictions[i].contact;
    return bits;
}

static int see_content(
    struct look *look, struct pupil *pupil, const struct inbox_record *row)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;
    struct err err;

    if (blob_open(&leaver, look->node->agent, BLOB_RECORD, row->id, row->sealed,
            &arena, &err) < 0) {
        world_fail(look->world, "VIOLATION: %s cannot open a record: %s",
            look->node->name, err.text);
        return 0;
    }
    pupil->hidden |= restricted(&leaver);
    if ((shown(&leaver) & pupil->hidden) != 0)
        world_fail(look->world,
            "VIOLATION: %s shows a restricted contact of %s, revision %" PRIu64,
            look->node->name, pupil->upn, row->revision);
    return 0;
}

static int see_record(void *arg, const struct inbox_record *row)
{
    struct look *look = arg;
    struct pupil *pupil = find(look, &row->tag, false);

    if (pupil == NULL) {
        world_fail(look->world, "VIOLATION: %s has a record nobody sent",
            look->node->name);
        return 0;
    }
    pupil->seen = true;
    if (row->revision <= pupil->buried)
        world_fail(look->world,
            "VIOLATION: %s has revision %" PRIu64
            " of %s again, recalled as %" PRIu64,
            look->node->name, row->revision, pupil->upn, pupil->buried);
    if (row->revision < pupil->here)
        world_fail(look->world,
            "VIOLATION: %s went back from revision %" PRIu64 " to %" PRIu64
            " of %s",
            look->node->name, pupil->here, row->revision, pupil->upn);
    if (row->revision == pupil->here)
        return 0;
    pupil->here = row->revision;
    return see_content(look, pupil, row);
}

static void forget_seen(struct look *look)
{
    for (size_t i = 0; i < look->oracle->count; i++)
        look->oracle->pupils[i].seen = false;
}

/* Records that were here and are not any more. */
static void see_gone(struct look *look)
{
    for (size_t i = 0; i < look->oracle->count; i++) {
        struct pupil *pupil = &look->oracle->pupils[i];

        if (pupil->dest != look->node->index || pupil->seen || pupil->here == 0)
            continue;
        if (pupil->recalled == 0)
            world_fail(look->world, "VIOLATION: %s lost %s, nobody recalled it",
                look->node->name, pupil->upn);
        pupil->here = 0;
        pupil->hidden = 0;
        pupil->buried = pupil->recalled;
    }
}

static void compare(struct look *look)
{
    for (size_t i = 0; i < look->oracle->count; i++) {
        const struct pupil *pupil = &look->oracle->pupils[i];
        const struct node *dest = &look->world->schools[pupil->dest];

        if (!dest->up || pupil->recalled != 0)
            continue; /* what it committed last is seen when it starts */
        if (pupil->receipted > pupil->here && !dest->healing)
            world_fail(look->world,
                "VIOLATION: %s holds a receipt for revision %" PRIu64
                " of %s, %s has %" PRIu64,
                look->world->schools[pupil->author].name, pupil->receipted,
                pupil->upn, dest->name, pupil->here);
    }
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
    if (node->index < 2)
        rc = leavers_each(db, NULL, false, see_leaver, &look, &err);
    else {
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
        if (pupil->dest == node->index && node->index >= 2) {
            pupil->here = 0;
            pupil->hidden = 0;
            pupil->buried = 0;
        }
    }
    check_again(node);
    node->healing = true;
}

/* --- at the end ------------------------------------------------------------
 */

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

    return inbox_find_record(row, agent->db, &pupil->at_dest, arena, &err) ==
               0 &&
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
    if ((restricted(&copy) & ~restricted(&mine)) != 0)
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
    if ((restricted(&mine) & ~restricted(&copy)) != 0)
        uneven(look, "a restriction of %s is missing", pupil->upn);
    if (theirs.read_revision > row->read_revision)
        uneven(look, "%s does not know that %s was read", look->node->name,
            pupil->upn);
}

static int level_leaver(void *arg, const struct leavers_row *row)
{
    struct look *look = arg;
    const struct pupil *pupil = find(look, &row->tag, true);

    if (pupil == NULL)
        return 0;
    if (row->state == LEAVER_RECALLED) {
        if (pupil->here != 0)
            uneven(look, "%s was recalled and is still there", pupil->upn);
        return 0;
    }
    if (row->state != LEAVER_APPLIED && row->state != LEAVER_READ)
        uneven(look, "%s at %s is %s (%s)", pupil->upn, look->node->name,
            leavers_state_name(row->state), reason_code(row->reason));
    if (look->level)
        compare_content(look, pupil, row);
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
    for (size_t i = 0; i < look->oracle->count; i++) {
        const struct pupil *pupil = &look->oracle->pupils[i];

        if (pupil->recalled == 0 && (pupil->promised & ~pupil->hidden) != 0)
            uneven(look, "a restriction of %s was promised and never came",
                pupil->upn);
    }
}

bool check_level(struct world *world, char *why, size_t size)
{
    struct look look = {.world = world,
        .oracle = world->oracle,
        .why = why,
        .size = size,
        .level = true};
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
        look.node = &world->schools[i];
        if (look.node->used && leavers_each(look.node->agent->db, NULL, true,
                                   level_leaver, &look, &err) < 0)
            uneven(&look, "%s: %s", look.node->name, err.text);
    }
    if (look.level)
        level_promises(&look);
    return look.level;
}
