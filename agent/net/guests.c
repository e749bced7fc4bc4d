#include "net/guests.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MINUTE_MS 60000
#define NONE (-1)
#define FIRST_SEATS 64

struct guests_key {
    char curve_key[sizeof((struct listener_peer *)NULL)->curve_key];
    mono minute; /* its begin */
    unsigned knocks;
    unsigned taken; /* seats */
    int last;       /* of its seats, the newest first; or NONE */
};

/* A connection that has spoken. */
struct guests_seat {
    size_t key; /* index and 1; 0: free */
    uint8_t routing[sizeof((struct listener_peer *)NULL)->routing];
    uint64_t heard;
    int before, after; /* of the same key; or NONE */
};

void guests_init(struct guests *guests, size_t descriptors, unsigned most)
{
    *guests = (struct guests){.most = most, .descriptors = descriptors};
}

void guests_free(struct guests *guests)
{
    free(guests->seats);
    free(guests->keys);
    *guests = (struct guests){.most = 0};
}

/* Keys are in the order in which they came: a seat names its by index.  A hub
 * has some hundreds, and looks once a connection. */
static size_t index_of(struct guests *guests, const char *curve_key)
{
    for (size_t i = 0; i < guests->key_count; i++)
        if (strcmp(guests->keys[i].curve_key, curve_key) == 0)
            return i;
    if (guests->key_count == guests->key_room) {
        guests->key_room = guests->key_room * 2 + 16;
        guests->keys =
            mem_resize(guests->keys, guests->key_room, sizeof guests->keys[0]);
    }
    guests->keys[guests->key_count] = (struct guests_key){.last = NONE};
    memcpy(guests->keys[guests->key_count].curve_key, curve_key,
        strnlen(curve_key, sizeof guests->keys[0].curve_key - 1));
    return guests->key_count++;
}

bool guests_knock(struct guests *guests, const char *curve_key, mono now)
{
    const size_t i = index_of(guests, curve_key);
    struct guests_key *key = &guests->keys[i];

    if (key->minute.ms == 0 || now.ms - key->minute.ms >= MINUTE_MS) {
        key->minute = now;
        key->knocks = 0;
    }
    return ++key->knocks <= guests->most * GUESTS_KNOCKS;
}

static bool make_room(struct guests *guests, int fd)
{
    const size_t need = (size_t)fd + 1;
    size_t room =
        guests->seat_count < FIRST_SEATS ? FIRST_SEATS : guests->seat_count;

    if (fd < 0 || need > guests->descriptors)
        return false;
    if (need <= guests->seat_count)
        return true;
    while (room < need)
        room *= 2;
    guests->seats = mem_resize(guests->seats, room, sizeof guests->seats[0]);
    memset(&guests->seats[guests->seat_count], 0,
        (room - guests->seat_count) * sizeof guests->seats[0]);
    guests->seat_count = room;
    return true;
}

void guests_leave(struct guests *guests, int fd)
{
    struct guests_seat *seat;
    struct guests_key *key;

    if (fd < 0 || (size_t)fd >= guests->seat_count ||
        guests->seats[fd].key == 0)
        return;
    seat = &guests->seats[fd];
    key = &guests->keys[seat->key - 1];
    key->taken--;
    if (seat->after != NONE)
        guests->seats[seat->after].before = seat->before;
    else
        key->last = seat->before;
    if (seat->before != NONE)
        guests->seats[seat->before].after = seat->after;
    *seat = (struct guests_seat){.key = 0};
}

static void sit_down(
    struct guests *guests, int fd, const struct listener_peer *peer)
{
    const size_t i = index_of(guests, peer->curve_key);
    struct guests_key *key = &guests->keys[i];
    struct guests_seat *seat = &guests->seats[fd];

    *seat =
        (struct guests_seat){.key = i + 1, .before = key->last, .after = NONE};
    memcpy(seat->routing, peer->routing, sizeof seat->routing);
    if (key->last != NONE)
        guests->seats[key->last].after = fd;
    key->last = fd;
    key->taken++;
}

static int longest_unheard(const struct guests *guests, size_t key)
{
    int found = guests->keys[key].last;

    for (int fd = found; fd != NONE; fd = guests->seats[fd].before)
        if (guests->seats[fd].heard < guests->seats[found].heard)
            found = fd;
    return found;
}

int guests_speak(
    struct guests *guests, int fd, const struct listener_peer *peer)
{
    struct guests_seat *seat;
    int out;

    if (!make_room(guests, fd))
        return NONE;
    seat = &guests->seats[fd];
    if (seat->key != 0 &&
        memcmp(seat->routing, peer->routing, sizeof seat->routing) != 0)
        guests_leave(guests, fd); /* that one has gone, and this is new */
    if (seat->key != 0) {
        seat->heard = ++guests->heard;
        return NONE;
    }
    sit_down(guests, fd, peer);
    seat->heard = ++guests->heard;
    if (guests->keys[seat->key - 1].taken <= guests->most)
        return NONE;
    out = longest_unheard(guests, seat->key - 1);
    guests_leave(guests, out);
    return out;
}
