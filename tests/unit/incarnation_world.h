/* incarnation_world - some schools whose letters are carried by hand, and whose
 * databases are copied away and back, for tests of agentd/incarnation.h. */
#ifndef TEST_INCARNATION_WORLD_H
#define TEST_INCARNATION_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/snapshot.h"
#include "base/file.h"
#include "cluster.h"
#include "store/owed.h"
#include "unput.h"

#define MAX_SEEN 400

/* Every number that was ever sealed, with its content. */
struct seen {
    struct id epoch;
    uint64_t first;
    struct digest content;
};

struct world {
    struct cluster cluster;
    struct agent *hillside;
    struct agent *northgate;
    struct seen seen[MAX_SEEN];
    size_t seen_count;
};

static inline int begin(void **state)
{
    struct world *w = mem_alloc(sizeof *w);

    cluster_begin(&w->cluster);
    w->hillside = &w->cluster.schools[0];
    w->northgate = &w->cluster.schools[2];
    *state = w;
    return 0;
}

static inline int end(void **state)
{
    struct world *w = *state;

    cluster_end(&w->cluster);
    free(w);
    return 0;
}

/* --- mail without a hub --- */

static inline struct agent *school_of(
    struct world *w, const struct laestab *laestab)
{
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        if (laestab_equal(laestab, &w->cluster.schools[i].identity->laestab))
            return &w->cluster.schools[i];
    fail();
    return NULL;
}

/* (epoch, number) is never used twice, whatever is restored. */
static inline void watch(struct world *w, const struct outbox_batch *batch,
    const struct header *header)
{
    for (size_t i = 0; i < w->seen_count; i++)
        if (id_equal(&w->seen[i].epoch, &header->epoch) &&
            w->seen[i].first == header->first)
            assert_memory_equal(
                &w->seen[i].content, &batch->content, DIGEST_SIZE);
    assert_in_range(w->seen_count, 0, MAX_SEEN - 1);
    w->seen[w->seen_count++] =
        (struct seen){header->epoch, header->first, batch->content};
}

static inline void hand_over(struct world *w, const struct id *envelope,
    struct bytes header, struct bytes sealed)
{
    struct mail_letter letter = {.envelope = *envelope, .sealed = sealed};
    struct mail_debts debts = {.count = 0};
    struct agent *to;

    assert_int_equal(envelope_decode(&letter.header, header, NULL), 0);
    to = school_of(w, &letter.header.recipient);
    assert_int_equal(db_begin(to->db, NULL), 0);
    assert_int_equal(mail_take(to, &letter, &debts, NULL), 0);
    assert_int_equal(mail_settle(to, &debts, NULL), 0);
    assert_int_equal(db_commit(to->db, NULL), 0);
}

static inline size_t put_batches(struct world *w, struct agent *from, bool lose)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch batches[16];
    const int n = unput_batches(batches, 16, from->db, &arena, NULL);

    assert_in_range(n, 0, 16);
    for (int i = 0; i < n; i++) {
        struct header header;

        assert_int_equal(envelope_decode(&header, batches[i].header, NULL), 0);
        watch(w, &batches[i], &header);
        if (!lose)
            hand_over(
                w, &batches[i].envelope, batches[i].header, batches[i].sealed);
        assert_int_equal(db_begin(from->db, NULL), 0);
        assert_int_equal(outbox_mark_put(from->db, &batches[i].envelope,
                             clock_wall(), REASON_NONE, NULL),
            0);
        assert_int_equal(db_commit(from->db, NULL), 0);
    }
    return (size_t)n;
}

static inline size_t put_receipts(struct world *w, struct agent *from)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct owed_receipt owed[8];
    const int n = owed_unput(owed, 8, from->db, &arena, NULL);
    bool found;

    assert_in_range(n, 0, 8);
    for (int i = 0; i < n; i++) {
        hand_over(w, &owed[i].envelope, owed[i].header, owed[i].sealed);
        assert_int_equal(db_begin(from->db, NULL), 0);
        assert_int_equal(
            owed_mark_put(from->db, &owed[i].envelope, &found, NULL), 0);
        assert_int_equal(db_commit(from->db, NULL), 0);
    }
    return (size_t)n;
}

