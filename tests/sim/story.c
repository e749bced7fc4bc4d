#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "chance.h"
#include "node.h"
#include "plan.h"
#include "work.h"

#define MINUTE ((int64_t)60000)
#define DAY (1440 * MINUTE)

static void two_leavers(struct world *world)
{
    work_add(world, 0, 2);
    work_add(world, 0, 2);
    work_send(world, 0);
    plan_wait(world, MINUTE);
}

static void change(struct world *world, size_t pupil)
{
    work_change(world, &world->oracle->pupils[pupil]);
    work_send(world, 0);
    plan_wait(world, MINUTE);
}

static void first_send(struct world *world)
{
    two_leavers(world);
    work_restrict(world, &world->oracle->pupils[0], 2);
    plan_wait(world, MINUTE);
    work_read(world, &world->oracle->pupils[1]);
    plan_wait(world, MINUTE);
}

static void hub_away(struct world *world)
{
    node_stop(&world->hubs[0]);
    two_leavers(world);
    node_boot(&world->hubs[0]);
    plan_wait(world, MINUTE);
}

static void recipient_away(struct world *world)
{
    node_stop(&world->schools[2]);
    two_leavers(world);
    plan_wait(world, 21 * DAY);
    node_boot(&world->schools[2]);
    plan_wait(world, MINUTE);
}

static void author_restored(struct world *world)
{
    two_leavers(world);
    node_back_up(&world->schools[0]);
    change(world, 0);
    node_restore(&world->schools[0], NODE_DATABASE, 1000);
    plan_wait(world, MINUTE);
    work_approve(world, 0);
    plan_wait(world, MINUTE);
    change(world, 1);
}

static void recipient_restored(struct world *world)
{
    node_back_up(&world->schools[2]);
    two_leavers(world);
    node_restore(&world->schools[2], NODE_BY_COMMAND, 1000);
    plan_wait(world, MINUTE);
    change(world, 1);
}

static void hub_wiped(struct world *world)
{
    struct node *hub = &world->hubs[0];

    node_stop(&world->schools[2]);
    two_leavers(world);
    node_crash(hub, false);
    disk_free(&hub->disk);
    world_say(world, "%s's disk is wiped", hub->name);
    node_boot(hub);
    plan_wait(world, MINUTE);
    node_boot(&world->schools[2]);
    plan_wait(world, MINUTE);
}

/* The whole folder goes back and no hub remembers: a number is used twice. */
static void equivocation(struct world *world)
{
    struct node *hub = &world->hubs[0];

    two_leavers(world);
    node_back_up(&world->schools[0]);
    node_stop(&world->schools[2]);
    change(world, 0);
    node_restore(&world->schools[0], NODE_WHOLE, 60000);
    world->may_fork = true;
    node_boot(&world->schools[2]);
    plan_wait(world, MINUTE / 2);
    node_stop(&world->schools[2]);
    node_crash(hub, false);
    disk_free(&hub->disk);
    world_say(world, "%s's disk is wiped", hub->name);
    node_boot(hub);
    plan_wait(world, MINUTE);
    change(world, 1);
    node_boot(&world->schools[2]);
    plan_wait(world, 2 * MINUTE);
}

static const struct story {
    const char *name;
    void (*tell)(struct world *world);
} STORIES[] = {
    {"first-send", first_send},
    {"hub-away", hub_away},
    {"recipient-away", recipient_away},
    {"author-restored", author_restored},
    {"recipient-restored", recipient_restored},
    {"hub-wiped", hub_wiped},
    {"equivocation", equivocation},
};

static void tell(struct world *world, struct town *town,
    const struct story *story, FILE *out)
{
    chance_seed(1);
    world_begin(world, 1);
    world->out = out;
    plan_begin(world, town);
    world->weather = (struct weather){.delay_min = 20, .delay_max = 20};
    node_install(&world->hubs[0]);
    node_install(&world->schools[0]);
    node_install(&world->schools[2]);
    plan_wait(world, MINUTE / 60);
    story->tell(world);
    plan_rest(world);
}

static bool compare(const char *path, struct bytes told)
{
    SCOPED(buf_free) struct buf golden = BUF_EMPTY;
    struct err err;

    if (file_read(&golden, path, 1024 * 1024, &err) < 0) {
        printf("%s\n", err.text);
        return false;
    }
    if (golden.len == told.len && memcmp(golden.data, told.data, told.len) == 0)
        return true;
    printf("%s tells another story now:\n%.*s\n", path, (int)told.len,
        (const char *)told.data);
    return false;
}

static bool run_story(struct world *world, struct town *town,
    const struct story *story, const char *path, bool update)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct err err;
    bool ok;

    tell(world, town, story, out);
    world->out = NULL;
    ok = !world->failed;
    if (!ok)
        printf("%s: %s\n", story->name, world->why);
    fclose(out);
    plan_end(world);
    const struct bytes told = {(const uint8_t *)text, size};

    if (ok && update)
        ok = file_write(path, told, 0644, &err) == 0;
    else if (ok)
        ok = compare(path, told);
    free(text);
    return ok;
}

unsigned story_run_all(
    struct world *world, struct town *town, const char *folder, bool update)
{
    unsigned bad = 0;

    for (size_t i = 0; i < sizeof STORIES / sizeof STORIES[0]; i++) {
        SCOPED(mem_freep)
        char *path = mem_format("%s/%s.txt", folder, STORIES[i].name);

        bad += !run_story(world, town, &STORIES[i], path, update);
    }
    printf("%zu stories, %u differ\n", sizeof STORIES / sizeof STORIES[0], bad);
    return bad;
}
