#include "store/notice.h"

#include "store/statement.h"
#include "wire/stream.h"

/* letters_held covers all that is asked of letters that are not yet due. */
static const char WARN[] =
    "INSERT OR IGNORE INTO notices (cursor, reason, author, envelope, at,"
    " header, told, put_at, bytes)"
    " SELECT cursor, ?2, author, envelope, expires_at, header, 0, put_at, size"
    " FROM letters"
    " WHERE cursor IN (SELECT cursor FROM letters INDEXED BY letters_held"
    "  WHERE size > 0 AND lane <> ?3"
    "  AND put_at + (expires_at - put_at) / 4 * 3 <= ?1)";
static const char EXPIRED[] =
    "INSERT OR IGNORE INTO notices (cursor, reason, author, envelope, at,"
    " header, told, put_at, bytes)"
    " SELECT cursor, ?2, author, envelope, expires_at, header, 0, put_at, size"
    " FROM letters"
    " WHERE cursor = ?1 AND lane <> ?3";
static const char UNTOLD[] =
    "SELECT id, envelope, reason, at, header, put_at, bytes FROM notices"
    " WHERE author = ?1 AND told = 0 ORDER BY id";
/* A warning that was told stays as a mark that it was. */
static const char TOLD[] =
    "UPDATE notices SET told = 1"
    " WHERE author = ?1 AND told = 0 AND envelope = ?2 AND reason = ?3";
static const char TIDY[] =
    "DELETE FROM notices WHERE at < ?1 OR"
    " (reason = ?2 AND NOT EXISTS (SELECT 1 FROM letters"
    "  WHERE letters.cursor = notices.cursor AND size > 0))";

int notice_warn(struct db *db, wall now, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, WARN);
    int rc;

    statement_put_wall(&st, now);
    statement_put_int(&st, REASON_EXPIRING);
    statement_put_int(&st, LANE_RECEIPT);
    rc = statement_run(&st, err);
    return rc < 0 ? rc : statement_changes(db);
}

int notice_expired(struct db *db, int64_t cursor, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EXPIRED);

    statement_put_int(&st, cursor);
    statement_put_int(&st, REASON_EXPIRED);
    statement_put_int(&st, LANE_RECEIPT);
    return statement_run(&st, err);
}

int notice_untold(struct notice *out, size_t max, struct db *db,
    const struct laestab *author, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, UNTOLD);
    size_t count = 0;
    int rc = 0;

    statement_put_school(&st, author);
    while (count < max && (rc = statement_step(&st, err)) == 1) {
        struct notice *notice = &out[count++];

        notice->id = statement_get_int(&st);
        notice->envelope = statement_get_id(&st);
        notice->reason = (enum reason)statement_get_int(&st);
        notice->at = statement_get_wall(&st);
        notice->header = statement_get_blob(&st, arena);
        notice->put_at = statement_get_wall(&st);
        notice->bytes = statement_get_number(&st);
    }
    if (rc >= 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : (int)count;
}

int notice_told(struct db *db, const struct laestab *author,
    const struct id *envelope, enum reason reason, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, TOLD);

    statement_put_school(&st, author);
    statement_put_id(&st, envelope);
    statement_put_int(&st, reason);
    return statement_run(&st, err);
}

int notice_tidy(struct db *db, wall before, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, TIDY);

    statement_put_wall(&st, before);
    statement_put_int(&st, REASON_EXPIRING);
    return statement_run(&st, err);
}
