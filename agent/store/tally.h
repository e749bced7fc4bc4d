/*
 * tally - letters and bytes a school, in memory; for this room only.
 *
 * A table by school that only grows: a hub knows as many schools as its
 * directory lists.
 */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/laestab.h"

struct tally;

/* What one school has at the hub, in one of its two parts. */
struct tally_count {
    uint64_t letters, bytes;
    int64_t oldest;    /* put_at in ms; 0: none */
    bool oldest_stale; /* the oldest has gone: ask the table */
};

struct tally_entry {
    struct laestab school;
    struct tally_count received; /* its mailbox */
    struct tally_count sent;     /* its letters in all mailboxes */
};

struct tally *tally_new(void);
void tally_free(struct tally *tally); /* NULL is allowed */

/** The entry of school, made if it is new; valid until one more is made. */
struct tally_entry *tally_of(struct tally *tally, const struct laestab *school);

/** All mailboxes together. */
struct tally_count *tally_all(struct tally *tally);

/** Entry i of those that are there, in no order; NULL past the last. */
struct tally_entry *tally_entry(struct tally *tally, size_t i);

void tally_add(struct tally_count *count, uint64_t bytes, int64_t put_at);
void tally_remove(struct tally_count *count, uint64_t bytes, int64_t put_at);

#endif
