#include "outreach/bands.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "outreach/schooldays.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MINUTES (24 * 60)
#define NOON (12 * 60)
#define EVENING (17 * 60)
/* A Saturday may be a bank holiday, and so may the one after be. */
#define AHEAD_DAYS 15
#define SATURDAY 6

static const char *const CODES[] = {"MORN", "AFT", "EVE", "SAT"};
static const char *const TEXTS[] = {
    "in the morning", "in the afternoon", "in the evening", "on Saturday"};

struct bands_local bands_local(wall when)
{
    struct bands_local out = {.day = date_today(when)};
    const int32_t day = date_day_number(out.day);
    const int64_t local = when.ms + date_ahead_ms(when);

    out.weekday = ((day + 3) % 7 + 7) % 7 + 1; /* 1970 began on a Thursday */
    out.minute =
        (int)((local - (int64_t)day * DAY_MINUTES * MINUTE_MS) / MINUTE_MS);
    return out;
}

wall bands_moment(struct date day, int minute)
{
    const int64_t utc =
        ((int64_t)date_day_number(day) * DAY_MINUTES + minute) * MINUTE_MS;
    const wall summer = {utc - HOUR_MS};

    return date_ahead_ms(summer) > 0 ? summer : (wall){utc};
}

enum band bands_of(wall when)
{
    const struct bands_local local = bands_local(when);

    if (local.weekday >= SATURDAY)
        return BAND_SATURDAY;
    return local.minute < NOON      ? BAND_MORNING
           : local.minute < EVENING ? BAND_AFTERNOON
                                    : BAND_EVENING;
}

const char *bands_code(enum band band)
{
    return CODES[band - 1];
}

const char *bands_text(enum band band)
{
    return TEXTS[band - 1];
}

int bands_parse(enum band *out, const char *text, struct err *err)
{
    for (size_t i = 0; i < BAND_COUNT; i++)
        if (strcasecmp(CODES[i], text) == 0) {
            *out = (enum band)(i + 1);
            return 0;
        }
    return err_set(
        err, ERR_USAGE, "not a part of the day; say MORN, AFT, EVE or SAT");
}

struct bands_hours bands_usual_hours(void)
{
    return (struct bands_hours){8 * 60 + 30, 19 * 60 + 30, 10 * 60, 13 * 60};
}

/* When it opens and closes on that day; both 0 if it does not.  Nobody is rung
 * on a bank holiday. */
static void hours_of(int *open, int *close, const struct bands_hours *hours,
    struct date day, int weekday)
{
    if (schooldays_is_bank_holiday(day))
        weekday = SATURDAY + 1;
    *open = weekday < SATURDAY    ? hours->open
            : weekday == SATURDAY ? hours->saturday_open
                                  : 0;
    *close = weekday < SATURDAY    ? hours->close
             : weekday == SATURDAY ? hours->saturday_close
                                   : 0;
}

bool bands_open(const struct bands_hours *hours, wall when)
{
    const struct bands_local local = bands_local(when);
    int open;
    int close;

    hours_of(&open, &close, hours, local.day, local.weekday);
    return local.minute >= open && local.minute < close;
}

/* The minutes of a band on a weekday, within the hours; false: there are none.
 */
static bool band_of_day(int *from, int *to, const struct bands_hours *hours,
    struct date day, int weekday, enum band band)
{
    static const int starts[] = {0, NOON, EVENING, 0};
    static const int ends[] = {NOON, EVENING, DAY_MINUTES, DAY_MINUTES};

    hours_of(from, to, hours, day, weekday);
    if ((weekday >= SATURDAY) != (band == BAND_SATURDAY))
        return false;
    if (*from < starts[band - 1])
        *from = starts[band - 1];
    if (*to > ends[band - 1])
        *to = ends[band - 1];
    return *from < *to;
}

wall bands_next(const struct bands_hours *hours, wall when, enum band band)
{
    const struct bands_local now = bands_local(when);
    const int32_t today = date_day_number(now.day);

    for (int32_t ahead = 0; ahead < AHEAD_DAYS; ahead++) {
        const struct date day = date_from_day_number(today + ahead);
        const int weekday = (now.weekday - 1 + ahead) % 7 + 1;
        int from;
        int to;

        if (!band_of_day(&from, &to, hours, day, weekday, band))
            continue;
        if (ahead > 0 || now.minute < from)
            return bands_moment(day, from);
        if (now.minute < to)
            return when;
    }
    return when; /* the school never rings in that part of the day */
}

wall bands_next_open(const struct bands_hours *hours, wall when)
{
    wall best = {0};

    if (bands_open(hours, when))
        return when;
    for (enum band band = BAND_MORNING; band <= BAND_SATURDAY; band++) {
        const wall next = bands_next(hours, when, band);

        if (next.ms > when.ms && (best.ms == 0 || next.ms < best.ms))
            best = next;
    }
    return best.ms == 0 ? when : best;
}
