#include "store/mailbox.h"

#include "base/err.h"
#include "base/text.h"
#include "store/notice.h"
#include "store/statement.h"
#include "store/stock.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* A row of size 0 is a name that is remembered: no mailbox holds it. */
static const char PUT[] =
    "INSERT INTO letters (author, recipient, lane, envelope, put_at,"
    " expires_at, size, header, sealed, origin)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char KNOWN[] =
    "SELECT cursor FROM letters WHERE author = ?1 AND envelope = ?2";
static const char NEXT[] =
    "SELECT cursor, author, recipient, lane, envelope, put_at, expires_at,"
    " header, sealed FROM letters"
    " WHERE recipient = ?1 AND lane = ?2 AND cursor > ?3 AND size > 0"
    " ORDER BY cursor LIMIT 1";
static const char HELD[] = "SELECT " STOCK_LETTER " FROM letters"
                           " WHERE cursor = ?1 AND recipient = ?2 AND size > 0";
static const char EMPTY[] =
    "UPDATE letters SET size = 0, sealed = x'', bytes = size, acked_at = ?2,"
    " handed_at = ?3, superseded_at = ?4 WHERE cursor = ?1";
static const char DELETE[] = "DELETE FROM letters WHERE cursor = ?1";
static const char OLDER[] =
    "SELECT " STOCK_LETTER " FROM letters"
    " WHERE recipient = ?1 AND lane = ?2 AND cursor < ?3 AND author = ?4"
    " AND size > 0 LIMIT 1";
static const char SAME_ORIGIN[] =
    "SELECT " STOCK_LETTER ", expires_at FROM letters WHERE author = ?1"
    " AND envelope = ?2 AND size > 0 UNION ALL"
    " SELECT " STOCK_LETTER ", expires_at FROM letters WHERE author = ?1"
    " AND origin = ?2 AND size > 0";
static const char HIGH[] =
    "SELECT seq FROM sqlite_sequence WHERE name = 'letters'";
static const char EXPIRED[] =
    "SELECT " STOCK_LETTER " FROM letters"
    " INDEXED BY letters_held WHERE expires_at <= ?1 AND size > 0 LIMIT 256";
static const char FORGET[] =
    "DELETE FROM letters WHERE size = 0 AND put_at < ?1";
static const char TOO_MANY[] =
    "SELECT author, count(*) - ?1 FROM letters WHERE size = 0"
    " GROUP BY author HAVING count(*) > ?1 LIMIT 1";
static const char FORGET_OLDEST[] =
    "DELETE FROM letters WHERE cursor IN (SELECT cursor FROM letters"
    "  WHERE size = 0 AND author = ?1 ORDER BY cursor LIMIT ?2)";
static const char PUT_REPORT[] =
    "INSERT INTO reports (school, at, report) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (school) DO UPDATE SET at = excluded.at,"
    " report = excluded.report";
static const char FIND_REPORT[] =
    "SELECT at, report FROM reports WHERE school = ?1";

int mailbox_id(struct id *out, struct db *db, struct err *err)
{
    char text[ID_TEXT_SIZE];
    int rc = db_get(db, "storage", text, sizeof text, err);

    if (rc == 0 && !text_unhex(out->bytes, sizeof out->bytes, text))
        return err_set(err, ERR_MALFORMED, "store: the hub has lost its name");
    return rc;
}

int mailbox_high(uint64_t *out, struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, HIGH);
    int rc = statement_step(&st, err);

    *out = rc == 1 ? statement_get_number(&st) : 0;
    return rc < 0 ? rc : 0;
}

/* 1: it is here, or was. */
static int find_known(
    struct db *db, struct mailbox_letter *letter, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, KNOWN);
    int rc;

    statement_put_school(&st, &letter->author);
    statement_put_id(&st, &letter->envelope);
    rc = statement_step(&st, err);
    if (rc == 1)
        letter->cursor = statement_get_number(&st);
    return rc;
}

static int insert(
    struct db *db, const struct mailbox_letter *letter, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_school(&st, &letter->author);
    statement_put_school(&st, &letter->recipient);
    statement_put_int(&st, letter->lane);
    statement_put_id(&st, &letter->envelope);
    statement_put_wall(&st, letter->put_at);
    statement_put_wall(&st, letter->expires_at);
    statement_put_int(&st, (int64_t)(letter->header.len + letter->sealed.len));
    statement_put_blob(&st, letter->header);
    statement_put_blob(&st, letter->sealed);
    if (id_is_zero(&letter->origin))
        statement_put_null(&st);
    else
        statement_put_id(&st, &letter->origin);
    return statement_run(&st, err);
}

