#include "ctf/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/mem.h"

struct seen_entry {
    uint64_t upn;   /* hash; 0: free */
    uint64_t child; /* hash of names and date of birth */
    uint64_t line : 63;
    uint64_t told : 1; /* another child was found */
};

#define FIRST_ROOM 1024

/* FNV-1a, with a mark after each text so that "ab","c" is not "a","bc". */
static uint64_t hash(uint64_t sum, const char *text)
{
    for (; *text != '\0'; text++)
        sum = (sum ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return (sum ^ 0xff) * UINT64_C(0x100000001b3);
}

#define HASH_START UINT64_C(0xcbf29ce484222325)

static uint64_t hash_child(const struct leaver *leaver)
{
    char dob[DATE_TEXT_SIZE];
    uint64_t sum = hash(HASH_START, leaver->surname);

    sum = hash(sum, leaver->forename);
    return hash(sum, date_format(leaver->dob, dob));
}

/* The entry of this UPN, or the free one where it belongs. */
static struct seen_entry *find(const struct seen *seen, uint64_t upn)
{
    size_t at = (size_t)(upn ^ upn >> 32) & (seen->room - 1);

    while (seen->entries[at].upn != 0 && seen->entries[at].upn != upn)
        at = (at + 1) & (seen->room - 1);
    return &seen->entries[at];
}

static uint64_t new_salt(void)
{
    struct id id;
    uint64_t salt;

    id_new(&id);
    memcpy(&salt, id.bytes, sizeof salt);
    return salt;
}

static void grow(struct seen *seen)
{
    const struct seen old = *seen;

    if (old.room == 0)
        seen->salt = new_salt();
    seen->room = old.room == 0 ? FIRST_ROOM : old.room * 2;
    seen->entries = mem_alloc(seen->room * sizeof *seen->entries);
    for (size_t i = 0; i < old.room; i++)
        if (old.entries[i].upn != 0)
            *find(seen, old.entries[i].upn) = old.entries[i];
    free(old.entries);
}

enum seen_result seen_add(struct seen *seen, uint64_t *first,
    const struct leaver *leaver, uint64_t line)
{
    const uint64_t child = hash_child(leaver);
    struct seen_entry *entry;
    uint64_t upn;

    if (seen->count * 2 >= seen->room)
        grow(seen);
    upn = hash(seen->salt, leaver->upn) | 1;
    entry = find(seen, upn);
    if (entry->upn == 0) {
        *entry = (struct seen_entry){.upn = upn, .child = child};
        entry->line = line & (UINT64_MAX >> 1);
        seen->count++;
        *first = line;
        return SEEN_NEW;
    }
    *first = entry->line;
    if (entry->child == child)
        return SEEN_SAME_CHILD;
    if (entry->told)
        return SEEN_OTHER_AGAIN;
    entry->told = 1;
    return SEEN_OTHER_CHILD;
}

void seen_free(struct seen *seen)
{
    free(seen->entries);
    *seen = (struct seen){.entries = NULL};
}
