#include "store/statement.h"

#include <string.h>

#include "base/err.h"

/* Beside SQLite's own codes, which are all positive. */
#define OUTSIDE_TRANSACTION (-1)

static enum err_code code_of(int code)
{
    if (code == SQLITE_CONSTRAINT_UNIQUE ||
        code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
        return ERR_EXISTS;
    switch (code & 0xff) {
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_MALFORMED;
    default:
        return ERR_IO;
    }
}

int statement_error(const struct db *db, int code, struct err *err)
{
    if (code == OUTSIDE_TRANSACTION)
        return err_set(err, ERR_STATE, "store: a change outside a transaction");
    if (code_of(code) == ERR_FULL)
        return err_set(err, ERR_FULL, "store: the disk is full");
    /* The message is SQLite's own only if it is about this very code: a column
     * of the wrong length is found by us. */
    return err_set(err, code_of(code), "store: %s",
        sqlite3_extended_errcode(db->sql) == code ? sqlite3_errmsg(db->sql)
                                                  : sqlite3_errstr(code));
}

static struct handle_slot *slot_of(struct db *db, const char *text)
{
    size_t at = ((uintptr_t)text >> 3) * 0x9e3779b1u;

    for (size_t i = 0; i < HANDLE_STATEMENTS; i++, at++) {
        struct handle_slot *slot = &db->slots[at % HANDLE_STATEMENTS];

        if (slot->text == text || slot->text == NULL)
            return slot;
    }
    return NULL;
}

static int prepare(struct statement *st, const char *text, unsigned flags)
{
    return sqlite3_prepare_v3(st->db->sql, text, -1, flags, &st->stmt, NULL);
}

struct statement statement_start(struct db *db, const char *text)
{
    struct statement st = {.db = db};
    struct handle_slot *slot = slot_of(db, text);

    if (slot != NULL && slot->text == NULL) {
        st.failed = prepare(&st, text, SQLITE_PREPARE_PERSISTENT);
        if (st.failed == SQLITE_OK)
            *slot = (struct handle_slot){text, st.stmt};
    } else if (slot != NULL && !sqlite3_stmt_busy(slot->stmt)) {
        st.stmt = slot->stmt;
    } else {
        st.own = true;
        st.failed = prepare(&st, text, 0);
    }
    return st;
}

void statement_end(struct statement *st)
{
    if (st->own)
        sqlite3_finalize(st->stmt);
    else if (st->stmt != NULL)
        sqlite3_reset(st->stmt);
    st->stmt = NULL;
}

static void note(struct statement *st, int code)
{
    if (st->failed == SQLITE_OK)
        st->failed = code;
}

void statement_put_int(struct statement *st, int64_t value)
{
    if (st->failed == SQLITE_OK)
        note(st, sqlite3_bind_int64(st->stmt, ++st->param, value));
}

void statement_put_null(struct statement *st)
{
    if (st->failed == SQLITE_OK)
        note(st, sqlite3_bind_null(st->stmt, ++st->param));
}

void statement_put_text(struct statement *st, const char *text)
{
    if (st->failed == SQLITE_OK)
        note(st,
            sqlite3_bind_text(st->stmt, ++st->param, text, -1, SQLITE_STATIC));
}

void statement_put_blob(struct statement *st, struct bytes blob)
{
    const void *data = blob.data == NULL ? (const void *)"" : blob.data;

    if (st->failed == SQLITE_OK)
        note(st, sqlite3_bind_blob64(
                     st->stmt, ++st->param, data, blob.len, SQLITE_STATIC));
}

int statement_good(const struct statement *st, struct err *err)
{
    if (st->failed == SQLITE_OK)
        return 0;
    return statement_error(st->db, st->failed, err);
}

int statement_step(struct statement *st, struct err *err)
{
    int code;

    if (st->failed != SQLITE_OK)
        return statement_good(st, err);
    code = sqlite3_step(st->stmt);
    st->column = 0;
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE)
        return 0;
    note(st, code);
    return statement_good(st, err);
}

int statement_run(struct statement *st, struct err *err)
{
    int rc;

    if (sqlite3_get_autocommit(st->db->sql) != 0)
        note(st, OUTSIDE_TRANSACTION);
    rc = statement_step(st, err);
    return rc < 0 ? rc : 0;
}

int64_t statement_get_int(struct statement *st)
{
    return sqlite3_column_int64(st->stmt, st->column++);
}

void statement_get_text(struct statement *st, char *out, size_t size)
{
    const struct bytes text = statement_get_blob(st, NULL);
    const size_t len = text.len < size ? text.len : size - 1;

    if (len > 0)
        memcpy(out, text.data, len);
    out[len] = '\0';
}

struct bytes statement_get_blob(struct statement *st, struct arena *arena)
{
    struct bytes blob;

    blob.data = sqlite3_column_blob(st->stmt, st->column);
    blob.len = (size_t)sqlite3_column_bytes(st->stmt, st->column);
    st->column++;
    if (blob.len > 0 && arena != NULL)
        blob.data = (const uint8_t *)arena_copy(arena, blob);
    return blob;
}

void statement_get_fixed(struct statement *st, uint8_t *out, size_t size)
{
    const struct bytes blob = statement_get_blob(st, NULL);

    if (blob.len != size)
        note(st, SQLITE_CORRUPT);
    else
        memcpy(out, blob.data, size);
}

void statement_rewind(struct statement *st)
{
    st->column = 0;
}

int statement_changes(const struct db *db)
{
    return sqlite3_changes(db->sql);
}

int64_t statement_inserted(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->sql);
}

int statement_next_id(int64_t *id, struct db *db, enum handle_counter counter,
    const char *text, struct err *err)
{
    int64_t *next = &db->next_id[counter];

    if (*next == 0) {
        SCOPED(statement_end) struct statement st = statement_start(db, text);
        int rc = statement_step(&st, err);

        if (rc < 0)
            return rc;
        *next = statement_get_int(&st) + 1;
    }
    *id = (*next)++;
    return 0;
}

int statement_exec(struct db *db, const char *text, struct err *err)
{
    const int code = sqlite3_exec(db->sql, text, NULL, NULL, NULL);

    return code == SQLITE_OK ? 0 : statement_error(db, code, err);
}

void statement_forget(struct db *db)
{
    for (size_t i = 0; i < HANDLE_STATEMENTS; i++) {
        sqlite3_finalize(db->slots[i].stmt);
        db->slots[i] = (struct handle_slot){NULL, NULL};
    }
}