/* How a letter left its mailbox: fetched, or another took its place. */
struct leaving {
    wall acked, handed, superseded; /* 0: not, or not known */
};

/* Take a letter out of its mailbox and keep its name. */
static int empty(struct db *db, const struct stock_letter *held,
    const struct leaving *how, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EMPTY);
    int rc;

    statement_put_int(&st, held->cursor);
    statement_put_wall(&st, how->acked);
    statement_put_wall(&st, how->handed);
    statement_put_wall(&st, how->superseded);
    rc = statement_run(&st, err);
    if (rc == 0)
        stock_remove(db, held);
    return rc;
}

/* One older receipt of the same author to the same recipient.  1: found. */
static int find_older(struct stock_letter *held, struct db *db,
    const struct mailbox_letter *letter, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, OLDER);
    int rc;

    statement_put_school(&st, &letter->recipient);
    statement_put_int(&st, letter->lane);
    statement_put_number(&st, letter->cursor);
    statement_put_school(&st, &letter->author);
    rc = statement_step(&st, err);
    if (rc == 1)
        *held = stock_read(&st);
    return rc;
}

static int replace_older(
    struct db *db, const struct mailbox_letter *letter, struct err *err)
{
    const struct leaving how = {.superseded = letter->put_at};
    struct stock_letter held;
    int rc;

    while ((rc = find_older(&held, db, letter, err)) == 1) {
        rc = empty(db, &held, &how, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

/* 1: a letter of the same batch waits; when it will end. */
static int find_same_origin(struct stock_letter *held, wall *expires_at,
    struct db *db, const struct mailbox_letter *letter, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, SAME_ORIGIN);
    int rc;

    statement_put_school(&st, &letter->author);
    statement_put_id(&st, &letter->origin);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    *held = stock_read(&st);
    *expires_at = statement_get_wall(&st);
    return 1;
}

/* The life of a letter is that of the first of its batch: an author that puts
 * it again and again does not prolong it. */
static int replace_origin(
    struct db *db, struct mailbox_letter *letter, struct err *err)
{
    const struct leaving how = {.superseded = letter->put_at};
    struct stock_letter held;
    wall expires_at = {0};
    int rc = find_same_origin(&held, &expires_at, db, letter, err);

    if (rc <= 0 || !laestab_equal(&held.recipient, &letter->recipient))
        return rc < 0 ? rc : 0;
    letter->put_at = (wall){held.put_at};
    letter->expires_at = expires_at;
    return empty(db, &held, &how, err);
}

int mailbox_put(
    struct db *db, struct mailbox_letter *letter, bool *fresh, struct err *err)
{
    struct stock_letter held = {letter->author, letter->recipient,
        letter->header.len + letter->sealed.len, letter->put_at.ms, 0};
    int rc = stock_ready(db, err);

    if (held.size == 0)
        return err_set(err, ERR_USAGE, "store: a letter without bytes");
    if (rc == 0)
        rc = find_known(db, letter, err);
    *fresh = rc == 0;
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (!id_is_zero(&letter->origin))
        rc = replace_origin(db, letter, err);
    if (rc == 0)
        rc = insert(db, letter, err);
    if (rc < 0)
        return rc;
    held.put_at = letter->put_at.ms;
    letter->cursor = (uint64_t)statement_inserted(db);
    stock_add(db, &held);
    return letter->lane == LANE_RECEIPT ? replace_older(db, letter, err) : 0;
}

int mailbox_next(struct mailbox_letter *out, struct db *db,
    const struct laestab *recipient, enum lane lane, uint64_t after,
    struct arena *arena, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, NEXT);
    int rc;

    statement_put_school(&st, recipient);
    statement_put_int(&st, lane);
    /* It came from outside; SQLite's numbers end earlier. */
    statement_put_int(&st, after > INT64_MAX ? INT64_MAX : (int64_t)after);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no more letters");
    if (rc < 0)
        return rc;
    out->cursor = statement_get_number(&st);
    out->author = statement_get_school(&st);
    out->recipient = statement_get_school(&st);
    out->lane = (enum lane)statement_get_int(&st);
    out->envelope = statement_get_id(&st);
    out->put_at = statement_get_wall(&st);
    out->expires_at = statement_get_wall(&st);
    out->header = statement_get_blob(&st, arena);
    out->sealed = statement_get_blob(&st, arena);
    return statement_good(&st, err);
}

/* 1: recipient has that letter. */
static int find_held(struct stock_letter *held, struct db *db,
    const struct laestab *recipient, uint64_t cursor, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, HELD);
    int rc;

