#include "store/heldback.h"

#include "store/statement.h"

static const char ADD[] =
    "INSERT INTO heldback (pupil, envelope) VALUES (?1, ?2)"
    " ON CONFLICT DO NOTHING";
static const char HAS[] =
    "SELECT 1 FROM heldback WHERE pupil = ?1 AND EXISTS (SELECT 1"
    " FROM quarantine WHERE quarantine.envelope = heldback.envelope) LIMIT 1";
static const char ANY[] = "SELECT 1 FROM heldback LIMIT 1";
static const char FORGET[] = "DELETE FROM heldback WHERE envelope NOT IN"
                             " (SELECT envelope FROM quarantine)";

static const char WITHDRAWN[] =
    "SELECT 1 FROM heldback JOIN tombstones ON tombstones.tag = heldback.pupil"
    " WHERE heldback.envelope = ?1 AND tombstones.at >= ?2 AND NOT EXISTS"
    " (SELECT 1 FROM records WHERE records.tag = heldback.pupil) LIMIT 1";

int heldback_add(struct db *db, const struct id *envelope,
    const struct tag *pupil, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADD);

    statement_put_tag(&st, pupil);
    statement_put_id(&st, envelope);
    return statement_run(&st, err);
}

int heldback_has(
    bool *held, struct db *db, const struct tag *pupil, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, HAS);
    int rc;

    statement_put_tag(&st, pupil);
    rc = statement_step(&st, err);
    *held = rc > 0;
    return rc < 0 ? rc : 0;
}

int heldback_any(bool *any, struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ANY);
    const int rc = statement_step(&st, err);

    *any = rc > 0;
    return rc < 0 ? rc : 0;
}

int heldback_withdrawn(bool *withdrawn, struct db *db,
    const struct id *envelope, wall since, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, WITHDRAWN);
    int rc;

    statement_put_id(&st, envelope);
    statement_put_wall(&st, since);
    rc = statement_step(&st, err);
    *withdrawn = rc > 0;
    return rc < 0 ? rc : 0;
}

int heldback_forget(struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FORGET);

    return statement_run(&st, err);
}
