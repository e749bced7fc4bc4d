#include "store/owed.h"

#include "store/statement.h"

static const char PUT[] =
    "INSERT INTO receipts_out (peer, put, envelope, header, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (peer) DO UPDATE SET"
    " put = excluded.put, envelope = excluded.envelope,"
    " header = excluded.header, sealed = excluded.sealed";
static const char UNPUT[] =
    "SELECT peer, put, envelope, header, sealed FROM receipts_out"
    " WHERE put = 0 ORDER BY peer";
static const char MARK_PUT[] =
    "UPDATE receipts_out SET put = 1 WHERE envelope = ?1";

/* Another name: as in resend.h. */
static const char ALL_AGAIN[] =
    "UPDATE receipts_out SET put = 0, envelope = randomblob(16)";

/* The newer telling replaces the older, and moves to the end. */
static const char ADD_REFUSAL[] =
    "INSERT OR REPLACE INTO refusals_out"
    " (peer, envelope, lane, epoch, first, last, reason, at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char FORGET_REFUSALS[] =
    "DELETE FROM refusals_out WHERE peer = ?1 AND id NOT IN"
    " (SELECT id FROM refusals_out WHERE peer = ?1 ORDER BY id DESC LIMIT ?2)";
static const char FORGET_REFUSAL[] =
    "DELETE FROM refusals_out WHERE peer = ?1 AND envelope = ?2";
static const char REFUSALS[] =
    "SELECT envelope, lane, epoch, first, last, reason FROM refusals_out"
    " WHERE peer = ?1 ORDER BY id DESC";

int owed_put(struct db *db, const struct owed_receipt *receipt, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_school(&st, &receipt->peer);
    statement_put_int(&st, receipt->put);
    statement_put_id(&st, &receipt->envelope);
    statement_put_blob(&st, receipt->header);
    statement_put_blob(&st, receipt->sealed);
    return statement_run(&st, err);
}

int owed_unput(struct owed_receipt *out, size_t max, struct db *db,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, UNPUT);
    size_t count = 0;
    int rc = 0;

    while (count < max && (rc = statement_step(&st, err)) == 1) {
        struct owed_receipt *receipt = &out[count++];

        receipt->peer = statement_get_school(&st);
        receipt->put = statement_get_int(&st) != 0;
        receipt->envelope = statement_get_id(&st);
        receipt->header = statement_get_blob(&st, arena);
        receipt->sealed = statement_get_blob(&st, arena);
    }
    if (rc >= 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : (int)count;
}

int owed_mark_put(
    struct db *db, const struct id *envelope, bool *found, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MARK_PUT);
    int rc;

    statement_put_id(&st, envelope);
    rc = statement_run(&st, err);
    *found = rc == 0 && statement_changes(db) > 0;
    return rc;
}

int owed_all_again(struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ALL_AGAIN);

    return statement_run(&st, err);
}

static int forget_refusals(
    struct db *db, const struct laestab *peer, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, FORGET_REFUSALS);

    statement_put_school(&st, peer);
    statement_put_int(&st, OWED_REFUSALS);
    return statement_run(&st, err);
}

int owed_add_refusal(struct db *db, const struct laestab *peer,
    const struct refusal *refusal, wall at, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, ADD_REFUSAL);
    int rc;

    statement_put_school(&st, peer);
    statement_put_id(&st, &refusal->envelope);
    statement_put_int(&st, refusal->lane);
    statement_put_id(&st, &refusal->epoch);
    statement_put_number(&st, refusal->first);
    statement_put_number(&st, refusal->last);
    statement_put_int(&st, refusal->reason);
    statement_put_wall(&st, at);
    rc = statement_run(&st, err);
    return rc < 0 ? rc : forget_refusals(db, peer, err);
}

int owed_forget_refusal(struct db *db, const struct laestab *peer,
    const struct id *envelope, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, FORGET_REFUSAL);

    statement_put_school(&st, peer);
    statement_put_id(&st, envelope);
    return statement_run(&st, err);
}

int owed_refusals(struct refusal *out, size_t max, struct db *db,
    const struct laestab *peer, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, REFUSALS);
    size_t count = 0;
    int rc = 0;

    statement_put_school(&st, peer);
    while (count < max && (rc = statement_step(&st, err)) == 1) {
        struct refusal *refusal = &out[count++];

        refusal->envelope = statement_get_id(&st);
        refusal->lane = (enum lane)statement_get_int(&st);
        refusal->epoch = statement_get_id(&st);
        refusal->first = statement_get_number(&st);
        refusal->last = statement_get_number(&st);
        refusal->reason = (enum reason)statement_get_int(&st);
    }
    if (rc >= 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : (int)count;
}
