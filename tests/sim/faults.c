#include "faults.h"

#include "check.h"
#include "hub_node.h"
#include "net.h"
#include "node.h"
#include "office.h"
#include "promise.h"
#include "town.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static struct node *any_node(struct world *world)
{
    struct node *used[WORLD_SCHOOLS + WORLD_HUBS];
    size_t n = 0;

    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].used)
            used[n++] = &world->schools[i];
    for (size_t i = 0; i < WORLD_HUBS; i++)
        if (world->hubs[i].used)
            used[n++] = &world->hubs[i];
    return used[rng_below(&world->rng, n)];
}

int64_t faults_time(struct world *world, int64_t most)
{
    int64_t limit = 100;

    while (limit < most && rng_chance(&world->rng, 700))
        limit *= 4;
    return rng_between(&world->rng, 1, limit < most ? limit : most);
}

static void crash(struct world *world)
{
    struct node *node = any_node(world);

    node_crash(node, false);
    node_boot_later(node, faults_time(world, 8 * HOUR));
}

static void cut_power(struct world *world)
{
    struct node *node = any_node(world);

    node_crash(node, true);
    node_boot_later(node, faults_time(world, 8 * HOUR));
}

static void die_soon(struct world *world)
{
    struct node *node = any_node(world);

    disk_expect(&node->disk, DISK_DIES, 1 + rng_below(&world->rng, 80));
}

static void disk_trouble(struct world *world)
{
    struct node *node = any_node(world);

    disk_expect(&node->disk,
        rng_chance(&world->rng, 700) ? DISK_FAILS : DISK_FULL,
        1 + rng_below(&world->rng, 40));
    world_say(world, "%s will have trouble with its disk", node->name);
}

void faults_mend_disks(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        world->schools[i].disk.trouble = DISK_FINE;
    for (size_t i = 0; i < WORLD_HUBS; i++)
        world->hubs[i].disk.trouble = DISK_FINE;
}

static void cut(struct world *world)
{
    const size_t school = rng_below(&world->rng, WORLD_SCHOOLS);
    const size_t hub = rng_below(&world->rng, world->town->hub_count);

    net_cut(world, school, hub, true);
}

static void mend(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        for (size_t j = 0; j < WORLD_HUBS; j++)
            if (rng_chance(&world->rng, 600))
                net_cut(world, i, j, false);
}

static void storm(struct world *world)
{
    struct weather *weather = &world->weather;

    weather->loss = (unsigned)rng_below(&world->rng, 300);
    weather->twice = (unsigned)rng_below(&world->rng, 300);
    weather->shuffle = (unsigned)rng_below(&world->rng, 500);
    weather->delay_max = faults_time(world, 20 * SECOND);
    world_say(world, "bad weather: loss %u, twice %u, shuffled %u",
        weather->loss, weather->twice, weather->shuffle);
}

void faults_calm(struct world *world)
{
    world->weather = (struct weather){.delay_min = 5, .delay_max = 60};
}

static void turn_evil(struct world *world)
{
    world->weather.evil = (unsigned)rng_below(&world->rng, 300);
    world_say(world, "the hubs lie");
}

static void move_clock(struct world *world)
{
    struct node *node = any_node(world);

    node->skew_ms = rng_between(&world->rng, -20 * HOUR, 20 * HOUR);
    world_say(world, "%s's clock jumps", node->name);
}

/* Years, forward or back: certificates have expired, or are not valid yet. */
static void leap(struct world *world)
{
    struct node *node = any_node(world);

    node->skew_ms = rng_between(&world->rng, -3 * 365, 6 * 365) * 24 * HOUR;
    if (node->is_hub)
        node->leapt = true;
    world_say(world, "%s's clock is %d days off", node->name,
        (int)(node->skew_ms / (24 * HOUR)));
}

/* --- the office, and room at the hubs --- */

static void sign_directory(struct world *world)
{
    office_renew(world);
    if (rng_chance(&world->rng, 700))
        office_publish(world);
}

/* Only the last secondary, so that there is somebody left, and once: it has no
 * third pair of keys. */
