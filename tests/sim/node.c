#include "node.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "agentd/incarnation.h"
#include "agentd/post.h"
#include "agentd/progress.h"
#include "agentd/sender.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "check.h"
#include "hub_node.h"
#include "net.h"
#include "promise.h"
#include "show.h"
#include "store/db.h"
#include "town.h"
#include "vfs.h"

void node_enter(struct node *node)
{
    node->world->node = node;
    vfs_use(&node->disk);
}

static void leave(struct world *world)
{
    world->node = NULL;
    vfs_use(NULL);
}

void node_leave(struct node *node)
{
    struct world *world = node->world;

    if (world->node != node)
        return; /* it was stopped within */
    leave(world);
    show_log(world, node);
    if (node->disk.dead) {
        node_crash(node, rng_chance(&world->rng, world->power));
        node_boot_later(node, rng_between(&world->rng, 100, 60000));
        return;
    }
    if (node->up && !node->is_hub)
        check_school(node);
}

static bool start_agent(struct node *node)
{
    const struct town *town = node->world->town;
    struct agent *agent;
    struct err err;

    if (!town_reload(node, &err)) {
        world_say(node->world, "%s: %s", node->name, err.text);
        return false;
    }
    agent = mem_alloc(sizeof *agent);
    node->agent = agent;
    agent->log = (struct log){LOG_WARN, node->world->log, false};
    settings_agent_default(&agent->settings);
    agent->settings.batch_records = 8;
    agent->identity = town->schools[node->index];
    agent->vault = town->vaults[node->index];
    agent->casework = casework_new();
    if (db_open(&agent->db, town->databases[node->index], DB_AGENT, &err) < 0)
        return false;
    if (incarnation_open(agent, &err) < 0)
        return false;
    if (loop_new(&agent->loop, &err) < 0)
        return false;
    agent->started = clock_mono();
    agent->waits = waits_new(agent);
    agent->sender = sender_new(agent);
    agent->post = post_new(agent);
    agent->progress = progress_new(agent);
    return true;
}

static void stop_agent(struct node *node)
{
    struct agent *agent = TAKE(node->agent);

    if (agent == NULL)
        return;
    sender_free(agent->sender);
    post_free(agent->post);
    progress_free(agent->progress);
    waits_free(agent->waits);
    casework_free(agent->casework);
    loop_free(agent->loop);
    db_close(agent->db);
    free(agent);
}

static void stop(struct node *node)
{
    node_enter(node);
    if (node->is_hub)
        hub_node_stop(node);
    else
        stop_agent(node);
    leave(node->world);
    node->up = false;
    net_gone(node);
}

void node_boot(struct node *node)
{
    bool started;

    world_call_off(TAKE(node->boot));
    if (node->up)
        return;
    node_enter(node);
    node->up = true; /* links open from here */
    node->boots++;
    check_again(node);
    started = node->is_hub ? hub_node_start(node) : start_agent(node);
    if (started) {
        world_say(node->world, "%s starts", node->name);
        node_leave(node);
        if (node->up)
            promise_check(node);
        return;
    }
    world_say(node->world, "%s cannot start", node->name);
    if (node->disk.dead) {
        node_leave(node);
        return;
    }
    stop(node);
    node_boot_later(node, 30000);
}

static void on_boot(void *arg)
{
    struct node *node = arg;

    node->boot = NULL;
    node_boot(node);
}

void node_boot_later(struct node *node, int64_t in_ms)
{
    world_call_off(node->boot);
    node->boot = world_later(node->world, in_ms, on_boot, node);
}

void node_crash(struct node *node, bool power)
{
    if (!node->up)
        return;
    node->disk.dead = true;
    stop(node);
    node->disk.dead = false;
    node->disk.trouble = DISK_FINE;
    if (power)
        disk_cut_power(&node->disk, &node->world->rng);
    world_say(
        node->world, "%s %s", node->name, power ? "loses power" : "crashes");
}

void node_stop(struct node *node)
{
    if (!node->up)
        return;
    stop(node);
    world_say(node->world, "%s is stopped", node->name);
}

void node_install(struct node *node)
{
    const struct town *town = node->world->town;

    node->used = true;
    disk_bring_back(
        &node->disk, node->is_hub ? &town->fresh_hub : &town->fresh_agent, "");
    node_boot(node);
}

void node_back_up(struct node *node)
{
    disk_take(&node->backup, &node->disk, "");
    node->backup_at = node->world->now;
    world_say(node->world, "%s is backed up", node->name);
}

/* What `moveup restore` leaves for the agent to find. */
static void leave_note(struct node *node)
{
    SCOPED(mem_freep)
    char *path =
        file_path(node->world->town->schools[node->index]->state, "restored");
    const int fd = open(path, O_WRONLY | O_CREAT, 0600);

    if (fd >= 0)
        close(fd);
}

void node_restore(struct node *node, enum node_restore how, int64_t in_ms)
{
    static const char *const names[] = {
        "its database", "its whole folder", "it by command"};

    node_crash(node, false);
    disk_bring_back(
        &node->disk, &node->backup, how == NODE_WHOLE ? "" : "agent.db");
    if (how == NODE_BY_COMMAND)
        leave_note(node);
    world_say(node->world, "%s is restored: %s", node->name, names[how]);
    node->restores++;
    promise_forget(node);
    check_restored(node);
    node_boot_later(node, in_ms);
}

static void remove_note(const struct node *node)
{
    SCOPED(mem_freep)
    char *path =
        file_path(node->world->town->schools[node->index]->state, "restored");

    unlink(path);
}

void node_free(struct node *node)
{
    node->disk.trouble = DISK_FINE;
    if (node->up)
        stop(node);
    if (!node->is_hub)
        remove_note(node);
    disk_free(&node->disk);
    disk_copy_free(&node->backup);
}
