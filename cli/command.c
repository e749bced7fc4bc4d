#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/catalogue.h"
#include "cli/nearest.h"

static const unsigned shared_groups[] = {
    COMMAND_AGENT, COMMAND_JSON, COMMAND_CSV, 0};

#define GROUPS (sizeof shared_groups / sizeof shared_groups[0])

const struct command *command_table(size_t *count)
{
    return catalogue_commands(count);
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
    size_t table_count;
    const struct command *table = command_table(&table_count);

    for (size_t i = 0; i < table_count; i++) {
        *used = matches(table[i].name, words, count);
        if (*used > 0)
            return &table[i];
    }
    return NULL;
}

const char *command_nearest(const char *const *words, size_t count)
{
    size_t table_count;
    const struct command *table = command_table(&table_count);
    char two[128];
    struct nearest nearest = {.word = two};

    snprintf(two, sizeof two, "%.60s%s%.60s", words[0], count > 1 ? " " : "",
        count > 1 ? words[1] : "");
    for (size_t i = 0; i < table_count; i++)
        nearest_try(&nearest, table[i].name);
    if (nearest.best != NULL)
        return nearest.best;
    nearest.word = words[0];
    for (size_t i = 0; i < table_count; i++)
        nearest_try(&nearest, table[i].name);
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
    size_t table_count;
    const struct command *table = command_table(&table_count);
    size_t count = 0;

    for (size_t i = 0; i < GROUPS; i++)
        count = add_all(out, count, catalogue_shared(shared_groups[i]));
    for (size_t i = 0; i < table_count; i++)
        count = add_all(out, count, table[i].options);
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
