#include "store/compact.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/ranges.h"
#include "store/statement.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

#define TEXT_OF(number) #number
#define NUMBER(macro) TEXT_OF(macro)

/* A current stream's newest batch tells what its next number follows, and its
 * newest that is no heartbeat whether heartbeats are due. */
static const char BATCHES[] =
    "DELETE FROM batches WHERE id IN (SELECT b.id FROM batches AS b"
    " JOIN streams_out AS s ON s.id = b.stream"
    " WHERE b.answered BETWEEN 1 AND ?1"
    " AND (s.current = 0 OR (b.first <>"
    "   (SELECT max(first) FROM batches WHERE stream = s.id)"
    "  AND (b.heartbeat = 1 OR b.first <> (SELECT max(first) FROM batches"
    "   WHERE stream = s.id AND heartbeat = 0))))"
    " AND NOT EXISTS (SELECT 1 FROM leavers WHERE leavers.stream = s.id"
    "  AND leavers.seq BETWEEN b.first AND b.last AND leavers.seq > 0)"
    " AND NOT EXISTS (SELECT 1 FROM recalls WHERE recalls.stream = s.id"
    "  AND recalls.seq BETWEEN b.first AND b.last)"
    " LIMIT " NUMBER(COMPACT_ROWS) ")";
static const char LETTERS[] =
    "DELETE FROM letters_out WHERE batch NOT IN (SELECT id FROM batches)";
static const char ENDINGS[] =
    "DELETE FROM endings WHERE NOT EXISTS (SELECT 1 FROM batches"
    " WHERE batches.stream = endings.stream"
    " AND batches.first = endings.first)";
static const char STREAMS[] =
    "DELETE FROM streams_out WHERE current = 0"
    " AND NOT EXISTS (SELECT 1 FROM batches WHERE stream = streams_out.id)"
    " AND NOT EXISTS (SELECT 1 FROM leavers"
    "  WHERE leavers.stream = streams_out.id AND leavers.seq > 0)"
    " AND NOT EXISTS (SELECT 1 FROM recalls WHERE stream = streams_out.id)";
static const char ORPHANS[] =
    "DELETE FROM evidence WHERE stream NOT IN (SELECT id FROM streams_out)";

/* Streams with old receipts beside their newest one. */
static const char STREAMS_WITH_MORE[] =
    "SELECT stream FROM evidence GROUP BY stream"
    " HAVING count(*) > 1 AND min(at) <= ?1";
static const char NUMBERS[] =
    "SELECT seq FROM leavers WHERE stream = ?1 AND seq > 0 UNION"
    " SELECT seq FROM recalls WHERE stream = ?1 AND seq > 0";
static const char RECEIPTS[] =
    "SELECT id, received, applied, at, exceptions FROM evidence"
    " WHERE stream = ?1 ORDER BY id";
static const char DROP_RECEIPT[] = "DELETE FROM evidence WHERE id = ?1";

/* A number whose receipts are kept: the first that says received, and the first
 * that says applied. */
struct wanted {
    uint64_t seq;
    bool received, applied;
};

/* The receipts of one stream. */
struct sifting {
    struct db *db;
    int64_t stream;
    wall before;
    struct wanted *wanted;
    size_t wanted_count;
    int64_t surplus[COMPACT_ROWS];
    size_t surplus_count;
};

static void sifting_end(struct sifting *sifting)
{
    free(sifting->wanted);
}

static int read_wanted(struct sifting *s, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(s->db, NUMBERS);
    int rc;

    statement_put_int(&st, s->stream);
    while ((rc = statement_step(&st, err)) == 1) {
        s->wanted =
            mem_resize(s->wanted, s->wanted_count + 1, sizeof s->wanted[0]);
        s->wanted[s->wanted_count++] =
            (struct wanted){.seq = statement_get_number(&st)};
    }
    return rc;
}