static void shut_out(struct world *world)
{
    if (!world->schools[3].used || world->schools[3].second_keys)
        return;
    office_revoke(world, 3);
    if (rng_chance(&world->rng, 900))
        office_publish(world);
}

static void take_in(struct world *world)
{
    office_readmit(world, 3);
    if (rng_chance(&world->rng, 900))
        office_publish(world);
}

static struct node *any_hub(struct world *world)
{
    return &world->hubs[rng_below(&world->rng, world->town->hub_count)];
}

static void fill(struct world *world)
{
    hub_node_tighten(
        any_hub(world), (enum tight)rng_between(&world->rng, 1, 3));
}

static void make_room(struct world *world)
{
    hub_node_tighten(any_hub(world), TIGHT_NOTHING);
}

/* --- restores --- */

static void back_up(struct world *world)
{
    struct node *node = any_node(world);

    if (node->up)
        node_back_up(node);
}

/* With two hubs, or one that has forgotten, nobody may know in time that a
 * whole folder went back. */
static void restore_school(struct world *world, struct node *node)
{
    const enum node_restore how = (enum node_restore)rng_below(&world->rng, 3);

    if (node->backup_at == 0)
        return;
    if (how == NODE_WHOLE &&
        (world->town->hub_count > 1 || world->hubs[0].restores > 0))
        world->may_fork = true;
    node_restore(node, how, faults_time(world, 2 * HOUR));
}

static void restore(struct world *world)
{
    struct node *node = any_node(world);

    if (!node->is_hub)
        restore_school(world, node);
}

static void restore_two(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].used && rng_chance(&world->rng, 600))
            restore_school(world, &world->schools[i]);
}

static void back_up_all(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].up)
            node_back_up(&world->schools[i]);
}

/* A hub that forgets how far schools were is no witness any more. */
static void note_forgetful(struct world *world, struct node *hub)
{
    hub->restores++;
    promise_forget(hub);
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].restores > 0)
            world->may_fork = true;
}

static void wipe_hub(struct world *world)
{
    struct node *hub =
        &world->hubs[rng_below(&world->rng, world->town->hub_count)];

    node_crash(hub, false);
    world_say(world, "%s's disk is wiped", hub->name);
    note_forgetful(world, hub);
    disk_free(&hub->disk);
    node_boot_later(hub, faults_time(world, 2 * HOUR));
}

static void bring_hub_back(struct world *world)
{
    struct node *hub =
        &world->hubs[rng_below(&world->rng, world->town->hub_count)];

    if (hub->backup_at == 0)
        return;
    node_crash(hub, false);
    world_say(world, "%s is restored", hub->name);
    note_forgetful(world, hub);
    disk_bring_back(&hub->disk, &hub->backup, "");
    node_boot_later(hub, faults_time(world, 2 * HOUR));
}

static const struct fault FAULTS[] = {
    {FAULTS_CRASH, crash},
    {FAULTS_CRASH, die_soon},
    {FAULTS_CRASH, die_soon},
    {FAULTS_POWER, cut_power},
    {FAULTS_CUT, cut},
    {FAULTS_CUT, mend},
    {FAULTS_WEATHER, storm},
    {FAULTS_WEATHER, faults_calm},
    {FAULTS_CLOCK, move_clock},
    {FAULTS_CLOCK, leap},
    {FAULTS_OFFICE, sign_directory},
    {FAULTS_OFFICE, shut_out},
    {FAULTS_OFFICE, take_in},
    {FAULTS_ROOM, fill},
    {FAULTS_ROOM, make_room},
    {FAULTS_DISK, disk_trouble},
    {FAULTS_DISK, faults_mend_disks},
    {FAULTS_WIPE, wipe_hub},
    {FAULTS_EVIL, turn_evil},
    {FAULTS_HUB_BACK, back_up},
    {FAULTS_HUB_BACK, bring_hub_back},
    {FAULTS_RESTORE, back_up},
    {FAULTS_RESTORE, back_up_all},
    {FAULTS_RESTORE, restore},
    {FAULTS_RESTORE, restore},
    {FAULTS_RESTORE, restore_two},
};

const struct fault *faults_any(struct world *world)
{
    return &FAULTS[rng_below(&world->rng, sizeof FAULTS / sizeof FAULTS[0])];
}
