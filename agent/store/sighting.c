#include "store/sighting.h"

#include "store/statement.h"

static const char GET[] =
    "SELECT incarnation, progress FROM sightings WHERE school = ?1";
static const char PUT[] =
    "INSERT INTO sightings (school, incarnation, progress) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (school) DO UPDATE SET incarnation = excluded.incarnation,"
    " progress = excluded.progress"
    " WHERE (excluded.incarnation, excluded.progress) >"
    " (incarnation, progress)";

int sighting_get(struct sighting *out, struct db *db,
    const struct laestab *school, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, GET);
    int rc;

    *out = (struct sighting){0, 0};
    statement_put_school(&st, school);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    out->incarnation = statement_get_number(&st);
    out->progress = statement_get_number(&st);
    return statement_good(&st, err);
}

int sighting_put(struct db *db, const struct laestab *school,
    const struct sighting *sighting, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_school(&st, school);
    statement_put_number(&st, sighting->incarnation);
    statement_put_number(&st, sighting->progress);
    return statement_run(&st, err);
}
