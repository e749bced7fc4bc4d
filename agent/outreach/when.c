#include "outreach/when.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "outreach/bands.h"

static const char *const DAYS[] = {
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* "17:30", "9:05" to minutes of the day; false if it is no such time. */
static bool clock_time(int *minute, const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    int hour = 0;

    if (digits < 1 || digits > 2 || text[digits] != ':' ||
        strspn(text + digits + 1, "0123456789") != 2 ||
        text[digits + 3] != '\0')
        return false;
    for (size_t i = 0; i < digits; i++)
        hour = hour * 10 + (text[i] - '0');
    text += digits + 1;
    *minute = hour * 60 + (text[0] - '0') * 10 + (text[1] - '0');
    return hour < 24 && text[0] < '6';
}

/* Days from today to what the word means; -1 if it means none. */
static int days_ahead(const char *word, const struct bands_local *now)
{
    if (strcasecmp(word, "today") == 0)
        return 0;
    if (strcasecmp(word, "tomorrow") == 0)
        return 1;
    for (int i = 0; i < 7; i++)
        if (strlen(word) >= 3 && strncasecmp(word, DAYS[i], 3) == 0)
            return (i + 1 - now->weekday + 7) % 7;
    return -1;
}

static bool read_day(struct date *day, int *ahead, const char *word,
    const struct bands_local *now)
{
    if (date_parse(day, word, NULL) == 0) {
        *ahead = -1;
        return true;
    }
    *ahead = days_ahead(word, now);
    *day = date_from_day_number(date_day_number(now->day) + *ahead);
    return *ahead >= 0;
}

int when_parse(wall *out, const char *text, wall now, struct err *err)
{
    const struct bands_local local = bands_local(now);
    const size_t len = strcspn(text, strchr(text, ' ') == NULL ? "T" : " ");
    struct date day = local.day;
    char word[16];
    int ahead = 0;
    int minute = 0;
    bool good = clock_time(&minute, text);

    if (!good && len < sizeof word && text[len] != '\0') {
        snprintf(word, sizeof word, "%.*s", (int)len, text);
        good = read_day(&day, &ahead, word, &local) &&
               clock_time(&minute, text + len + 1);
        if (good && ahead == 0 && strcasecmp(word, "today") != 0 &&
            minute <= local.minute) /* "thu" on a Thursday that is past */
            day = date_from_day_number(date_day_number(day) + 7);
    } else if (good && minute <= local.minute)
        day = date_from_day_number(date_day_number(day) + 1);
    if (!good)
        return err_set(err, ERR_USAGE,
            "not a time; say 17:30, tomorrow 10:00, thu 17:40 or 2027-06-15 "
            "17:30");
    *out = bands_moment(day, minute);
    if (out->ms <= now.ms)
        return err_set(err, ERR_USAGE, "that time is past");
    return 0;
}

const char *when_format(wall when, char text[WHEN_TEXT_SIZE])
{
    const struct bands_local local = bands_local(when);

    text[0] = '\0';
    if (when.ms != 0)
        snprintf(text, WHEN_TEXT_SIZE, "%s %u %s %02d:%02d",
            DAYS[local.weekday - 1], local.day.day, MONTHS[local.day.month - 1],
            local.minute / 60 % 24, local.minute % 60);
    return text;
}
