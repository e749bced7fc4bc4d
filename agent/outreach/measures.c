#include "outreach/measures.h"

#include <string.h>

#define FAR_DAYS 3660 /* a forecast further off says nothing */

static struct date plus(struct date day, int32_t days)
{
    return date_from_day_number(date_day_number(day) + days);
}

/* Of from to to, both included. */
static unsigned workdays(
    const struct schooldays *days, struct date from, struct date to)
{
    unsigned count = 0;

    for (struct date day = from; date_compare(day, to) <= 0; day = plus(day, 1))
        count += schooldays_is_open(days, day);
    return count;
}

/* The first of the last five working days, today among them. */
static struct date recent_from(const struct schooldays *days, struct date today)
{
    unsigned found = 0;
    struct date day = plus(today, 1);

    while (found < MEASURES_RECENT_DAYS &&
           date_day_number(today) - date_day_number(day) < FAR_DAYS) {
        day = plus(day, -1);
        found += schooldays_is_open(days, day);
    }
    return day;
}

static void count_pupil(struct measures *out,
    const struct measures_pupil *pupil, struct date since, struct date today)
{
    const bool has_started = date_compare(pupil->entry, today) <= 0;
    const struct date day = date_today(pupil->contacted_at);
    const bool spoken = pupil->contacted_at.ms != 0;
    const bool in_time = spoken && date_compare(day, pupil->entry) < 0;

    out->pupils++;
    out->contacted += in_time;
    out->late += spoken && !in_time;
    out->started += has_started;
    out->at_entry += has_started && in_time;
    out->to_go += !spoken && !has_started;
    out->recent += in_time && date_compare(day, since) >= 0 &&
                   date_compare(day, today) <= 0;
}

/* The day before the first start to come; if all have started, the last. */
static struct date deadline_of(
    const struct measures_pupil *pupils, size_t count, struct date today)
{
    struct date next = {0, 0, 0};
    struct date last = {0, 0, 0};

    for (size_t i = 0; i < count; i++) {
        const struct date entry = pupils[i].entry;

        if (pupils[i].gone)
            continue;
        if (!date_is_set(last) || date_compare(entry, last) > 0)
            last = entry;
        if (date_compare(entry, today) > 0 &&
            (!date_is_set(next) || date_compare(entry, next) < 0))
            next = entry;
    }
    if (!date_is_set(last))
        return last;
    return plus(date_is_set(next) ? next : last, -1);
}

static unsigned per_day(unsigned count, unsigned days)
{
    return days == 0 ? count * 10 : (count * 10 + days - 1) / days;
}

static void forecast(
    struct measures *out, const struct schooldays *days, struct date today)
{
    unsigned left = out->to_go * MEASURES_RECENT_DAYS;
    struct date day = today;

    out->pace_tenth = out->recent * 10 / MEASURES_RECENT_DAYS;
    if (out->to_go == 0 || out->recent == 0)
        return;
    for (int i = 0; i < FAR_DAYS; i++) {
        day = plus(day, 1);
        if (!schooldays_is_open(days, day))
            continue;
        if (left <= out->recent) {
            out->done_by = day;
            return;
        }
        left -= out->recent;
    }
}

void measures_count(struct measures *out, const struct measures_pupil *pupils,
    size_t count, struct date term_end, const struct schooldays *days,
    struct date today)
{
    const struct date since = recent_from(days, today);

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++)
        if (!pupils[i].gone)
            count_pupil(out, &pupils[i], since, today);
    out->deadline = deadline_of(pupils, count, today);
    if (!date_is_set(out->deadline))
        return;
    out->work_end = date_is_set(term_end) &&
                            date_compare(term_end, out->deadline) < 0 &&
                            date_compare(term_end, today) >= 0
                        ? term_end
                        : out->deadline;
    out->days_left = workdays(days, today, out->work_end);
    out->needed_tenth = per_day(out->to_go, out->days_left);
    forecast(out, days, today);
}
