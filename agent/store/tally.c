#include "store/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct tally {
    struct tally_entry *slots; /* open addressing; school "" is free */
    size_t room;               /* a power of two */
    size_t used;
    struct tally_count all;
};

#define FIRST_ROOM 64

struct tally *tally_new(void)
{
    struct tally *tally = mem_alloc(sizeof *tally);

    tally->room = FIRST_ROOM;
    tally->slots = mem_alloc(tally->room * sizeof tally->slots[0]);
    return tally;
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    free(tally->slots);
    free(tally);
}

static struct tally_entry *slot_of(
    const struct tally *tally, const struct laestab *school)
{
    const size_t mask = tally->room - 1;
    size_t at = (strtoul(school->text, NULL, 10) * 0x9e3779b1u) >> 4;

    for (;; at++) {
        struct tally_entry *slot = &tally->slots[at & mask];

        if (slot->school.text[0] == '\0' ||
            laestab_equal(&slot->school, school))
            return slot;
    }
}

static void grow(struct tally *tally)
{
    struct tally old = *tally;

    tally->room *= 2;
    tally->slots = mem_alloc(tally->room * sizeof tally->slots[0]);
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].school.text[0] != '\0')
            *slot_of(tally, &old.slots[i].school) = old.slots[i];
    free(old.slots);
}

struct tally_entry *tally_of(struct tally *tally, const struct laestab *school)
{
    struct tally_entry *slot = slot_of(tally, school);

    if (slot->school.text[0] != '\0')
        return slot;
    if (2 * (tally->used + 1) > tally->room) {
        grow(tally);
        slot = slot_of(tally, school);
    }
    tally->used++;
    slot->school = *school;
    return slot;
}

struct tally_count *tally_all(struct tally *tally)
{
    return &tally->all;
}

void tally_add(struct tally_count *count, uint64_t bytes, int64_t put_at)
{
    /* While the oldest is not known, a new one does not make it known. */
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
