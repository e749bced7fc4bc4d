#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"
#include "faults.h"
#include "hub_node.h"
#include "level.h"
#include "liar.h"
#include "net.h"
#include "node.h"
#include "office.h"
#include "promise.h"
#include "show.h"
#include "town.h"
#include "vfs.h"
#include "watch.h"
#include "work.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define LEVEL_WITHIN (120 * HOUR)

/* One thing to do at a time of the plan. */
struct deed {
    struct world *world;
    void (*doing)(struct world *world);
};

static size_t any_school(struct world *world, size_t from)
{
    const size_t i = from + rng_below(&world->rng, 2);

    return world->schools[i].used ? i : from;
}

static struct pupil *any_pupil(struct world *world)
{
    struct oracle *oracle = world->oracle;

    return oracle->count == 0
               ? NULL
               : &oracle->pupils[rng_below(&world->rng, oracle->count)];
}

/* --- work ------------------------------------------------------------------
 */

static void enter_class(struct world *world)
{
    const size_t author = any_school(world, 0);
    const size_t n = 1 + rng_below(&world->rng, 12);

    for (size_t i = 0; i < n; i++)
        work_add(world, author, any_school(world, 2));
    work_send(world, author);
}

static void change_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil == NULL)
        return;
    work_change(world, pupil);
    if (rng_chance(&world->rng, 700))
        work_send(world, pupil->author);
}

static void restrict_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil != NULL)
        work_restrict(world, pupil, (unsigned)rng_between(&world->rng, 1, 3));
}

static void recall_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil != NULL && !pupil->recalled && rng_chance(&world->rng, 400))
        work_recall(world, pupil);
}

static void drop_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil == NULL)
        return;
    work_drop(world, pupil, (unsigned)rng_between(&world->rng, 1, 3));
    if (rng_chance(&world->rng, 700))
        work_send(world, pupil->author);
}

/* Also back again, and after a recall. */
static void redirect_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil != NULL && world->schools[3].used)
        work_redirect(world, pupil, pupil->dest == 2 ? 3 : 2);
}

static void call_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil != NULL)
        work_call(world, pupil);
}

static void read_one(struct world *world)
{
    struct pupil *pupil = any_pupil(world);

    if (pupil != NULL)
        work_read(world, pupil);
}

/* --- the plan ---------------------------------------------------------------
 */

static void run_deed(void *arg)
{
    struct deed *deed = arg;
    struct world *world = deed->world;
    void (*doing)(struct world *) = deed->doing;

    free(deed);
    if (!world->over)
        doing(world);
}

static void at(
    struct world *world, int64_t in_ms, void (*doing)(struct world *world))
{
    struct deed *deed = mem_alloc(sizeof *deed);

    *deed = (struct deed){world, doing};
    world_later(world, in_ms, run_deed, deed);
}

static void plan_work(struct world *world, int64_t length)
{
    const size_t classes = 1 + rng_below(&world->rng, 3);
    const size_t more = rng_below(&world->rng, 12);

    at(world, 0, enter_class);
    for (size_t i = 0; i < classes; i++)
        at(world, faults_time(world, length), enter_class);
    for (size_t i = 0; i < more; i++) {
        at(world, faults_time(world, length), change_one);
        at(world, faults_time(world, length), restrict_one);
        at(world, faults_time(world, length), read_one);
        at(world, faults_time(world, length), recall_one);
        at(world, faults_time(world, length), call_one);
        if (rng_chance(&world->rng, 300))
            at(world, faults_time(world, length), drop_one);
        if (rng_chance(&world->rng, 300))
            at(world, faults_time(world, length), redirect_one);
    }
}

static void plan_faults(struct world *world, int64_t length, unsigned faults)
{
    const size_t n = rng_below(&world->rng, 24);

    for (size_t i = 0; i < n; i++) {
        const struct fault *fault = faults_any(world);
        const int64_t when = faults_time(world, length);

        if (fault->kind & faults)
            at(world, when, fault->strike);
    }
}

