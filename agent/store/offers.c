#include "store/offers.h"

#include "base/err.h"
#include "store/statement.h"

#define COLUMNS "id, tag, author, family, at, sealed"

static const char PUT[] =
    "INSERT INTO offers (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (id) DO UPDATE SET author = excluded.author,"
    " family = excluded.family, sealed = excluded.sealed";
static const char FIND[] = "SELECT " COLUMNS " FROM offers WHERE tag = ?1";
static const char EACH[] = "SELECT " COLUMNS " FROM offers ORDER BY id";
static const char MISSING[] =
    "SELECT " COLUMNS " FROM offers"
    " WHERE id NOT IN (SELECT id FROM records) ORDER BY id";
static const char DROP[] = "DELETE FROM offers WHERE id = ?1";

int offers_put(struct db *db, const struct offer *offer, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_int(&st, offer->id);
    statement_put_tag(&st, &offer->tag);
    statement_put_school(&st, &offer->author);
    statement_put_int(&st, offer->family);
    statement_put_wall(&st, offer->at);
    statement_put_blob(&st, offer->sealed);
    db->stamp.records++;
    return statement_run(&st, err);
}

static void read_row(
    struct offer *out, struct statement *st, struct arena *arena)
{
    *out = (struct offer){.id = statement_get_int(st)};
    out->tag = statement_get_tag(st);
    out->author = statement_get_school(st);
    out->family = statement_get_int(st);
    out->at = statement_get_wall(st);
    out->sealed = statement_get_blob(st, arena);
}

int offers_find(struct offer *out, struct db *db, const struct tag *tag,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    statement_put_tag(&st, tag);
    rc = statement_step(&st, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(
            err, ERR_NOT_FOUND, "that child is on no list of offers");
    read_row(out, &st, arena);
    return statement_good(&st, err);
}

int offers_each(struct db *db, bool missing,
    int (*visit)(void *arg, const struct offer *offer), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, missing ? MISSING : EACH);
    struct offer offer;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        read_row(&offer, &st, NULL);
        rc = statement_good(&st, err);
        if (rc == 0)
            rc = visit(arg, &offer);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int offers_drop(struct db *db, int64_t id, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, DROP);
    int rc;

    statement_put_int(&st, id);
    rc = statement_run(&st, err);
    db->stamp.records++;
    if (rc == 0 && statement_changes(db) == 0)
        return err_set(
            err, ERR_NOT_FOUND, "that child is on no list of offers");
    return rc;
}
