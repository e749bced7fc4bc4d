/* round - letters between the schools of a cluster without a hub: carried by
 * hand, kept for a replay, or damaged on their way. */
#ifndef TEST_ROUND_H
#define TEST_ROUND_H

#include <jansson.h>

#include "agentd/incarnation.h"
#include "agentd/requests.h"
#include "cluster.h"
#include "store/owed.h"
#include "unput.h"

#define ROUND_MAX_KEPT 64

struct round {
    struct cluster cluster;
    struct agent *hillside; /* primaries */
    struct agent *fairfield;
    struct agent *northgate; /* secondaries */
    struct agent *stannes;
    struct cluster_letter kept[ROUND_MAX_KEPT]; /* all that was carried */
    size_t kept_count;
    unsigned damage; /* so many of the next numbered letters are damaged */
};

static inline int round_begin(void **state)
{
    struct round *r = mem_alloc(sizeof *r);

    cluster_begin(&r->cluster);
    r->hillside = &r->cluster.schools[0];
    r->fairfield = &r->cluster.schools[1];
    r->northgate = &r->cluster.schools[2];
    r->stannes = &r->cluster.schools[3];
    *state = r;
    return 0;
}

static inline int round_end(void **state)
{
    struct round *r = *state;

    for (size_t i = 0; i < r->kept_count; i++)
        cluster_letter_free(&r->kept[i]);
    cluster_end(&r->cluster);
    free(r);
    return 0;
}

static inline void round_commit(struct agent *agent)
{
    struct err err = {.text = ""};

    if (db_commit(agent->db, &err) < 0)
        fail_msg("%s", err.text);
}

static inline struct agent *round_school(
    struct round *r, const struct laestab *laestab)
{
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        if (laestab_equal(laestab, &r->cluster.schools[i].identity->laestab))
            return &r->cluster.schools[i];
    fail();
    return NULL;
}

/* Let its recipient take a letter, as the agent does with a drain of mail. */
static inline void round_deliver(
    struct round *r, const struct cluster_letter *letter)
{
    const struct mail_letter mail = {.envelope = letter->envelope,
        .header = letter->header,
        .sealed = buf_bytes(&letter->sealed)};
    struct agent *to = round_school(r, &letter->header.recipient);
    struct mail_debts debts = {.count = 0};
    struct err err = {.text = ""};

    assert_int_equal(db_begin(to->db, NULL), 0);
    if (mail_take(to, &mail, &debts, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(mail_settle(to, &debts, NULL), 0);
    round_commit(to);
    mail_committed(to, &debts);
}

static inline int round_note_aside(void *arg, const struct quarantine_row *row)
{
    *(int64_t *)arg = row->id;
    return 0;
}

static inline struct cluster_letter *round_keep(struct round *r,
    const struct id *envelope, struct bytes header, struct bytes sealed)
{
    struct cluster_letter *letter;

    assert_in_range(r->kept_count, 0, ROUND_MAX_KEPT - 1);
    letter = &r->kept[r->kept_count++];
    *letter = (struct cluster_letter){.envelope = *envelope};
    assert_int_equal(envelope_decode(&letter->header, header, NULL), 0);
    buf_add(&letter->sealed, sealed);
    return letter;
}

/* What this school put aside, where it is one letter or the oldest counts. */
static inline int64_t round_aside(struct agent *at)
{
    int64_t id = 0;

    assert_int_equal(
        inbox_quarantine_each(at->db, round_note_aside, &id, NULL), 0);
    return id;
}

/* Put the next batch of a school; false if it has none. */
static inline bool round_put(struct round *r, struct agent *from)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct cluster_letter *letter;
    struct outbox_batch batch;

    if (unput_batches(&batch, 1, from->db, &arena, NULL) != 1)
        return false;
    letter = round_keep(r, &batch.envelope, batch.header, batch.sealed);
    if (r->damage > 0) {
        r->damage--;
        letter->sealed.data[letter->sealed.len / 2] ^= 1;
    }
    assert_int_equal(db_begin(from->db, NULL), 0);
    assert_int_equal(outbox_mark_put(from->db, &batch.envelope, clock_wall(),
                         REASON_NONE, NULL),
        0);
    round_commit(from);
    round_deliver(r, letter);
    return true;
}

static inline bool round_put_receipt(struct round *r, struct agent *from)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct owed_receipt owed;
    bool found;

    if (owed_unput(&owed, 1, from->db, &arena, NULL) != 1)
        return false;
    assert_int_equal(db_begin(from->db, NULL), 0);
    assert_int_equal(owed_mark_put(from->db, &owed.envelope, &found, NULL), 0);
    round_commit(from);
    round_deliver(r, round_keep(r, &owed.envelope, owed.header, owed.sealed));
    return true;
}

/* Carry everything there and back until it is quiet. */
static inline void round_exchange(struct round *r)
{
    bool moved = true;

    for (int turn = 0; moved; turn++) {
        assert_in_range(turn, 0, 30);
        moved = false;
        for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
            struct agent *agent = &r->cluster.schools[i];

            assert_int_equal(incarnation_settle(agent, NULL), 0);
            assert_int_equal(incarnation_mark(agent, NULL), 0);
            moved |= round_put(r, agent);
            moved |= round_put_receipt(r, agent);
        }
    }
}

/* --- leavers --- */

#define UPN "B801200005001" /* Tariq's */

/* A child of Hillside's who goes to Northgate. */
static inline void round_child(struct cluster_child *child, struct round *r)
{
    cluster_child(child, UPN, "Tariq", &r->northgate->identity->laestab);
}

/* Store and send a child; with_file: as this file says it now. */
static inline void round_send(
    struct round *r, const struct cluster_child *child)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct agent *from = r->hillside;
    struct leavers_row row;
    struct leaver known;

    assert_int_equal(db_begin(from->db, NULL), 0);
    if (roll_find(&row, &known, from, child->leaver.upn, &arena, NULL) < 0)
        row = (struct leavers_row){.revision = 0};
    row.revision++;
    assert_int_equal(roll_store(from, &row, &child->leaver, NULL), 0);
    assert_int_equal(
        sender_append_leaver(from, LANE_NORMAL, &row.tag, NULL), 0);
    round_commit(from);
}

static inline struct leavers_row round_row(struct round *r, const char *upn)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver known;

    assert_int_equal(
        roll_find(&row, &known, r->hillside, upn, &arena, NULL), 0);
    return row;
}

/* What a command answers; takes over args.  NULL if it refuses, with *why. */
static inline json_t *round_try(
    request_handler *handle, struct agent *agent, json_t *args, struct err *why)
{
    struct request request = {
        .agent = agent, .args = args, .role = "ADMIN", .next = ""};
    json_t *result = NULL;
    int rc;

    snprintf(request.actor.login, sizeof request.actor.login, "office");
    *why = (struct err){.text = ""};
    rc = handle(&result, &request, why);
    if (db_in_transaction(agent->db))
        db_rollback(agent->db);
    json_decref(args);
    if (rc == 0)
        return result;
    json_decref(result);
    return NULL;
}

static inline json_t *round_ask(
    request_handler *handle, struct agent *agent, json_t *args)
{
    struct err why;
    json_t *result = round_try(handle, agent, args, &why);

    if (result == NULL)
        fail_msg("%s", why.text);
    return result;
}

#endif
