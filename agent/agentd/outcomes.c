/*
 * outcomes - at the primary: what became of a year's leavers, school by school,
 * from what the secondaries told of each of them, and how quickly their
 * requests were answered here.
 *
 * Whole cohorts of this school's own children, whom it sees one by one anyway:
 * nothing is suppressed, and no other primary's figures are known here.
 */
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/noticeboard.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/coarse.h"
#include "outreach/measures.h"
#include "store/asked.h"
#include "store/heard.h"

#define MS_A_DAY ((int64_t)24 * 3600 * 1000)

/* One of the leavers that were sent. */
struct gone {
    struct leavers_row row; /* without its bytes */
    struct date entry;      /* as the record says; unset: it does not */
    int year;               /* in which it starts */
    size_t school;          /* place in outcomes.schools */
};

enum figure {
    LEAVERS,
    RECEIVED,
    APPLIED,
    READ,
    OPENED,
    CONTACTED,
    IN_TIME,
    STARTED,
    NOT_ARRIVED,
    REQUESTS,
    ANSWERED,
    CORRECTED,
    FIGURES,
};

static const char *const KEYS[FIGURES] = {"leavers", "received", "applied",
    "read", "opened", "contacted", "contacted_before_entry", "started",
    "not_arrived", "requests", "answered", "corrected"};

struct outcomes_school {
    struct laestab laestab;
    struct date entry; /* as it told us; unset: it has not */
    json_int_t figures[FIGURES];
    json_int_t *days; /* that each answer took */
    size_t day_count;
};

struct outcomes {
    struct agent *agent;
    struct err *err;
    struct gone *gone;
    size_t gone_count;
    struct outcomes_school *schools;
    size_t school_count;
    int year;
};

static void outcomes_end(struct outcomes *o)
{
    for (size_t i = 0; i < o->school_count; i++)
        free(o->schools[i].days);
    free(o->schools);
    free(o->gone);
}

/* --- who ------------------------------------------------------------------
 */

/* What is sent from November to October is for the summer between. */
static int year_of(const struct leaver *leaver, wall sent_at)
{
    const struct date sent = date_today(sent_at);

    if (date_is_set(leaver->entry_date))
        return leaver->entry_date.year;
    return sent.year + (sent.month >= 11);
}

static int note_gone(
    void *arg, const struct leavers_row *row, const struct leaver *leaver)
{
    struct outcomes *o = arg;
    struct gone *one;

    if (row->sent_revision == 0 || row->recalled_at.ms != 0)
        return 0;
    o->gone = mem_resize(o->gone, o->gone_count + 1, sizeof o->gone[0]);
    one = &o->gone[o->gone_count++];
    *one = (struct gone){.row = *row,
        .entry = leaver->entry_date,
        .year = year_of(leaver, row->sent_at)};
    one->row.sealed = (struct bytes){NULL, 0};
    return 0;
}

static int open_school(
    struct outcomes *o, size_t *place, const struct laestab *laestab)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct diary diary;
    wall told_at;
    int rc;

    for (*place = 0; *place < o->school_count; (*place)++)
        if (laestab_equal(&o->schools[*place].laestab, laestab))
            return 0;
    rc = noticeboard_find(&diary, &told_at, o->agent, laestab, &arena, o->err);
    if (rc < 0)
        return rc;
    o->schools =
        mem_resize(o->schools, o->school_count + 1, sizeof o->schools[0]);
    o->schools[o->school_count++] =
        (struct outcomes_school){.laestab = *laestab, .entry = diary.entry};
    return 0;
}

/* Keeps the leavers of one year; 0 the last. */
static int choose_year(struct outcomes *o, int64_t year)
{
    size_t kept = 0;
    int rc = 0;

    for (size_t i = 0; i < o->gone_count; i++)
        if (o->gone[i].year > o->year)
            o->year = o->gone[i].year;
    if (year != 0)
        o->year = (int)year;
    for (size_t i = 0; rc == 0 && i < o->gone_count; i++) {
        if (o->gone[i].year != o->year)
            continue;
        rc = open_school(o, &o->gone[i].school, &o->gone[i].row.destination);
        o->gone[kept++] = o->gone[i];
    }
    o->gone_count = kept;
    return rc;
}

/* --- figures ---------------------------------------------------------------
 */

/* The day on which that child starts, by the best that is known. */
static struct date entry_of(const struct outcomes *o, const struct gone *one)
{
    const struct date told = o->schools[one->school].entry;

    if (date_is_set(one->entry))
        return one->entry;
    return date_is_set(told) && told.year == o->year
               ? told
               : (struct date){(int16_t)o->year, 9, 2};
}

