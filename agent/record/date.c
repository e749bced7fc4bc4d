#include "record/date.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define HOUR_MS (INT64_C(60) * 60 * 1000)

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const uint8_t days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* The number that count digits make, or -1. */
static int digits(const char *text, size_t count)
{
    int n = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        n = n * 10 + (text[i] - '0');
    }
    return n;
}

int date_parse(struct date *out, const char *text, struct err *err)
{
    int year, month, day;

    if (strlen(text) != DATE_TEXT_SIZE - 1 || text[4] != '-' || text[7] != '-')
        return err_set(err, ERR_MALFORMED, "a date is written like 2015-03-31");
    year = digits(text, 4);
    month = digits(text + 5, 2);
    day = digits(text + 8, 2);
    if (year < 0 || month < 0 || day < 0 ||
        !date_exists(
            (struct date){(int16_t)year, (uint8_t)month, (uint8_t)day}))
        return err_set(err, ERR_MALFORMED, "there is no such day");

    out->year = (int16_t)year;
    out->month = (uint8_t)month;
    out->day = (uint8_t)day;
    return 0;
}

bool date_exists(struct date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 &&
           date.month <= 12 && date.day >= 1 &&
           date.day <= days_in(date.year, date.month);
}

const char *date_format(struct date date, char text[DATE_TEXT_SIZE])
{
    char wide[24];

    text[0] = '\0';
    if (!date_is_set(date))
        return text;
    snprintf(
        wide, sizeof wide, "%04d-%02u-%02u", date.year, date.month, date.day);
    memcpy(text, wide, DATE_TEXT_SIZE - 1);
    text[DATE_TEXT_SIZE - 1] = '\0';
    return text;
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

bool date_is_set(struct date date)
{
    return date.year != 0 && date.month != 0 && date.day != 0;
}

/* Both ways in 400-year eras that begin on 1 March, so that the leap day is
 * the last of its year (H. Hinnant, "chrono-compatible low-level date
 * algorithms"). */
#define ERA_DAYS 146097
#define ERA_TO_1970 719468

int32_t date_day_number(struct date date)
{
    const int32_t y = date.year - (date.month <= 2);
    const int32_t era = (y >= 0 ? y : y - 399) / 400;
    const int32_t year = y - era * 400;
    const int32_t month = (date.month + 9) % 12; /* March is 0 */
    const int32_t day = (153 * month + 2) / 5 + date.day - 1;

    return era * ERA_DAYS + year * 365 + year / 4 - year / 100 + day -
           ERA_TO_1970;
}

struct date date_from_day_number(int32_t day)
{
    const int32_t z = day + ERA_TO_1970;
    const int32_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
    const int32_t in_era = z - era * ERA_DAYS;
    const int32_t year =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    const int32_t in_year = in_era - (365 * year + year / 4 - year / 100);
    const int32_t month = (5 * in_year + 2) / 153; /* March is 0 */

    return (struct date){
        .year = (int16_t)(year + era * 400 + (month >= 10)),
        .month = (uint8_t)(month < 10 ? month + 3 : month - 9),
        .day = (uint8_t)(in_year - (153 * month + 2) / 5 + 1),
    };
}

/* The last Sunday of a month of 31 days, at 01:00 UTC. */
static int64_t clock_change_ms(int16_t year, uint8_t month)
{
    const int32_t last = date_day_number((struct date){year, month, 31});
    const int32_t weekday = ((last + 4) % 7 + 7) % 7; /* Sunday is 0 */

    return (last - weekday) * DAY_MS + HOUR_MS;
}

static int32_t day_of(int64_t ms)
{
    return (int32_t)((ms >= 0 ? ms : ms - (DAY_MS - 1)) / DAY_MS);
}

int64_t date_ahead_ms(wall now)
{
    const int16_t year = date_from_day_number(day_of(now.ms)).year;
    const bool summer = now.ms >= clock_change_ms(year, 3) &&
                        now.ms < clock_change_ms(year, 10);

    return summer ? HOUR_MS : 0;
}

struct date date_today(wall now)
{
    return date_from_day_number(day_of(now.ms + date_ahead_ms(now)));
}
