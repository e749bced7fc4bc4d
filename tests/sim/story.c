#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "chance.h"
#include "hub_node.h"
#include "node.h"
#include "office.h"
#include "plan.h"
#include "promise.h"
#include "work.h"

#define MINUTE ((int64_t)60000)
#define DAY (1440 * MINUTE)

enum { SECOND_HUB = 1, WESTFORD = 2 };

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
    promise_forget(hub);
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
    promise_forget(hub);
    world_say(world, "%s's disk is wiped", hub->name);
    node_boot(hub);
    plan_wait(world, MINUTE);
    change(world, 1);
    node_boot(&world->schools[2]);
    plan_wait(world, 2 * MINUTE);
}

/* The first hub dies while mail is in it, and is not there for two days. */
static void two_hubs(struct world *world)
{
    node_stop(&world->schools[2]);
    two_leavers(world);
    node_crash(&world->hubs[0], false);
    node_crash(&world->hubs[1], false);
    node_boot(&world->hubs[1]);
    plan_wait(world, MINUTE);
    node_boot(&world->schools[2]);
    plan_wait(world, 2 * MINUTE);
    change(world, 1);
    plan_wait(world, 2 * DAY);
}

/* The child goes elsewhere, and nothing of it stays. */
static void destination_changed(struct world *world)
{
    two_leavers(world);
    work_restrict(world, &world->oracle->pupils[0], 2);
    plan_wait(world, MINUTE);
    work_redirect(world, &world->oracle->pupils[0], 3);
    plan_wait(world, MINUTE);
}

static void recalled(struct world *world)
{
    two_leavers(world);
    work_recall(world, &world->oracle->pupils[0]);
    plan_wait(world, MINUTE);
}

static void hub_full(struct world *world)
{
    struct node *hub = &world->hubs[0];

    hub_node_tighten(hub, TIGHT_DISK);
    two_leavers(world);
    hub_node_tighten(hub, TIGHT_MAILBOX);
    plan_wait(world, MINUTE);
    hub_node_tighten(hub, TIGHT_NOTHING);
    plan_wait(world, MINUTE);
}

/* Nobody fetches it: a warning after 90 of its 120 days, then it ends. */
static void mail_ends(struct world *world)
{
    node_stop(&world->schools[2]);
    two_leavers(world);
    plan_wait(world, 130 * DAY);
    node_boot(&world->schools[2]);
    plan_wait(world, MINUTE);
}

/* The primary's database goes back while the secondary is shut out. */
static void shut_out(struct world *world)
{
    two_leavers(world);
    node_back_up(&world->schools[0]);
    change(world, 0);
    office_revoke(world, 2);
    office_publish(world);
    plan_wait(world, MINUTE);
    node_restore(&world->schools[0], NODE_DATABASE, 1000);
    plan_wait(world, MINUTE);
    office_readmit(world, 2);
    office_publish(world);
    plan_wait(world, 15 * MINUTE);
}

static void clock_behind(struct world *world)
{
    two_leavers(world);
    world->schools[2].skew_ms = -700 * DAY;
    world_say(world, "northgate's clock is set to two years ago");
    work_restrict(world, &world->oracle->pupils[0], 2);
    plan_wait(world, MINUTE);
    world->schools[2].skew_ms = 0;
    world_say(world, "northgate's clock is right again");
    plan_wait(world, 15 * MINUTE);
}

static void both_restored(struct world *world)
{
    two_leavers(world);
    node_back_up(&world->schools[0]);
    node_back_up(&world->schools[2]);
    change(world, 0);
    work_read(world, &world->oracle->pupils[1]);
    plan_wait(world, MINUTE);
    node_restore(&world->schools[0], NODE_DATABASE, 1000);
    node_restore(&world->schools[2], NODE_WHOLE, 2000);
    plan_wait(world, MINUTE);
    change(world, 1);
}

static const struct story {
    const char *name;
    void (*tell)(struct world *world);
    unsigned others; /* beside Hillside, Northgate and the first hub */
} STORIES[] = {
    {"first-send", first_send, 0},
    {"hub-away", hub_away, 0},
    {"hub-wiped", hub_wiped, 0},
    {"hub-full", hub_full, 0},
    {"two-hubs", two_hubs, SECOND_HUB},
    {"mail-ends", mail_ends, 0},
    {"recipient-away", recipient_away, 0},
    {"author-restored", author_restored, 0},
    {"recipient-restored", recipient_restored, 0},
    {"both-restored", both_restored, 0},
    {"equivocation", equivocation, 0},
    {"recalled", recalled, 0},
    {"destination-changed", destination_changed, WESTFORD},
    {"shut-out", shut_out, 0},
    {"clock-behind", clock_behind, 0},
};

static void tell(struct world *world, struct town *town,
    const struct story *story, FILE *out)
{
    chance_seed(1);
    world_begin(world, 1);
    world->out = out;
    plan_begin(world, town);
    world->weather = (struct weather){.delay_min = 20, .delay_max = 20};
    for (size_t i = 0; i < town->hub_count; i++)
        node_install(&world->hubs[i]);
    node_install(&world->schools[0]);
    node_install(&world->schools[2]);
    if (story->others & WESTFORD)
        node_install(&world->schools[3]);
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
    struct world *world, struct town towns[2], const char *folder, bool update)
{
    unsigned bad = 0;

    for (size_t i = 0; i < sizeof STORIES / sizeof STORIES[0]; i++) {
        SCOPED(mem_freep)
        char *path = mem_format("%s/%s.txt", folder, STORIES[i].name);

        bad += !run_story(world, &towns[STORIES[i].others & SECOND_HUB ? 1 : 0],
            &STORIES[i], path, update);
    }
    printf("%zu stories, %u differ\n", sizeof STORIES / sizeof STORIES[0], bad);
    return bad;
}
