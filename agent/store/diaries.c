#include "store/diaries.h"

#include "store/statement.h"

static const char FIND_TOLD[] =
    "SELECT digest FROM diary_told WHERE school = ?1";
static const char PUT_TOLD[] =
    "INSERT OR REPLACE INTO diary_told (school, digest) VALUES (?1, ?2)";
static const char FIND[] = "SELECT incarnation, progress, at, sealed"
                           " FROM diary_heard WHERE school = ?1";
static const char PUT[] =
    "INSERT OR REPLACE INTO diary_heard"
    " (school, incarnation, progress, at, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";

int diaries_told(struct digest *out, struct db *db,
    const struct laestab *school, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND_TOLD);
    int rc;

    *out = (struct digest){{0}};
    statement_put_school(&st, school);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    *out = statement_get_digest(&st);
    return statement_good(&st, err);
}

int diaries_put_told(struct db *db, const struct laestab *school,
    const struct digest *digest, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT_TOLD);

    statement_put_school(&st, school);
    statement_put_digest(&st, digest);
    return statement_run(&st, err);
}

int diaries_find(struct diaries_row *out, struct db *db,
    const struct laestab *school, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    *out = (struct diaries_row){.school = *school};
    statement_put_school(&st, school);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    out->incarnation = (uint64_t)statement_get_int(&st);
    out->progress = (uint64_t)statement_get_int(&st);
    out->at = statement_get_wall(&st);
    out->sealed = statement_get_blob(&st, arena);
    return statement_good(&st, err);
}

int diaries_put(struct db *db, const struct diaries_row *row, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_school(&st, &row->school);
    statement_put_int(&st, (int64_t)row->incarnation);
    statement_put_int(&st, (int64_t)row->progress);
    statement_put_wall(&st, row->at);
    statement_put_blob(&st, row->sealed);
    return statement_run(&st, err);
}
