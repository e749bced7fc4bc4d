#include "cli/do_stuck.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/overview.h"
#include "cli/plain.h"
#include "cli/said.h"
#include "cli/span.h"

/* What is being looked for. */
struct search {
    const struct survey *survey;
    int64_t older_ms;
    json_t *list;
};

/* One thing that waits between two schools. */
struct wait {
    const struct laestab *from, *to;
    const char *what, *who, *next;
    wall since;
    uint64_t records; /* 0: not counted */
};

static void add(struct search *s, const struct wait *wait)
{
    const int64_t age = s->survey->now.ms - wait->since.ms;

    if (wait->since.ms == 0 || age < s->older_ms)
        return;
    json_array_append_new(s->list,
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:o,s:s,s:s}", "from",
            wait->from->text, "from_name", survey_name(s->survey, wait->from),
            "to", wait->to->text, "to_name", survey_name(s->survey, wait->to),
            "what", wait->what, "age_s", (json_int_t)(age / 1000), "records",
            wait->records == 0 ? json_null()
                               : json_integer((json_int_t)wait->records),
            "who", wait->who, "next", wait->next));
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static void search_pair(struct search *s, const struct laestab *from,
    const struct report_pair *pair)
{
    const char *to = survey_name(s->survey, &pair->school);
    const bool same = pair->unreceived.ms == pair->unapplied.ms;

    add(s, &(struct wait){from, &pair->school,
               "not confirmed: a restriction "
               "or recall",
               to, "ring them", pair->urgent, 0});
    add(s, &(struct wait){from, &pair->school, "not received", to,
               "does its agent run? moveup doctor", pair->unreceived,
               less(pair->sent, pair->received)});
    if (!same)
        add(s, &(struct wait){from, &pair->school, "received, not applied", to,
                   "moveup quarantine list", pair->unapplied,
                   less(pair->received, pair->applied)});
    add(s, &(struct wait){from, &pair->school, "applied, not read", to,
               "its transition lead: moveup read", pair->unread,
               less(pair->applied, pair->read)});
}

static void search_school(struct search *s, const struct survey_school *school)
{
    const struct laestab *me = &school->entry->laestab;

    if (school->entry->status != MEMBER_ACTIVE)
        return;
    add(s, &(struct wait){me, me, "waits at the hub", school->entry->name,
               "does its agent run? moveup doctor", school->oldest, 0});
    if (school->state != SURVEY_GOOD)
        return;
    for (size_t i = 0; i < school->report.out_count; i++)
        search_pair(s, me, &school->report.out[i]);
    if (school->report.asked > 0)
        add(s, &(struct wait){me, me, "requests overdue", school->entry->name,
                   "its office: moveup inbox", school->report.asked_due, 0});
}

static json_t *oldest_first(json_t *list)
{
    json_t *sorted = json_array();

    while (json_array_size(list) > 0) {
        size_t oldest = 0;

        for (size_t i = 1; i < json_array_size(list); i++)
            if (said_number(json_array_get(list, i), "age_s") >
                said_number(json_array_get(list, oldest), "age_s"))
                oldest = i;
        json_array_append(sorted, json_array_get(list, oldest));
        json_array_remove(list, oldest);
    }
    json_decref(list);
    return sorted;
}

static const struct grid_column columns[] = {
    {"age_s", NULL, 0},
    {"from", NULL, 0},
    {"to", NULL, 0},
    {"what", NULL, 0},
    {"records", NULL, 0},
    {"who", NULL, 0},
    {"next", NULL, 0},
};

static void render_csv(struct call *call, const json_t *stuck)
{
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 7);

    for (size_t i = 0; i < json_array_size(stuck); i++) {
        const json_t *row = json_array_get(stuck, i);

        grid_cell(grid, "%lld", (long long)said_number(row, "age_s"));
        grid_cell(grid, "%s", said_text(row, "from"));
        grid_cell(grid, "%s", said_text(row, "to"));
        grid_cell(grid, "%s", said_text(row, "what"));
        if (json_is_null(json_object_get(row, "records")))
            grid_cell(grid, "%s", "");
        else
            grid_cell(grid, "%lld", (long long)said_number(row, "records"));
        grid_cell(grid, "%s", said_text(row, "who"));
        grid_cell(grid, "%s", said_text(row, "next"));
    }
    grid_print(grid, call->output);
}

/* Who waits for whom, and below it who must act. */
static void render_row(struct output *output, const json_t *row)
{
    const bool alone =
        strcmp(said_text(row, "from"), said_text(row, "to")) == 0;
    const json_int_t records = said_number(row, "records");
    char age[SAID_AGE_SIZE], count[PLAIN_SIZE] = "";
    char first[40], text[400];

    if (records > 0)
        plain_count((long long)records, "record ", "records ", count);
    snprintf(first, sizeof first, "%7s  ", said_age(row, "age_s", age));
    snprintf(text, sizeof text, "%s%s%s: %s%s", said_text(row, "from_name"),
        alone ? "" : " -> ", alone ? "" : said_text(row, "to_name"), count,
        said_text(row, "what"));
    output_wrap(output, first, text);
    snprintf(text, sizeof text, "%s: %s", said_text(row, "who"),
        said_text(row, "next"));
    output_wrap(output, "         -> ", text);
}

static void render(struct call *call, const json_t *result)
{
    const json_t *stuck = json_object_get(result, "stuck");

    if (call->output->form == OUTPUT_CSV) {
        render_csv(call, stuck);
        return;
    }
    for (size_t i = 0; i < json_array_size(stuck); i++)
        render_row(call->output, json_array_get(stuck, i));
    if (json_array_size(stuck) == 0)
        output_line(call->output, OUTPUT_GOOD, "Nothing has waited so long.");
    overview_say_missing(call, result);
}

int do_stuck_show(struct call *call)
{
    SCOPED(overview_close) struct overview o = {.authority = NULL};
    struct search s = {&o.survey, 48 * SPAN_HOUR_MS, NULL};
    int code = span_option(&s.older_ms, call, "older");

    if (code == CALL_DONE)
        code = overview_open(&o, call);
    if (code != CALL_DONE)
        return code;
    s.list = json_array();
    for (size_t i = 0; i < o.survey.school_count; i++)
        search_school(&s, &o.survey.schools[i]);
    return call_show(call,
        json_pack("{s:I,s:o,s:o}", "older_s", (json_int_t)(s.older_ms / 1000),
            "stuck", oldest_first(s.list), "missing",
            overview_missing(&o.survey)),
        render);
}
