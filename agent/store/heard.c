#include "store/heard.h"

#include "store/statement.h"

static const char FIND[] = "SELECT state, day, at, tutor, used, contacted,"
                           " incarnation, progress FROM heard"
                           " WHERE leaver = ?1 AND school = ?2";
static const char PUT[] =
    "INSERT OR REPLACE INTO heard (leaver, school, state, day, at, tutor,"
    " used, contacted, incarnation, progress)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

static struct date get_day(struct statement *st)
{
    const int32_t day = (int32_t)statement_get_int(st);

    return day == 0 ? (struct date){0, 0, 0} : date_from_day_number(day);
}

static void put_day(struct statement *st, struct date day)
{
    statement_put_int(st, date_is_set(day) ? date_day_number(day) : 0);
}

int heard_find(struct heard *out, struct db *db, int64_t leaver,
    const struct laestab *school, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    *out = (struct heard){.leaver = leaver, .school = *school};
    statement_put_int(&st, leaver);
    statement_put_school(&st, school);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    out->state = (int)statement_get_int(&st);
    out->day = get_day(&st);
    out->at = statement_get_wall(&st);
    out->tutor = statement_get_blob(&st, arena);
    statement_get_text(&st, out->used, sizeof out->used);
    out->contacted = get_day(&st);
    out->incarnation = (uint64_t)statement_get_int(&st);
    out->progress = (uint64_t)statement_get_int(&st);
    return statement_good(&st, err);
}

int heard_put(struct db *db, const struct heard *heard, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_int(&st, heard->leaver);
    statement_put_school(&st, &heard->school);
    statement_put_int(&st, heard->state);
    put_day(&st, heard->day);
    statement_put_wall(&st, heard->at);
    statement_put_blob(&st, heard->tutor);
    statement_put_text(&st, heard->used);
    put_day(&st, heard->contacted);
    statement_put_number(&st, heard->incarnation);
    statement_put_number(&st, heard->progress);
    return statement_run(&st, err);
}
