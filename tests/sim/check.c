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
#include "store/recalls.h"
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

/* By its tag at the school that is looked at: its author, or a secondary. */
static struct pupil *find(struct look *look, const struct tag *tag)
{
    const size_t school = look->node->index;

    for (size_t i = 0; i < look->oracle->count; i++) {
        struct pupil *pupil = &look->oracle->pupils[i];

        if (school < 2
                ? school == pupil->author && same_tag(tag, &pupil->at_author)
                : same_tag(tag, &pupil->at[school].tag))
            return pupil;
    }
    return NULL;
}

static int see_leaver(void *arg, const struct leavers_row *row)
{
    struct look *look = arg;
    struct pupil *pupil = find(look, &row->tag);
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
    struct pupil *pupil = find(look, &recall->tag);
    struct pupil_at *at;

    if (pupil == NULL)
        return 0;
    at = &pupil->at[town_school(&recall->school)];
    if (recall->revision > newest_recall(at) &&
        at->recall_count < CHECK_RECALLS)
        at->recalls[at->recall_count++] = recall->revision;
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

/* Contacts that the primary's newest file did not have. */
static uint32_t left_out(const struct leaver *leaver)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < leaver->contact_count; i++)
        if (leaver->contacts[i].left_out)
            bits |= 1u << leaver->contacts[i].number;
    return bits;
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
    at->hidden |= restricted(&leaver);
    if ((shown(&leaver) & at->hidden) != 0)
        world_fail(look->world,
            "VIOLATION: %s shows a restricted contact of %s, revision %" PRIu64,
            look->node->name, pupil->upn, row->revision);
    /* A restored author has forgotten it, and a person approved what it had. */
    if (look->world->schools[pupil->author].restores > 0)
        at->left_out = 0;
    at->left_out |= left_out(&leaver);
    if ((at->left_out & ~left_out(&leaver)) != 0)
        world_fail(look->world,
            "VIOLATION: %s has a contact of %s again that was removed",
            look->node->name, pupil->upn);
    return 0;
}

static int see_record(void *arg, const struct inbox_record *row)
{
    struct look *look = arg;
    struct pupil *pupil = find(look, &row->tag);
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
    if ((left_out(&mine) & ~left_out(&copy)) != 0)
        uneven(look, "a contact of %s was removed and is there", pupil->upn);
    if (theirs.read_revision > row->read_revision)
        uneven(look, "%s does not know that %s was read", look->node->name,
            pupil->upn);
}

static int level_leaver(void *arg, const struct leavers_row *row)
{
    struct look *look = arg;
    const struct pupil *pupil = find(look, &row->tag);

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
    const struct pupil *pupil = find(look, &recall->tag);
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
    for (size_t i = 0; i < look->oracle->count; i++) {
        const struct pupil *pupil = &look->oracle->pupils[i];

        if (!pupil->recalled &&
            (pupil->promised & ~pupil->at[pupil->dest].hidden) != 0)
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
