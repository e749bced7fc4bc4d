#include "agentd/sender.h"

#include <stdio.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/post.h"
#include "agentd/travel.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/seal.h"
#include "store/outbox.h"
#include "wire/envelope.h"
#include "wire/record.h"

/* Sealed bytes stay under 1 MiB with the signature around them. */
#define BATCH_BYTES ((size_t)600 * 1024)

struct job {
    struct job *next;
    enum lane lane;
    struct sender_row *rows;
    size_t count;
    size_t at;                     /* rows before this one are sent */
    struct control_client *client; /* NULL: nobody waits */
    json_t *result;
};

struct sender {
    struct agent *agent;
    struct loop_timer *step;
    struct job *jobs; /* oldest first */
};

/* The records of one batch while it is put together. */
struct draft {
    struct arena arena;
    struct batch_item items[BATCH_MAX_ITEMS];
    int64_t ids[BATCH_MAX_ITEMS];
    size_t count;
    size_t bytes;
    size_t taken; /* rows of the job: those in the draft, and overtaken ones */
};

static void draft_freep(struct draft **draft)
{
    if (*draft != NULL)
        arena_free(&(*draft)->arena);
    free(*draft);
}

void sender_letter_free(struct sender_letter *letter)
{
    buf_free(&letter->signed_content);
    buf_free(&letter->header);
    buf_free(&letter->sealed);
}

int sender_seal(struct sender_letter *out, struct agent *agent,
    const struct batch *batch, struct err *err)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    const struct identity *me = agent->identity;
    struct batch told = *batch;
    struct cert *recipient = NULL;
    int rc = members_encrypt_cert(
        &recipient, me->members, &batch->header.recipient, clock_wall(), err);

    if (rc == 0)
        rc = incarnation_tell(&told, agent, err);
    if (rc == 0)
        rc = batch_encode(&content, &told, err);
    if (rc == 0)
        rc = seal_sign(&out->signed_content, &out->content, buf_bytes(&content),
            me->sign_key, me->sign_cert, err);
    if (rc == 0)
        rc = seal_encrypt(
            &out->sealed, buf_bytes(&out->signed_content), recipient, err);
    if (rc < 0)
        return rc;
    if (out->sealed.len > ENVELOPE_MAX_SEALED)
        return err_set(err, ERR_TOO_BIG, "batch: %zu bytes sealed, limit %zu",
            out->sealed.len, ENVELOPE_MAX_SEALED);
    envelope_encode(&out->header, &batch->header);
    id_new(&out->envelope);
    return 0;
}

int sender_append(struct agent *agent, uint64_t *first, int64_t *stream_id,
    const struct laestab *to, enum lane lane, struct batch_item *items,
    size_t count, struct err *err)
{
    SCOPED(sender_letter_free) struct sender_letter letter = {.content = {{0}}};
    struct outbox_stream stream;
    struct id epoch;
    int rc;

    id_new(&epoch);
    rc = incarnation_count_batch(agent, err);
    if (rc < 0)
        return rc;
    rc = outbox_open_stream(&stream, agent->db, to, lane, &epoch, err);
    if (rc < 0)
        return rc;
    const struct batch batch = {
        .header = {STREAM_VERSION, agent->identity->laestab, *to, lane,
            stream.epoch, stream.next_seq, stream.next_seq + count - 1,
            STREAM_TTL_DAYS},
        .previous = stream.head,
        .created = clock_wall(),
        .items = items,
        .count = count,
    };

    rc = sender_seal(&letter, agent, &batch, err);
    if (rc < 0)
        return rc;
    *first = stream.next_seq;
    *stream_id = stream.id;
    const struct outbox_batch row = {
        .stream = stream.id,
        .envelope = letter.envelope,
        .first = batch.header.first,
        .last = batch.header.last,
        .content = letter.content,
        .header = buf_bytes(&letter.header),
        .sealed = buf_bytes(&letter.sealed),
        .created_at = batch.created,
    };

    return outbox_append(agent->db, &row, err);
}

