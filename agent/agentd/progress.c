#include "agentd/progress.h"

#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/casework.h"
#include "agentd/desk.h"
#include "agentd/noticeboard.h"
#include "agentd/post.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/coarse.h"
#include "store/heard.h"
#include "store/told.h"

struct progress {
    struct agent *agent;
    struct loop_timer *timer;
    struct db_stamp stamp; /* of the last look */
    bool looked;
    bool set;
};

/* --- telling ---------------------------------------------------------------
 */

bool progress_may_tell(const struct agent *agent, const struct laestab *school)
{
    const struct directory_school *found =
        members_school(agent->identity->members, school);

    return found != NULL && found->status == MEMBER_ACTIVE;
}

/* What is told at once. */
struct telling {
    struct agent *agent;
    struct err *err;
    const struct laestab *peer; /* whom all is repeated to; NULL: changes */
    struct laestab to;          /* of the items */
    struct batch_item items[BATCH_MAX_ITEMS];
    size_t count;
    int total;
};

static int flush(struct telling *t)
{
    struct err why = {.text = ""};
    uint64_t first;
    int64_t stream;
    int rc;

    if (t->count == 0)
        return 0;
    rc = sender_append(t->agent, &first, &stream, &t->to, LANE_NORMAL, t->items,
        t->count, &why);
    t->total += (int)t->count;
    t->count = 0;
    if (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE) {
        log_line(&t->agent->log, LOG_WARN, "a school cannot be told",
            "to=%s reason=\"%s\"", t->to.text, why.text);
        return 0;
    }
    return rc < 0 ? err_set(t->err, why.code, "%s", why.text) : 0;
}

static int add(struct telling *t, const struct casework_pupil *pupil,
    const struct told *told, const struct event *tutor)
{
    int rc = 0;

    if (t->count == BATCH_MAX_ITEMS ||
        !laestab_equal(&t->to, &pupil->row.author))
        rc = flush(t);
    t->to = pupil->row.author;
    t->items[t->count++] = (struct batch_item){.kind = ITEM_FAMILY,
        .u.family = {pupil->leaver.upn, (enum coarse)told->state, told->day,
            tutor == NULL ? "" : tutor->u.tutor.name}};
    return rc < 0 ? rc : told_put(t->agent->db, told, t->err);
}

static int tell_pupil(
    struct telling *t, const struct casework_file *file, size_t place)
{
    const struct casework_pupil *pupil = file->pupils[place];
    const struct state_facts facts = desk_facts(t->agent, file);
    const struct event *tutor = file->state.pupils[place].tutor;
    struct told now = {
        .record = pupil->row.id, .tutor = tutor == NULL ? 0 : tutor->id};
    struct told before;
    int rc;

    now.state = (int)coarse_of(&now.day, &file->state, &facts, place);
    rc = told_find(&before, t->agent->db, now.record, t->err);
    if (rc < 0)
        return rc;
    if (pupil->row.revision == 0)
        return 0; /* its primary has sent nothing that this is about */
    if ((before.state == 0 && now.state == COARSE_NONE && now.tutor == 0) ||
        !progress_may_tell(t->agent, &pupil->row.author))
        return 0;
    if (t->peer != NULL
            ? !laestab_equal(&pupil->row.author, t->peer)
            : before.state == now.state && before.tutor == now.tutor &&
                  date_compare(before.day, now.day) == 0)
        return 0;
    return add(t, pupil, &now, tutor);
}

static int tell(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    struct telling *t = mem_alloc(sizeof *t);
    const struct casework *c = agent->casework;
    int rc = casework_refresh(agent, err);
    int total;

    t->agent = agent;
    t->err = err;
    t->peer = peer;
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; rc == 0 && j < c->files[i]->pupil_count; j++)
            rc = tell_pupil(t, c->files[i], j);
    if (rc == 0)
        rc = flush(t);
    total = t->total;
    free(t);
    if (rc == 0)
        rc = noticeboard_tell(agent, peer, err);
    return rc < 0 ? rc : total + rc;
}

int progress_tell(struct agent *agent, struct err *err)
{
    return tell(agent, NULL, err);
}

