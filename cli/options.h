/*
 * options - what was typed, taken apart: options anywhere, words in order.
 *
 * `--to 8734500`, `--to=8734500`, `-o FILE` and `-oFILE` are understood, `--`
 * ends the options, the last of two wins.  Which options a command has is
 * checked afterwards, since the command itself is one of the words.  Everything
 * is borrowed from argv.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct err;

struct options_spec {
    const char *name;  /* "to" for --to; NULL ends a list */
    char letter;       /* 'o' for -o; 0: none */
    const char *value; /* "LAESTAB"; NULL: a switch without a value */
    const char *help;  /* half a sentence */
    bool needed;       /* the command refuses to run without it */
};

struct options_given {
    const struct options_spec *spec;
    const char *value; /* "" for a switch */
};

struct options {
    struct options_given *given;
    size_t given_count;
    const char **words;
    size_t word_count;
};

/**
 * Take argv[1..] apart by the options that any command has.  An option of the
 * same name takes a value everywhere or nowhere.
 *
 * Errors: ERR_USAGE, with the nearest name for an unknown option.
 */
MUST_CHECK int options_parse(struct options *out,
    const struct options_spec *const *known, size_t known_count, int argc,
    char *const *argv, struct err *err);

/** What was given with --name; NULL if it was not, "" for a switch. */
const char *options_value(const struct options *options, const char *name);

void options_free(struct options *options);

#endif
