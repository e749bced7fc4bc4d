#include "store/traces.h"

#include "base/err.h"
#include "store/statement.h"

/* Reads every name: an administrator asks, and seldom. */
static const char FIND[] =
    "SELECT envelope, author, recipient, lane, header, put_at, acked_at,"
    " expires_at, size FROM letters"
    " WHERE substr(envelope, 1, ?1) = ?2 ORDER BY cursor LIMIT ?3";

int traces_find(struct traces_letter *out, size_t max, struct db *db,
    struct bytes begins, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    size_t count = 0;
    int rc;

    statement_put_int(&st, (int64_t)begins.len);
    statement_put_blob(&st, begins);
    statement_put_int(&st, (int64_t)max);
    while ((rc = statement_step(&st, err)) == 1 && count < max) {
        struct traces_letter *letter = &out[count++];

        letter->envelope = statement_get_id(&st);
        letter->author = statement_get_school(&st);
        letter->recipient = statement_get_school(&st);
        letter->lane = (enum lane)statement_get_int(&st);
        letter->header = statement_get_blob(&st, arena);
        letter->put_at = statement_get_wall(&st);
        letter->acked_at = statement_get_wall(&st);
        letter->expires_at = statement_get_wall(&st);
        letter->waits = statement_get_int(&st) > 0;
        rc = statement_good(&st, err);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? rc : (int)count;
}
