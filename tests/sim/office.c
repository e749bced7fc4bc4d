#include "office.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "hub_node.h"
#include "node.h"
#include "town.h"
#include "trust/authority.h"
#include "vfs.h"

struct office {
    struct disk disk;
    struct authority *authority;
    bool revoked[WORLD_SCHOOLS];
    bool unpublished;
};

static wall now(void)
{
    return (wall){world_wall_ms()};
}

/* What it writes goes to its own disk. */
static struct office *enter(struct world *world)
{
    struct err err = {.text = ""};

    if (world->office == NULL)
        world->office = mem_alloc(sizeof *world->office);
    vfs_use(&world->office->disk);
    if (world->office->authority == NULL) {
        SCOPED(mem_freep)
        char *folder = file_path(world->town->dir, "authority");

        if (authority_open(
                &world->office->authority, folder, NULL, true, now(), &err) < 0)
            world_fail(world, "the office cannot open: %s", err.text);
    }
    return world->office;
}

static void leave(struct world *world, int rc, const struct err *err)
{
    vfs_use(NULL);
    world->office->unpublished |= rc == 0;
    if (rc < 0)
        world_fail(world, "the office cannot do it: %s", err->text);
}

void office_publish(struct world *world)
{
    struct office *office = world->office;

    if (office == NULL || office->authority == NULL)
        return;
    for (size_t i = 0; i < world->town->hub_count; i++)
        hub_node_publish(&world->hubs[i],
            authority_curve_public(office->authority),
            members_signed(authority_members(office->authority)));
    office->unpublished = false;
}

void office_renew(struct world *world)
{
    struct office *office = enter(world);
    struct err err = {.text = ""};

    leave(
        world, authority_answer(office->authority, NULL, 0, now(), &err), &err);
    world_say(world, "the office signs the directory anew");
}

void office_revoke(struct world *world, size_t school)
{
    const struct node *node = &world->schools[school];
    struct office *office = enter(world);
    struct laestab laestab;
    struct err err = {.text = ""};

    if (office->revoked[school]) {
        vfs_use(NULL);
        return;
    }
    memcpy(laestab.text, TOWN_NUMBERS[school], LAESTAB_SIZE);
    leave(world,
        authority_revoke(
            office->authority, &laestab, "a laptop was stolen", now(), &err),
        &err);
    office->revoked[school] = true;
    world_say(world, "the office shuts %s out", node->name);
}

/* The school takes its welcome: what it brings is on its own disk from now. */
static void join(struct world *world, struct node *node, const char *state,
    const struct buf *welcome)
{
    struct err err = {.text = ""};
    int rc;

    node_stop(node);
    node->disk.trouble = DISK_FINE; /* somebody sees to it that it works */
    node->disk.dead = false;
    vfs_use(&node->disk);
    world->node = node;
    rc = identity_join(state, buf_bytes(welcome), now(), &err);
    world->node = NULL;
    vfs_use(NULL);
    if (rc < 0)
        world_fail(world, "%s cannot join: %s", node->name, err.text);
}

void office_readmit(struct world *world, size_t school)
{
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    struct node *node = &world->schools[school];
    struct office *office = world->office;
    const struct bytes file = town_second_request(world->town, school);
    const struct authority_intake intake = {&file, 1, true};
    struct err err = {.text = ""};

    if (office == NULL || !office->revoked[school] || file.len == 0)
        return;
    enter(world);
    leave(world,
        authority_enrol(&welcome, office->authority, &intake, now(), &err),
        &err);
    office->revoked[school] = false;
    world_say(world, "the office takes %s in again", node->name);
    if (world->failed)
        return;
    node->second_keys = true;
    join(world, node, town_second_state(world->town, school), &welcome);
    /* A copy of its disk from before has keys that nobody takes. */
    node->backup_at = 0;
    node_boot(node);
}

void office_certify(struct world *world)
{
    struct town *town = world->town;
    struct buf welcomes[WORLD_SCHOOLS] = {{NULL, 0, 0}};
    struct bytes files[WORLD_SCHOOLS];
    const struct authority_intake intake = {files, WORLD_SCHOOLS, false};
    struct office *office = enter(world);
    struct err err = {.text = ""};

    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        files[i] = town_request(town, i);
    leave(world,
        authority_enrol(welcomes, office->authority, &intake, now(), &err),
        &err);
    world_say(world, "the office certifies everybody anew");
    for (size_t i = 0; i < WORLD_SCHOOLS; i++) {
        struct node *node = &world->schools[i];

        if (node->used && !world->failed) {
            join(world, node, town->schools[i]->state, &welcomes[i]);
            node_boot(node);
        }
        buf_free(&welcomes[i]);
    }
}

void office_mend(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        office_readmit(world, i);
    office_publish(world);
}

void office_close(struct world *world)
{
    struct office *office = TAKE(world->office);

    if (office == NULL)
        return;
    authority_close(office->authority);
    disk_free(&office->disk);
    free(office);
}