static int add_item(struct draft *draft, struct agent *agent,
    const struct leavers_row *row, struct err *err)
{
    struct batch_item *item = &draft->items[draft->count];
    int rc = travel_item(item, &draft->arena, agent, row, err);

    if (rc < 0)
        return rc;
    draft->ids[draft->count++] = row->id;
    draft->bytes += item->u.leaver.record.len;
    return 0;
}

/* It was chosen for a school and has been recalled, or goes elsewhere now. */
static bool is_overtaken(
    const struct leavers_row *row, const struct sender_row *chosen)
{
    return row->recalled_at.ms != 0 ||
           !laestab_equal(&row->destination, &chosen->to);
}

#define IS_FULL 1

struct gathering {
    struct draft *draft;
    struct agent *agent;
    const struct job *job;
    struct err *err;
};

static bool is_full(const struct draft *draft, const struct agent *agent)
{
    return draft->count >= (size_t)agent->settings.batch_records ||
           draft->bytes >= BATCH_BYTES;
}

static int gather_row(void *arg, const struct leavers_row *row)
{
    struct gathering *g = arg;
    const struct sender_row *next = &g->job->rows[g->job->at + g->draft->taken];
    int rc = 0;

    if (is_full(g->draft, g->agent))
        return IS_FULL;
    if (row->id != next->id)
        return err_set(g->err, ERR_NOT_FOUND, "a leaver of the send is gone");
    if (!is_overtaken(row, next))
        rc = add_item(g->draft, g->agent, row, g->err);
    g->draft->taken++;
    return rc;
}

/* How many of the job's rows, from i on, go to the same school and follow each
 * other in the database; at most as many as a batch takes. */
static size_t next_run(
    const struct job *job, size_t i, const struct agent *agent)
{
    const size_t most = (size_t)agent->settings.batch_records;
    const struct sender_row *rows = job->rows;
    size_t n = 0;

    while (i + n < job->count && n < most &&
           laestab_equal(&rows[i + n].to, &rows[job->at].to) &&
           rows[i + n].id == rows[i].id + (int64_t)n)
        n++;
    return n;
}

/* Fill the draft from the job's next rows: same school, within the limits. */
static int gather(
    struct draft *draft, struct agent *agent, struct job *job, struct err *err)
{
    struct gathering g = {draft, agent, job, err};
    size_t n;

    draft->taken = 0;
    while (!is_full(draft, agent) &&
           (n = next_run(job, job->at + draft->taken, agent)) > 0) {
        const size_t end = draft->taken + n;
        const int64_t first = job->rows[job->at + draft->taken].id;
        int rc = leavers_each_between(
            agent->db, first, first + (int64_t)n - 1, gather_row, &g, err);

        if (rc == 0 && draft->taken < end)
            return err_set(err, ERR_NOT_FOUND, "a leaver of the send is gone");
        if (rc != 0)
            return rc == IS_FULL ? 0 : rc;
    }
    return 0;
}

/* How many of the draft follow each other in the database, from i on. */
static size_t run_length(const struct draft *draft, size_t i)
{
    size_t n = 1;

    while (
        i + n < draft->count && draft->ids[i + n] == draft->ids[i] + (int64_t)n)
        n++;
    return n;
}

static int mark(struct agent *agent, const struct draft *draft, int64_t stream,
    uint64_t first, struct err *err)
{
    size_t n;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < draft->count; i += n) {
        n = run_length(draft, i);
        rc = leavers_mark_sent(
            agent->db, draft->ids[i], n, stream, first + i, err);
    }
    return rc;
}

int sender_append_leaver(
    struct agent *agent, enum lane lane, const struct tag *tag, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(draft_freep) struct draft *draft = mem_alloc(sizeof *draft);
    struct leavers_row row;
    int64_t stream = 0;
    uint64_t first = 0;
    int rc = leavers_find(&row, agent->db, tag, &arena, err);

    if (rc == 0)
        rc = add_item(draft, agent, &row, err);
    if (rc == 0)
        rc = sender_append(agent, &first, &stream, &row.destination, lane,
            draft->items, draft->count, err);
    return rc < 0 ? rc : mark(agent, draft, stream, first, err);
}

