#include "conf/hours.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"

#define DAY_MINUTES (24 * 60)

static bool two_digits(int *out, const char **at)
{
    if ((*at)[0] < '0' || (*at)[0] > '9' || (*at)[1] < '0' || (*at)[1] > '9')
        return false;
    *out = ((*at)[0] - '0') * 10 + (*at)[1] - '0';
    *at += 2;
    return true;
}

/* "08:30"; 24:00 is the end of the day. */
static bool read_minute(int *out, const char **at)
{
    int hour;
    int minute;

    if (!two_digits(&hour, at) || *(*at)++ != ':' || !two_digits(&minute, at))
        return false;
    *out = hour * 60 + minute;
    return minute < 60 && *out <= DAY_MINUTES;
}

static bool read_span(int *open, int *close, const char **at)
{
    *at += strspn(*at, " ");
    return read_minute(open, at) && *(*at)++ == '-' && read_minute(close, at) &&
           *open < *close;
}

static bool starts_with(const char **at, const char *word)
{
    *at += strspn(*at, " ");
    if (strncmp(*at, word, strlen(word)) != 0)
        return false;
    *at += strlen(word);
    return true;
}

int hours_parse(struct hours *out, const char *text, struct err *err)
{
    struct hours read = {0, 0, 0, 0};
    const char *at = text;
    bool good = true;

    if (starts_with(&at, "Mo-Fr"))
        good = read_span(&read.open, &read.close, &at);
    if (good && read.close > 0 && (*at == ',' || *at == ';'))
        at++;
    if (good && starts_with(&at, "Sa"))
        good = read_span(&read.saturday_open, &read.saturday_close, &at);
    if (!good || *at != '\0' || (read.close == 0 && read.saturday_close == 0))
        return err_set(err, ERR_MALFORMED,
            "hours are written like Mo-Fr 08:30-19:30, Sa 10:00-13:00");
    *out = read;
    return 0;
}
