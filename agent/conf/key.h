/*
 * key - one setting: its name, what it may be, and where its value is kept; for
 * this room only.
 */
#ifndef CONF_KEY_H
#define CONF_KEY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"

struct err;

enum key_kind {
    KEY_NUMBER,   /* int32_t, min..max */
    KEY_LEVEL,    /* debug, info, warn or error */
    KEY_DATE,     /* CCYY-MM-DD or nothing */
    KEY_ENDPOINT, /* tcp://host:port or nothing */
    KEY_HOURS,    /* of a week: conf/hours.h */
};

struct key {
    const char *section;
    const char *name;
    enum key_kind kind;
    int32_t min, max;     /* of a number */
    const char *fallback; /* the value if the file is silent */
    const char *sentence;
    size_t offset, size; /* of the field in the struct of settings */
};

/* The keys of one program, those of a section together. */
struct key_table {
    const struct key *keys;
    size_t count;
    size_t settings_size; /* of the struct */
};

/** Set the field from text.  Errors: ERR_MALFORMED with what it may be. */
MUST_CHECK int key_set(
    void *settings, const struct key *key, const char *text, struct err *err);

/** The section with its keys, as a file would have them. */
void key_print(FILE *out, const struct key *key, const void *settings);

/** NULL if there is none. */
const struct key *key_find(
    const struct key_table *table, const char *section, const char *name);
/** The one whose name is most like it. */
const struct key *key_nearest(
    const struct key_table *table, const char *section, const char *name);

#endif