int progress_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    const int rc = tell(agent, peer, err);

    return rc < 0 ? rc : 0;
}

/* --- when ------------------------------------------------------------------
 */

static void on_timer(void *arg)
{
    struct progress *p = arg;
    struct agent *agent = p->agent;
    struct err err = {.text = ""};
    int told;
    int rc;

    p->set = false;
    if (post_fenced_at(agent->post).ms != 0)
        return;
    rc = db_begin(agent->db, &err);
    if (rc == 0)
        rc = progress_tell(agent, &err);
    told = rc;
    if (rc >= 0)
        rc = db_commit(agent->db, &err);
    if (rc < 0 && db_in_transaction(agent->db))
        db_rollback(agent->db);
    if (rc == 0 && told > 0)
        post_kick(agent->post);
    if (rc < 0)
        log_line(&agent->log, LOG_ERROR,
            "cannot tell the primaries how far "
            "first contact has come",
            "reason=\"%s\"", err.text);
    p->stamp = db_stamp(agent->db);
}

struct progress *progress_new(struct agent *agent)
{
    struct progress *p = mem_alloc(sizeof *p);

    p->agent = agent;
    p->timer = loop_timer_new(agent->loop, on_timer, p);
    progress_expect(p);
    return p;
}

void progress_free(struct progress *p)
{
    if (p == NULL)
        return;
    loop_timer_free(p->timer);
    free(p);
}

void progress_expect(struct progress *p)
{
    struct db_stamp now;

    if (p == NULL || p->set)
        return;
    now = db_stamp(p->agent->db);
    if (p->looked && now.records == p->stamp.records &&
        now.happenings == p->stamp.happenings)
        return;
    p->looked = p->set = true;
    loop_timer_set(p->timer, (mono){clock_mono().ms + PROGRESS_DELAY_MS});
}

/* --- hearing ---------------------------------------------------------------
 */

int progress_heard(struct agent *agent, const struct laestab *author,
    const struct batch_item *item, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf tutor = BUF_EMPTY;
    struct heard heard = {.school = *author,
        .state = (int)item->u.family.state,
        .day = item->u.family.day,
        .at = clock_wall()};
    struct leavers_row row;
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.family.upn);
    rc = leavers_find(&row, agent->db, &tag, &arena, err);
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    if (!laestab_equal(&row.destination, author) || row.recalled_at.ms != 0)
        return 0;
    heard.leaver = row.id;
    if (item->u.family.tutor[0] != '\0')
        rc = blob_seal(&tutor, agent, BLOB_TUTOR, row.id,
            bytes_of(item->u.family.tutor), err);
    heard.tutor = buf_bytes(&tutor);
    return rc < 0 ? rc : heard_put(agent->db, &heard, err);
}

static int open_tutor(struct buf *name, struct agent *agent,
    const struct heard *heard, struct err *err)
{
    int rc = 0;

    if (heard->tutor.len > 0)
        rc = vault_unseal(
            name, agent->vault, BLOB_TUTOR, heard->leaver, heard->tutor, err);
    buf_add(name, (struct bytes){(const uint8_t *)"", 1});
    return rc < 0 ? err_wrap(err, rc, "stored tutor") : 0;
}

int progress_describe(json_t *one, struct agent *agent,
    const struct leavers_row *row, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf tutor = BUF_EMPTY;
    struct heard heard;
    char day[DATE_TEXT_SIZE];
    int rc =
        heard_find(&heard, agent->db, row->id, &row->destination, &arena, err);

    if (rc == 0 && (row->sent_revision == 0 || row->recalled_at.ms != 0))
        heard = (struct heard){.state = 0};
    if (rc == 0)
        rc = open_tutor(&tutor, agent, &heard, err);
    if (rc < 0)
        return rc;
    json_object_set_new(one, "family",
        json_string(coarse_name(
            heard.state == 0 ? COARSE_NONE : (enum coarse)heard.state)));
    json_object_set_new(one, "family_day",
        date_is_set(heard.day) ? json_string(date_format(heard.day, day))
                               : json_null());
    json_object_set_new(one, "tutor", args_string((const char *)tutor.data));
    return 0;
}
