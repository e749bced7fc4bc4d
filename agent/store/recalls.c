#include "store/recalls.h"

#include "base/err.h"
#include "store/statement.h"

#define COLUMNS                                                                \
    "id, leaver, school, tag, revision, kind, stream, seq, at, confirmed_at,"  \
    " sealed"

static const char PUT[] =
    "INSERT INTO recalls (" COLUMNS ", signed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, x'')"
    " ON CONFLICT (leaver, school) DO UPDATE SET id = excluded.id,"
    " tag = excluded.tag, revision = excluded.revision, kind = excluded.kind,"
    " stream = excluded.stream, seq = excluded.seq, at = excluded.at,"
    " confirmed_at = 0, sealed = excluded.sealed, signed = x''";
static const char CONFIRM[] =
    "UPDATE recalls SET confirmed_at = ?4, signed = ?5"
    " WHERE school = ?1 AND tag = ?2 AND revision <= ?3 AND confirmed_at = 0";
static const char EACH[] = "SELECT " COLUMNS " FROM recalls ORDER BY id";
static const char EACH_OF_LEAVER[] =
    "SELECT " COLUMNS " FROM recalls WHERE leaver = ?1 ORDER BY id";
static const char EVIDENCE[] =
    "SELECT signed FROM recalls WHERE id = ?1 AND confirmed_at > 0";

int recalls_next_id(struct db *db, int64_t *id, struct err *err)
{
    return statement_next_id(
        id, db, HANDLE_RECALLS, "SELECT max(id) FROM recalls", err);
}

int recalls_put(struct db *db, const struct recall *recall, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_int(&st, recall->id);
    statement_put_int(&st, recall->leaver);
    statement_put_school(&st, &recall->school);
    statement_put_tag(&st, &recall->tag);
    statement_put_number(&st, recall->revision);
    statement_put_int(&st, recall->kind);
    statement_put_int(&st, recall->stream);
    statement_put_number(&st, recall->seq);
    statement_put_wall(&st, recall->at);
    statement_put_blob(&st, recall->sealed);
    return statement_run(&st, err);
}

int recalls_confirm(struct db *db, const struct recalls_proof *proof,
    bool *found, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CONFIRM);
    int rc;

    statement_put_school(&st, &proof->school);
    statement_put_tag(&st, &proof->tag);
    statement_put_number(&st, proof->revision);
    statement_put_wall(&st, proof->at);
    statement_put_blob(&st, proof->signed_batch);
    rc = statement_run(&st, err);
    *found = rc == 0 && statement_changes(db) > 0;
    return rc;
}

static int read_row(struct recall *out, struct statement *st, struct err *err)
{
    *out = (struct recall){.id = statement_get_int(st)};
    out->leaver = statement_get_int(st);
    out->school = statement_get_school(st);
    out->tag = statement_get_tag(st);
    out->revision = statement_get_number(st);
    out->kind = (enum tombstone_kind)statement_get_int(st);
    out->stream = statement_get_int(st);
    out->seq = statement_get_number(st);
    out->at = statement_get_wall(st);
    out->confirmed_at = statement_get_wall(st);
    out->sealed = statement_get_blob(st, NULL);
    return statement_good(st, err);
}

int recalls_each(struct db *db, int64_t leaver,
    int (*visit)(void *arg, const struct recall *recall), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, leaver == 0 ? EACH : EACH_OF_LEAVER);
    struct recall recall;
    int rc;

    if (leaver != 0)
        statement_put_int(&st, leaver);
    while ((rc = statement_step(&st, err)) == 1) {
        rc = read_row(&recall, &st, err);
        if (rc == 0)
            rc = visit(arg, &recall);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int recalls_evidence(struct bytes *out, struct db *db, int64_t id,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EVIDENCE);
    int rc;

    statement_put_int(&st, id);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: not confirmed yet");
    if (rc < 0)
        return rc;
    *out = statement_get_blob(&st, arena);
    return statement_good(&st, err);
}
