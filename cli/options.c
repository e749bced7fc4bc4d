#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/nearest.h"

/* Where the reading of argv stands. */
struct scan {
    const struct options_spec *const *known;
    size_t known_count;
    int argc;
    char *const *argv;
    int at;
};

static const struct options_spec *by_name(
    const struct scan *scan, const char *name, size_t len)
{
    for (size_t i = 0; i < scan->known_count; i++) {
        const char *have = scan->known[i]->name;

        if (strlen(have) == len && strncmp(have, name, len) == 0)
            return scan->known[i];
    }
    return NULL;
}

static const struct options_spec *by_letter(
    const struct scan *scan, char letter)
{
    for (size_t i = 0; i < scan->known_count; i++)
        if (letter != '\0' && scan->known[i]->letter == letter)
            return scan->known[i];
    return NULL;
}

static int unknown(const struct scan *scan, const char *typed, struct err *err)
{
    char name[64];
    struct nearest nearest = {.word = name};

    snprintf(name, sizeof name, "%.*s", (int)strcspn(typed, "="), typed);
    for (size_t i = 0;
         name[0] == '-' && name[1] == '-' && i < scan->known_count; i++) {
        nearest.word = name + 2;
        nearest_try(&nearest, scan->known[i]->name);
    }
    if (nearest.best != NULL)
        return err_set(err, ERR_USAGE,
            "there is no option %s; did you mean --%s?", name, nearest.best);
    return err_set(err, ERR_USAGE, "there is no option %s", name);
}

static void give(
    struct options *out, const struct options_spec *spec, const char *value)
{
    out->given[out->given_count++] = (struct options_given){spec, value};
}

/* value is what followed = or the letter; NULL: look at the next word. */
static int take(struct options *out, struct scan *scan,
    const struct options_spec *spec, const char *value, struct err *err)
{
    if (spec->value == NULL && value != NULL)
        return err_set(err, ERR_USAGE, "--%s takes no value", spec->name);
    if (spec->value == NULL) {
        give(out, spec, "");
        return 0;
    }
    if (value == NULL && scan->at + 1 < scan->argc)
        value = scan->argv[++scan->at];
    if (value == NULL)
        return err_set(
            err, ERR_USAGE, "--%s needs a value: %s", spec->name, spec->value);
    give(out, spec, value);
    return 0;
}

static int long_option(
    struct options *out, struct scan *scan, const char *typed, struct err *err)
{
    const size_t len = strcspn(typed + 2, "=");
    const struct options_spec *spec = by_name(scan, typed + 2, len);

    if (spec == NULL)
        return unknown(scan, typed, err);
    return take(out, scan, spec,
        typed[2 + len] == '=' ? typed + 2 + len + 1 : NULL, err);
}

/* -o FILE and -oFILE; switches are not run together, there are too few. */
static int short_option(
    struct options *out, struct scan *scan, const char *typed, struct err *err)
{
    const struct options_spec *spec = by_letter(scan, typed[1]);

    if (spec == NULL)
        return unknown(scan, typed, err);
    return take(out, scan, spec, typed[2] != '\0' ? typed + 2 : NULL, err);
}

int options_parse(struct options *out, const struct options_spec *const *known,
    size_t known_count, int argc, char *const *argv, struct err *err)
{
    struct scan scan = {known, known_count, argc, argv, 1};
    const size_t room = argc > 0 ? (size_t)argc : 1;
    bool options_ended = false;

    *out = (struct options){
        .given = mem_alloc(room * sizeof(struct options_given)),
        .words = mem_alloc(room * sizeof(char *)),
    };
    for (; scan.at < argc; scan.at++) {
        const char *typed = argv[scan.at];
        int rc = 0;

        if (!options_ended && strcmp(typed, "--") == 0)
            options_ended = true;
        else if (!options_ended && strncmp(typed, "--", 2) == 0)
            rc = long_option(out, &scan, typed, err);
        else if (!options_ended && typed[0] == '-' && typed[1] != '\0')
            rc = short_option(out, &scan, typed, err);
        else
            out->words[out->word_count++] = typed;
        if (rc < 0)
            return rc;
    }
    return 0;
}

const char *options_value(const struct options *options, const char *name)
{
    const char *value = NULL;

    for (size_t i = 0; i < options->given_count; i++)
        if (strcmp(options->given[i].spec->name, name) == 0)
            value = options->given[i].value;
    return value;
}

void options_free(struct options *options)
{
    free(options->given);
    free(options->words);
    *options = (struct options){0};
}
