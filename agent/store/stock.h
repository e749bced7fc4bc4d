/*
 * stock - what the hub holds, counted in memory; for this room only.
 *
 * Counted from the table once, then kept by hand with each change; a rollback
 * makes the next user count again.
 */
#ifndef STORE_STOCK_H
#define STORE_STOCK_H

#include "store/mailbox.h"
#include "store/statement.h"

/* What is counted of a letter. */
#define STOCK_LETTER "author, recipient, size, put_at, cursor"

struct stock_letter {
    struct laestab author, recipient;
    uint64_t size;
    int64_t put_at;
    int64_t cursor;
};

/** A row of STOCK_LETTER. */
struct stock_letter stock_read(struct statement *st);

/** Count all letters unless that was done and still holds.  Before a change,
 * never after it: they must be counted as they were. */
MUST_CHECK int stock_ready(struct db *db, struct err *err);

/* A letter came into a mailbox, or left it. */
void stock_add(struct db *db, const struct stock_letter *letter);
void stock_remove(struct db *db, const struct stock_letter *letter);

/** See mailbox_use(). */
void stock_use(struct mailbox_use *out, struct db *db,
    const struct laestab *recipient, const struct laestab *author);

#endif
