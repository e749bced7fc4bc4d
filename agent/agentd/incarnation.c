#include "agentd/incarnation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/receipts.h"
#include "agentd/snapshot.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/inbox.h"
#include "store/outbox.h"

#define NUMBER_SIZE 24
#define MARKER_SIZE 42 /* two numbers of 20 digits */
#define MAX_PEERS (2 * DIRECTORY_MAX_SCHOOLS)

static int get_number(
    uint64_t *out, struct db *db, const char *key, struct err *err)
{
    char text[NUMBER_SIZE] = "";
    int rc = db_get(db, key, text, sizeof text, err);

    *out = strtoull(text, NULL, 10);
    return rc;
}

static int set_number(
    struct db *db, const char *key, uint64_t value, struct err *err)
{
    char text[NUMBER_SIZE];

    snprintf(text, sizeof text, "%" PRIu64, value);
    return db_set(db, key, text, err);
}

int incarnation_progress(uint64_t *out, struct agent *agent, struct err *err)
{
    return get_number(out, agent->db, "progress", err);
}

int incarnation_count_batch(struct agent *agent, struct err *err)
{
    uint64_t progress;
    int rc = incarnation_progress(&progress, agent, err);

    return rc < 0 ? rc : set_number(agent->db, "progress", progress + 1, err);
}

/* --- the marker --- */

static char *marker_path(const struct agent *agent)
{
    return file_path(agent->identity->state, "marker");
}

/* In place and of one length, within one sector: it is old or new, and costs
 * one sync a batch where a rename would cost three. */
static int write_marker(struct agent *agent, uint64_t progress, struct err *err)
{
    SCOPED(mem_freep) char *path = marker_path(agent);
    char text[MARKER_SIZE + 1];
    int rc;

    snprintf(text, sizeof text, "%020" PRIu64 " %020" PRIu64 "\n",
        agent->incarnation.number, progress);
    rc = file_overwrite(path, bytes_of(text), FILE_PRIVATE, err);
    if (rc == 0)
        agent->incarnation.marked = progress;
    return rc;
}

int incarnation_mark(struct agent *agent, struct err *err)
{
    uint64_t progress;
    int rc = incarnation_progress(&progress, agent, err);

    if (rc < 0 || progress == agent->incarnation.marked)
        return rc;
    return write_marker(agent, progress, err);
}

/* A marker that is not there says nothing: a first start, or a file that was
 * lost; the other witnesses remain. */
static int read_marker(
    struct agent *agent, uint64_t *number, uint64_t *progress, struct err *err)
{
    SCOPED(mem_freep) char *path = marker_path(agent);
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    char *end;
    int rc = file_read(&text, path, 64, err);

    *number = *progress = 0;
    if (rc == ERR_NOT_FOUND)
        return 0;
    if (rc < 0)
        return rc;
    buf_add(&text, (struct bytes){(const uint8_t *)"", 1});
    *number = strtoull((const char *)text.data, &end, 10);
    if (*end == ' ')
        *progress = strtoull(end, &end, 10);
    if (*end != '\n')
        return err_set(err, ERR_MALFORMED,
            "%s is damaged; if the database is the newest one, remove it",
            path);
    return 0;
}

static bool was_restored(const struct agent *agent)
{
    SCOPED(mem_freep)
    char *path = file_path(agent->identity->state, "restored");

    return access(path, F_OK) == 0;
}

static void forget_restored(const struct agent *agent)
{
    SCOPED(mem_freep)
    char *path = file_path(agent->identity->state, "restored");

    unlink(path);
}

int incarnation_open(struct agent *agent, struct err *err)
{
    uint64_t progress = 0;
    uint64_t marked_number = 0;
    uint64_t marked = 0;
    int rc =
        get_number(&agent->incarnation.number, agent->db, "incarnation", err);

    if (rc == 0)
        rc = incarnation_progress(&progress, agent, err);
    if (rc == 0)
        rc = read_marker(agent, &marked_number, &marked, err);
    if (rc < 0)
        return rc;
    agent->incarnation.marked = marked;
    if (was_restored(agent))
        incarnation_suspect(
            agent, marked_number, "it was restored from a backup");
    else if (marked_number > agent->incarnation.number ||
             (marked_number == agent->incarnation.number && marked > progress))
        incarnation_suspect(
            agent, marked_number, "the marker file knows a later state");
    return incarnation_settle(agent, err);
}

/* --- going back --- */

void incarnation_suspect(
    struct agent *agent, uint64_t at_least, const char *sentence)
{
    struct agent_incarnation *in = &agent->incarnation;

    if (!in->pending)
        log_line(&agent->log, LOG_WARN, "this database went back in time",
            "reason=\"%s\"", sentence);
    in->pending = true;
    if (at_least > in->at_least)
        in->at_least = at_least;
}

void incarnation_told(struct agent *agent, const char *witness,
    uint64_t at_least, const char *sentence)
{
    struct agent_incarnation *in = &agent->incarnation;
    uint8_t *told = &in->told[agent_witness(witness)];

    if (*told == INCARNATION_MAX_TOLD ||
        at_least > in->number + INCARNATION_MAX_LEAP) {
        log_line(&agent->log, LOG_WARN,
            "it is said that this database went back; that is not believed",
            "by=%s times=%u", witness, *told);
        return;
    }
    *told += !in->pending;
    incarnation_suspect(agent, at_least, sentence);
}

bool incarnation_gave(const struct agent *agent, uint64_t revision)
{
    const struct agent_incarnation *in = &agent->incarnation;
    const uint64_t forgotten =
        in->pending && in->at_least > in->number ? in->at_least : in->number;

    return revision <= (forgotten + 1) * INCARNATION_REVISIONS;
}

