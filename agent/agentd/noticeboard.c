#include "agentd/noticeboard.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/desk.h"
#include "agentd/keydates.h"
#include "agentd/progress.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "store/diaries.h"

/* --- telling ---------------------------------------------------------------
 */

/* A session as it now stands. */
struct planned {
    const struct event_session *is;
    bool was_open;
};

static struct planned *planned_find(
    struct planned *list, size_t *count, uint32_t number)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i].is->session == number)
            return &list[i];
    list[*count] = (struct planned){NULL, false};
    return &list[(*count)++];
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = ((const struct planned *)a)->is->session;
    const uint32_t y = ((const struct planned *)b)->is->session;

    return (x > y) - (x < y);
}

/* By number; free() it. */
static struct planned *gather(size_t *count, const struct casework *c)
{
    const struct casework_file *school = &c->school;
    struct planned *list =
        mem_alloc((school->event_count + 1) * sizeof list[0]);

    *count = 0;
    for (size_t i = 0; i < school->event_count; i++) {
        const struct event_session *is = &school->events[i].u.session;
        struct planned *one;

        if (school->events[i].kind != EVENT_SESSION)
            continue;
        one = planned_find(list, count, is->session);
        one->is = is;
        one->was_open |= is->status == SESSION_PUBLISHED;
    }
    qsort(list, *count, sizeof list[0], by_number);
    return list;
}

/* What every family may read: an adult may have been restricted since it was
 * typed. */
static const char *shown(const struct casework *c, const char *text)
{
    bool withheld = false;

    for (size_t i = 0; i < c->count && !withheld; i++)
        text = desk_shown(c->files[i], text, &withheld);
    return text;
}

/* Open to any family, and not over.  One that is for one family is not. */
static bool is_told(const struct planned *one, wall now)
{
    return one->was_open && one->is->type != SESSION_ONE_TO_ONE &&
           one->is->end.ms > now.ms;
}

static struct diary_session told_of(
    const struct casework *c, const struct event_session *is)
{
    return (struct diary_session){is->session, is->type,
        is->status == SESSION_CANCELLED, shown(c, is->title), is->start,
        is->end, shown(c, is->place), is->online_link[0] != '\0', is->step_free,
        is->creche > 0, is->learning_linked, is->interpreters};
}

static void compose(
    struct diary *out, const struct agent *agent, struct arena *arena)
{
    const struct casework *c = agent->casework;
    const struct event_dates dates = keydates_of(agent);
    struct diary_session *sessions =
        arena_take(arena, DIARY_MAX_SESSIONS * sizeof *sessions);
    size_t count;
    struct planned *list = gather(&count, c);

    *out = (struct diary){
        dates.entry, dates.induction, dates.term_end, sessions, 0};
    for (size_t i = 0; i < count && out->count < DIARY_MAX_SESSIONS; i++)
        if (is_told(&list[i], c->now))
            sessions[out->count++] = told_of(c, list[i].is);
    free(list);
}

struct telling {
    struct agent *agent;
    struct err *err;
    struct batch_item item;
    struct digest digest;
    bool is_empty;
    bool again; /* whatever they were told */
    int total;
};

static int tell_one(struct telling *t, const struct laestab *school)
{
    static const struct digest nothing = {{0}};
    struct batch_item item = t->item;
    struct err why = {.text = ""};
    struct digest before;
    uint64_t first;
    int64_t stream;
    int rc = diaries_told(&before, t->agent->db, school, t->err);
    const bool is_new = memcmp(&before, &nothing, sizeof before) == 0;

    if (rc < 0 || (is_new && t->is_empty) ||
        (!t->again && memcmp(&before, &t->digest, sizeof before) == 0) ||
        !progress_may_tell(t->agent, school))
        return rc;
    rc = sender_append(
        t->agent, &first, &stream, school, LANE_NORMAL, &item, 1, &why);
    if (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE)
        return 0; /* progress.c says so in the log */
    if (rc < 0)
        return err_set(t->err, why.code, "%s", why.text);
    t->total++;
    return diaries_put_told(t->agent->db, school, &t->digest, t->err);
}

/* The primaries that have sent records, each once. */
static struct laestab *primaries(size_t *count, const struct casework *c)
{
    struct laestab *list = mem_alloc((c->pupil_count + 1) * sizeof list[0]);

