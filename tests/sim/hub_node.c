#include "hub_node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/settings.h"
#include "hub/engine.h"
#include "net.h"
#include "node.h"
#include "store/db.h"
#include "town.h"
#include "trust/attesting.h"
#include "wire/hubtalk.h"

#define DRAIN 64

struct letter {
    struct listener_peer peer;
    struct buf talk, body;
};

struct hub {
    struct node *node;
    struct log log;
    struct settings_hub settings;
    struct db *db;
    struct engine *engine;
    struct sim_event *drain;
    struct sim_event *timer;
    struct letter inbox[DRAIN];
    size_t count;
};

static struct identity *identity_of(const struct hub *hub)
{
    return hub->node->world->town->hubs[hub->node->index];
}

static int on_send(void *arg, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    return net_send(((struct hub *)arg)->node, peer, talk, body);
}

static const struct members *on_members(void *arg)
{
    return identity_of(arg)->members;
}

static int on_publish(
    void *arg, struct bytes signed_directory, wall now, struct err *err)
{
    return identity_update_directory(
        identity_of(arg), signed_directory, now, err);
}

static int on_attest(
    void *arg, struct buf *out, const struct attest *what, struct err *err)
{
    return attesting_sign(out, identity_of(arg), what, err);
}

static uint64_t on_free_disk(void *arg)
{
    const struct hub *hub = arg;

    return hub->node->tight != TIGHT_DISK
               ? UINT64_MAX
               : (uint64_t)hub->settings.disk_reserve_mib * 1024 * 1024 / 2;
}

/* Settings have no mailbox that is full from the start; here it stands for one
 * that others have filled. */
static void set_limits(struct hub *hub)
{
    settings_hub_default(&hub->settings);
    if (hub->node->tight == TIGHT_MAILBOX)
        hub->settings.mailbox_mib = 0;
    if (hub->node->tight == TIGHT_SENDER)
        hub->settings.sender_mib = 0;
}

struct db *hub_node_db(const struct node *node)
{
    return node->hub->db;
}

void hub_node_tighten(struct node *node, enum tight tight)
{
    static const char *const names[] = {"has room again",
        "has no room in its mailboxes", "has no room for any author",
        "has little disk left"};

    node->tight = tight;
    if (node->hub != NULL)
        set_limits(node->hub);
    world_say(node->world, "%s %s", node->name, names[tight]);
}

static struct engine_now now(void)
{
    return (struct engine_now){clock_mono(), clock_wall()};
}

static void set_timer(struct hub *hub);

static void on_timer(void *arg)
{
    struct hub *hub = arg;
    struct node *node = hub->node;

    hub->timer = NULL;
    node_enter(node);
    const struct engine_now when = now();

    engine_on_time(hub->engine, &when);
    set_timer(hub);
    node_leave(node);
}

static void set_timer(struct hub *hub)
{
    struct world *world = hub->node->world;
    const mono due = engine_deadline(hub->engine);

    world_call_off(TAKE(hub->timer));
    if (due.ms != 0)
        hub->timer = world_later(world, due.ms - world->now, on_timer, hub);
}

static void on_drain(void *arg)
{
    struct hub *hub = arg;
    struct node *node = hub->node;

    hub->drain = NULL;
    node_enter(node);
    const struct engine_now when = now();

    for (size_t i = 0; i < hub->count; i++)
        engine_on_message(hub->engine, &when, &hub->inbox[i].peer,
            buf_bytes(&hub->inbox[i].talk), buf_bytes(&hub->inbox[i].body));
    engine_on_drained(hub->engine, &when);
    for (size_t i = 0; i < hub->count; i++) {
        buf_free(&hub->inbox[i].talk);
        buf_free(&hub->inbox[i].body);
    }
    hub->count = 0;
    set_timer(hub);
    node_leave(node);
}

/* A message of whoever has that transport key. */
static void receive(struct node *node, const char *curve_key, uint64_t conn,
    struct buf *talk, struct buf *body)
{
    struct world *world = node->world;
    struct hub *hub = node->hub;
    struct letter *letter;

    if (hub == NULL)
        return;
    if (hub->count == DRAIN) {
        world_call_off(TAKE(hub->drain));
        on_drain(hub);
        hub = node->hub;
        if (hub == NULL)
            return;
    }
    letter = &hub->inbox[hub->count++];
    *letter = (struct letter){.talk = *talk, .body = *body};
    *talk = *body = BUF_EMPTY;
    letter->peer.routing_len = 8;
    memcpy(letter->peer.routing, &conn, sizeof conn);
    snprintf(
        letter->peer.curve_key, sizeof letter->peer.curve_key, "%s", curve_key);
    if (hub->drain == NULL)
        hub->drain =
            world_later(world, rng_between(&world->rng, 0, 2), on_drain, hub);
}

void hub_node_receive(struct node *node, size_t school, uint64_t conn,
    struct buf *talk, struct buf *body)
{
    receive(node, node->world->town->schools[school]->curve_public, conn, talk,
        body);
}

void hub_node_publish(
    struct node *node, const char *curve_key, struct bytes signed_directory)
{
    const struct hubtalk publish = {.kind = HUBTALK_PUBLISH};
    SCOPED(buf_free) struct buf talk = BUF_EMPTY;
    SCOPED(buf_free) struct buf body = BUF_EMPTY;

    hubtalk_encode(&talk, &publish);
    buf_add(&body, signed_directory);
    receive(node, curve_key, 0, &talk, &body);
}

bool hub_node_start(struct node *node)
{
    struct hub *hub;
    struct engine_options options = {
        .callbacks = {on_send, on_members, on_publish, NULL, on_free_disk,
            on_attest, NULL}};
    struct err err;

    if (!town_reload(node, &err))
        return false;
    hub = mem_alloc(sizeof *hub);
    options.settings = &hub->settings;
    options.log = &hub->log;
    options.callbacks.arg = hub;
    hub->node = node;
    hub->log = (struct log){LOG_ERROR, -1, false};
    set_limits(hub);
    node->hub = hub;
    if (db_open(&hub->db, node->world->town->hub_databases[node->index], DB_HUB,
            &err) < 0)
        return false;
    options.db = hub->db;
    if (engine_new(&hub->engine, &options, &err) < 0)
        return false;
    set_timer(hub);
    return true;
}

void hub_node_stop(struct node *node)
{
    struct hub *hub = TAKE(node->hub);

    if (hub == NULL)
        return;
    world_call_off(hub->drain);
    world_call_off(hub->timer);
    engine_free(hub->engine);
    db_close(hub->db);
    for (size_t i = 0; i < hub->count; i++) {
        buf_free(&hub->inbox[i].talk);
        buf_free(&hub->inbox[i].body);
    }
    free(hub);
}
