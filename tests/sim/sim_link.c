/* sim_link - net/link.h over the simulated network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "hub_node.h"
#include "liar.h"
#include "net.h"
#include "net/link.h"
#include "node.h"
#include "show.h"
#include "town.h"
#include "watch.h"
#include "wire/directory.h"

#define MAX_BATCH 64

struct message {
    struct message *next;
    struct world *world;
    size_t school, hub;
    bool to_hub;
    uint64_t conn;
    unsigned boots; /* of the receiver, when it was sent */
    struct buf talk, body;
};

struct link {
    struct node *node;
    size_t hub;
    struct link_callbacks callbacks;
    enum link_state state;
    uint64_t conn;          /* 0: none */
    int64_t wait;           /* before the next try, ms */
    struct sim_event *next; /* try, or notice that it broke */
    struct sim_event *hand; /* hand over what has come */
    struct message *inbox;
    unsigned inside;
    bool closed;
};

static struct way *way_of(const struct link *link)
{
    return &link->node->world->ways[link->node->index][link->hub];
}

static void free_message(struct message *message)
{
    buf_free(&message->talk);
    buf_free(&message->body);
    free(message);
}

static void free_link(struct link *link)
{
    while (link->inbox != NULL) {
        struct message *first = link->inbox;

        link->inbox = first->next;
        free_message(first);
    }
    free(link);
}

static void begin(struct link *link)
{
    node_enter(link->node);
    link->inside++;
}

static void end(struct link *link)
{
    struct node *node = link->node;

    link->inside--;
    if (link->closed && link->inside == 0)
        free_link(link);
    node_leave(node);
}

static void enter(
    struct link *link, enum link_state state, const char *sentence)
{
    if (link->state == state || link->closed)
        return;
    link->state = state;
    begin(link);
    link->callbacks.on_state(link->callbacks.arg, state, sentence);
    end(link);
}

static void try_connect(void *arg);

static void try_later(struct link *link)
{
    struct world *world = link->node->world;

    link->next =
        world_later(world, link->wait + rng_between(&world->rng, 0, link->wait),
            try_connect, link);
    link->wait = link->wait * 2 > 30000 ? 30000 : link->wait * 2;
}

static void try_connect(void *arg)
{
    struct link *link = arg;
    struct world *world = link->node->world;
    struct way *way = way_of(link);

    link->next = NULL;
    if (way->cut || !world->hubs[link->hub].up) {
        try_later(link);
        enter(link, LINK_UNREACHABLE, "cannot reach the hub");
        return;
    }
    link->conn = way->conn = ++world->conns;
    way->last[0] = way->last[1] = 0;
    link->wait = 200;
    enter(link, LINK_UP, "connected");
}

static void notice_break(void *arg)
{
    struct link *link = arg;

    link->next = NULL;
    try_later(link);
    enter(link, LINK_CONNECTING, "connection lost, connecting again");
}

void net_break(
    struct world *world, size_t school, size_t hub, int64_t notice_ms)
{
    struct way *way = &world->ways[school][hub];
    struct link *link = way->link;

    if (link == NULL || link->conn == 0)
        return;
    link->conn = 0;
    if (!way->cut)
        way->conn = 0;
    world_call_off(link->next);
    link->next = world_later(
        world, rng_between(&world->rng, 1, notice_ms), notice_break, link);
}

void net_cut(struct world *world, size_t school, size_t hub, bool cut)
{
    struct way *way = &world->ways[school][hub];

    if (way->cut == cut)
        return;
    way->cut = cut;
    world_say(world, "%s and %s %s", world->schools[school].name,
        world->hubs[hub].name, cut ? "are cut off" : "can talk again");
    if (cut)
        net_break(world, school, hub, 90000);
}

void net_gone(struct node *node)
{
    struct world *world = node->world;

    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        for (size_t j = 0; j < WORLD_HUBS; j++) {
            if (node->is_hub && node->index == j) {
                net_break(world, i, j, 200);
                world->ways[i][j].conn = 0;
            } else if (!node->is_hub && node->index == i) {
                world->ways[i][j].conn = 0;
            }
        }
}

int link_open(struct link **out, struct loop *loop,
    const struct link_options *options, const struct link_callbacks *callbacks,
    struct err *err)
{
    struct node *node = world_here()->node;
    struct link *link = mem_alloc(sizeof *link);

    (void)loop;
    (void)err;
    link->node = node;
    for (size_t i = 0; i < node->world->town->hub_count; i++)
        if (strcmp(options->endpoint, node->world->town->hubs[i]->endpoint) ==
            0)
            link->hub = i;
    link->callbacks = *callbacks;
    link->state = LINK_CONNECTING;
    link->wait = 200;
    way_of(link)->link = link;
    link->next = world_later(
        node->world, rng_between(&node->world->rng, 1, 50), try_connect, link);
    *out = link;
    return 0;
}

enum link_state link_state(const struct link *link)
{
    return link->state;
}

const char *link_state_name(enum link_state state)
{
    return state == LINK_UP ? "connected" : "cannot reach the hub";
}

/* --- messages on their way ------------------------------------------------ */