    *count = 0;
    for (size_t i = 0; i < c->pupil_count; i++) {
        size_t at = 0;

        if (c->pupils[i]->row.revision == 0)
            continue; /* expected, and nothing sent yet */
        while (
            at < *count && !laestab_equal(&list[at], &c->pupils[i]->row.author))
            at++;
        if (at == *count)
            list[(*count)++] = c->pupils[i]->row.author;
    }
    return list;
}

int noticeboard_tell(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf bytes = BUF_EMPTY;
    struct telling t = {.agent = agent,
        .err = err,
        .item.kind = ITEM_DIARY,
        .again = peer != NULL};
    const struct diary *diary = &t.item.u.diary;
    size_t count;
    struct laestab *schools;
    int rc;

    compose(&t.item.u.diary, agent, &arena);
    t.is_empty = diary->count == 0 && !date_is_set(diary->entry) &&
                 !date_is_set(diary->induction) &&
                 !date_is_set(diary->term_end);
    rc = diary_encode(&bytes, diary, err);
    if (rc < 0)
        return rc;
    hash_sha256(&t.digest, buf_bytes(&bytes));
    schools = primaries(&count, agent->casework);
    for (size_t i = 0; rc == 0 && i < count; i++)
        if (peer == NULL || laestab_equal(&schools[i], peer))
            rc = tell_one(&t, &schools[i]);
    free(schools);
    return rc < 0 ? rc : t.total;
}

/* --- hearing ---------------------------------------------------------------
 */

struct leaving {
    const struct laestab *school;
    json_int_t count;
};

static int count_leaver(void *arg, const struct leavers_row *row)
{
    struct leaving *leaving = arg;

    leaving->count += row->sent_revision != 0 && row->recalled_at.ms == 0;
    return 0;
}

int noticeboard_leavers(json_int_t *count, struct agent *agent,
    const struct laestab *school, struct err *err)
{
    struct leaving leaving = {school, 0};
    const int rc =
        leavers_each(agent->db, school, false, count_leaver, &leaving, err);

    *count = leaving.count;
    return rc;
}

static int64_t row_of(const struct laestab *school)
{
    return strtoll(school->text, NULL, 10);
}

/* Letters may overtake each other: an author counts what it writes, and again
 * from the start when its database went back. */
static bool is_older(const struct diaries_row *row, const struct batch *batch)
{
    return row->at.ms != 0 && (batch->incarnation < row->incarnation ||
                                  (batch->incarnation == row->incarnation &&
                                      batch->progress <= row->progress));
}

int noticeboard_heard(struct agent *agent, const struct batch *batch,
    const struct batch_item *item, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    const struct laestab *author = &batch->header.author;
    struct diaries_row row;
    json_int_t leavers = 0;
    int rc = noticeboard_leavers(&leavers, agent, author, err);

    if (rc < 0 || leavers == 0)
        return rc;
    rc = diaries_find(&row, agent->db, author, &arena, err);
    if (rc < 0 || is_older(&row, batch))
        return rc;
    rc = diary_encode(&plain, &item->u.diary, err);
    if (rc == 0)
        rc = blob_seal(
            &sealed, agent, BLOB_DIARY, row_of(author), buf_bytes(&plain), err);
    row.incarnation = batch->incarnation;
    row.progress = batch->progress;
    row.at = clock_wall();
    row.sealed = buf_bytes(&sealed);
    return rc < 0 ? rc : diaries_put(agent->db, &row, err);
}

int noticeboard_find(struct diary *out, wall *told_at, struct agent *agent,
    const struct laestab *school, struct arena *arena, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct diaries_row row;
    int rc = diaries_find(&row, agent->db, school, arena, err);

    *out = (struct diary){.count = 0};
    *told_at = row.at;
    if (rc < 0 || row.at.ms == 0)
        return rc;
    rc = vault_unseal(
        &plain, agent->vault, BLOB_DIARY, row_of(school), row.sealed, err);
    if (rc == 0)
        rc = diary_decode(out, buf_bytes(&plain), arena, err);
    return rc < 0 ? err_wrap(err, rc, "stored diary") : 0;
}