/* Seal the next batch of the job's rows, within a transaction. */
static int seal_next(struct agent *agent, struct job *job, struct err *err)
{
    SCOPED(draft_freep) struct draft *draft = mem_alloc(sizeof *draft);
    const struct laestab to = job->rows[job->at].to;
    int64_t stream = 0;
    uint64_t first = 0;
    int rc = gather(draft, agent, job, err);

    if (rc == 0 && draft->count > 0)
        rc = sender_append(agent, &first, &stream, &to, job->lane, draft->items,
            draft->count, err);
    if (rc == 0)
        rc = mark(agent, draft, stream, first, err);
    if (rc == 0)
        job->at += draft->taken;
    return rc;
}

static int send_batch(struct agent *agent, struct job *job, struct err *err)
{
    const size_t before = job->at;
    int rc = db_begin(agent->db, err);

    if (rc < 0)
        return rc;
    rc = seal_next(agent, job, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0) {
        db_rollback(agent->db);
        job->at = before;
        return rc;
    }
    post_put(agent->post); /* or it would wait until the next is sealed */
    return 0;
}

int sender_seal_rows(struct agent *agent, enum lane lane,
    struct sender_row *rows, size_t count, struct err *err)
{
    struct job job = {.lane = lane, .rows = rows, .count = count};
    int rc = 0;

    while (rc == 0 && job.at < count)
        rc = seal_next(agent, &job, err);
    return rc;
}

static void free_job(struct job *job)
{
    json_decref(job->result);
    free(job->rows);
    free(job);
}

static void finish(struct sender *sender, const struct err *err)
{
    struct job *job = sender->jobs;

    sender->jobs = job->next;
    if (job->client != NULL && err == NULL)
        control_answer(job->client, json_incref(job->result));
    else if (job->client != NULL)
        control_refuse(job->client, control_code(err->code), err->text,
            "Those before it are on their way; try the rest again");
    free_job(job);
}

static void on_step(void *arg)
{
    struct sender *sender = arg;
    struct err err = {.code = 0};
    struct job *job = sender->jobs;

    if (job == NULL)
        return;
    if (job->at < job->count && send_batch(sender->agent, job, &err) < 0) {
        log_line(&sender->agent->log, LOG_ERROR, "cannot send leavers",
            "reason=\"%s\" unsent=%zu", err.text, job->count - job->at);
        finish(sender, &err);
    } else if (job->at == job->count) {
        finish(sender, NULL);
    }
    if (sender->jobs != NULL)
        loop_timer_set(sender->step, clock_mono());
    else
        waits_check(sender->agent->waits);
}

struct sender *sender_new(struct agent *agent)
{
    struct sender *sender = mem_alloc(sizeof *sender);

    sender->agent = agent;
    sender->step = loop_timer_new(agent->loop, on_step, sender);
    return sender;
}

void sender_free(struct sender *sender)
{
    if (sender == NULL)
        return;
    while (sender->jobs != NULL) {
        struct job *job = sender->jobs;

        sender->jobs = job->next;
        free_job(job);
    }
    loop_timer_free(sender->step);
    free(sender);
}

void sender_queue(struct sender *sender, enum lane lane,
    const struct sender_row *rows, size_t count, struct control_client *client,
    json_t *result)
{
    struct job *job = mem_alloc(sizeof *job);
    struct job **end = &sender->jobs;

    job->lane = lane;
    job->count = count;
    job->rows = mem_resize(NULL, count, sizeof rows[0]);
    memcpy(job->rows, rows, count * sizeof rows[0]);
    job->client = client;
    job->result = result;
    while (*end != NULL)
        end = &(*end)->next;
    *end = job;
    loop_timer_set(sender->step, clock_mono());
}

bool sender_is_idle(const struct sender *sender)
{
    return sender->jobs == NULL;
}

void sender_forget(struct sender *sender, const struct control_client *client)
{
    for (struct job *job = sender->jobs; job != NULL; job = job->next)
        if (job->client == client)
            job->client = NULL;
}
