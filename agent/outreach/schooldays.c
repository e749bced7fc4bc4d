#include "outreach/schooldays.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define FAR_DAYS 400 /* no school is closed for so long */

static struct date plus(struct date day, int32_t days)
{
    return date_from_day_number(date_day_number(day) + days);
}

/* 0 Monday to 6 Sunday; 1970-01-01 was a Thursday. */
static int weekday_of(struct date day)
{
    return ((date_day_number(day) + 3) % 7 + 7) % 7;
}

static bool same(struct date a, struct date b)
{
    return date_compare(a, b) == 0;
}

/* --- bank holidays ---------------------------------------------------------
 */

/* Gregorian, after Meeus, Jones and Butcher. */
static struct date easter_of(int year)
{
    const int a = year % 19;
    const int b = year / 100;
    const int c = year % 100;
    const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    const int n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;

    return (struct date){
        (int16_t)year, (uint8_t)(n / 31), (uint8_t)(n % 31 + 1)};
}

/* 1 January, or the Monday after. */
static bool is_new_year(struct date day)
{
    const struct date first = {day.year, 1, 1};
    const int weekday = weekday_of(first);

    return same(day, plus(first, weekday >= 5 ? 7 - weekday : 0));
}

/* 25 and 26 December, and the Monday or Tuesday for each on a weekend. */
static bool is_christmas(struct date day)
{
    const struct date christmas = {day.year, 12, 25};
    const int weekday = weekday_of(christmas);
    const int first = weekday == 5 || weekday == 6 ? 2 : 0;
    const int second = weekday == 4 || weekday == 5 ? 3 : 1;

    return day.month == 12 && (same(day, plus(christmas, first)) ||
                                  same(day, plus(christmas, second)) ||
                                  day.day == 25 || day.day == 26);
}

bool schooldays_is_bank_holiday(struct date day)
{
    struct date easter;

    switch (day.month) {
    case 1:
        return is_new_year(day) || day.day == 1;
    case 3:
    case 4:
        easter = easter_of(day.year);
        return same(day, plus(easter, -2)) || same(day, plus(easter, 1));
    case 5: /* the first and the last Monday */
        return weekday_of(day) == 0 && (day.day <= 7 || day.day > 24);
    case 8: /* the last Monday */
        return weekday_of(day) == 0 && day.day > 24;
    case 12:
        return is_christmas(day);
    default:
        return false;
    }
}

/* --- days ------------------------------------------------------------------
 */

bool schooldays_is_open(const struct schooldays *days, struct date day)
{
    if (weekday_of(day) >= 5 || schooldays_is_bank_holiday(day))
        return false;
    for (size_t i = 0; i < days->count; i++)
        if (date_compare(day, days->closed[i].first) >= 0 &&
            date_compare(day, days->closed[i].last) <= 0)
            return false;
    return true;
}

struct date schooldays_from(const struct schooldays *days, struct date day)
{
    for (int32_t ahead = 0; ahead < FAR_DAYS; ahead++)
        if (schooldays_is_open(days, plus(day, ahead)))
            return plus(day, ahead);
    return day;
}

struct date schooldays_after(const struct schooldays *days, struct date day)
{
    return schooldays_from(days, plus(day, 1));
}

/* --- setting ---------------------------------------------------------------
 */

static int add(struct schooldays *days, struct date first, struct date last,
    struct err *err)
{
    if (date_compare(first, last) > 0)
        return 0;
    if (days->count == SCHOOLDAYS_MAX)
        return err_set(
            err, ERR_FULL, "at most %d times can be kept", SCHOOLDAYS_MAX);
    days->closed[days->count++] = (struct schooldays_time){first, last};
    return 0;
}

/* Those that a time touches become one with it. */
static int close_time(struct schooldays *out, const struct schooldays *days,
    struct schooldays_time time, struct err *err)
{
    bool placed = false;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < days->count; i++) {
        const struct schooldays_time one = days->closed[i];

        if (date_compare(one.last, plus(time.first, -1)) < 0)
            rc = add(out, one.first, one.last, err);
        else if (date_compare(one.first, plus(time.last, 1)) > 0) {
            if (!placed)
                rc = add(out, time.first, time.last, err);
            placed = true;
            if (rc == 0)
                rc = add(out, one.first, one.last, err);
        } else {
            if (date_compare(one.first, time.first) < 0)
                time.first = one.first;
            if (date_compare(one.last, time.last) > 0)
                time.last = one.last;
        }
    }
    return rc < 0 || placed ? rc : add(out, time.first, time.last, err);
}

/* What is left of each before and after a time. */
static int open_time(struct schooldays *out, const struct schooldays *days,
    struct schooldays_time time, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < days->count; i++) {
        const struct schooldays_time one = days->closed[i];

        if (date_compare(one.last, time.first) < 0 ||
            date_compare(one.first, time.last) > 0) {
            rc = add(out, one.first, one.last, err);
            continue;
        }
        rc = add(out, one.first, plus(time.first, -1), err);
        if (rc == 0)
            rc = add(out, plus(time.last, 1), one.last, err);
    }
    return rc;
}

int schooldays_set(struct schooldays *days, struct date first, struct date last,
    bool closed, struct err *err)
{
    const struct schooldays_time time = {first, last};
    struct schooldays out = {.count = 0};
    const int rc = closed ? close_time(&out, days, time, err)
                          : open_time(&out, days, time, err);

    if (rc == 0)
        *days = out;
    return rc;
}

/* --- text ------------------------------------------------------------------
 */

const char *schooldays_format(
    const struct schooldays *days, char text[SCHOOLDAYS_TEXT_SIZE])
{
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < days->count; i++) {
        char first[DATE_TEXT_SIZE];
        char last[DATE_TEXT_SIZE];

        len +=
            (size_t)snprintf(text + len, SCHOOLDAYS_TEXT_SIZE - len, "%s%s..%s",
                i == 0 ? "" : ",", date_format(days->closed[i].first, first),
                date_format(days->closed[i].last, last));
    }
    return text;
}

int schooldays_parse_time(
    struct schooldays_time *out, const char *text, struct err *err)
{
    const char *dots = strstr(text, "..");
    const size_t len = dots == NULL ? strlen(text) : (size_t)(dots - text);
    char first[DATE_TEXT_SIZE] = "";

    if (len >= sizeof first)
        return err_set(err, ERR_MALFORMED, "not a day of the calendar");
    memcpy(first, text, len);
    if (date_parse(&out->first, first, err) < 0 ||
        date_parse(&out->last, dots == NULL ? first : dots + 2, err) < 0)
        return ERR_MALFORMED;
    if (date_compare(out->first, out->last) > 0)
        return err_set(err, ERR_MALFORMED, "the last day is before the first");
    return 0;
}

void schooldays_parse(struct schooldays *out, const char *text)
{
    out->count = 0;
    while (*text != '\0') {
        const size_t len = strcspn(text, ",");
        struct schooldays_time time;
        char one[24] = "";

        if (len < sizeof one)
            memcpy(one, text, len);
        if (schooldays_parse_time(&time, one, NULL) == 0)
            (void)!schooldays_set(out, time.first, time.last, true, NULL);
        text += len + strspn(text + len, ",");
    }
}