/* Everybody with whom there is a stream, in either direction. */
struct peers {
    struct laestab list[MAX_PEERS];
    size_t count;
};

static void add_peer(struct peers *peers, const struct laestab *peer)
{
    for (size_t i = 0; i < peers->count; i++)
        if (laestab_equal(&peers->list[i], peer))
            return;
    if (peers->count < MAX_PEERS)
        peers->list[peers->count++] = *peer;
}

static int add_recipient(void *arg, const struct outbox_stream *stream)
{
    add_peer(arg, &stream->recipient);
    return 0;
}

static int add_author(void *arg, const struct inbox_stream *stream)
{
    add_peer(arg, &stream->author);
    return 0;
}

static int begin_again(struct agent *agent, struct err *err)
{
    SCOPED(mem_freep) struct peers *peers = mem_alloc(sizeof *peers);
    int rc =
        set_number(agent->db, "incarnation", agent->incarnation.number, err);

    if (rc == 0)
        rc = outbox_each_stream(agent->db, add_recipient, peers, err);
    if (rc == 0)
        rc = inbox_each_stream(agent->db, add_author, peers, err);
    for (size_t i = 0; rc == 0 && i < peers->count; i++) {
        rc = snapshot_send(agent, &peers->list[i], err);
        if (rc == 0)
            rc = receipts_write(agent, &peers->list[i], err);
    }
    return rc;
}

int incarnation_settle(struct agent *agent, struct err *err)
{
    struct agent_incarnation *in = &agent->incarnation;
    const uint64_t before = in->number;
    uint64_t progress = 0;
    int rc;

    if (!in->pending)
        return 0;
    in->number = (in->at_least > before ? in->at_least : before) + 1;
    rc = db_begin(agent->db, err);
    if (rc == 0)
        rc = begin_again(agent, err);
    if (rc == 0)
        rc = incarnation_progress(&progress, agent, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc == 0)
        rc = write_marker(agent, progress, err);
    if (rc < 0) {
        db_rollback(agent->db);
        in->number = before;
        return rc;
    }
    forget_restored(agent);
    in->pending = false;
    log_line(&agent->log, LOG_INFO, "a new incarnation begins",
        "number=%" PRIu64, in->number);
    return 0;
}

uint64_t incarnation_next_revision(const struct agent *agent, uint64_t revision)
{
    const uint64_t least =
        agent->incarnation.number * INCARNATION_REVISIONS + 1;

    return revision + 1 > least ? revision + 1 : least;
}

/* --- peers --- */

/* How far a peer was when we last heard of it: "NUMBER PROGRESS". */
struct reach {
    uint64_t number;
    uint64_t progress;
};

static char *peer_key(const struct laestab *peer)
{
    return mem_format("peer %s", peer->text);
}

static int get_reach(struct reach *out, struct agent *agent,
    const struct laestab *peer, struct err *err)
{
    SCOPED(mem_freep) char *key = peer_key(peer);
    char text[2 * NUMBER_SIZE] = "";
    char *end;
    int rc = db_get(agent->db, key, text, sizeof text, err);

    out->number = strtoull(text, &end, 10);
    out->progress = strtoull(end, NULL, 10);
    return rc;
}

static int set_reach(struct agent *agent, const struct laestab *peer,
    const struct reach *reach, struct err *err)
{
    SCOPED(mem_freep) char *key = peer_key(peer);
    char text[2 * NUMBER_SIZE];

    snprintf(text, sizeof text, "%" PRIu64 " %" PRIu64, reach->number,
        reach->progress);
    return db_set(agent->db, key, text, err);
}

int incarnation_of(uint64_t *number, struct agent *agent,
    const struct laestab *peer, struct err *err)
{
    struct reach theirs;
    int rc = get_reach(&theirs, agent, peer, err);

    *number = rc < 0 ? 0 : theirs.number;
    return rc;
}

int incarnation_tell(struct batch *batch, struct agent *agent, struct err *err)
{
    struct reach theirs;
    int rc = get_reach(&theirs, agent, &batch->header.recipient, err);

    if (rc == 0)
        rc = incarnation_progress(&batch->progress, agent, err);
    batch->incarnation = agent->incarnation.number;
    batch->heard = theirs.number;
    batch->heard_progress = theirs.progress;
    return rc;
}

/* The author knows us to have been further than we are. */
static int hear_of_us(
    struct agent *agent, const struct batch *batch, struct err *err)
{
    uint64_t progress;
    int rc = incarnation_progress(&progress, agent, err);

    if (rc < 0)
        return rc;
    if (batch->heard > agent->incarnation.number ||
        (batch->heard == agent->incarnation.number &&
            batch->heard_progress > progress))
        incarnation_told(agent, batch->header.author.text, batch->heard,
            "another school has heard a later state");
    return 0;
}

int incarnation_heard(bool *stale, struct agent *agent,
    const struct batch *batch, struct err *err)
{
    const struct laestab *peer = &batch->header.author;
    const struct reach theirs = {batch->incarnation, batch->progress};
    struct reach known = {0, 0};
    int rc = hear_of_us(agent, batch, err);

    if (rc == 0)
        rc = get_reach(&known, agent, peer, err);
    *stale = rc == 0 && theirs.number < known.number;
    if (rc < 0 || *stale ||
        (theirs.number == known.number && theirs.progress <= known.progress))
        return rc;
    rc = set_reach(agent, peer, &theirs, err);
    if (rc < 0 || theirs.number == known.number)
        return rc;
    log_line(&agent->log, LOG_WARN, "a school's database went back in time",
        "school=%s incarnation=%" PRIu64, peer->text, theirs.number);
    return snapshot_asked(agent, peer, err);
}