/* Whether a receipt is the first to say something of a number. */
static bool is_first(struct sifting *s, uint64_t received, uint64_t applied,
    const struct ranges *exceptions)
{
    bool first = false;

    for (size_t i = 0; i < s->wanted_count; i++) {
        struct wanted *w = &s->wanted[i];
        const uint64_t seq = w->seq;

        if (!w->received && received >= seq &&
            ranges_find_missing(exceptions, seq, seq) == NULL)
            w->received = first = true;
        if (!w->applied && applied >= seq &&
            ranges_find(exceptions, seq, seq) == NULL)
            w->applied = first = true;
    }
    return first;
}

/* What is surplus turns out only with the next row: the newest stays. */
static int sift(struct sifting *s, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(s->db, RECEIPTS);
    int64_t last = 0;
    int rc;

    statement_put_int(&st, s->stream);
    while ((rc = statement_step(&st, err)) == 1 &&
           s->surplus_count < COMPACT_ROWS) {
        const int64_t id = statement_get_int(&st);
        const uint64_t received = statement_get_number(&st);
        const uint64_t applied = statement_get_number(&st);
        const wall at = statement_get_wall(&st);
        struct ranges exceptions;

        if (!ranges_decode(&exceptions, statement_get_blob(&st, NULL)))
            return statement_error(s->db, SQLITE_CORRUPT, err);
        if (last != 0)
            s->surplus[s->surplus_count++] = last;
        last =
            is_first(s, received, applied, &exceptions) || at.ms > s->before.ms
                ? 0
                : id;
    }
    return rc < 0 ? rc : 0;
}

static int drop_surplus(struct sifting *s, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->surplus_count; i++) {
        SCOPED(statement_end)
        struct statement st = statement_start(s->db, DROP_RECEIPT);

        statement_put_int(&st, s->surplus[i]);
        rc = statement_run(&st, err);
    }
    return rc < 0 ? rc : (int)s->surplus_count;
}

static int compact_stream(
    struct db *db, int64_t stream, wall before, struct err *err)
{
    SCOPED(sifting_end)
    struct sifting s = {.db = db, .stream = stream, .before = before};
    int rc = read_wanted(&s, err);

    if (rc == 0)
        rc = sift(&s, err);
    return rc < 0 ? rc : drop_surplus(&s, err);
}

/* The ids, so that nothing is changed while they are read. */
static int streams_with_more(
    int64_t **out, size_t *count, struct db *db, wall before, struct err *err)
{
    SCOPED(statement_end)
    struct statement st = statement_start(db, STREAMS_WITH_MORE);
    int rc;

    statement_put_wall(&st, before);
    while ((rc = statement_step(&st, err)) == 1) {
        *out = mem_resize(*out, *count + 1, sizeof **out);
        (*out)[(*count)++] = statement_get_int(&st);
    }
    return rc;
}

static int compact_evidence(struct db *db, wall before, struct err *err)
{
    SCOPED(mem_freep) int64_t *streams = NULL;
    size_t count = 0;
    int total = 0;
    int rc = streams_with_more(&streams, &count, db, before, err);

    for (size_t i = 0; rc >= 0 && i < count && total < COMPACT_ROWS; i++) {
        rc = compact_stream(db, streams[i], before, err);
        total += rc > 0 ? rc : 0;
    }
    return rc < 0 ? rc : total;
}

static int run(struct db *db, const char *text, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);
    const int rc = statement_run(&st, err);

    return rc < 0 ? rc : statement_changes(db);
}

static int drop_batches(struct db *db, wall before, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, BATCHES);
    int rc;

    statement_put_wall(&st, before);
    rc = statement_run(&st, err);
    return rc < 0 ? rc : statement_changes(db);
}

int compact_run(struct db *db, wall now, struct err *err)
{
    const wall before = {now.ms - COMPACT_DAYS * DAY_MS};
    const int batches = drop_batches(db, before, err);
    int streams = 0;
    int receipts = 0;
    int rc = batches;

    if (rc > 0)
        rc = run(db, LETTERS, err);
    if (rc >= 0 && batches > 0)
        rc = run(db, ENDINGS, err);
    if (rc >= 0)
        streams = rc = run(db, STREAMS, err);
    if (rc >= 0 && streams > 0)
        rc = run(db, ORPHANS, err);
    if (rc >= 0)
        receipts = rc = compact_evidence(db, before, err);
    return rc < 0 ? rc : batches + streams + receipts;
}