static void hand_over(void *arg)
{
    struct link *link = arg;
    unsigned n = 0;

    link->hand = NULL;
    begin(link);
    while (link->inbox != NULL && n++ < MAX_BATCH && !link->closed) {
        struct message *first = link->inbox;

        link->inbox = first->next;
        link->callbacks.on_message(link->callbacks.arg, buf_bytes(&first->talk),
            buf_bytes(&first->body));
        free_message(first);
    }
    if (!link->closed && link->callbacks.on_drained != NULL)
        link->callbacks.on_drained(link->callbacks.arg);
    if (!link->closed && link->inbox != NULL && link->hand == NULL)
        link->hand = world_later(link->node->world, 0, hand_over, link);
    end(link);
}

static void reach_school(struct message *message)
{
    struct world *world = message->world;
    struct link *link = world->ways[message->school][message->hub].link;
    struct message **at;

    if (link == NULL) {
        free_message(message);
        return;
    }
    for (at = &link->inbox; *at != NULL; at = &(*at)->next)
        ;
    *at = message;
    if (link->hand == NULL)
        link->hand =
            world_later(world, rng_between(&world->rng, 0, 2), hand_over, link);
}

static const struct node *receiver(const struct message *message)
{
    return message->to_hub ? &message->world->hubs[message->hub]
                           : &message->world->schools[message->school];
}

static void arrive(void *arg)
{
    struct message *message = arg;
    struct world *world = message->world;
    const struct way *way = &world->ways[message->school][message->hub];
    const struct link *link = way->link;
    const bool alive = link != NULL && link->conn == message->conn;

    if (way->cut || receiver(message)->boots != message->boots ||
        (!alive && rng_chance(&world->rng, 500))) {
        free_message(message);
        return;
    }
    if (!message->to_hub) {
        reach_school(message);
        return;
    }
    hub_node_receive(&world->hubs[message->hub], message->school, message->conn,
        &message->talk, &message->body);
    free_message(message);
}

static void send_one(
    const struct message *like, struct bytes talk, struct bytes body)
{
    struct world *world = like->world;
    const struct weather *weather = &world->weather;
    struct way *way = &world->ways[like->school][like->hub];
    struct message *message;
    int64_t at = world->now + rng_between(&world->rng, weather->delay_min,
                                  weather->delay_max);

    if (rng_chance(&world->rng, weather->loss))
        return;
    if (!rng_chance(&world->rng, weather->shuffle)) {
        if (at < way->last[!like->to_hub])
            at = way->last[!like->to_hub];
        way->last[!like->to_hub] = at;
    }
    message = mem_alloc(sizeof *message);
    *message = *like;
    message->boots = receiver(message)->boots;
    buf_add(&message->talk, talk);
    buf_add(&message->body, body);
    world_later(world, at - world->now, arrive, message);
}

/* A lying hub's own hands, on what comes to it or goes from it. */
static bool tamper(
    const struct message *like, struct bytes talk, struct bytes body)
{
    struct message other = *like;
    struct liar_deed deed;

    if (!rng_chance(&like->world->rng, like->world->weather.evil) ||
        !liar_tamper(&deed, like->world, like->to_hub, talk, body))
        return false;
    like->world->lied = true;
    world_say(like->world, "%s lies: %s", like->world->hubs[like->hub].name,
        deed.what);
    other.to_hub = false;
    if (deed.talk.len > 0 && deed.school < WORLD_SCHOOLS)
        other.school = deed.school;
    if (deed.talk.len > 0)
        send_one(&other, buf_bytes(&deed.talk), buf_bytes(&deed.body));
    buf_free(&deed.talk);
    buf_free(&deed.body);
    return true;
}

static void send_message(
    const struct message *like, struct bytes talk, struct bytes body)
{
    if (tamper(like, talk, body))
        return;
    show_message(like->world, like->school, like->hub, like->to_hub, talk);
    send_one(like, talk, body);
    if (rng_chance(&like->world->rng, like->world->weather.twice))
        send_one(like, talk, body);
}

int link_send(
    struct link *link, struct bytes talk, struct bytes body, struct err *err)
{
    const struct message like = {.world = link->node->world,
        .school = link->node->index,
        .hub = link->hub,
        .to_hub = true,
        .conn = link->conn};

    if (link->state != LINK_UP)
        return err_set(err, ERR_BUSY, "not connected");
    if (link->conn == 0 || link->node->disk.dead)
        return 0; /* into the void */
    watch_promise(link->node, talk);
    send_message(&like, talk, body);
    return 0;
}

int net_send(struct node *hub, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    struct message like = {.world = hub->world, .hub = hub->index};

    memcpy(&like.conn, peer->routing, sizeof like.conn);
    while (like.school < WORLD_SCHOOLS &&
           hub->world->ways[like.school][hub->index].conn != like.conn)
        like.school++;
    if (like.school == WORLD_SCHOOLS || like.conn == 0)
        return ERR_NOT_FOUND;
    if (hub->disk.dead)
        return 0;
    watch_promise(hub, talk);
    if (body.len > 0)
        watch_seen(hub->world, body);
    send_message(&like, talk, body);
    return 0;
}

void link_close(struct link *link)
{
    struct way *way;

    if (link == NULL)
        return;
    way = way_of(link);
    if (way->link == link) {
        way->link = NULL;
        way->conn = 0;
    }
    world_call_off(TAKE(link->next));
    world_call_off(TAKE(link->hand));
    link->closed = true;
    if (link->inside == 0)
        free_link(link);
}

/* Of net/listener.h, which the hub's mailboxes ask. */
bool listener_same_peer(
    const struct listener_peer *a, const struct listener_peer *b)
{
    return memcmp(a->routing, b->routing, sizeof a->routing) == 0;
}
