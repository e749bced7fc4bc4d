#include "store/tombstones.h"

#include "base/err.h"
#include "store/statement.h"

static const char FIND[] = "SELECT revision, at, became FROM tombstones"
                           " WHERE author = ?1 AND tag = ?2";
static const char PUT[] =
    "INSERT INTO tombstones (author, tag, revision, at, became)"
    " VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (author, tag) DO UPDATE SET"
    " at = CASE WHEN excluded.revision > revision THEN excluded.at ELSE at END,"
    " revision = max(revision, excluded.revision),"
    " became = CASE excluded.became WHEN x'' THEN became"
    "  ELSE excluded.became END";
static const char SINCE[] = "SELECT count(*) FROM tombstones"
                            " WHERE at >= ?1 AND became = x''";
static const char DELETE_RECORD[] = "DELETE FROM records WHERE id = ?1";
static const char DELETE_OFFER[] = "DELETE FROM offers WHERE id = ?1";
static const char DELETE_TOLD[] = "DELETE FROM told WHERE record = ?1";
static const char DELETE_OPENED[] = "DELETE FROM opened WHERE record = ?1";
static const char DELETE_OF_PUPIL[] = "DELETE FROM happenings WHERE pupil = ?1";
static const char DELETE_OF_FAMILY[] =
    "DELETE FROM happenings WHERE family = ?1"
    " AND NOT EXISTS (SELECT 1 FROM records WHERE family = ?1)";
/* Families that were joined to this one still have their own members. */
static const char DELETE_MEMBERS[] =
    "WITH RECURSIVE whole (id) AS (SELECT ?1 UNION"
    "  SELECT families.id FROM families JOIN whole ON joined = whole.id)"
    " DELETE FROM members WHERE family IN (SELECT id FROM whole)"
    " AND NOT EXISTS (SELECT 1 FROM records WHERE family = ?1)";

int tombstones_find(struct tombstone *out, struct db *db,
    const struct laestab *author, const struct tag *tag, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    struct bytes became;
    int rc;

    statement_put_school(&st, author);
    statement_put_tag(&st, tag);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such tombstone");
    if (rc < 0)
        return rc;
    *out = (struct tombstone){.author = *author, .tag = *tag};
    out->revision = statement_get_number(&st);
    out->at = statement_get_wall(&st);
    became = statement_get_blob(&st, NULL);
    out->moved = became.len == sizeof out->became.bytes;
    if (out->moved)
        memcpy(out->became.bytes, became.data, became.len);
    return statement_good(&st, err);
}

int tombstones_put(
    struct db *db, const struct tombstone *tombstone, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_school(&st, &tombstone->author);
    statement_put_tag(&st, &tombstone->tag);
    statement_put_number(&st, tombstone->revision);
    statement_put_wall(&st, tombstone->at);
    if (tombstone->moved)
        statement_put_tag(&st, &tombstone->became);
    else
        statement_put_blob(&st, (struct bytes){(const uint8_t *)"", 0});
    return statement_run(&st, err);
}

static int run(struct db *db, const char *text, int64_t id, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);

    statement_put_int(&st, id);
    return statement_run(&st, err);
}

int tombstones_destroy(
    struct db *db, int64_t record, int64_t family, struct err *err)
{
    int rc = run(db, DELETE_RECORD, record, err);

    if (rc == 0 && statement_changes(db) == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such record");
    db->stamp.records++;
    db->stamp.joins++; /* what was kept of the family is no longer sure */
    if (rc == 0)
        rc = run(db, DELETE_OFFER, record, err);
    if (rc == 0)
        rc = run(db, DELETE_TOLD, record, err);
    if (rc == 0)
        rc = run(db, DELETE_OPENED, record, err);
    if (rc == 0)
        rc = run(db, DELETE_OF_PUPIL, record, err);
    if (rc == 0)
        rc = run(db, DELETE_OF_FAMILY, family, err);
    return rc < 0 ? rc : run(db, DELETE_MEMBERS, family, err);
}

int tombstones_since(int64_t *count, struct db *db, wall since, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, SINCE);
    int rc;

    *count = 0;
    statement_put_wall(&st, since);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    *count = statement_get_int(&st);
    return statement_good(&st, err);
}
