#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/catalogue.h"
#include "cli/nearest.h"

static const unsigned shared_groups[] = {
    COMMAND_AGENT, COMMAND_JSON, COMMAND_CSV, 0};

#define GROUPS (sizeof shared_groups / sizeof shared_groups[0])

const struct command *command_at(size_t place)
{
    size_t count;
    const struct command *part;

    for (size_t i = 0; (part = catalogue_part(i, &count)) != NULL; i++) {
        if (place < count)
            return &part[place];
        place -= count;
    }
    return NULL;
}

/* How many words of name the typed words begin with; 0 if they do not. */
static size_t matches(const char *name, const char *const *words, size_t count)
{
    size_t used = 0;

    while (*name != '\0') {
        const size_t len = strcspn(name, " ");

        if (used == count || strlen(words[used]) != len ||
            strncmp(words[used], name, len) != 0)
            return 0;
        used++;
        name += len;
        name += strspn(name, " ");
    }
    return used;
}

const struct command *command_find(
    size_t *used, const char *const *words, size_t count)
{
    const struct command *each;

    for (size_t i = 0; (each = command_at(i)) != NULL; i++) {
        *used = matches(each->name, words, count);
        if (*used > 0)
            return each;
    }
    return NULL;
}

const char *command_nearest(const char *const *words, size_t count)
{
    const struct command *each;
    char two[128];
    struct nearest nearest = {.word = two};

    snprintf(two, sizeof two, "%.60s%s%.60s", words[0], count > 1 ? " " : "",
        count > 1 ? words[1] : "");
    for (size_t i = 0; (each = command_at(i)) != NULL; i++)
        nearest_try(&nearest, each->name);
    if (nearest.best != NULL)
        return nearest.best;
    nearest.word = words[0];
    for (size_t i = 0; (each = command_at(i)) != NULL; i++)
        nearest_try(&nearest, each->name);
    return nearest.best;
}

static bool listed(
    const struct options_spec *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i]->name, name) == 0)
            return true;
    return false;
}

static size_t add_all(const struct options_spec **out, size_t count,
    const struct options_spec *list)
{
    for (; list != NULL && list->name != NULL; list++)
        if (count < COMMAND_MAX_OPTIONS && !listed(out, count, list->name))
            out[count++] = list;
    return count;
}

size_t command_all_options(const struct options_spec **out)
{
    const struct command *each;
    size_t count = 0;

    for (size_t i = 0; i < GROUPS; i++)
        count = add_all(out, count, catalogue_shared(shared_groups[i]));
    for (size_t i = 0; (each = command_at(i)) != NULL; i++)
        count = add_all(out, count, each->options);
    return count;
}

size_t command_options(
    const struct options_spec **out, const struct command *command)
{
    size_t count = add_all(out, 0, command->options);

    for (size_t i = 0; i < GROUPS; i++)
        if (shared_groups[i] == 0 || (command->has & shared_groups[i]) != 0)
            count = add_all(out, count, catalogue_shared(shared_groups[i]));
    return count;
}