static void install(struct world *world)
{
    for (size_t i = 0; i < world->town->hub_count; i++)
        node_install(&world->hubs[i]);
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (i % 2 == 0 || rng_chance(&world->rng, 500))
            node_install(&world->schools[i]);
}

static void run_until(struct world *world, int64_t until)
{
    while (!world->failed && world_step(world, until))
        ;
}

/* No more faults: everything is mended, started, and connected anew. */
static void heal(struct world *world)
{
    world_say(world, "all faults end");
    faults_calm(world);
    faults_mend_disks(world);
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        for (size_t j = 0; j < WORLD_HUBS; j++) {
            net_cut(world, i, j, false);
            net_break(world, i, j, 1000);
        }
    for (size_t i = 0; i < world->town->hub_count; i++) {
        world->hubs[i].skew_ms = 0;
        if (world->hubs[i].tight != TIGHT_NOTHING)
            hub_node_tighten(&world->hubs[i], TIGHT_NOTHING);
        node_boot(&world->hubs[i]);
    }
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].used) {
            world->schools[i].skew_ms = 0;
            node_boot(&world->schools[i]);
        }
    office_mend(world);
}

/* The office looks at its list and sends what is not sent. */
static void send_rest(struct world *world)
{
    for (size_t i = 0; i < 2; i++)
        if (world->schools[i].used)
            work_send(world, i);
}

/* Somebody reads `moveup status` and approves what waits. */
static void approve_rest(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].used)
            work_approve(world, i);
}

static void level(struct world *world)
{
    const int64_t limit = world->now + LEVEL_WITHIN;
    int64_t next = 30 * SECOND;
    char why[200] = "";

    run_until(world, world->now + MINUTE);
    send_rest(world);
    run_until(world, world->now + MINUTE);
    approve_rest(world);
    while (!world->failed && world->now < limit) {
        run_until(world, world->now + next);
        if (world->office != NULL)
            send_rest(world); /* a school was shut out, and is in again */
        approve_rest(world);
        if (world->failed || level_reached(world, why, sizeof why))
            return;
        next = next * 3 / 2;
    }
    if (!world->failed)
        world_fail(
            world, "NOT LEVEL after %d h: %s", (int)(LEVEL_WITHIN / HOUR), why);
}

void plan_begin(struct world *world, struct town *town)
{
    world->town = town;
    world->oracle = mem_alloc(sizeof *world->oracle);
    vfs_register(&world->ids, world_wall_ms);
    watch_begin(world);
    show_log_begin(world);
    faults_calm(world);
}

void plan_wait(struct world *world, int64_t ms)
{
    run_until(world, world->now + ms);
}

void plan_rest(struct world *world)
{
    if (!world->failed)
        heal(world);
    if (!world->failed)
        level(world);
}

void plan_run(struct plan_result *out, struct world *world, struct town *town,
    unsigned faults)
{
    const int64_t begun = world->now;
    const int64_t length = faults_time(world, 72 * HOUR);
    size_t agents = 0;

    plan_begin(world, town);
    install(world);
    plan_work(world, length);
    plan_faults(world, length, faults);
    run_until(world, world->now + length);
    plan_rest(world);
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        agents += world->schools[i].used;
    out->failed = world->failed;
    out->simulated_ms = (world->now - begun) * (int64_t)agents;
    out->steps = world->steps;
}

void plan_end(struct world *world)
{
    world->over = true;
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        node_free(&world->schools[i]);
    for (size_t i = 0; i < WORLD_HUBS; i++)
        node_free(&world->hubs[i]);
    while (world_step(world, INT64_MAX)) /* messages that nobody will get */
        ;
    watch_end(world);
    show_log_end(world);
    promise_end(world);
    office_close(world);
    town_reset(world->town);
    liar_forget();
    free(world->oracle);
    world_end(world);
}
