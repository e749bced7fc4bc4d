#include "agentd/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
#include "store/opened.h"
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

/* Who has opened what of one record. */
struct seen {
    struct used by[USED_MAX_ROLES];
    size_t count;
    int parts; /* altogether */
};

/* What is told at once. */
struct telling {
    struct agent *agent;
    struct err *err;
    const struct laestab *peer; /* whom all is repeated to; NULL: changes */
    struct laestab to;          /* of the items */
    struct arena arena;         /* of their roles */
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
    arena_clear(&t->arena);
    if (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE) {
        log_line(&t->agent->log, LOG_WARN, "a school cannot be told",
            "to=%s reason=\"%s\"", t->to.text, why.text);
        return 0;
    }
    return rc < 0 ? err_set(t->err, why.code, "%s", why.text) : 0;
}

static int add(struct telling *t, const struct casework_pupil *pupil,
    const struct told *told, const struct event *tutor, const struct seen *seen)
{
    int rc = 0;
    struct used *used;

    if (t->count == BATCH_MAX_ITEMS ||
        !laestab_equal(&t->to, &pupil->row.author))
        rc = flush(t);
    t->to = pupil->row.author;
    used = arena_take(&t->arena, sizeof seen->by);
    for (size_t i = 0; i < seen->count; i++)
        used[i] = (struct used){
            arena_text(&t->arena, seen->by[i].role), seen->by[i].sections};
    t->items[t->count++] = (struct batch_item){.kind = ITEM_FAMILY,
        .u.family = {pupil->leaver.upn, (enum coarse)told->state, told->day,
            tutor == NULL ? "" : tutor->u.tutor.name, used, seen->count}};
    return rc < 0 ? rc : told_put(t->agent->db, told, t->err);
}

static int find_seen(struct seen *out, struct db *db,
    const struct casework_pupil *pupil, struct arena *arena, struct err *err)
{
    const int rc = opened_list(out->by, db, pupil->row.id, arena, err);

    out->count = rc < 0 ? 0 : (size_t)rc;
    out->parts = 0;
    for (size_t i = 0; i < out->count; i++)
        out->parts += __builtin_popcount(out->by[i].sections);
    return rc < 0 ? rc : 0;
}

static bool is_known(const struct told *before, const struct told *now)
{
    return before->state == now->state && before->tutor == now->tutor &&
           before->used == now->used &&
           date_compare(before->day, now->day) == 0;
}

static int tell_pupil(
    struct telling *t, const struct casework_file *file, size_t place)
{
    const struct casework_pupil *pupil = file->pupils[place];
    const struct state_facts facts = desk_facts(t->agent, file);
    const struct event *tutor = file->state.pupils[place].tutor;
    struct told now = {
        .record = pupil->row.id, .tutor = tutor == NULL ? 0 : tutor->id};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct told before;
    struct seen seen;
    int rc = find_seen(&seen, t->agent->db, pupil, &arena, t->err);

    now.used = seen.parts;
    now.state = (int)coarse_of(&now.day, &file->state, &facts, place);
    if (rc == 0)
        rc = told_find(&before, t->agent->db, now.record, t->err);
    if (rc < 0)
        return rc;
    if (pupil->row.revision == 0)
        return 0; /* its primary has sent nothing that this is about */
    if ((before.state == 0 && now.state == COARSE_NONE && now.tutor == 0 &&
            now.used == 0) ||
        !progress_may_tell(t->agent, &pupil->row.author))
        return 0;
    if (t->peer != NULL ? !laestab_equal(&pupil->row.author, t->peer)
                        : is_known(&before, &now))
        return 0;
    return add(t, pupil, &now, tutor, &seen);
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
    t->arena = ARENA_EMPTY;
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; rc == 0 && j < c->files[i]->pupil_count; j++)
            rc = tell_pupil(t, c->files[i], j);
    if (rc == 0)
        rc = flush(t);
    total = t->total;
    arena_free(&t->arena);
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

void progress_changed(struct progress *p)
{
    if (p != NULL)
        p->looked = false;
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

/* "CALLER 1,SENCO 5" */
static void note_used(struct heard *heard, const struct batch_item *item)
{
    size_t len = 0;

    heard->used[0] = '\0';
    for (size_t i = 0; i < item->u.family.used_count; i++)
        if (len + USED_MAX_ROLE + 16 < sizeof heard->used)
            len += (size_t)snprintf(heard->used + len, sizeof heard->used - len,
                "%s%s %u", len > 0 ? "," : "", item->u.family.used[i].role,
                item->u.family.used[i].sections);
}

/* [{"role":"SENCO","sections":["contacts","support"]}] */
static json_t *used_json(const struct heard *heard)
{
    json_t *list = json_array();
    const char *at = heard->used;

    while (*at != '\0') {
        const size_t len = strcspn(at, " ");
        char *end;
        const unsigned long bits = strtoul(at + len, &end, 10);
        json_t *sections = json_array();

        for (unsigned bit = 1; bit <= USED_LAST; bit <<= 1)
            if ((bits & bit) != 0)
                json_array_append_new(
                    sections, json_string(used_name((enum used_section)bit)));
        json_array_append_new(list,
            json_pack("{s:s%,s:o}", "role", at, len, "sections", sections));
        at = end + strspn(end, ",");
    }
    return list;
}

/* A letter that was lost and goes again comes behind those that followed it;
 * several of one child may be in the same letter. */
static bool is_older(const struct heard *before, const struct batch *batch)
{
    return batch->incarnation < before->incarnation ||
           (batch->incarnation == before->incarnation &&
               batch->progress < before->progress);
}

/* When the family was spoken to is told with that step alone, and is wanted
 * when the child has started. */
static struct date contacted_on(
    const struct heard *before, const struct heard *now)
{
    if (now->state == COARSE_CONTACTED)
        return now->day;
    return now->state >= COARSE_STARTED ? before->contacted
                                        : (struct date){0, 0, 0};
}

static int hear(struct agent *agent, struct heard *heard,
    const struct batch_item *item, struct err *err)
{
    SCOPED(buf_free) struct buf tutor = BUF_EMPTY;
    int rc = 0;

    if (item->u.family.tutor[0] != '\0')
        rc = blob_seal(&tutor, agent, BLOB_TUTOR, heard->leaver,
            bytes_of(item->u.family.tutor), err);
    heard->tutor = buf_bytes(&tutor);
    note_used(heard, item);
    return rc < 0 ? rc : heard_put(agent->db, heard, err);
}

int progress_heard(struct agent *agent, const struct batch *batch,
    const struct batch_item *item, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct laestab *author = &batch->header.author;
    struct heard heard = {.school = *author,
        .state = (int)item->u.family.state,
        .day = item->u.family.day,
        .at = clock_wall(),
        .incarnation = batch->incarnation,
        .progress = batch->progress};
    struct heard before;
    struct leavers_row row;
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.family.upn);
    rc = leavers_find(&row, agent->db, &tag, &arena, err);
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    if (!laestab_equal(&row.destination, author) || row.recalled_at.ms != 0)
        return 0;
    rc = heard_find(&before, agent->db, row.id, author, &arena, err);
    if (rc < 0 || is_older(&before, batch))
        return rc;
    heard.leaver = row.id;
    heard.contacted = contacted_on(&before, &heard);
    return hear(agent, &heard, item, err);
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
    json_object_set_new(one, "used", used_json(&heard));
    return 0;
}
