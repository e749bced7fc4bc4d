#include "agentd/flight.h"

static void drop_at(struct flight *flight, size_t i)
{
    if (!flight->items[i].done)
        flight->bytes -= flight->items[i].bytes;
    flight->items[i] = flight->items[--flight->count];
}

static struct flight_item *find(
    struct flight *flight, const struct id *envelope)
{
    for (size_t i = 0; i < flight->count; i++)
        if (id_equal(&flight->items[i].envelope, envelope))
            return &flight->items[i];
    return NULL;
}

void flight_add(struct flight *flight, const struct flight_item *item)
{
    struct flight_item *added = &flight->items[flight->count++];

    *added = *item;
    added->deadline = (mono){clock_mono().ms + FLIGHT_TIMEOUT_MS};
    flight->bytes += item->bytes;
}

size_t flight_rows(int64_t rows[FLIGHT_MAX], const struct flight *flight)
{
    size_t n = 0;

    for (size_t i = 0; i < flight->count; i++)
        if (flight->items[i].row != 0)
            rows[n++] = flight->items[i].row;
    return n;
}

const struct flight_item *flight_find(
    const struct flight *flight, const struct id *envelope)
{
    for (size_t i = 0; i < flight->count; i++)
        if (id_equal(&flight->items[i].envelope, envelope))
            return &flight->items[i];
    return NULL;
}

bool flight_has(const struct flight *flight, const struct id *envelope)
{
    return flight_find(flight, envelope) != NULL;
}

bool flight_is_full(const struct flight *flight)
{
    return flight->count == FLIGHT_MAX;
}

void flight_done(
    struct flight *flight, const struct id *envelope, enum reason reason)
{
    struct flight_item *item = find(flight, envelope);

    if (item == NULL || item->done)
        return;
    item->done = true;
    item->reason = reason;
    flight->bytes -= item->bytes;
}

void flight_drop(struct flight *flight, const struct id *envelope)
{
    struct flight_item *item = find(flight, envelope);

    if (item != NULL)
        drop_at(flight, (size_t)(item - flight->items));
}

void flight_drop_done(struct flight *flight)
{
    for (size_t i = 0; i < flight->count;)
        if (flight->items[i].done)
            drop_at(flight, i);
        else
            i++;
}

void flight_drop_hub(struct flight *flight, const void *hub)
{
    for (size_t i = 0; i < flight->count;)
        if (flight->items[i].hub == hub && !flight->items[i].done)
            drop_at(flight, i);
        else
            i++;
}

void flight_expire(struct flight *flight, mono now)
{
    for (size_t i = 0; i < flight->count;)
        if (!flight->items[i].done && flight->items[i].deadline.ms <= now.ms)
            drop_at(flight, i);
        else
            i++;
}

mono flight_deadline(const struct flight *flight)
{
    mono nearest = {0};

    for (size_t i = 0; i < flight->count; i++)
        if (!flight->items[i].done &&
            (nearest.ms == 0 || flight->items[i].deadline.ms < nearest.ms))
            nearest = flight->items[i].deadline;
    return nearest;
}
