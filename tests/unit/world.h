/* world - a cluster of two primaries and two secondaries, and a letter from
 * Hillside to Northgate: where each test of mail begins. */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "agentd/blob.h"
#include "cluster.h"
#include "store/owed.h"

#define WORLD_UPN "V873200119001"

struct world {
    struct cluster cluster;
    struct agent *hillside;  /* primary */
    struct agent *fairfield; /* primary */
    struct agent *northgate; /* secondary */
    struct agent *stannes;   /* secondary */
    struct header header;    /* hillside to northgate, number 1 */
    struct cluster_child child;
};

static inline int world_begin(void **state)
{
    struct world *w = mem_alloc(sizeof *w);

    cluster_begin(&w->cluster);
    w->hillside = &w->cluster.schools[0];
    w->fairfield = &w->cluster.schools[1];
    w->northgate = &w->cluster.schools[2];
    w->stannes = &w->cluster.schools[3];
    w->header = (struct header){STREAM_VERSION, w->hillside->identity->laestab,
        w->northgate->identity->laestab, LANE_NORMAL, {{7}}, 1, 1,
        STREAM_TTL_DAYS};
    cluster_child(
        &w->child, WORLD_UPN, "Tariq", &w->northgate->identity->laestab);
    *state = w;
    return 0;
}

static inline int world_end(void **state)
{
    struct world *w = *state;

    unsetenv("MOVEUP_FAKE_TIME");
    cluster_end(&w->cluster);
    free(w);
    return 0;
}

static inline void world_write_one(struct world *w, struct cluster_letter *out)
{
    cluster_write(out, w->hillside, &w->header, &w->child.leaver, 1);
}

/* The letter is put aside for this reason and nothing of it is applied. */
static inline void world_assert_refused(
    struct agent *at, const struct cluster_letter *letter, enum reason expected)
{
    const size_t before = cluster_records(at);
    enum reason reason;

    assert_in_range(cluster_deliver(at, letter, &reason), 1, 1000);
    assert_string_equal(reason_code(reason), reason_code(expected));
    assert_int_equal(cluster_records(at), before);
}

/* How many receipts wait to be put. */
static inline size_t world_owed(struct agent *at)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct owed_receipt owed[8];
    const int n = owed_unput(owed, 8, at->db, &arena, NULL);

    assert_in_range(n, 0, 8);
    return (size_t)n;
}

/* How many of its letters this school would be told that they were refused. */
static inline int world_answers(struct agent *at, const struct laestab *author)
{
    struct refusal refusals[4];

    return owed_refusals(refusals, 4, at->db, author, NULL);
}

/* The record that a secondary holds for UPN, opened. */
static inline void world_open_record(
    struct leaver *out, struct agent *at, struct arena *arena)
{
    struct inbox_record row;
    struct tag tag;

    agent_upn_tag(&tag, at, WORLD_UPN);
    assert_int_equal(inbox_find_record(&row, at->db, &tag, arena, NULL), 0);
    assert_int_equal(
        blob_open(out, at, BLOB_RECORD, row.id, row.sealed, arena, NULL), 0);
}

static inline void world_deliver_revision(
    struct world *w, uint64_t number, uint64_t revision, const char *forename)
{
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    enum reason reason;

    w->header.epoch.bytes[1] = (uint8_t)number; /* each its own epoch */
    w->child.leaver.forename = forename;
    cluster_write(&letter, w->hillside, &w->header, &w->child.leaver, revision);
    assert_int_equal(cluster_deliver(w->northgate, &letter, &reason), 0);
}

#endif
