/*
 * entry - at the secondary: which of the expected children have started, and
 * what to do next about those who have not come.
 *
 * From a child's first day on, one by one or from a sheet; marked again it is
 * corrected, and what was said before stays in the history.  The primary is
 * told by itself that the child started, has not arrived, or is elsewhere
 * (agentd/progress.h), and never the note.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/desk.h"
#include "agentd/keydates.h"
#include "agentd/loading.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/nonarrival.h"

#define MOST_NOTE 500
#define MOST_DAYS_COUNTED 99
#define RESULTS                                                                \
    "results: started, not-arrived, started-elsewhere, home-educated, "        \
    "moved-away, unknown"

/* One child and what became of it. */
struct marking {
    struct casework_file *file;
    const struct casework_pupil *pupil;
    struct event_entry entry;
};

static json_t *day_json(struct date day)
{
    char text[DATE_TEXT_SIZE];

    return date_is_set(day) ? json_string(date_format(day, text)) : json_null();
}

static const struct event *mark_of(
    const struct casework_file *file, const struct casework_pupil *pupil)
{
    return nonarrival_mark(file->events, file->event_count, pupil->row.id);
}

/* Missing: somebody has to look for it. */
static bool is_missing(const struct event *mark)
{
    return mark != NULL && (mark->u.entry.result == ENTRY_NOT_ARRIVED ||
                               mark->u.entry.result == ENTRY_UNKNOWN);
}

/* --- what was said --- */

/* "Not arrived" in a sheet is not-arrived. */
static enum entry_result parse_result(const char *typed)
{
    char word[24] = "";

    for (size_t i = 0; typed[i] != '\0' && i + 1 < sizeof word; i++)
        word[i] = typed[i] == ' ' || typed[i] == '_'
                      ? '-'
                      : (char)tolower((unsigned char)typed[i]);
    return strlen(typed) < sizeof word ? event_entry_parse(word) : 0;
}

/* Why that day cannot be it; "" if it can. */
static const char *wrong_day(
    char text[120], const struct agent *agent, const struct marking *m)
{
    const struct date first = keydates_entry(agent, m->pupil);
    const struct date today = date_today(agent->casework->now);
    char day[DATE_TEXT_SIZE];

    text[0] = '\0';
    if (date_compare(m->entry.date, today) > 0)
        snprintf(text, 120, "that day has not come yet");
    else if (date_compare(m->entry.date, first) < 0)
        snprintf(text, 120,
            "the child is expected on %s, and is marked from that day on",
            date_format(first, day));
    return text;
}

static int store(
    struct request *request, const struct marking *m, struct err *err)
{
    struct event event = {.kind = EVENT_ENTRY,
        .family = m->file->family,
        .pupil = m->pupil->row.id,
        .u.entry = m->entry};
    struct tag tag;
    int rc = desk_add(request, &event, err);

    agent_upn_tag(&tag, request->agent, m->pupil->leaver.upn);
    return rc < 0 ? rc
                  : requests_audit(request, "entry.mark", &tag, m->file->family,
                        event_entry_name(m->entry.result), err);
}

/* --- one by one --- */

static int read_date(
    struct date *out, const json_t *args, wall now, struct err *err)
{
    const char *text;
    int rc = args_text(&text, args, "date", 24, err);

    *out = date_today(now);
    if (rc < 0 || text[0] == '\0')
        return rc;
    return date_parse(out, text, NULL) == 0
               ? 0
               : err_set(err, ERR_USAGE,
                     "a date is year-month-day, like 2027-09-02");
}

static int read_marking(
    struct marking *m, struct request *request, struct err *err)
{
    const char *result;
    char why[120];
    int rc = desk_child(&m->file, &m->pupil, request, err);

    if (rc == 0)
        rc = args_need(&result, request->args, "result", 24, err);
    if (rc == 0)
        rc = args_text(&m->entry.note, request->args, "note", MOST_NOTE, err);
    if (rc == 0)
        rc = read_date(
            &m->entry.date, request->args, request->agent->casework->now, err);
    if (rc < 0)
        return rc;
    m->entry.result = parse_result(result);
    if (m->entry.result == 0)
        return err_set(err, ERR_USAGE, RESULTS);
    request->next = "If the first day is another: moveup dates set entry DATE; "
                    "a day in the child's own record comes first";
    return wrong_day(why, request->agent, m)[0] == '\0'
               ? 0
               : err_set(err, ERR_STATE, "%s", why);
}

/* --- who is missing --- */

/* One child that is not known to have started, nor to be elsewhere. */
struct gap {
    const struct casework_file *file;
    const struct casework_pupil *pupil;
    const struct event *mark; /* NULL: nobody has said */
    struct date first;
    int days;
    bool contacted; /* ever */
    enum nonarrival_step step;
};

