/* coverage - at the secondary: how far the calls have come, from facts, and the
 * school's key dates. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/desk.h"
#include "agentd/keydates.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/measures.h"

/* --- dates -----------------------------------------------------------------
 */

static const struct {
    const char *key;
    const char *text;
    size_t offset;
} DATES[] = {
    {"entry", "the first day of the new pupils",
        offsetof(struct event_dates, entry)},
    {"induction", "the day on which they come to see the school",
        offsetof(struct event_dates, induction)},
    {"term-end", "the last day of the summer term",
        offsetof(struct event_dates, term_end)},
    {"primary-closes", "the last day on which primary schools answer",
        offsetof(struct event_dates, primary_closes)},
};
#define DATE_COUNT (sizeof DATES / sizeof DATES[0])

static struct date *date_of(struct event_dates *dates, size_t i)
{
    return (struct date *)((char *)dates + DATES[i].offset);
}

static json_t *dates_json(const struct agent *agent)
{
    struct event_dates dates = keydates_of(agent);
    json_t *list = json_array();

    for (size_t i = 0; i < DATE_COUNT; i++) {
        const struct date day = *date_of(&dates, i);
        char text[DATE_TEXT_SIZE];

        json_array_append_new(
            list, json_pack("{s:s,s:o,s:s}", "key", DATES[i].key, "date",
                      date_is_set(day) ? json_string(date_format(day, text))
                                       : json_null(),
                      "text", DATES[i].text));
    }
    return list;
}

static json_t *day_json(struct date day)
{
    char text[DATE_TEXT_SIZE];

    return date_is_set(day) ? json_string(date_format(day, text)) : json_null();
}

static json_t *closed_json(const struct agent *agent)
{
    json_t *list = json_array();
    struct schooldays days;

    keydates_days(&days, agent);
    for (size_t i = 0; i < days.count; i++)
        json_array_append_new(list,
            json_pack("{s:o,s:o}", "first", day_json(days.closed[i].first),
                "last", day_json(days.closed[i].last)));
    return list;
}

/* Of the twelve months to come. */
static json_t *holidays_json(void)
{
    const int32_t today = date_day_number(date_today(clock_wall()));
    json_t *list = json_array();

    for (int32_t ahead = 0; ahead < 365; ahead++) {
        const struct date day = date_from_day_number(today + ahead);

        if (schooldays_is_bank_holiday(day))
            json_array_append_new(list, day_json(day));
    }
    return list;
}

int coverage_dates_list(
    json_t **result, struct request *request, struct err *err)
{
    const int rc = casework_refresh(request->agent, err);

    if (rc == 0)
        *result = json_pack("{s:o,s:o,s:o}", "dates",
            dates_json(request->agent), "closed", closed_json(request->agent),
            "bank_holidays", holidays_json());
    return rc;
}

/* "closed" or "open" with one day, or FIRST..LAST. */
static int read_closed(struct event_dates *out, char text[SCHOOLDAYS_TEXT_SIZE],
    const char *typed, bool closed, struct err *err)
{
    struct schooldays days;
    struct schooldays_time time;
    int rc = 0;

    if (schooldays_parse_time(&time, typed, NULL) < 0)
        return err_set(err, ERR_USAGE,
            "say one day, or the first and the last: 2027-07-22..2027-09-01");
    schooldays_parse(&days, out->closed);
    rc = schooldays_set(&days, time.first, time.last, closed, err);
    out->closed = schooldays_format(&days, text);
    return rc;
}

static int read_date(struct event_dates *out, char closed[SCHOOLDAYS_TEXT_SIZE],
    struct request *request, struct err *err)
{
    const char *key;
    const char *text;
    struct date day;
    int rc = args_need(&key, request->args, "key", 32, err);

    if (rc == 0)
        rc = args_need(&text, request->args, "date", 24, err);
    if (rc < 0)
        return rc;
    request->next = "moveup dates list shows the keys";
    if (strcmp(key, "closed") == 0 || strcmp(key, "open") == 0)
        return read_closed(out, closed, text, key[0] == 'c', err);
    if (date_parse(&day, text, err) < 0)
        return err_set(
            err, ERR_USAGE, "a date is year-month-day, like 2027-09-02");
    for (size_t i = 0; i < DATE_COUNT; i++)
        if (strcmp(DATES[i].key, key) == 0) {
            *date_of(out, i) = day;
            return 0;
        }
    return err_set(err, ERR_USAGE,
        "the dates are entry, induction, term-end, primary-closes, closed "
        "and open");
}

int coverage_dates_set(
    json_t **result, struct request *request, struct err *err)
{
    struct agent *agent = request->agent;
    struct event event = {.kind = EVENT_DATES};
    char closed[SCHOOLDAYS_TEXT_SIZE];
    int rc = casework_refresh(agent, err);

    event.u.dates = keydates_of(agent);
    event.u.dates.note = "";
    if (rc == 0)
        rc = read_date(&event.u.dates, closed, request, err);
    if (rc == 0)
        rc = desk_store(request, &event, "dates.set", err);
    return rc < 0 ? rc : coverage_dates_list(result, request, err);
}

/* --- coverage --------------------------------------------------------------
 */

static size_t gather(struct measures_pupil **out, const struct agent *agent)
{
    const struct casework *c = agent->casework;
    size_t count = 0;

    *out = mem_alloc((c->pupil_count + 1) * sizeof **out);
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->pupil_count; j++) {
            const struct state_pupil *p = &c->files[i]->state.pupils[j];

            (*out)[count++] = (struct measures_pupil){
                .contacted_at = p->contacted_at,
                .entry = keydates_entry(agent, c->files[i]->pupils[j]),
                .gone = p->closed,
            };
        }
    return count;
}

static json_t *measures_json(const struct measures *m)
{
    json_t *one = json_pack("{s:I,s:I,s:o,s:I,s:I}", "pupils",
        (json_int_t)m->pupils, "contacted", (json_int_t)m->contacted,
        "deadline", day_json(m->deadline), "to_go", (json_int_t)m->to_go,
        "late", (json_int_t)m->late);

    json_object_set_new(one, "started", json_integer(m->started));
    json_object_set_new(one, "contacted_at_entry", json_integer(m->at_entry));
    json_object_set_new(one, "work_until", day_json(m->work_end));
    json_object_set_new(one, "working_days_left", json_integer(m->days_left));
    json_object_set_new(
        one, "needed_per_day", json_real(m->needed_tenth / 10.0));
    json_object_set_new(one, "recent_per_day", json_real(m->pace_tenth / 10.0));
    json_object_set_new(one, "done_by", day_json(m->done_by));
    json_object_set_new(one, "definition", json_string(MEASURES_DEFINITION));
    return one;
}

int coverage_show(json_t **result, struct request *request, struct err *err)
{
    struct agent *agent = request->agent;
    struct measures_pupil *pupils;
    struct order_entry *entries;
    struct measures m;
    struct schooldays days;
    size_t count;
    int rc = casework_refresh(agent, err);

    if (rc < 0)
        return rc;
    count = gather(&pupils, agent);
    keydates_days(&days, agent);
    measures_count(&m, pupils, count, keydates_of(agent).term_end, &days,
        date_today(agent->casework->now));
    free(pupils);
    *result = measures_json(&m);
    entries = desk_order(&count, request);
    json_object_set_new(
        *result, "blocked", desk_blocked(request, entries, count));
    free(entries);
    return requests_audit(request, "coverage", NULL, 0, "", err);
}
