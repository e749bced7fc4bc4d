#include "store/heldback.h"

#include "store/statement.h"

static const char ADD[] =
    "INSERT INTO heldback (pupil, envelope) VALUES (?1, ?2)"
    " ON CONFLICT DO NOTHING";
/* A letter that left quarantine holds nobody back. */
static const char FORGET[] = "DELETE FROM heldback WHERE envelope NOT IN"
                             " (SELECT envelope FROM quarantine)";
static const char EACH[] =
    "SELECT DISTINCT pupil FROM heldback WHERE envelope IN"
    " (SELECT envelope FROM quarantine)";

int heldback_add(struct db *db, const struct id *envelope,
    const struct tag *pupil, struct err *err)
{
    SCOPED(statement_end) struct statement forget = statement_start(db, FORGET);
    SCOPED(statement_end) struct statement st = statement_start(db, ADD);
    const int rc = statement_run(&forget, err);

    if (rc < 0)
        return rc;
    statement_put_tag(&st, pupil);
    statement_put_id(&st, envelope);
    return statement_run(&st, err);
}

int heldback_each(struct db *db,
    int (*visit)(void *arg, const struct tag *pupil), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH);
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        const struct tag pupil = statement_get_tag(&st);

        rc = statement_good(&st, err);
        if (rc == 0)
            rc = visit(arg, &pupil);
        if (rc != 0)
            return rc;
    }
    return rc;
}