static int count_one(struct outcomes *o, const struct gone *one)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    json_int_t *of = o->schools[one->school].figures;
    struct heard heard;
    const int rc = heard_find(&heard, o->agent->db, one->row.id,
        &one->row.destination, &arena, o->err);

    if (rc < 0)
        return rc;
    of[LEAVERS]++;
    of[RECEIVED] += one->row.received_at.ms != 0;
    of[APPLIED] += one->row.applied_at.ms != 0;
    of[READ] += one->row.read_at.ms != 0;
    of[OPENED] += heard.used[0] != '\0';
    of[CONTACTED] += date_is_set(heard.contacted);
    of[IN_TIME] += date_is_set(heard.contacted) &&
                   date_compare(heard.contacted, entry_of(o, one)) < 0;
    of[STARTED] += heard.state == COARSE_STARTED;
    of[NOT_ARRIVED] += heard.state == COARSE_NOT_ARRIVED;
    return 0;
}

/* --- requests --------------------------------------------------------------
 */

static struct outcomes_school *school_of(
    struct outcomes *o, const struct asked *asked)
{
    for (size_t i = 0; i < o->gone_count; i++)
        if (o->gone[i].row.id == asked->leaver &&
            laestab_equal(&o->gone[i].row.destination, &asked->school))
            return &o->schools[o->gone[i].school];
    return NULL;
}

static int count_open(void *arg, const struct asked *asked)
{
    struct outcomes_school *school = school_of(arg, asked);

    if (school != NULL && asked->request > 0)
        school->figures[REQUESTS]++;
    return 0;
}

/* Closed without words: the record was taken back meanwhile. */
static int count_closed(void *arg, const struct asked *asked)
{
    struct outcomes_school *school = school_of(arg, asked);

    if (school == NULL || asked->sealed.len == 0)
        return 0;
    school->figures[REQUESTS]++;
    school->figures[ANSWERED]++;
    school->figures[CORRECTED] += asked->kind == ASKED_WRONG_NUMBER;
    school->days =
        mem_resize(school->days, school->day_count + 1, sizeof school->days[0]);
    school->days[school->day_count++] =
        (asked->closed_at.ms - asked->at.ms) / MS_A_DAY;
    return 0;
}

static int by_size(const void *a, const void *b)
{
    const json_int_t x = *(const json_int_t *)a;
    const json_int_t y = *(const json_int_t *)b;

    return (x > y) - (x < y);
}

/* Half of the answers took no longer. */
static json_t *median_json(json_int_t *days, size_t count)
{
    if (count == 0)
        return json_null();
    qsort(days, count, sizeof days[0], by_size);
    return json_integer(days[(count - 1) / 2]);
}

static int count_all(struct outcomes *o)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < o->gone_count; i++)
        rc = count_one(o, &o->gone[i]);
    for (size_t i = 0; rc == 0 && i < o->school_count; i++)
        rc = asked_each_closed(
            o->agent->db, &o->schools[i].laestab, count_closed, o, o->err);
    if (rc == 0)
        rc = asked_each_open(o->agent->db, count_open, o, o->err);
    return rc;
}

/* --- answer ----------------------------------------------------------------
 */

static json_t *figures_json(
    const json_int_t figures[FIGURES], json_int_t *days, size_t day_count)
{
    json_t *one = json_object();

    for (size_t i = 0; i < FIGURES; i++)
        json_object_set_new(one, KEYS[i], json_integer(figures[i]));
    json_object_set_new(
        one, "median_days_to_answer", median_json(days, day_count));
    return one;
}

static json_t *outcomes_json(struct outcomes *o)
{
    SCOPED(mem_freep) json_int_t *days = NULL;
    json_int_t total[FIGURES] = {0};
    json_t *schools = json_array();
    size_t count = 0;

    for (size_t i = 0; i < o->school_count; i++) {
        struct outcomes_school *school = &o->schools[i];
        json_t *one =
            figures_json(school->figures, school->days, school->day_count);

        json_object_set_new(one, "laestab", json_string(school->laestab.text));
        json_object_set_new(one, "name",
            args_string(agent_school_name(o->agent, &school->laestab)));
        json_array_append_new(schools, one);
        for (size_t j = 0; j < FIGURES; j++)
            total[j] += school->figures[j];
        days = mem_resize(days, count + school->day_count + 1, sizeof days[0]);
        if (school->day_count > 0)
            memcpy(
                days + count, school->days, school->day_count * sizeof days[0]);
        count += school->day_count;
    }
    return json_pack("{s:i,s:o,s:o,s:s}", "year", o->year, "schools", schools,
        "totals", figures_json(total, days, count), "definition",
        MEASURES_DEFINITION);
}

int outcomes_show(json_t **result, struct request *request, struct err *err)
{
    SCOPED(outcomes_end)
    struct outcomes o = {.agent = request->agent, .err = err};
    const struct laestab any = {.text = ""};
    int64_t year = 0;
    int rc = 0;

    if (json_object_get(request->args, "year") != NULL)
        rc = args_number(&year, request->args, "year", 2000, 2100, err);
    if (rc == 0)
        rc = roll_each(request->agent, &any, note_gone, &o, err);
    if (rc == 0)
        rc = choose_year(&o, year);
    if (rc == 0)
        rc = count_all(&o);
    if (rc == 0)
        rc = requests_audit(request, "outcomes", NULL, 0, "", err);
    if (rc == 0)
        *result = outcomes_json(&o);
    return rc;
}