    statement_put_number(&st, cursor);
    statement_put_school(&st, recipient);
    rc = statement_step(&st, err);
    if (rc == 1)
        *held = stock_read(&st);
    return rc;
}

int mailbox_ack(
    struct db *db, const struct mailbox_arrival *arrival, struct err *err)
{
    const struct leaving how = {
        .acked = arrival->at, .handed = arrival->handed};
    struct stock_letter held;
    int rc = stock_ready(db, err);

    if (rc == 0)
        rc = find_held(&held, db, &arrival->recipient, arrival->cursor, err);
    return rc == 1 ? empty(db, &held, &how, err) : rc;
}

void mailbox_use(struct mailbox_use *out, struct db *db,
    const struct laestab *recipient, const struct laestab *author)
{
    stock_use(out, db, recipient, author);
}

struct some {
    struct stock_letter items[256];
    int count;
};

static int find_expired(
    struct some *out, struct db *db, wall now, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EXPIRED);
    int rc;

    out->count = 0;
    statement_put_wall(&st, now);
    while ((rc = statement_step(&st, err)) == 1)
        out->items[out->count++] = stock_read(&st);
    return rc;
}

static int forget_names(struct db *db, wall before, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FORGET);

    statement_put_wall(&st, before);
    return statement_run(&st, err);
}

/* 1: this author has so many names too many. */
static int find_flood(
    struct laestab *author, int64_t *surplus, struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, TOO_MANY);
    int rc;

    statement_put_int(&st, MAILBOX_NAMES);
    rc = statement_step(&st, err);
    if (rc != 1)
        return rc;
    *author = statement_get_school(&st);
    *surplus = statement_get_int(&st);
    return 1;
}

/* A receipt takes the place of the one before, so a school can put them without
 * end and within its quota: only their names would fill the disk.  One that is
 * forgotten early is a duplicate if it comes again, which has no effect. */
static int forget_floods(struct db *db, struct err *err)
{
    struct laestab author;
    int64_t surplus;
    int rc;

    while ((rc = find_flood(&author, &surplus, db, err)) == 1) {
        SCOPED(statement_end)
        struct statement st = statement_start(db, FORGET_OLDEST);

        statement_put_school(&st, &author);
        statement_put_int(&st, surplus);
        rc = statement_run(&st, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

static int end_letter(
    struct db *db, const struct stock_letter *expired, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, DELETE);
    int rc = notice_expired(db, expired->cursor, err);

    if (rc < 0)
        return rc;
    statement_put_int(&st, expired->cursor);
    rc = statement_run(&st, err);
    if (rc == 0)
        stock_remove(db, expired);
    return rc;
}

int mailbox_expire(struct db *db, wall now, struct err *err)
{
    struct some expired;
    wall before;
    int total = 0;
    int rc = stock_ready(db, err);

    do {
        if (rc == 0)
            rc = find_expired(&expired, db, now, err);
        for (int i = 0; rc == 0 && i < expired.count; i++)
            rc = end_letter(db, &expired.items[i], err);
        if (rc < 0)
            return rc;
        total += expired.count;
    } while (expired.count > 0);
    before = (wall){now.ms - MAILBOX_NAME_DAYS * DAY_MS};
    rc = notice_warn(db, now, err);
    if (rc >= 0)
        rc = notice_tidy(db, before, err);
    if (rc == 0)
        rc = forget_names(db, before, err);
    if (rc == 0)
        rc = forget_floods(db, err);
    return rc < 0 ? rc : total;
}

int mailbox_put_report(struct db *db, const struct laestab *school,
    struct bytes report, wall at, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT_REPORT);

    statement_put_school(&st, school);
    statement_put_wall(&st, at);
    statement_put_blob(&st, report);
    return statement_run(&st, err);
}

int mailbox_find_report(struct mailbox_report *out, struct db *db,
    const struct laestab *school, struct arena *arena, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, FIND_REPORT);
    int rc;

    statement_put_school(&st, school);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "store: no report of that school");
    if (rc < 0)
        return rc;
    out->at = statement_get_wall(&st);
    out->report = statement_get_blob(&st, arena);
    return statement_good(&st, err);
}
