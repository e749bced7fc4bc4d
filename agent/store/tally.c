#include "store/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_ROOM 64

struct tally {
    struct tally_entry *entries; /* in the order they came */
    size_t used, room;           /* room is a power of two */
    uint32_t *slots; /* 2 * room; 1 + index of an entry, 0: free; by school */
    struct tally_count all;
};

static void make_room(struct tally *tally, size_t room)
{
    tally->room = room;
    tally->entries = mem_resize(tally->entries, room, sizeof tally->entries[0]);
    free(tally->slots);
    tally->slots = mem_alloc(2 * room * sizeof tally->slots[0]);
}

struct tally *tally_new(void)
{
    struct tally *tally = mem_alloc(sizeof *tally);

    make_room(tally, FIRST_ROOM);
    return tally;
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    free(tally->entries);
    free(tally->slots);
    free(tally);
}

/* The slot of school, or the free one where it belongs. */
static uint32_t *slot_of(
    const struct tally *tally, const struct laestab *school)
{
    size_t at = (strtoul(school->text, NULL, 10) * 0x9e3779b1u) >> 8;

    for (;; at++) {
        uint32_t *slot = &tally->slots[at % (2 * tally->room)];

        if (*slot == 0 ||
            laestab_equal(&tally->entries[*slot - 1].school, school))
            return slot;
    }
}

static void grow(struct tally *tally)
{
    make_room(tally, 2 * tally->room);
    for (uint32_t i = 0; i < tally->used; i++)
        *slot_of(tally, &tally->entries[i].school) = i + 1;
}

struct tally_entry *tally_of(struct tally *tally, const struct laestab *school)
{
    uint32_t *slot = slot_of(tally, school);

    if (*slot != 0)
        return &tally->entries[*slot - 1];
    if (tally->used == tally->room) {
        grow(tally);
        slot = slot_of(tally, school);
    }
    tally->entries[tally->used] = (struct tally_entry){.school = *school};
    *slot = (uint32_t)++tally->used;
    return &tally->entries[*slot - 1];
}

struct tally_count *tally_all(struct tally *tally)
{
    return &tally->all;
}

struct tally_entry *tally_entry(struct tally *tally, size_t i)
{
    return i < tally->used ? &tally->entries[i] : NULL;
}

void tally_add(struct tally_count *count, uint64_t bytes, int64_t put_at)
{
    if (count->letters == 0) {
        count->oldest = put_at;
        count->oldest_stale = false;
    } else if (put_at < count->oldest) {
        count->oldest = put_at;
    }
    count->letters++;
    count->bytes += bytes;
}

void tally_remove(struct tally_count *count, uint64_t bytes, int64_t put_at)
{
    count->letters--;
    count->bytes -= bytes;
    if (count->letters == 0) {
        count->oldest = 0;
        count->oldest_stale = false;
    } else if (put_at <= count->oldest) {
        count->oldest_stale = true;
    }
}
