#include "agentd/casework.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/keydates.h"
#include "agentd/pending.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/happenings.h"
#include "store/offers.h"
#include "wire/casework.h"

struct casework *casework_new(void)
{
    struct casework *casework = mem_alloc(sizeof *casework);

    casework->policy = policy_usual();
    return casework;
}

static void file_clear(struct casework_file *file)
{
    free(file->events);
    arena_free(&file->arena);
    memset(file, 0, sizeof *file);
}

static void pupil_free(struct casework_pupil *pupil)
{
    arena_free(&pupil->arena);
    free(pupil);
}

static void drop_files(struct casework *c)
{
    for (size_t i = 0; i < c->count; i++) {
        file_clear(c->files[i]);
        free(c->files[i]);
    }
    file_clear(&c->school);
    c->count = 0;
    c->last_event = 0;
}

void casework_free(struct casework *c)
{
    if (c == NULL)
        return;
    drop_files(c);
    for (size_t i = 0; i < c->pupil_count; i++)
        pupil_free(c->pupils[i]);
    free(c->pupils);
    free(c->files);
    free(c);
}

/* --- finding --- */

/* Where the family is, or belongs. */
static size_t place_of(const struct casework *c, int64_t family)
{
    size_t low = 0;
    size_t high = c->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (c->files[middle]->family < family)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct casework_file *find(const struct casework *c, int64_t family)
{
    const size_t place = place_of(c, family);

    return place < c->count && c->files[place]->family == family
               ? c->files[place]
               : NULL;
}

static struct casework_file *find_or_add(struct casework *c, int64_t family)
{
    struct casework_file *file = find(c, family);
    const size_t place = place_of(c, family);

    if (file != NULL)
        return file;
    if (c->count == c->room) {
        c->room = c->room == 0 ? 64 : 2 * c->room;
        c->files = mem_resize(c->files, c->room, sizeof c->files[0]);
    }
    memmove(&c->files[place + 1], &c->files[place],
        (c->count - place) * sizeof c->files[0]);
    file = mem_alloc(sizeof *file);
    file->family = family;
    file->stale = true;
    c->files[place] = file;
    c->count++;
    return file;
}

struct casework_file *casework_find(const struct agent *agent, int64_t family)
{
    struct casework_file *file = find(agent->casework, family);

    return file != NULL && file->pupil_count > 0 ? file : NULL;
}

const struct casework_pupil *casework_pupil(
    const struct casework_file *file, int64_t record)
{
    for (size_t i = 0; i < file->pupil_count; i++)
        if (file->pupils[i]->row.id == record)
            return file->pupils[i];
    return NULL;
}

/* --- records --- */

/* A reading of all records: each comes once. */
struct reading {
    struct agent *agent;
    struct casework *casework;
    struct err *err;
    size_t sorted; /* so many pupils were there before, in the order of ids */
};

static struct casework_pupil *known(const struct reading *r, int64_t record)
{
    struct casework_pupil *const *const pupils = r->casework->pupils;
    size_t low = 0;
    size_t high = r->sorted;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (pupils[middle]->row.id < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->sorted && pupils[low]->row.id == record ? pupils[low]
                                                            : NULL;
}

static struct casework_pupil *add_pupil(struct casework *c)
{
    if (c->pupil_count == c->pupil_room) {
        c->pupil_room = c->pupil_room == 0 ? 64 : 2 * c->pupil_room;
        c->pupils = mem_resize(c->pupils, c->pupil_room, sizeof c->pupils[0]);
    }
    c->pupils[c->pupil_count] = mem_alloc(sizeof *c->pupils[0]);
    return c->pupils[c->pupil_count++];
}

/* Sealed bytes begin with a random nonce, so equal beginnings are the same
 * record, and nothing need be opened. */
static bool is_the_same(
    const struct casework_pupil *pupil, const struct inbox_record *row)
{
    return pupil->row.id == row->id && row->sealed.len >= sizeof pupil->nonce &&
           memcmp(pupil->nonce, row->sealed.data, sizeof pupil->nonce) == 0;
}

/* label: of what was sealed. */
static int read_row(
    struct reading *r, const struct inbox_record *row, const char *label)
{
    struct casework_pupil *pupil = known(r, row->id);
    int rc = 0;

    if (pupil == NULL)
        pupil = add_pupil(r->casework);
    if (!is_the_same(pupil, row)) {
        arena_clear(&pupil->arena);
        rc = blob_open(&pupil->leaver, r->agent, label, row->id, row->sealed,
            &pupil->arena, r->err);
        if (rc < 0)
            return rc;
        visible_contacts(&pupil->visible, &pupil->leaver);
        if (row->sealed.len >= sizeof pupil->nonce)
            memcpy(pupil->nonce, row->sealed.data, sizeof pupil->nonce);
    }
    pupil->row = *row;
    pupil->row.sealed = (struct bytes){NULL, 0};
    pupil->seen = true;
    return 0;
}

static int read_one(void *arg, const struct inbox_record *row)
{
    return read_row(arg, row, BLOB_RECORD);
}

/* Stands in for a record that is not here yet: it has revision 0. */
static int read_offer(void *arg, const struct offer *offer)
{
    const struct inbox_record row = {.id = offer->id,
        .tag = offer->tag,
        .author = offer->author,
        .family = offer->family,
        .applied_at = offer->at,
        .changed_at = offer->at,
        .sealed = offer->sealed};

    return read_row(arg, &row, BLOB_OFFER);
}

static void put_in_family(struct casework *c, struct casework_pupil *pupil)
{
    struct casework_file *file = find_or_add(c, pupil->row.family);
    const size_t place = file->pupil_count;

    if (place == STATE_MAX_PUPILS)
        return;
    file->pupils[place] = pupil;
    file->reach_pupils[place] = (struct reach_pupil){
        .record = pupil->row.id,
        .leaver = &pupil->leaver,
        .visible = &pupil->visible,
        .applied_at = pupil->row.applied_at,
        .read_at = pupil->row.read_at,
        .expected = pupil->row.revision == 0,
    };
    if (place == 0 || pupil->row.applied_at.ms < file->oldest_record.ms)
        file->oldest_record = pupil->row.applied_at;
    file->pupil_count++;
    file->stale = true;
}

static int by_record(const void *a, const void *b)
{
    const struct casework_pupil *const *x = a;
    const struct casework_pupil *const *y = b;

    return ((*x)->row.id > (*y)->row.id) - ((*x)->row.id < (*y)->row.id);
}

static void sort_pupils(struct casework *c)
{
    if (c->pupil_count > 0)
        qsort(c->pupils, c->pupil_count, sizeof c->pupils[0], by_record);
}

static int read_records(struct agent *agent, struct err *err)
{
    struct casework *c = agent->casework;
    struct reading r = {agent, c, err, 0};
    size_t kept = 0;
    int rc;

    sort_pupils(c); /* after a reading that failed they are not */
    r.sorted = c->pupil_count;
    for (size_t i = 0; i < c->pupil_count; i++)
        c->pupils[i]->seen = false;
    for (size_t i = 0; i < c->count; i++) {
        c->files[i]->pupil_count = 0;
        c->files[i]->stale = true;
    }
    rc = inbox_each_record(agent->db, 0, read_one, &r, err);
    if (rc == 0)
        rc = offers_each(agent->db, true, read_offer, &r, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < c->pupil_count; i++)
        if (c->pupils[i]->seen)
            c->pupils[kept++] = c->pupils[i];
        else
            pupil_free(c->pupils[i]);
    c->pupil_count = kept;
    sort_pupils(c);
    for (size_t i = 0; i < kept; i++)
        put_in_family(c, c->pupils[i]);
    return 0;
}

/* --- events --- */

static int read_event(void *arg, const struct happening *row)
{
    struct reading *r = arg;
    struct casework *c = r->casework;
    struct casework_file *file =
        row->family == 0 ? &c->school : find_or_add(c, row->family);
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct event event = {
        .id = row->id,
        .family = row->family,
        .pupil = row->pupil,
        .at = row->at,
        .login = arena_text(&file->arena, row->login),
        .kind = (enum event_kind)row->kind,
    };
    int rc = vault_unseal(
        &plain, r->agent->vault, BLOB_EVENT, row->id, row->sealed, r->err);

    if (rc == 0)
        rc = casework_decode(&event, buf_bytes(&plain), &file->arena, r->err);
    if (rc < 0)
        return err_wrap(r->err, rc, "stored event");
    if (file->event_count == file->event_room) {
        file->event_room = file->event_room == 0 ? 16 : 2 * file->event_room;
        file->events = mem_resize(file->events, file->event_room, sizeof event);
    }
    file->events[file->event_count++] = event;
    file->stale = true;
    c->last_event = row->id;
    return 0;
}

static int read_events(struct agent *agent, struct err *err)
{
    struct casework *c = agent->casework;
    struct reading r = {agent, c, err, 0};

    return happenings_since(agent->db, c->last_event, read_event, &r, err);
}

/* --- folding --- */

struct state_facts casework_facts(
    const struct casework *casework, const struct casework_file *file)
{
    return (struct state_facts){
        .family = file->family,
        .pupils = file->reach_pupils,
        .pupil_count = file->pupil_count,
        .events = file->events,
        .event_count = file->event_count,
        .reach = &file->reach,
        .policy = &casework->policy,
        .in_quarantine = file->in_quarantine,
        .now = casework->now,
    };
}

static void fold(struct casework *c, struct casework_file *file)
{
    const struct state_facts facts = casework_facts(c, file);

    if (!file->stale) {
        state_at(&file->state, &facts);
        return;
    }
    event_sort(file->events, file->event_count);
    reach_gather(&file->reach, file->reach_pupils, file->pupil_count,
        file->events, file->event_count);
    state_fold(&file->state, &facts);
    file->stale = false;
}

static bool same_stamp(const struct db_stamp *a, const struct db_stamp *b)
{
    return a->records == b->records && a->happenings == b->happenings &&
           a->joins == b->joins && a->rollbacks == b->rollbacks;
}

static int read_changes(struct agent *agent, struct err *err)
{
    struct casework *c = agent->casework;
    const struct db_stamp stamp = db_stamp(agent->db);
    int rc = 0;

    if (c->filled && same_stamp(&stamp, &c->stamp))
        return 0;
    if (!c->filled || stamp.joins != c->stamp.joins ||
        stamp.rollbacks != c->stamp.rollbacks) {
        drop_files(c);
        c->filled = false;
    }
    if (!c->filled || stamp.records != c->stamp.records)
        rc = read_records(agent, err);
    if (rc == 0)
        rc = read_events(agent, err);
    c->filled = rc == 0;
    c->stamp = stamp;
    return rc;
}

/* What the files were folded by: if it has changed, all are folded anew. */
static void follow_frame(struct agent *agent)
{
    struct casework *c = agent->casework;
    const struct casework_frame frame = {
        c->policy, date_today(c->now), keydates_of(agent).entry};

    if (memcmp(&frame, &c->frame, sizeof frame) == 0)
        return;
    c->frame = frame;
    for (size_t i = 0; i < c->count; i++)
        c->files[i]->stale = true;
}

int casework_refresh(struct agent *agent, struct err *err)
{
    struct casework *c = agent->casework;
    struct event_dates dates;
    int rc = read_changes(agent, err);

    if (rc == 0)
        rc = pending_mark(agent, err);
    if (rc < 0)
        return rc;
    c->now = clock_wall();
    if (c->school.stale)
        event_sort(c->school.events, c->school.event_count);
    c->school.stale = false;
    follow_frame(agent);
    dates = keydates_of(agent);
    for (size_t i = 0; i < c->count; i++) {
        if (c->files[i]->stale)
            c->files[i]->deadline = keydates_deadline(c, c->files[i], &dates);
        fold(c, c->files[i]);
    }
    return 0;
}

int casework_add(struct agent *agent, struct event *event, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct happening row = {.family = event->family,
        .pupil = event->pupil,
        .kind = (int)event->kind};
    int rc = happenings_next_id(agent->db, &row.id, err);

    if (event->at.ms == 0)
        event->at = clock_wall();
    event->id = row.id;
    row.at = event->at;
    if (event->login != NULL)
        snprintf(row.login, sizeof row.login, "%s", event->login);
    if (rc == 0)
        rc = casework_encode(&plain, event, err);
    if (rc == 0)
        rc = vault_seal(
            &sealed, agent->vault, BLOB_EVENT, row.id, buf_bytes(&plain), err);
    row.sealed = buf_bytes(&sealed);
    return rc < 0 ? rc : happenings_add(agent->db, &row, err);
}
