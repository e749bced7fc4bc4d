#include "store/retries.h"

#include "base/err.h"
#include "store/statement.h"

static const char COUNT[] =
    "UPDATE batches SET retry_day = ?2,"
    " retries = CASE retry_day WHEN ?2 THEN retries + 1 ELSE 1 END"
    " WHERE id = ?1";
static const char COUNTED[] = "SELECT retries FROM batches WHERE id = ?1";
static const char REPLACE[] =
    "UPDATE batches SET envelope = ?2, header = ?3, put_at = 0, refused = 0"
    " WHERE id = ?1 AND applied_at = 0";
static const char REPLACE_SEALED[] =
    "UPDATE letters_out SET sealed = ?2 WHERE batch = ?1";
static const char TOLD[] = "SELECT told FROM batches WHERE id = ?1";
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

int retries_replace(struct db *db, int64_t batch,
    const struct retries_letter *letter, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, REPLACE);
    SCOPED(statement_end)
    struct statement bytes = statement_start(db, REPLACE_SEALED);
    int rc;

    statement_put_int(&st, batch);
    statement_put_id(&st, &letter->envelope);
    statement_put_blob(&st, letter->header);
    rc = statement_run(&st, err);
    if (rc == 0 && statement_changes(db) == 0)
        return not_found(err);
    statement_put_int(&bytes, batch);
    statement_put_blob(&bytes, letter->sealed);
    return rc < 0 ? rc : statement_run(&bytes, err);
}

static void pack(uint8_t out[8], uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint64_t unpack(const uint8_t in[8])
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value = value << 8 | in[i];
    return value;
}

void retries_pack(
    uint8_t out[RETRIES_TOLD_SIZE], const struct outbox_told *told)
{
    pack(out, told->incarnation);
    pack(out + 8, told->heard);
    pack(out + 16, told->progress);
    pack(out + 24, told->heard_progress);
}

int retries_told(
    struct outbox_told *out, struct db *db, int64_t batch, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, TOLD);
    struct bytes told;
    int rc;

    statement_put_int(&st, batch);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc < 0 ? rc : not_found(err);
    told = statement_get_blob(&st, NULL);
    if (told.len != RETRIES_TOLD_SIZE)
        return not_found(err);
    *out = (struct outbox_told){unpack(told.data), unpack(told.data + 8),
        unpack(told.data + 16), unpack(told.data + 24)};
    return statement_good(&st, err);
}

int retries_refused(uint64_t *count, struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, REFUSED);
    int rc = statement_step(&st, err);

    *count = rc == 1 ? statement_get_number(&st) : 0;
    return rc < 0 ? rc : 0;
}
