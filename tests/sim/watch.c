#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "hub_node.h"
#include "store/db.h"
#include "town.h"
#include "wire/batch.h"
#include "wire/hubtalk.h"
#include "world.h"

struct letter {
    uint64_t hash; /* of the sealed bytes */
    struct header header;
    struct digest content;
    bool seen;
};

struct watch {
    struct letter *letters;
    size_t count, room;
    struct letter fresh; /* signed, not yet sealed */
};

static struct watch here;

void watch_begin(struct world *world)
{
    (void)world;
    here = (struct watch){.letters = NULL};
}

void watch_end(struct world *world)
{
    (void)world;
    free(here.letters);
    here = (struct watch){.letters = NULL};
}

static uint64_t hash(struct bytes src)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < src.len; i++)
        h = (h ^ src.data[i]) * 1099511628211u;
    return h;
}

void watch_signed(struct bytes content, const struct digest *digest)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct batch batch;
    struct err err;

    here.fresh = (struct letter){.hash = 0};
    if (digest == NULL || batch_decode(&batch, content, &arena, &err) < 0)
        return;
    here.fresh.header = batch.header;
    here.fresh.content = *digest;
}

void watch_sealed(struct bytes sealed)
{
    if (here.fresh.header.version == 0)
        return;
    if (here.count == here.room) {
        here.room = here.room == 0 ? 256 : 2 * here.room;
        here.letters =
            mem_resize(here.letters, here.room, sizeof here.letters[0]);
    }
    here.fresh.hash = hash(sealed);
    here.letters[here.count++] = here.fresh;
    here.fresh.header.version = 0;
}

static bool clash(const struct letter *a, const struct letter *b)
{
    return a->seen && b->seen && a->header.lane == b->header.lane &&
           id_equal(&a->header.epoch, &b->header.epoch) &&
           laestab_equal(&a->header.author, &b->header.author) &&
           laestab_equal(&a->header.recipient, &b->header.recipient) &&
           a->header.first <= b->header.last &&
           b->header.first <= a->header.last &&
           memcmp(&a->content, &b->content, sizeof a->content) != 0;
}

void watch_seen(struct world *world, struct bytes sealed)
{
    const uint64_t h = hash(sealed);
    struct letter *letter = NULL;

    for (size_t i = 0; letter == NULL && i < here.count; i++)
        if (here.letters[i].hash == h)
            letter = &here.letters[i];
    if (letter == NULL || letter->seen || letter->header.lane == LANE_RECEIPT)
        return;
    letter->seen = true;
    for (size_t i = 0; i < here.count; i++)
        if (clash(letter, &here.letters[i]) && !world->may_fork)
            world_fail(world,
                "VIOLATION: %s signed %s number %llu of one epoch twice",
                world->schools[town_school(&letter->header.author)].name,
                stream_lane_name(letter->header.lane),
                (unsigned long long)letter->header.first);
}

static bool is_promise(const struct hubtalk *talk)
{
    return talk->kind == HUBTALK_ACK || talk->kind == HUBTALK_NOTED ||
           (talk->kind == HUBTALK_PUT_DONE && talk->reason == REASON_NONE);
}

void watch_promise(const struct node *node, struct bytes talk)
{
    struct db *db = node->is_hub ? hub_node_db(node) : node->agent->db;
    struct hubtalk said;
    struct err err;

    if (hubtalk_decode(&said, talk, &err) == 0 && is_promise(&said) &&
        db_in_transaction(db))
        world_fail(node->world, "%s says that it keeps what is not committed",
            node->name);
}
