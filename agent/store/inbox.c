#include "store/inbox.h"

#include "base/err.h"
#include "store/families.h"
#include "store/ranges.h"
#include "store/statement.h"

static const char CURRENT[] =
    "SELECT id, author, lane, epoch, high, head, heard_at, holes"
    " FROM streams_in WHERE author = ?1 AND lane = ?2 AND current = 1";
static const char EACH_STREAM[] =
    "SELECT id, author, lane, epoch, high, head, heard_at, holes"
    " FROM streams_in WHERE current = 1 ORDER BY author, lane";
static const char CLOSED[] =
    "SELECT 1 FROM streams_in"
    " WHERE author = ?1 AND lane = ?2 AND epoch = ?3 AND current = 0";
static const char COUNT_EPOCHS[] =
    "SELECT count(*) FROM streams_in WHERE author = ?1 AND lane = ?2";
static const char NEW_STREAM[] =
    "INSERT INTO streams_in"
    " (author, lane, epoch, current, high, head, heard_at, holes)"
    " VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7)";
static const char PUT_STREAM[] =
    "UPDATE streams_in SET high = ?3, head = ?4, heard_at = ?5, holes = ?6"
    " WHERE id = ?1 AND epoch = ?2 AND current = 1";
static const char CLOSE_STREAM[] =
    "UPDATE streams_in SET current = 0 WHERE id = ?1 AND current = 1";

#define RECORD_COLUMNS                                                         \
    "id, tag, author, revision, family, applied_at, changed_at,"               \
    " read_revision, read_at, read_role, read_by, sealed"

static const char PUT_RECORD[] =
    "INSERT INTO records (" RECORD_COLUMNS ")"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    " ON CONFLICT (id) DO UPDATE SET tag = excluded.tag,"
    " author = excluded.author, revision = excluded.revision,"
    " family = excluded.family, applied_at = excluded.applied_at,"
    " changed_at = excluded.changed_at,"
    " read_revision = excluded.read_revision, read_at = excluded.read_at,"
    " read_role = excluded.read_role, read_by = excluded.read_by,"
    " sealed = excluded.sealed";
static const char FIND_RECORD[] =
    "SELECT " RECORD_COLUMNS " FROM records WHERE tag = ?1";
static const char COUNT[] = "SELECT count(*) FROM records";
static const char COUNT_OF[] = "SELECT count(*) FROM records WHERE author = ?1";
static const char EACH_RECORD[] =
    "SELECT " RECORD_COLUMNS " FROM records ORDER BY family, id";
static const char EACH_OF_FAMILY[] =
    "SELECT " RECORD_COLUMNS " FROM records WHERE family = ?1 ORDER BY id";
static const char HAS_RECORD[] = "SELECT 1 FROM records WHERE id = ?1";
static const char MARK_READ[] =
    "UPDATE records SET read_revision = ?2, read_role = ?3, read_by = ?4,"
    " read_at = ?5 WHERE id = ?1 AND read_revision < ?2";

static int read_stream(
    struct inbox_stream *out, struct statement *st, struct err *err)
{
    struct ranges holes;

    *out = (struct inbox_stream){.id = statement_get_int(st)};
    out->author = statement_get_school(st);
    out->lane = (enum lane)statement_get_int(st);
    out->intake.epoch = statement_get_id(st);
    out->intake.high = statement_get_number(st);
    out->intake.head = statement_get_digest(st);
    out->heard_at = statement_get_wall(st);
    if (!ranges_decode(&holes, statement_get_blob(st, NULL)) ||
        holes.count > INTAKE_MAX_HOLES)
        return statement_error(st->db, SQLITE_CORRUPT, err);
    out->intake.hole_count = holes.count;
    for (size_t i = 0; i < holes.count; i++)
        out->intake.holes[i] = (struct intake_hole){
            holes.items[i].first, holes.items[i].last, holes.items[i].reason};
    return statement_good(st, err);
}

