#include "hub/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MINUTE_MS 60000

/* Where the school is, or would be. */
static size_t place_of(const struct watch *watch, const struct laestab *school)
{
    size_t low = 0;
    size_t high = watch->count;

    while (low < high) {
        const size_t mid = (low + high) / 2;

        if (strcmp(watch->schools[mid].school.text, school->text) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_at(
    const struct watch *watch, size_t place, const struct laestab *school)
{
    return place < watch->count &&
           laestab_equal(&watch->schools[place].school, school);
}

struct watch_school *watch_of(struct watch *watch, const struct laestab *school)
{
    const size_t place = place_of(watch, school);

    if (is_at(watch, place, school))
        return &watch->schools[place];
    if (watch->count == watch->room) {
        watch->room = watch->room * 2 + 16;
        watch->schools =
            mem_resize(watch->schools, watch->room, sizeof *watch->schools);
    }
    memmove(&watch->schools[place + 1], &watch->schools[place],
        (watch->count - place) * sizeof *watch->schools);
    watch->count++;
    watch->schools[place] = (struct watch_school){.school = *school};
    return &watch->schools[place];
}

const struct watch_school *watch_find(
    const struct watch *watch, const struct laestab *school)
{
    const size_t place = place_of(watch, school);

    return is_at(watch, place, school) ? &watch->schools[place] : NULL;
}

bool watch_may(struct watch_rate *rate, unsigned most, mono now)
{
    if (rate->minute.ms == 0 || now.ms - rate->minute.ms >= MINUTE_MS)
        *rate = (struct watch_rate){now, 0};
    return ++rate->count <= most;
}

void watch_free(struct watch *watch)
{
    free(watch->schools);
    *watch = (struct watch){.schools = NULL};
}
