#include "hub/box.h"

#include <stdlib.h>

#include "base/mem.h"

/* The index of the school, or where it would have to be. */
static size_t position(
    const struct box_table *table, const struct laestab *school)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(table->boxes[middle]->school.text, school->text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct box *box_find(
    const struct box_table *table, const struct laestab *school)
{
    const size_t i = position(table, school);

    return i < table->count && laestab_equal(&table->boxes[i]->school, school)
               ? table->boxes[i]
               : NULL;
}

struct box *box_open(struct box_table *table, const struct laestab *school)
{
    struct box *box = box_find(table, school);
    const size_t i = position(table, school);

    if (box != NULL)
        return box;
    box = mem_alloc(sizeof *box);
    box->school = *school;
    box->pool = &table->pool;
    if (table->count == table->room) {
        table->room = table->room * 2 + 16;
        table->boxes = mem_resize(table->boxes, table->room, sizeof box);
    }
    memmove(&table->boxes[i + 1], &table->boxes[i],
        (table->count - i) * sizeof box);
    table->boxes[i] = box;
    table->count++;
    return box;
}

void box_greet(
    struct box *box, const struct listener_peer *peer, const struct id *session)
{
    box_leave(box);
    box->greeted = true;
    box->peer = *peer;
    box->session = *session;
    box->tell = true;
    box->telling = 0;
}

bool box_is_consumer(const struct box *box, const struct listener_peer *peer)
{
    return box->greeted && listener_same_peer(&box->peer, peer);
}

void box_fetch(struct box *box, uint64_t after, uint64_t credit)
{
    box->fetching = credit > 0;
    box->dirty = box->fetching;
    box->starved = false;
    box->credit = credit;
    *box->pool -= box->in_flight;
    box->in_flight = 0;
    box->flight_count = 0;
    for (int lane = 0; lane <= LANE_COUNT; lane++) {
        box->sent[lane] = after;
        box->caught_up[lane] = false;
    }
}

bool box_has_room(const struct box *box)
{
    return box->fetching && box->flight_count < BOX_MAX_FLIGHTS &&
           ((box->in_flight < box->credit && *box->pool < BOX_POOL) ||
               box->flight_count == 0);
}

bool box_is_starved(const struct box *box)
{
    return box->fetching && box->flight_count > 0 &&
           box->flight_count < BOX_MAX_FLIGHTS &&
           box->in_flight < box->credit && *box->pool >= BOX_POOL;
}

void box_sent(struct box *box, enum lane lane, const struct box_flight *flight)
{
    if (box->flight_count == box->flight_room) {
        box->flight_room = box->flight_room * 2 + 16;
        box->flights =
            mem_resize(box->flights, box->flight_room, sizeof *box->flights);
    }
    box->flights[box->flight_count++] = *flight;
    box->in_flight += flight->bytes;
    *box->pool += flight->bytes;
    box->sent[lane] = flight->cursor;
}

wall box_handed(const struct box *box, uint64_t cursor)
{
    for (size_t i = 0; i < box->flight_count; i++)
        if (box->flights[i].cursor == cursor)
            return box->flights[i].handed;
    return (wall){0};
}

/* They are acknowledged in the order they were sent, so it is an early one. */
void box_acked(struct box *box, uint64_t cursor)
{
    for (size_t i = 0; i < box->flight_count; i++) {
        if (box->flights[i].cursor != cursor)
            continue;
        box->in_flight -= box->flights[i].bytes;
        *box->pool -= box->flights[i].bytes;
        box->flight_count--;
        memmove(&box->flights[i], &box->flights[i + 1],
            (box->flight_count - i) * sizeof box->flights[0]);
        box->dirty = box->fetching;
        return;
    }
}

void box_leave(struct box *box)
{
    box_fetch(box, 0, 0);
    box->greeted = false;
}

void box_free_table(struct box_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->boxes[i]->flights);
        free(table->boxes[i]);
    }
    free(table->boxes);
    *table = (struct box_table){.boxes = NULL};
}