/* Carry everything there and back until it is quiet. */
static inline void exchange(struct world *w)
{
    size_t moved = 1;

    for (int round = 0; moved > 0; round++) {
        assert_in_range(round, 0, 20);
        moved = 0;
        for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
            struct agent *agent = &w->cluster.schools[i];

            assert_int_equal(incarnation_settle(agent, NULL), 0);
            assert_int_equal(incarnation_mark(agent, NULL), 0);
            moved += put_batches(w, agent, false);
            moved += put_receipts(w, agent);
        }
    }
}

/* --- leavers --- */

static inline void store_leaver(struct world *w, const char *upn,
    const char *forename, struct sender_row *out)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_child child;
    struct leavers_row row;
    struct leaver known;

    cluster_child(&child, upn, forename, &w->northgate->identity->laestab);
    if (roll_find(&row, &known, w->hillside, upn, &arena, NULL) < 0)
        row = (struct leavers_row){.revision = 0};
    row.revision = incarnation_next_revision(w->hillside, row.revision);
    assert_int_equal(roll_store(w->hillside, &row, &child.leaver, NULL), 0);
    *out = (struct sender_row){row.id, row.destination};
}

static inline void send(struct world *w, const char *upn, const char *forename)
{
    struct sender_row row;

    assert_int_equal(db_begin(w->hillside->db, NULL), 0);
    store_leaver(w, upn, forename, &row);
    assert_int_equal(
        sender_seal_rows(w->hillside, LANE_NORMAL, &row, 1, NULL), 0);
    assert_int_equal(db_commit(w->hillside->db, NULL), 0);
}

static inline void assert_has(
    struct world *w, const char *upn, const char *forename)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    struct leaver leaver;
    struct tag tag;

    agent_upn_tag(&tag, w->northgate, upn);
    assert_int_equal(
        inbox_find_record(&row, w->northgate->db, &tag, &arena, NULL), 0);
    assert_int_equal(blob_open(&leaver, w->northgate, BLOB_RECORD, row.id,
                         row.sealed, &arena, NULL),
        0);
    assert_string_equal(leaver.forename, forename);
}

static inline int is_applied(void *arg, const struct leavers_row *row)
{
    (void)arg;
    if (row->state != LEAVER_APPLIED)
        fail_msg("a leaver is %s (%s)", leavers_state_name(row->state),
            reason_code(row->reason));
    return 0;
}

static inline void assert_all_applied(struct world *w)
{
    assert_int_equal(
        leavers_each(w->hillside->db, NULL, false, is_applied, NULL, NULL), 0);
}

/* --- backups --- */

static inline void copy(const char *from, const char *to)
{
    SCOPED(buf_free) struct buf data = BUF_EMPTY;

    assert_int_equal(file_read(&data, from, 64 << 20, NULL), 0);
    assert_int_equal(file_write(to, buf_bytes(&data), FILE_PRIVATE, NULL), 0);
}

/* Copy a closed school's database away, or back; with its marker if asked. */
static inline void keep(struct world *w, size_t i, bool back, bool marker)
{
    static const char *const names[] = {"agent.db", "marker"};
    SCOPED(mem_freep)
    char *state = cluster_path(&w->cluster, CLUSTER_NUMBERS[i]);

    cluster_close_school(&w->cluster, i);
    for (size_t n = 0; n < (marker ? 2 : 1); n++) {
        SCOPED(mem_freep) char *live = file_path(state, names[n]);
        SCOPED(mem_freep) char *kept = mem_format("%s.kept", live);

        copy(back ? kept : live, back ? live : kept);
    }
    cluster_open_school(&w->cluster, i);
    assert_int_equal(incarnation_open(&w->cluster.schools[i], NULL), 0);
}

#endif
