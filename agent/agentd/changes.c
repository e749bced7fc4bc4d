/*
 * changes - at the secondary: what came in since a moment, for whoever begins
 * the day: new and changed records, new numbers, answers of the primaries, and
 * how many records were taken back.
 *
 * Only what others sent: what our own staff did is in the audit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/desk.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/tombstones.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* One line of the answer. */
struct change {
    wall at;
    const struct casework_file *file;
    const struct casework_pupil *pupil; /* NULL: of the family */
    const char *kind;
    const char *text;
    uint32_t contact; /* as people type it; 0: nobody */
};

struct changes {
    struct request *request;
    wall since;
    struct change *list;
    size_t count;
};

static void changes_end(struct changes *c)
{
    free(c->list);
}

static struct change *add(struct changes *c, wall at,
    const struct casework_file *file, const char *kind, const char *text)
{
    if (at.ms < c->since.ms)
        return NULL;
    c->list = mem_resize(c->list, c->count + 1, sizeof c->list[0]);
    c->list[c->count] =
        (struct change){.at = at, .file = file, .kind = kind, .text = text};
    return &c->list[c->count++];
}

static void add_record(struct changes *c, const struct casework_file *file,
    const struct casework_pupil *pupil)
{
    const struct inbox_record *row = &pupil->row;
    struct change *one;

    if (row->revision == 0)
        return; /* expected: nothing has come */
    one = add(c, row->applied_at, file, "new-record", "the record came");
    if (one != NULL)
        one->pupil = pupil;
    if (row->changed_at.ms == row->applied_at.ms)
        return;
    one = add(c, row->changed_at, file, "changed-record",
        "a newer record came: look at the card");
    if (one != NULL)
        one->pupil = pupil;
}

/* The number under which the card shows that contact; 0: it does not. */
static uint32_t shown_as(
    const struct casework_file *file, int64_t record, uint32_t contact)
{
    const struct reach_person *person = reach_who(
        &file->reach, file->reach_pupils, file->pupil_count, record, contact);

    return person == NULL ? 0 : person->n;
}

static void add_answer(struct changes *c, const struct casework_file *file,
    const struct event *event)
{
    const struct event_answer *a = &event->u.answer;
    bool withheld = false;
    struct change *one = add(c, event->at, file, "answer",
        !a->accepted          ? "the primary school has no answer"
        : a->value[0] != '\0' ? "the primary school gave a new number"
                              : "the primary school answered");

    if (one == NULL)
        return;
    one->contact = shown_as(file, a->record, a->contact);
    if (a->text[0] != '\0' && desk_shown(file, a->text, &withheld)[0] != '\0')
        one->text = a->text;
}

static void add_event(struct changes *c, const struct casework_file *file,
    const struct event *event)
{
    const struct event_point *point = &event->u.point;
    struct change *one;

    if (event->kind == EVENT_ANSWER)
        add_answer(c, file, event);
    if (event->kind != EVENT_POINT || point->source == SOURCE_PARENT ||
        point->request != 0) /* it came with an answer */
        return;
    if (shown_as(file, point->record, point->contact) == 0)
        return; /* of somebody who is not shown */
    one = add(c, event->at, file, "new-number", "a new number or address");
    if (one != NULL)
        one->contact = shown_as(file, point->record, point->contact);
}

static void gather(struct changes *c)
{
    const struct casework *casework = c->request->agent->casework;

    for (size_t i = 0; i < casework->count; i++) {
        const struct casework_file *file = casework->files[i];

        for (size_t j = 0; j < file->pupil_count; j++)
            add_record(c, file, file->pupils[j]);
        for (size_t j = 0; j < file->event_count; j++)
            add_event(c, file, &file->events[j]);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;

    if (x->at.ms != y->at.ms)
        return x->at.ms < y->at.ms ? -1 : 1;
    return (x->file->family > y->file->family) -
           (x->file->family < y->file->family);
}

/* --- answer --- */

static json_t *pupils_json(const struct change *change)
{
    json_t *list = json_array();

    for (size_t i = 0; i < change->file->pupil_count; i++)
        if (change->pupil == NULL || change->pupil == change->file->pupils[i])
            json_array_append_new(
                list, desk_child_json(change->file->pupils[i]));
    return list;
}

static json_t *change_json(
    const struct request *request, const struct change *change)
{
    const struct casework_pupil *pupil =
        change->pupil != NULL ? change->pupil : change->file->pupils[0];
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)change->file->family);
    return json_pack("{s:o,s:s,s:o,s:s,s:s,s:I,s:s}", "at",
        args_time(change->at.ms), "case", id, "pupils", pupils_json(change),
        "kind", change->kind, "text", change->text, "contact",
        (json_int_t)change->contact, "from",
        agent_school_name(request->agent, &pupil->row.author));
}

/* "yesterday", "today", a day or a time; the day begins in England. */
static int read_since(wall *out, const struct request *request, struct err *err)
{
    const struct date today = date_today(clock_wall());
    const char *text;
    struct date day = date_from_day_number(date_day_number(today) - 1);
    int rc = args_text(&text, request->args, "since", 24, err);

    if (rc < 0)
        return rc;
    if (strcmp(text, "today") == 0)
        day = today;
    else if (text[0] != '\0' && strcmp(text, "yesterday") != 0 &&
             date_parse(&day, text, NULL) < 0) {
        if (clock_parse(out, text, NULL) == 0)
            return 0;
        return err_set(err, ERR_USAGE,
            "since is yesterday, today, or a day like 2027-06-15");
    }
    *out = (wall){date_day_number(day) * DAY_MS};
    out->ms -= date_ahead_ms(*out);
    return 0;
}

int changes_list(json_t **result, struct request *request, struct err *err)
{
    SCOPED(changes_end) struct changes c = {.request = request};
    json_t *list = json_array();
    int64_t gone = 0;
    int rc = read_since(&c.since, request, err);

    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        rc = tombstones_since(&gone, request->agent->db, c.since, err);
    if (rc == 0)
        rc = requests_audit(request, "changes", NULL, 0, "", err);
    *result = json_pack("{s:o,s:o,s:I}", "since", args_time(c.since.ms),
        "changes", list, "taken_back", (json_int_t)gone);
    if (rc < 0)
        return rc;
    gather(&c);
    if (c.count > 0)
        qsort(c.list, c.count, sizeof c.list[0], by_time);
    for (size_t i = 0; i < c.count; i++)
        json_array_append_new(list, change_json(request, &c.list[i]));
    return 0;
}
