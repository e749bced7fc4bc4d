#include "store/traces.h"

#include "base/err.h"
#include "store/statement.h"
#include "wire/envelope.h"

/* These read every name: an administrator asks, and seldom. */
static const char FIND[] =
    "SELECT cursor, envelope, author, recipient, lane, header, put_at,"
    " handed_at, acked_at, superseded_at, expires_at, bytes, size FROM letters"
    " WHERE substr(envelope, 1, ?1) = ?2 ORDER BY cursor LIMIT ?3";
static const char FIND_EXPIRED[] =
    "SELECT cursor, envelope, author, header, put_at, at, bytes FROM notices"
    " WHERE substr(envelope, 1, ?1) = ?2 AND reason = ?4"
    " ORDER BY id LIMIT ?3";

static void read_letter(
    struct traces_letter *out, struct statement *st, struct arena *arena)
{
    uint64_t size;

    *out = (struct traces_letter){.cursor = statement_get_number(st)};
    out->envelope = statement_get_id(st);
    out->author = statement_get_school(st);
    out->recipient = statement_get_school(st);
    out->lane = (enum lane)statement_get_int(st);
    out->header = statement_get_blob(st, arena);
    out->put_at = statement_get_wall(st);
    out->handed_at = statement_get_wall(st);
    out->acked_at = statement_get_wall(st);
    out->superseded_at = statement_get_wall(st);
    out->expires_at = statement_get_wall(st);
    out->bytes = statement_get_number(st);
    size = statement_get_number(st);
    out->waits = size > 0;
    if (out->waits)
        out->bytes = size;
}

/* Its row is gone; its header says whose it was. */
static void read_expired(
    struct traces_letter *out, struct statement *st, struct arena *arena)
{
    struct header header;

    *out = (struct traces_letter){.cursor = statement_get_number(st)};
    out->envelope = statement_get_id(st);
    out->author = statement_get_school(st);
    out->header = statement_get_blob(st, arena);
    out->put_at = statement_get_wall(st);
    out->expired_at = statement_get_wall(st);
    out->expires_at = out->expired_at;
    out->bytes = statement_get_number(st);
    if (envelope_decode(&header, out->header, NULL) < 0)
        return;
    out->recipient = header.recipient;
    out->lane = header.lane;
}

static void put_name(struct statement *st, struct bytes begins, size_t max)
{
    statement_put_int(st, (int64_t)begins.len);
    statement_put_blob(st, begins);
    statement_put_int(st, (int64_t)max);
}

static int find(struct traces_letter *out, size_t max, struct db *db,
    struct bytes begins, struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    size_t count = 0;
    int rc = 0;

    put_name(&st, begins, max);
    while (count < max && (rc = statement_step(&st, err)) == 1)
        read_letter(&out[count++], &st, arena);
    if (rc >= 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : (int)count;
}

static int find_expired(struct traces_letter *out, size_t max, struct db *db,
    struct bytes begins, struct arena *arena, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, FIND_EXPIRED);
    size_t count = 0;
    int rc = 0;

    put_name(&st, begins, max);
    statement_put_int(&st, REASON_EXPIRED);
    while (count < max && (rc = statement_step(&st, err)) == 1) {
        read_expired(&out[count], &st, arena);
        count += out[count].lane != 0; /* damaged */
    }
    if (rc >= 0)
        rc = statement_good(&st, err);
    return rc < 0 ? rc : (int)count;
}

int traces_find(struct traces_letter *out, size_t max, struct db *db,
    struct bytes begins, struct arena *arena, struct err *err)
{
    const int here = find(out, max, db, begins, arena, err);
    int gone;

    if (here < 0)
        return here;
    gone = find_expired(out + here, max - (size_t)here, db, begins, arena, err);
    return gone < 0 ? gone : here + gone;
}
