#include "cli/said.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outreach/when.h"

const char *said_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL ? "" : text;
}

json_int_t said_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

bool said_is_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

const char *said_id(
    const json_t *object, const char *name, char text[SAID_ID_SIZE])
{
    const json_t *id = json_object_get(object, name);

    if (json_is_integer(id))
        snprintf(text, SAID_ID_SIZE, "%lld", (long long)json_integer_value(id));
    else
        snprintf(text, SAID_ID_SIZE, "%.8s", said_text(object, name));
    return text;
}

const char *said_age(
    const json_t *object, const char *name, char text[SAID_AGE_SIZE])
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_number(value))
        return "-";
    return clock_age(
        (int64_t)(json_number_value(value) * 1000), text, SAID_AGE_SIZE);
}

const char *said_since(
    const json_t *object, const char *name, wall now, char text[SAID_AGE_SIZE])
{
    wall when;

    text[0] = '\0';
    if (clock_parse(&when, said_text(object, name), NULL) == 0)
        clock_age(now.ms - when.ms, text, SAID_AGE_SIZE);
    return text;
}

const char *said_date(
    const json_t *object, const char *name, char text[SAID_DATE_SIZE])
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
        "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const char *value = said_text(object, name);
    char *end;
    const long year = strtol(value, &end, 10);
    const long month = *end == '-' ? strtol(end + 1, &end, 10) : 0;
    const long day = *end == '-' ? strtol(end + 1, &end, 10) : 0;

    if (year > 1900 && month >= 1 && month <= 12 && day >= 1 && day <= 31)
        snprintf(
            text, SAID_DATE_SIZE, "%ld %s %ld", day, months[month - 1], year);
    else
        snprintf(text, SAID_DATE_SIZE, "%s", value);
    return text;
}

const char *said_time(
    const json_t *object, const char *name, char text[SAID_TIME_SIZE])
{
    wall when;

    text[0] = '\0';
    if (clock_parse(&when, said_text(object, name), NULL) == 0)
        when_format(when, text);
    return text;
}

const char *said_list_name(const json_t *object, char text[SAID_NAME_SIZE])
{
    const char *surname = said_text(object, "surname");
    const char *forename = said_text(object, "forename");

    snprintf(text, SAID_NAME_SIZE, "%s%s%s", surname,
        surname[0] == '\0' || forename[0] == '\0' ? "" : ", ", forename);
    return text;
}

const char *said_joined(const json_t *object, const char *name, const char *of,
    char text[SAID_NAME_SIZE])
{
    const json_t *array = json_object_get(object, name);
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        const char *part = json_is_string(item) ? json_string_value(item)
                                                : said_text(item, of);
        const int len = snprintf(text + used, SAID_NAME_SIZE - used, "%s%s",
            used == 0 || part[0] == '\0' ? "" : ", ", part);

        if (len < 0 || (size_t)len >= SAID_NAME_SIZE - used)
            break;
        used += (size_t)len;
    }
    return text;
}
