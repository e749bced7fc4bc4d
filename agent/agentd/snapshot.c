#include "agentd/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/given.h"
#include "agentd/plea.h"
#include "agentd/progress.h"
#include "agentd/recall.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/inbox.h"
#include "store/outbox.h"

/* What goes to one peer. */
struct snapshot {
    struct agent *agent;
    const struct laestab *peer;
    struct err *err;
    struct arena arena;
    struct sender_row *rows;
    size_t row_count;
    struct batch_item *reads;
    size_t read_count;
};

static void snapshot_end(struct snapshot *s)
{
    free(s->rows);
    free(s->reads);
    arena_free(&s->arena);
}

static int add_leaver(void *arg, const struct leavers_row *row)
{
    struct snapshot *s = arg;

    if (row->sent_revision == 0 || row->recalled_at.ms != 0)
        return 0;
    s->rows = mem_resize(s->rows, s->row_count + 1, sizeof s->rows[0]);
    s->rows[s->row_count++] = (struct sender_row){row->id, row->destination};
    return 0;
}

static int add_read(void *arg, const struct inbox_record *row)
{
    struct snapshot *s = arg;
    struct leaver leaver;
    struct batch_item *item;
    int rc;

    if (row->read_revision == 0 || !laestab_equal(&row->author, s->peer))
        return 0;
    rc = blob_open(&leaver, s->agent, BLOB_RECORD, row->id, row->sealed,
        &s->arena, s->err);
    if (rc < 0)
        return rc;
    s->reads = mem_resize(s->reads, s->read_count + 1, sizeof s->reads[0]);
    item = &s->reads[s->read_count++];
    item->kind = ITEM_READ;
    item->u.read.upn = leaver.upn;
    item->u.read.revision = row->read_revision;
    item->u.read.role = arena_text(&s->arena, row->read_role);
    item->u.read.at = row->read_at;
    return 0;
}

static int new_epoch(struct snapshot *s, enum lane lane, struct err *err)
{
    struct id epoch;

    id_new(&epoch);
    return outbox_new_epoch(s->agent->db, s->peer, lane, &epoch, err);
}

static int send_reads(struct snapshot *s, struct err *err)
{
    int rc = 0;

    for (size_t at = 0; rc == 0 && at < s->read_count;) {
        const size_t left = s->read_count - at;
        const size_t count = left < BATCH_MAX_ITEMS ? left : BATCH_MAX_ITEMS;
        uint64_t first;
        int64_t stream;

        rc = sender_append(s->agent, &first, &stream, s->peer, LANE_NORMAL,
            s->reads + at, count, err);
        at += count;
    }
    return rc;
}

/* --- schools that nothing can be sealed for now --- */

static bool can_be_sent_to(
    const struct agent *agent, const struct laestab *peer)
{
    struct cert *cert;

    return members_encrypt_cert(
               &cert, agent->identity->members, peer, clock_wall(), NULL) == 0;
}

static char *owed_key(const struct laestab *peer)
{
    return mem_format("owed %s", peer->text);
}

static int is_owed(bool *owed, struct agent *agent, const struct laestab *peer,
    struct err *err)
{
    SCOPED(mem_freep) char *key = owed_key(peer);
    char text[8] = "";
    int rc = db_get(agent->db, key, text, sizeof text, err);

    *owed = text[0] != '\0';
    return rc;
}

static int note_owed(
    struct agent *agent, const struct laestab *peer, bool owed, struct err *err)
{
    SCOPED(mem_freep) char *key = owed_key(peer);
    bool before;
    int rc = is_owed(&before, agent, peer, err);

    return rc < 0 || before == owed
               ? rc
               : db_set(agent->db, key, owed ? "yes" : "", err);
}

struct owed {
    struct agent *agent;
    struct err *err;
    struct laestab *list;
    size_t count;
};

static void owed_end(struct owed *owed)
{
    free(owed->list);
}

static int add_owed(void *arg, const struct outbox_stream *stream)
{
    struct owed *o = arg;
    bool owed = false;
    int rc = 0;

    if (stream->lane == LANE_URGENT)
        rc = is_owed(&owed, o->agent, &stream->recipient, o->err);
    if (!owed || !can_be_sent_to(o->agent, &stream->recipient))
        return rc;
    o->list = mem_resize(o->list, o->count + 1, sizeof o->list[0]);
    o->list[o->count++] = stream->recipient;
    return 0;
}

int snapshot_send_owed(struct agent *agent, struct err *err)
{
    SCOPED(owed_end) struct owed owed = {.agent = agent, .err = err};
    int rc = outbox_each_stream(agent->db, add_owed, &owed, err);

    for (size_t i = 0; rc == 0 && i < owed.count; i++)
        rc = snapshot_send(agent, &owed.list[i], err);
    return rc < 0 ? rc : (int)owed.count;
}

/* --- sending ---------------------------------------------------------------
 */

int snapshot_send(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    SCOPED(snapshot_end)
    struct snapshot s = {.agent = agent, .peer = peer, .err = err};
    int rc = new_epoch(&s, LANE_URGENT, err);

    if (rc == 0)
        rc = new_epoch(&s, LANE_NORMAL, err);
    if (rc == 0)
        rc = note_owed(agent, peer, !can_be_sent_to(agent, peer), err);
    if (rc < 0 || !can_be_sent_to(agent, peer))
        return rc;
    rc = leavers_each(agent->db, peer, false, add_leaver, &s, err);
    if (rc == 0)
        rc = inbox_each_record(agent->db, 0, add_read, &s, err);
    if (rc == 0)
        rc = recall_repeat(agent, peer, err);
    if (rc == 0)
        rc = sender_seal_rows(agent, LANE_NORMAL, s.rows, s.row_count, err);
    if (rc == 0)
        rc = send_reads(&s, err);
    if (rc == 0)
        rc = given_repeat(agent, peer, err);
    if (rc == 0)
        rc = plea_repeat(agent, peer, err);
    if (rc == 0)
        rc = progress_repeat(agent, peer, err);
    if (rc == 0)
        log_line(&agent->log, LOG_INFO, "snapshot for a school",
            "to=%s records=%zu reads=%zu", peer->text, s.row_count,
            s.read_count);
    return rc;
}

/* --- when others ask ---
 */

static bool asks_too_often(struct agent *agent, const struct laestab *peer)
{
    struct agent_incarnation *in = &agent->incarnation;
    uint8_t *count = &in->asked[agent_witness(peer->text)];
    const mono now = clock_mono();

    if (now.ms - in->asked_since.ms >= SNAPSHOT_WINDOW_MS) {
        memset(in->asked, 0, sizeof in->asked);
        in->asked_since = now;
    }
    if (*count == SNAPSHOT_MOST)
        return true;
    ++*count;
    return false;
}

int snapshot_asked(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    return asks_too_often(agent, peer) ? note_owed(agent, peer, true, err)
                                       : snapshot_send(agent, peer, err);
}
