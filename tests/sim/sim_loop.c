/* sim_loop - net/loop.h on the simulated clock: timers only. */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/loop.h"
#include "node.h"
#include "world.h"

struct loop {
    struct node *node;
};

struct loop_timer {
    struct node *node;
    void (*on_due)(void *arg);
    void *arg;
    mono due;
    struct sim_event *event;
};

int loop_new(struct loop **out, struct err *err)
{
    (void)err;
    *out = mem_alloc(sizeof **out);
    (*out)->node = world_here()->node;
    return 0;
}

struct loop_timer *loop_timer_new(
    struct loop *loop, void (*on_due)(void *arg), void *arg)
{
    struct loop_timer *timer = mem_alloc(sizeof *timer);

    timer->node = loop->node;
    timer->on_due = on_due;
    timer->arg = arg;
    return timer;
}

static void fire(void *arg)
{
    struct loop_timer *timer = arg;
    struct node *node = timer->node;

    timer->event = NULL;
    timer->due = (mono){0};
    node_enter(node);
    timer->on_due(timer->arg);
    node_leave(node);
}

void loop_timer_set(struct loop_timer *timer, mono when)
{
    struct world *world = timer->node->world;

    world_call_off(TAKE(timer->event));
    timer->due = when;
    if (when.ms != 0)
        timer->event = world_later(world, when.ms - world->now, fire, timer);
}

mono loop_timer_due(const struct loop_timer *timer)
{
    return timer->due;
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer == NULL)
        return;
    world_call_off(timer->event);
    free(timer);
}

void loop_free(struct loop *loop)
{
    free(loop);
}