/* The school days from the first one to today, both included. */
static int days_since(
    const struct schooldays *school, struct date first, struct date today)
{
    int days = 0;

    for (int32_t day = date_day_number(first);
         day <= date_day_number(today) && days < MOST_DAYS_COUNTED; day++)
        days += schooldays_is_open(school, date_from_day_number(day));
    return days;
}

static struct gap gap_of(
    const struct agent *agent, const struct casework_file *file, size_t place)
{
    const struct casework_pupil *pupil = file->pupils[place];
    const struct state_facts facts = desk_facts(agent, file);
    struct gap gap = {.file = file,
        .pupil = pupil,
        .mark = mark_of(file, pupil),
        .first = keydates_entry(agent, pupil),
        .contacted = file->state.pupils[place].contacted_at.ms != 0};
    struct schooldays school;

    keydates_days(&school, agent);
    gap.days = days_since(&school, gap.first, date_today(agent->casework->now));
    if (is_missing(gap.mark))
        gap.step = nonarrival_next(&file->state, &facts,
            &(struct nonarrival_child){place, gap.mark, gap.first, gap.days});
    return gap;
}

/* What to type for it; "" if no command helps. */
static const char *command_of(char text[80], const struct gap *gap)
{
    const long long family = (long long)gap->file->family;
    const char *upn = gap->pupil->leaver.upn;

    text[0] = '\0';
    switch (gap->step) {
    case NONARRIVAL_DECIDE:
    case NONARRIVAL_RING:
        snprintf(text, 80, "moveup card %lld", family);
        break;
    case NONARRIVAL_WRITE:
        snprintf(text, 80, "moveup log %lld sent --by letter", family);
        break;
    case NONARRIVAL_ASK:
        snprintf(text, 80, "moveup ask %lld --help-reach", family);
        break;
    case NONARRIVAL_VISIT:
        snprintf(text, 80, "moveup plan %lld --by home-visit", family);
        break;
    case NONARRIVAL_AUTHORITY:
        if (gap->mark->u.entry.result != ENTRY_UNKNOWN)
            snprintf(text, 80, "moveup entry mark %s unknown", upn);
        break;
    case NONARRIVAL_AGREE:
    case NONARRIVAL_MARK:
        snprintf(text, 80, "moveup entry mark %s started", upn);
        break;
    }
    return text;
}

static json_t *gap_json(const struct gap *gap)
{
    const struct event_entry *said =
        gap->mark == NULL ? NULL : &gap->mark->u.entry;
    bool withheld = false;
    char id[24];
    char command[80];

    snprintf(id, sizeof id, "%lld", (long long)gap->file->family);
    return json_pack("{s:s,s:o,s:o,s:i,s:s,s:o,s:s,s:b,s:s,s:s,s:s,s:s}",
        "case", id, "pupil", desk_child_json(gap->pupil), "first_day",
        day_json(gap->first), "school_days", gap->days, "result",
        said == NULL ? "" : event_entry_name(said->result), "date",
        said == NULL ? json_null() : day_json(said->date), "note",
        said == NULL ? "" : desk_shown(gap->file, said->note, &withheld),
        "contacted", gap->contacted, "step", nonarrival_name(gap->step), "text",
        nonarrival_text(gap->step), "brief", nonarrival_brief(gap->step), "do",
        command_of(command, gap));
}

/* Not arrived before unmarked, whom nobody has spoken to before others. */
static int by_need(const void *a, const void *b)
{
    const struct gap *x = a;
    const struct gap *y = b;

    if ((x->mark == NULL) != (y->mark == NULL))
        return x->mark == NULL ? 1 : -1;
    if (x->contacted != y->contacted)
        return x->contacted ? 1 : -1;
    if (x->file->family != y->file->family)
        return x->file->family < y->file->family ? -1 : 1;
    return strcmp(x->pupil->leaver.upn, y->pupil->leaver.upn);
}

struct missing {
    struct gap *list;
    size_t count;
    json_int_t started, elsewhere, not_arrived, unmarked, later;
    struct date next_first; /* of those who start later; unset: none */
};

static void missing_end(struct missing *m)
{
    free(m->list);
}

static void look_at(struct missing *m, const struct agent *agent,
    const struct casework_file *file, size_t place)
{
    const struct gap gap = gap_of(agent, file, place);

    if (file->state.pupils[place].closed)
        return;
    if (gap.mark == NULL &&
        date_compare(gap.first, date_today(agent->casework->now)) > 0) {
        m->later++;
        if (!date_is_set(m->next_first) ||
            date_compare(gap.first, m->next_first) < 0)
            m->next_first = gap.first;
        return;
    }
    m->unmarked += gap.mark == NULL;
    m->not_arrived += is_missing(gap.mark);
    if (gap.mark != NULL && !is_missing(gap.mark)) {
        m->started += gap.mark->u.entry.result == ENTRY_STARTED;
        m->elsewhere += gap.mark->u.entry.result != ENTRY_STARTED;
        return;
    }
    m->list = mem_resize(m->list, m->count + 1, sizeof m->list[0]);
    m->list[m->count++] = gap;
}

