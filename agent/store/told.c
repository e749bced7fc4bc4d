#include "store/told.h"

#include "store/statement.h"

static const char FIND[] =
    "SELECT state, day, tutor, used FROM told WHERE record = ?1";
static const char PUT[] =
    "INSERT OR REPLACE INTO told (record, state, day, tutor, used)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";

int told_find(struct told *out, struct db *db, int64_t record, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int32_t day;
    int rc;

    *out = (struct told){.record = record};
    statement_put_int(&st, record);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    out->state = (int)statement_get_int(&st);
    day = (int32_t)statement_get_int(&st);
    if (day != 0)
        out->day = date_from_day_number(day);
    out->tutor = statement_get_int(&st);
    out->used = (int)statement_get_int(&st);
    return statement_good(&st, err);
}

int told_put(struct db *db, const struct told *told, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_int(&st, told->record);
    statement_put_int(&st, told->state);
    statement_put_int(
        &st, date_is_set(told->day) ? date_day_number(told->day) : 0);
    statement_put_int(&st, told->tutor);
    statement_put_int(&st, told->used);
    return statement_run(&st, err);
}
