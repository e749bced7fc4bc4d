/*
 * statement - one use of a prepared statement; for this room only.
 *
 *   SCOPED(statement_end) struct statement st = statement_start(db, TEXT);
 *
 *   statement_put_int(&st, id);             the parameters, in their order
 *   rc = statement_step(&st, err);          1: a row, 0: no more, or an error
 *   name = statement_get_text(&st);         the columns, in their order
 *
 * Failures stick: the first one is told by statement_step(), statement_run() or
 * statement_good(), and whatever comes between does nothing.  Texts of errors
 * never hold a bound value.
 *
 * Errors, here and in all files of the room: ERR_FULL (the disk is full),
 * ERR_BUSY, ERR_MALFORMED (the file is damaged), ERR_EXISTS (a value that must
 * be unique is there already), ERR_STATE (a change outside a transaction), else
 * ERR_IO.
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/id.h"
#include "record/laestab.h"
#include "store/handle.h"
#include "store/leavers.h"

struct statement {
    struct db *db;
    sqlite3_stmt *stmt; /* NULL: it could not be prepared */
    bool own;           /* not the kept one, which is in use further up */
    int failed;         /* the first of SQLite's codes that was no success */
    int param;          /* put last; from 1 */
    int column;         /* to get next; from 0 */
};

/** text is a static string.  It may be in use already (a visit that calls the
 * same function again): then it is prepared once more. */
struct statement statement_start(struct db *db, const char *text);
void statement_end(struct statement *st);

void statement_put_int(struct statement *st, int64_t value);
void statement_put_text(struct statement *st, const char *text);
void statement_put_null(struct statement *st);
/** The bytes must live until statement_end(). */
void statement_put_blob(struct statement *st, struct bytes blob);

static inline void statement_put_number(struct statement *st, uint64_t value)
{
    statement_put_int(st, (int64_t)value);
}
static inline void statement_put_wall(struct statement *st, wall when)
{
    statement_put_int(st, when.ms);
}
static inline void statement_put_id(struct statement *st, const struct id *id)
{
    statement_put_blob(st, (struct bytes){id->bytes, sizeof id->bytes});
}
static inline void statement_put_tag(
    struct statement *st, const struct tag *tag)
{
    statement_put_blob(st, (struct bytes){tag->bytes, sizeof tag->bytes});
}
static inline void statement_put_digest(
    struct statement *st, const struct digest *digest)
{
    statement_put_blob(st, (struct bytes){digest->bytes, DIGEST_SIZE});
}
static inline void statement_put_school(
    struct statement *st, const struct laestab *school)
{
    statement_put_text(st, school->text);
}

/** 1: there is a row; 0: no more. */
MUST_CHECK int statement_step(struct statement *st, struct err *err);
/** Run a change to its end.  Errors: and ERR_STATE outside a transaction. */
MUST_CHECK int statement_run(struct statement *st, struct err *err);
/** 0 unless something failed so far: after the last statement_get_*(). */
MUST_CHECK int statement_good(const struct statement *st, struct err *err);

int64_t statement_get_int(struct statement *st);
/** Cut to fit; size is that of out. */
void statement_get_text(struct statement *st, char *out, size_t size);
/** In arena, or with NULL borrowed until the next step. */
struct bytes statement_get_blob(struct statement *st, struct arena *arena);
/** Exactly size bytes, or the statement fails (ERR_MALFORMED). */
void statement_get_fixed(struct statement *st, uint8_t *out, size_t size);
void statement_rewind(struct statement *st); /* to the first column */

static inline uint64_t statement_get_number(struct statement *st)
{
    return (uint64_t)statement_get_int(st);
}
static inline wall statement_get_wall(struct statement *st)
{
    return (wall){statement_get_int(st)};
}
static inline struct id statement_get_id(struct statement *st)
{
    struct id id = {{0}};

    statement_get_fixed(st, id.bytes, sizeof id.bytes);
    return id;
}
static inline struct tag statement_get_tag(struct statement *st)
{
    struct tag tag = {{0}};

    statement_get_fixed(st, tag.bytes, sizeof tag.bytes);
    return tag;
}
static inline struct digest statement_get_digest(struct statement *st)
{
    struct digest digest = {{0}};

    statement_get_fixed(st, digest.bytes, sizeof digest.bytes);
    return digest;
}
static inline struct laestab statement_get_school(struct statement *st)
{
    struct laestab school = {""};

    statement_get_text(st, school.text, sizeof school.text);
    return school;
}

/** How many rows the last change touched. */
int statement_changes(const struct db *db);
/** The row id that the last insert was given. */
int64_t statement_inserted(const struct db *db);

/** The next row id of a table by its counter; text reads its greatest one. */
MUST_CHECK int statement_next_id(int64_t *id, struct db *db,
    enum handle_counter counter, const char *text, struct err *err);

/** Fill err from SQLite's code and the connection's message. */
int statement_error(const struct db *db, int code, struct err *err);

/** Run fixed text without parameters, one or more statements. */
MUST_CHECK int statement_exec(struct db *db, const char *text, struct err *err);

/** Finalise all that is kept. */
void statement_forget(struct db *db);

#endif