static int is_closed(bool *closed, const struct inbox_stream *stream,
    struct db *db, const struct id *epoch, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CLOSED);
    int rc;

    statement_put_school(&st, &stream->author);
    statement_put_int(&st, stream->lane);
    statement_put_id(&st, epoch);
    rc = statement_step(&st, err);
    *closed = rc == 1;
    return rc < 0 ? rc : 0;
}

static int is_full(bool *full, const struct inbox_stream *stream, struct db *db,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, COUNT_EPOCHS);
    int rc;

    statement_put_school(&st, &stream->author);
    statement_put_int(&st, stream->lane);
    rc = statement_step(&st, err);
    *full = rc == 1 && statement_get_int(&st) >= INBOX_MAX_EPOCHS;
    return rc < 0 ? rc : 0;
}

int inbox_stream(struct inbox_stream *out, bool *epoch_seen, struct db *db,
    const struct laestab *author, enum lane lane, const struct id *epoch,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CURRENT);
    int rc;

    *epoch_seen = false;
    statement_put_school(&st, author);
    statement_put_int(&st, lane);
    rc = statement_step(&st, err);
    if (rc == 0)
        *out = (struct inbox_stream){.author = *author, .lane = lane};
    if (rc == 1)
        rc = read_stream(out, &st, err);
    if (rc < 0 || id_equal(&out->intake.epoch, epoch))
        return rc;
    rc = is_closed(epoch_seen, out, db, epoch, err);
    return rc < 0 || *epoch_seen ? rc : is_full(epoch_seen, out, db, err);
}

static struct bytes encode_holes(
    uint8_t blob[RANGES_MAX_BYTES], const struct intake *intake)
{
    struct ranges holes = {.count = intake->hole_count};

    for (size_t i = 0; i < holes.count; i++)
        holes.items[i] = (struct exception){intake->holes[i].first,
            intake->holes[i].last, intake->holes[i].reason};
    return ranges_encode(blob, &holes);
}

/* The parameters that NEW_STREAM and PUT_STREAM have in common. */
static int run_with_intake(
    struct statement *st, const struct inbox_stream *stream, struct err *err)
{
    uint8_t holes[RANGES_MAX_BYTES];

    statement_put_id(st, &stream->intake.epoch);
    statement_put_number(st, stream->intake.high);
    statement_put_digest(st, &stream->intake.head);
    statement_put_wall(st, stream->heard_at);
    statement_put_blob(st, encode_holes(holes, &stream->intake));
    return statement_run(st, err);
}

static int new_stream(
    struct db *db, struct inbox_stream *stream, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, NEW_STREAM);
    int rc;

    statement_put_school(&st, &stream->author);
    statement_put_int(&st, stream->lane);
    rc = run_with_intake(&st, stream, err);
    if (rc == 0)
        stream->id = statement_inserted(db);
    return rc;
}

static int close_stream(struct db *db, int64_t id, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, CLOSE_STREAM);

    statement_put_int(&st, id);
    return statement_run(&st, err);
}

int inbox_put_stream(
    struct db *db, struct inbox_stream *stream, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT_STREAM);
    int rc;

    if (stream->id == 0)
        return new_stream(db, stream, err);
    statement_put_int(&st, stream->id);
    rc = run_with_intake(&st, stream, err);
    if (rc < 0 || statement_changes(db) > 0)
        return rc;
    rc = close_stream(db, stream->id, err);
    return rc < 0 ? rc : new_stream(db, stream, err);
}

int inbox_each_stream(struct db *db,
    int (*visit)(void *arg, const struct inbox_stream *stream), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, EACH_STREAM);
    struct inbox_stream stream;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        rc = read_stream(&stream, &st, err);
        if (rc == 0)
            rc = visit(arg, &stream);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int inbox_family(int64_t *family, struct db *db, const struct tag *people,
    size_t count, wall now, struct err *err)
{
    const struct families_people all = {people, count};

    return families_of(family, db, &all, now, err);
}

