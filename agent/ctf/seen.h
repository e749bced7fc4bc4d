/*
 * seen - which UPNs a file has had, to find a child twice and two children
 * under one number.  24 bytes a pupil and room to grow: 6 MiB for 100,000.
 */
#ifndef CTF_SEEN_H
#define CTF_SEEN_H

#include "record/leaver.h"

struct seen_entry;

struct seen {
    struct seen_entry *entries; /* NULL at first */
    size_t room;                /* a power of two */
    size_t count;
    uint64_t salt; /* so that nobody can choose UPNs that collide */
};

enum seen_result {
    SEEN_NEW,
    SEEN_SAME_CHILD,  /* the same surname, forename and date of birth */
    SEEN_OTHER_CHILD, /* the first time that it is another one */
    SEEN_OTHER_AGAIN, /* another one, and the first was told of already */
};

/** Remember this UPN at that line; *first is the line it was seen at first. */
enum seen_result seen_add(struct seen *seen, uint64_t *first,
    const struct leaver *leaver, uint64_t line);

void seen_free(struct seen *seen);

#endif