int entry_missing(json_t **result, struct request *request, struct err *err)
{
    SCOPED(missing_end) struct missing m = {.count = 0};
    const struct casework *c = request->agent->casework;
    json_t *list = json_array();
    int rc = casework_refresh(request->agent, err);

    for (size_t i = 0; rc == 0 && i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->state.pupil_count; j++)
            look_at(&m, request->agent, c->files[i], j);
    if (m.count > 0)
        qsort(m.list, m.count, sizeof m.list[0], by_need);
    for (size_t i = 0; i < m.count; i++)
        json_array_append_new(list, gap_json(&m.list[i]));
    *result = json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:o}", "pupils", list,
        "started", m.started, "elsewhere", m.elsewhere, "not_arrived",
        m.not_arrived, "unmarked", m.unmarked, "later", m.later, "next_first",
        day_json(m.next_first));
    return rc < 0 ? rc
                  : requests_audit(request, "entry.missing", NULL, 0, "", err);
}

/* --- one by one, and what then --- */

/* In its file as it now is; it has at least this child. */
static size_t place_of(
    const struct casework_file *file, const struct casework_pupil *pupil)
{
    size_t place = 0;

    while (place + 1 < file->state.pupil_count && file->pupils[place] != pupil)
        place++;
    return place;
}

int entry_mark(json_t **result, struct request *request, struct err *err)
{
    struct marking m = {.file = NULL};
    struct db *db = request->agent->db;
    int rc = read_marking(&m, request, err);

    if (rc < 0)
        return rc;
    request->next = "";
    rc = db_begin(db, err);
    if (rc == 0)
        rc = store(request, &m, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0) {
        const struct gap gap =
            gap_of(request->agent, m.file, place_of(m.file, m.pupil));

        *result = gap_json(&gap);
        if (gap.step == NONARRIVAL_MARK) /* nothing is left to do about it */
            json_object_update_new(
                *result, json_pack("{s:s,s:s,s:s,s:s}", "step", "", "text", "",
                             "brief", "", "do", "moveup entry missing"));
    }
    return rc;
}

/* --- from a sheet --- */

/* False: it was refused, or says nothing. */
static bool read_row(
    struct marking *m, struct loading *loading, const json_t *row)
{
    const struct agent *agent = loading->request->agent;
    const char *result;
    const char *date;
    char why[120];

    if (!loading_text(&result, loading, row, "result", 24) ||
        !loading_text(&date, loading, row, "date", 24))
        return false;
    m->entry.note = "";
    m->entry.result = parse_result(result);
    m->entry.date = date_today(agent->casework->now);
    if (result[0] == '\0')
        loading->unchanged++; /* `entry missing --csv`, not filled in here */
    else if (m->entry.result == 0)
        loading_refuse(loading, row, "bad-result", RESULTS);
    else if (date[0] != '\0' && date_parse(&m->entry.date, date, NULL) < 0)
        loading_refuse(loading, row, "bad-date",
            "a date is year-month-day, like 2027-09-02");
    else if (wrong_day(why, agent, m)[0] != '\0')
        loading_refuse(loading, row, "wrong-day", why);
    else
        return true;
    return false;
}

static int load_row(struct loading *loading, const json_t *row, struct err *err)
{
    struct marking m = {.file = NULL};
    const struct event *before;
    const char *date;

    m.pupil = loading_child(&m.file, loading, row);
    if (m.pupil == NULL || !read_row(&m, loading, row) ||
        loading_is_second(loading, row))
        return 0;
    before = mark_of(m.file, m.pupil);
    date = json_string_value(json_object_get(row, "date"));
    if (before != NULL && before->u.entry.result == m.entry.result &&
        (date == NULL || date[0] == '\0' ||
            date_compare(before->u.entry.date, m.entry.date) == 0)) {
        loading->unchanged++;
        return 0;
    }
    loading->accepted += before == NULL;
    loading->changed += before != NULL;
    return loading->dry_run ? 0 : store(loading->request, &m, err);
}

int entry_load(json_t **result, struct request *request, struct err *err)
{
    SCOPED(loading_end) struct loading loading = {.request = request};
    struct db *db = request->agent->db;
    int rc = loading_begin(&loading, request, err);

    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = loading_each(&loading, load_row, err);
    if (rc == 0)
        rc = requests_audit(request, "entry.load", NULL, 0,
            loading.dry_run ? "dry run" : "", err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result = loading_report(&loading);
    return rc;
}
