#include "world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct world *running;

struct world *world_here(void)
{
    return running;
}

void world_begin(struct world *world, uint64_t seed)
{
    static const char *const schools[WORLD_SCHOOLS] = {
        "hillside", "elmbrook", "northgate", "westford"};
    static const char *const hubs[WORLD_HUBS] = {"hub", "hub-2"};

    memset(world, 0, sizeof *world);
    world->seed = seed;
    world->rng.state = seed;
    world->ids.state = ~seed;
    world->now = 1000000;
    world->power = 500;
    world->log = -1;
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        world->schools[i] =
            (struct node){.world = world, .name = schools[i], .index = i};
    for (size_t i = 0; i < WORLD_HUBS; i++)
        world->hubs[i] = (struct node){
            .world = world, .name = hubs[i], .index = i, .is_hub = true};
    running = world;
}

void world_end(struct world *world)
{
    for (size_t i = 0; i < world->event_count; i++)
        free(world->events[i]);
    free(world->events);
    world->events = NULL;
    world->event_count = 0;
    running = NULL;
}

static bool before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct sim_event **a, struct sim_event **b)
{
    struct sim_event *kept = *a;

    *a = *b;
    *b = kept;
}

struct sim_event *world_later(
    struct world *world, int64_t in_ms, void (*run)(void *arg), void *arg)
{
    struct sim_event *event = mem_alloc(sizeof *event);
    size_t i = world->event_count++;

    event->at = world->now + (in_ms < 0 ? 0 : in_ms);
    event->order = world->order++;
    event->run = run;
    event->arg = arg;
    if (world->event_count > world->event_room) {
        world->event_room =
            world->event_room == 0 ? 256 : 2 * world->event_room;
        world->events = mem_resize(
            world->events, world->event_room, sizeof world->events[0]);
    }
    world->events[i] = event;
    for (; i > 0 && before(world->events[i], world->events[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&world->events[i], &world->events[(i - 1) / 2]);
    return event;
}

void world_call_off(struct sim_event *event)
{
    if (event != NULL)
        event->run = NULL;
}

static struct sim_event *take_first(struct world *world)
{
    struct sim_event *first = world->events[0];

    world->events[0] = world->events[--world->event_count];
    for (size_t i = 0;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < world->event_count &&
            before(world->events[child + 1], world->events[child]))
            child++;
        if (child >= world->event_count ||
            !before(world->events[child], world->events[i]))
            return first;
        swap(&world->events[i], &world->events[child]);
        i = child;
    }
}

bool world_step(struct world *world, int64_t until)
{
    while (world->event_count > 0 && world->events[0]->at <= until) {
        struct sim_event *event = take_first(world);
        void (*run)(void *arg) = event->run;
        void *arg = event->arg;

        world->now = event->at;
        if (run != NULL) {
            world->steps++;
            run(arg);
        }
        free(event); /* whoever knew it has forgotten it */
        if (run != NULL)
            return true;
    }
    if (world->now < until)
        world->now = until;
    return false;
}

static void add_line(struct world *world, const char *text)
{
    const int64_t ms = world->now - 1000000 + 10 * 3600000;
    const int64_t day = ms / 86400000;
    const int64_t rest = ms % 86400000;
    char *line = world->lines[world->line_count++ % WORLD_LINES];

    snprintf(line, sizeof world->lines[0],
        "[day %" PRId64 " %02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%03" PRId64
        "] %.200s",
        day, rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000,
        text);
    if (world->out != NULL)
        fprintf(world->out, "%s\n", line);
}

void world_say(struct world *world, const char *fmt, ...)
{
    char text[320];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    add_line(world, text);
}

void world_fail(struct world *world, const char *fmt, ...)
{
    va_list args;

    if (world->failed)
        return;
    world->failed = true;
    va_start(args, fmt);
    vsnprintf(world->why, sizeof world->why, fmt, args);
    va_end(args);
    add_line(world, world->why);
}

void world_tell(const struct world *world, FILE *out)
{
    const uint64_t n =
        world->line_count < WORLD_LINES ? world->line_count : WORLD_LINES;

    for (uint64_t i = world->line_count - n; i < world->line_count; i++)
        fprintf(out, "  %s\n", world->lines[i % WORLD_LINES]);
}

int64_t world_wall_ms(void)
{
    return WORLD_START.ms + (running == NULL ? 0 : running->now - 1000000);
}