int inbox_next_record_id(struct db *db, int64_t *id, struct err *err)
{
    return statement_next_id(id, db, HANDLE_RECORDS,
        "SELECT max(id) FROM (SELECT id FROM records UNION ALL"
        " SELECT id FROM offers)",
        err);
}

int inbox_put_record(
    struct db *db, const struct inbox_record *record, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT_RECORD);

    statement_put_int(&st, record->id);
    statement_put_tag(&st, &record->tag);
    statement_put_school(&st, &record->author);
    statement_put_number(&st, record->revision);
    statement_put_int(&st, record->family);
    statement_put_wall(&st, record->applied_at);
    statement_put_wall(&st, record->changed_at);
    statement_put_number(&st, record->read_revision);
    statement_put_wall(&st, record->read_at);
    statement_put_text(&st, record->read_role);
    statement_put_text(&st, record->read_by);
    statement_put_blob(&st, record->sealed);
    db->stamp.records++;
    return statement_run(&st, err);
}

static int read_record(struct inbox_record *out, struct statement *st,
    struct arena *arena, struct err *err)
{
    *out = (struct inbox_record){.id = statement_get_int(st)};
    out->tag = statement_get_tag(st);
    out->author = statement_get_school(st);
    out->revision = statement_get_number(st);
    out->family = statement_get_int(st);
    out->applied_at = statement_get_wall(st);
    out->changed_at = statement_get_wall(st);
    out->read_revision = statement_get_number(st);
    out->read_at = statement_get_wall(st);
    statement_get_text(st, out->read_role, sizeof out->read_role);
    statement_get_text(st, out->read_by, sizeof out->read_by);
    out->sealed = statement_get_blob(st, arena);
    return statement_good(st, err);
}

int inbox_find_record(struct inbox_record *out, struct db *db,
    const struct tag *tag, struct arena *arena, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, FIND_RECORD);
    int rc;

    statement_put_tag(&st, tag);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such record");
    return rc < 0 ? rc : read_record(out, &st, arena, err);
}

static int has_record(struct db *db, int64_t id, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, HAS_RECORD);
    int rc;

    statement_put_int(&st, id);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no such record");
    return rc < 0 ? rc : 0;
}

int inbox_mark_read(struct db *db, int64_t id, uint64_t revision,
    const char *role, const char *login, wall at, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MARK_READ);
    int rc;

    statement_put_int(&st, id);
    statement_put_number(&st, revision);
    statement_put_text(&st, role);
    statement_put_text(&st, login);
    statement_put_wall(&st, at);
    rc = statement_run(&st, err);
    db->stamp.records++;
    if (rc < 0 || statement_changes(db) > 0)
        return rc;
    return has_record(db, id, err);
}

static int read_count(int64_t *count, struct statement *st, struct err *err)
{
    const int rc = statement_step(st, err);

    *count = rc == 1 ? statement_get_int(st) : 0;
    return rc < 0 ? rc : 0;
}

int inbox_count(int64_t *count, struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, COUNT);

    return read_count(count, &st, err);
}

int inbox_count_of(int64_t *count, struct db *db, const struct laestab *author,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, COUNT_OF);

    statement_put_school(&st, author);
    return read_count(count, &st, err);
}

int inbox_each_record(struct db *db, int64_t family,
    int (*visit)(void *arg, const struct inbox_record *record), void *arg,
    struct err *err)
{
    SCOPED(statement_end)
    struct statement st =
        statement_start(db, family == 0 ? EACH_RECORD : EACH_OF_FAMILY);
    struct inbox_record record;
    int rc;

    if (family != 0)
        statement_put_int(&st, family);
    while ((rc = statement_step(&st, err)) == 1) {
        rc = read_record(&record, &st, NULL, err);
        if (rc == 0)
            rc = visit(arg, &record);
        if (rc != 0)
            return rc;
    }
    return rc;
}
