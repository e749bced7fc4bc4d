#include "store/opened.h"

#include "store/statement.h"

static const char FIND[] =
    "SELECT sections FROM opened WHERE record = ?1 AND role = ?2";
static const char PUT[] =
    "INSERT OR REPLACE INTO opened (record, role, sections)"
    " VALUES (?1, ?2, ?3)";
static const char LIST[] = "SELECT role, sections FROM opened"
                           " WHERE record = ?1 ORDER BY role LIMIT ?2";

static int find(unsigned *sections, struct db *db, int64_t record,
    const char *role, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    *sections = 0;
    statement_put_int(&st, record);
    statement_put_text(&st, role);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    *sections = (unsigned)statement_get_int(&st);
    return statement_good(&st, err);
}

int opened_add(bool *added, struct db *db, int64_t record,
    const struct used *used, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);
    unsigned before;
    int rc = find(&before, db, record, used->role, err);

    *added = rc == 0 && (used->sections & ~before) != 0;
    if (!*added)
        return rc;
    statement_put_int(&st, record);
    statement_put_text(&st, used->role);
    statement_put_int(&st, before | used->sections);
    return statement_run(&st, err);
}

int opened_list(struct used *out, struct db *db, int64_t record,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, LIST);
    char role[USED_MAX_ROLE + 1];
    int count = 0;
    int rc;

    statement_put_int(&st, record);
    statement_put_int(&st, USED_MAX_ROLES);
    for (rc = statement_step(&st, err); rc > 0; rc = statement_step(&st, err)) {
        statement_get_text(&st, role, sizeof role);
        out[count].role = arena_text(arena, role);
        out[count++].sections = (unsigned)statement_get_int(&st);
    }
    if (rc == 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : count;
}
