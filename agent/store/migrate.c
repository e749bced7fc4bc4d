#include "store/migrate.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "store/statement.h"

static int read_number(
    int *out, struct db *db, const char *text, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);
    int rc = statement_step(&st, err);

    if (rc < 0)
        return rc;
    *out = rc == 1 ? (int)statement_get_int(&st) : 0;
    return 0;
}

static int keep_copy(struct db *db, int version, struct err *err)
{
    SCOPED(mem_freep)
    char *path = mem_format("%s.before-v%d", db->path, version);
    SCOPED(mem_freep) char *fresh = mem_format("%s.new", path);
    int rc = db_backup(db, fresh, err);

    if (rc == 0 && rename(fresh, path) < 0)
        rc = err_errno(err, path);
    if (rc < 0)
        unlink(fresh);
    return rc;
}

static int run_texts(
    struct db *db, const struct handle_plan *plan, int version, struct err *err)
{
    const struct handle_step *step = &plan->steps[version];
    const size_t count = sizeof step->texts / sizeof step->texts[0];
    char mark[96];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < count && step->texts[i] != NULL; i++)
        rc = statement_exec(db, step->texts[i], err);
    if (rc < 0)
        return rc;
    snprintf(mark, sizeof mark,
        "PRAGMA application_id = %d; PRAGMA user_version = %d;",
        plan->application_id, version + 1);
    return statement_exec(db, mark, err);
}

static int run_step(
    struct db *db, const struct handle_plan *plan, int version, struct err *err)
{
    int rc = db_begin(db, err);

    if (rc < 0)
        return rc;
    rc = run_texts(db, plan, version, err);
    if (rc < 0) {
        db_rollback(db);
        return rc;
    }
    return db_commit(db, err);
}

int migrate_run(struct db *db, const struct handle_plan *plan, struct err *err)
{
    int version = 0;
    int application = 0;
    int tables = 0;
    int rc = read_number(&version, db, "PRAGMA user_version", err);

    if (rc == 0)
        rc = read_number(&application, db, "PRAGMA application_id", err);
    if (rc == 0)
        rc =
            read_number(&tables, db, "SELECT count(*) FROM sqlite_schema", err);
    if (rc < 0)
        return rc;
    if (tables > 0 && application != plan->application_id)
        return err_set(
            err, ERR_MALFORMED, "store: the database of another program");
    if (version < 0 || version > plan->count)
        return err_set(err, ERR_STATE,
            "store: made by a newer version of Moveup (tables of version %d, "
            "this program knows %d)",
            version, plan->count);
    if (version > 0 && version < plan->count)
        rc = keep_copy(db, plan->count, err);
    for (; rc == 0 && version < plan->count; version++)
        rc = run_step(db, plan, version, err);
    return rc;
}
