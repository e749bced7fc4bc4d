#include "store/retries.h"

#include "base/err.h"
#include "store/statement.h"

static const char COUNT[] =
    "UPDATE batches SET retry_day = ?2,"
    " retries = CASE retry_day WHEN ?2 THEN retries + 1 ELSE 1 END"
    " WHERE id = ?1";
static const char COUNTED[] = "SELECT retries FROM batches WHERE id = ?1";
static const char REFUSED[] =
    "SELECT count(*) FROM batches JOIN streams_out ON streams_out.id = stream"
    " WHERE answered = 0 AND refused <> 0 AND current = 1";

static int not_found(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "store: no such batch");
}

int retries_count(
    int64_t *count, struct db *db, int64_t batch, int64_t day, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, COUNT);
    SCOPED(statement_end)
    struct statement counted = statement_start(db, COUNTED);
    int rc;

    statement_put_int(&st, batch);
    statement_put_int(&st, day);
    rc = statement_run(&st, err);
    if (rc < 0)
        return rc;
    statement_put_int(&counted, batch);
    rc = statement_step(&counted, err);
    if (rc <= 0)
        return rc < 0 ? rc : not_found(err);
    *count = statement_get_int(&counted);
    return 0;
}

int retries_refused(uint64_t *count, struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, REFUSED);
    int rc = statement_step(&st, err);

    *count = rc == 1 ? statement_get_number(&st) : 0;
    return rc < 0 ? rc : 0;
}
