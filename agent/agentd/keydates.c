#include "agentd/keydates.h"

#include "agentd/agent.h"
#include "outreach/deadline.h"

struct event_dates keydates_of(const struct agent *agent)
{
    const struct casework_file *school = &agent->casework->school;
    struct event_dates dates = {.note = "", .closed = ""};

    if (agent->settings.entry_date[0] != '\0' &&
        date_parse(&dates.entry, agent->settings.entry_date, NULL) < 0)
        dates.entry = (struct date){0, 0, 0};
    for (size_t i = 0; i < school->event_count; i++) {
        const struct event_dates *set = &school->events[i].u.dates;

        if (school->events[i].kind != EVENT_DATES)
            continue;
        if (date_is_set(set->entry))
            dates.entry = set->entry;
        dates.induction = set->induction;
        dates.term_end = set->term_end;
        dates.primary_closes = set->primary_closes;
        dates.closed = set->closed;
    }
    return dates;
}

void keydates_days(struct schooldays *out, const struct agent *agent)
{
    schooldays_parse(out, keydates_of(agent).closed);
}

struct date keydates_due(const struct agent *agent, int days)
{
    const struct date today = date_today(clock_wall());
    struct schooldays school;

    keydates_days(&school, agent);
    return schooldays_from(
        &school, date_from_day_number(date_day_number(today) + days));
}

/* Where nobody has said the day it is the September after the record came, not
 * the one to come: in October the child has started. */
static struct date entry_of(const struct casework_pupil *pupil,
    const struct event_dates *dates, wall now)
{
    const struct date own = pupil->leaver.entry_date;
    const struct date entry = date_is_set(own) ? own : dates->entry;
    const wall came = pupil->row.applied_at;
    const struct date before =
        deadline_before(entry, date_today(came.ms != 0 ? came : now));

    return date_from_day_number(date_day_number(before) + 1);
}

struct date keydates_entry(
    const struct agent *agent, const struct casework_pupil *pupil)
{
    const struct event_dates dates = keydates_of(agent);

    return entry_of(pupil, &dates, agent->casework->now);
}

struct date keydates_deadline(const struct casework *c,
    const struct casework_file *file, const struct event_dates *dates)
{
    struct date first = {0, 0, 0};

    for (size_t i = 0; i < file->pupil_count; i++) {
        const struct date entry = entry_of(file->pupils[i], dates, c->now);

        if (!date_is_set(first) || date_compare(entry, first) < 0)
            first = entry;
    }
    return deadline_before(first, date_today(c->now));
}
