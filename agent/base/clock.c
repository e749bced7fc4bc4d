#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

static int64_t now_ms(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

mono clock_mono(void)
{
    return (mono){now_ms(CLOCK_MONOTONIC)};
}

static int64_t shift_ms(void)
{
    const char *shift = getenv("MOVEUP_FAKE_TIME");

    return shift == NULL ? 0 : strtoll(shift, NULL, 10) * 1000;
}

wall clock_wall(void)
{
    return (wall){now_ms(CLOCK_REALTIME) + shift_ms()};
}

bool clock_is_moved(void)
{
    return shift_ms() != 0;
}

const char *clock_format(wall when, char text[CLOCK_TEXT_SIZE])
{
    const time_t seconds = (time_t)(when.ms / 1000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return text;
}

int clock_parse(wall *out, const char *text, struct err *err)
{
    struct tm tm = {.tm_isdst = 0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

    if (end == NULL || strcmp(end, "Z") != 0)
        return err_set(
            err, ERR_MALFORMED, "not a time like 2027-06-15T08:02:00Z");
    out->ms = (int64_t)timegm(&tm) * 1000;
    return 0;
}

const char *clock_age(int64_t ms, char *text, size_t size)
{
    const int64_t s = ms < 0 ? 0 : ms / 1000;

    if (s < 60)
        snprintf(text, size, "%" PRId64 " s", s);
    else if (s < 3600)
        snprintf(text, size, "%" PRId64 " min", s / 60);
    else if (s < 48 * 3600)
        snprintf(text, size, "%" PRId64 " h", s / 3600);
    else
        snprintf(text, size, "%" PRId64 " days", s / 86400);
    return text;
}
