#include "store/renewals.h"

#include "store/statement.h"

static const char PUT[] =
    "INSERT INTO renewals (school, certificate, at, renewal)"
    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (school) DO UPDATE SET"
    " certificate = excluded.certificate, at = excluded.at,"
    " renewal = excluded.renewal";
static const char NEXT[] =
    "SELECT school, certificate, at, renewal FROM renewals"
    " WHERE school > ?1 ORDER BY school LIMIT 1";
static const char PUT_CAME[] =
    "INSERT INTO came (school, curve_key) VALUES (?1, ?2)"
    " ON CONFLICT (school) DO UPDATE SET curve_key = excluded.curve_key";
static const char CAME[] =
    "SELECT 1 FROM came WHERE school = ?1 AND curve_key = ?2";

int renewals_put(struct db *db, const struct renewals_row *row, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_school(&st, &row->school);
    statement_put_digest(&st, &row->certificate);
    statement_put_wall(&st, row->at);
    statement_put_blob(&st, row->renewal);
    return statement_run(&st, err);
}

int renewals_next(struct renewals_row *out, struct db *db,
    const struct laestab *after, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, NEXT);
    int rc;

    statement_put_school(&st, after);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    out->school = statement_get_school(&st);
    out->certificate = statement_get_digest(&st);
    out->at = statement_get_wall(&st);
    out->renewal = statement_get_blob(&st, arena);
    rc = statement_good(&st, err);
    return rc < 0 ? rc : 1;
}

int renewals_put_came(struct db *db, const struct laestab *school,
    const char *curve_key, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT_CAME);

    statement_put_school(&st, school);
    statement_put_text(&st, curve_key);
    return statement_run(&st, err);
}

int renewals_came(bool *came, struct db *db, const struct laestab *school,
    const char *curve_key, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CAME);
    int rc;

    statement_put_school(&st, school);
    statement_put_text(&st, curve_key);
    rc = statement_step(&st, err);
    *came = rc > 0;
    return rc < 0 ? rc : 0;
}
