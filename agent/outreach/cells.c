#include "outreach/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What somebody can work out who sees a row, of either cell. */
enum { GROUP, GROUP_SPOKEN, GROUP_NOT, REST, REST_SPOKEN, REST_NOT, NUMBERS };

const char *cells_name(unsigned group)
{
    static const char *const names[] = {NULL, "fsm", "eal", "sen"};

    return group <= CELLS_GROUPS ? names[group] : NULL;
}

static void numbers_of(unsigned out[NUMBERS], const struct cells_row *row)
{
    out[GROUP] = row->group_pupils;
    out[GROUP_SPOKEN] = row->group_contacted;
    out[GROUP_NOT] = row->group_pupils - row->group_contacted;
    out[REST] = row->pupils - row->group_pupils;
    out[REST_SPOKEN] = row->contacted - row->group_contacted;
    out[REST_NOT] = out[REST] - out[REST_SPOKEN];
}

static bool is_small(unsigned number)
{
    return number > 0 && number < CELLS_LEAST;
}

bool cells_is_safe(const struct cells_row *row)
{
    unsigned numbers[NUMBERS];

    numbers_of(numbers, row);
    for (int i = 0; i < NUMBERS; i++)
        if (is_small(numbers[i]))
            return false;
    return numbers[GROUP] >= CELLS_LEAST_GROUP &&
           (numbers[REST] == 0 || numbers[REST] >= CELLS_LEAST_GROUP);
}

/* Does no number of the two differ by a few? */
static bool is_apart(const struct cells_row *a, const struct cells_row *b)
{
    unsigned left[NUMBERS], right[NUMBERS];

    numbers_of(left, a);
    numbers_of(right, b);
    for (int i = 0; i < NUMBERS; i++)
        if (is_small(
                left[i] > right[i] ? left[i] - right[i] : right[i] - left[i]))
            return false;
    return true;
}

static bool may_show(
    const struct cells_history *history, const struct cells_row *now)
{
    if (history->count == CELLS_KEPT || !cells_is_safe(now))
        return false;
    for (size_t i = 0; i < history->count; i++)
        if (!is_apart(&history->rows[i], now))
            return false;
    return true;
}

static bool makes_sense(const struct cells_row *row)
{
    return row->contacted <= row->pupils && row->group_pupils <= row->pupils &&
           row->group_contacted <= row->group_pupils &&
           row->group_contacted <= row->contacted &&
           row->contacted - row->group_contacted <=
               row->pupils - row->group_pupils;
}

/* With as many pupils as before.  Only if what was shown last could still be so
 * with the totals of now: else its staying would say that the number of now is
 * small. */
static bool as_before(struct cells_row *out, const struct cells_row *last,
    const struct cells_row *now)
{
    struct cells_row same = *last;

    *out = same;
    out->contacted = now->contacted;
    out->group_contacted = now->group_contacted;
    same.pupils = now->pupils;
    same.contacted = now->contacted;
    return makes_sense(out) && makes_sense(&same) &&
           (now->pupils == last->pupils ||
               is_small(now->pupils > last->pupils
                            ? now->pupils - last->pupils
                            : last->pupils - now->pupils));
}

const struct cells_row *cells_look(
    struct cells_history *history, const struct cells_row *now)
{
    const struct cells_row *last =
        history->count == 0 ? NULL : &history->rows[history->count - 1];
    struct cells_row other;

    if (last != NULL && memcmp(last, now, sizeof *now) == 0)
        return last;
    if (may_show(history, now))
        history->rows[history->count++] = *now;
    else if (last != NULL && as_before(&other, last, now) &&
             may_show(history, &other))
        history->rows[history->count++] = other;
    return history->count == 0 ? NULL : &history->rows[history->count - 1];
}

/* 1970-01-01 was a Thursday. */
struct date cells_monday(struct date day)
{
    const int32_t number = date_day_number(day);

    return date_from_day_number(number - ((number % 7 + 7) % 7 + 3) % 7);
}

void cells_format(
    char text[CELLS_TEXT_SIZE], const struct cells_history *history)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < history->count; i++) {
        const struct cells_row *row = &history->rows[i];

        used += (size_t)snprintf(text + used, CELLS_TEXT_SIZE - used,
            "%u %u %u %u;", row->pupils, row->contacted, row->group_pupils,
            row->group_contacted);
    }
}

/* The next number and the sign behind it; NULL: it is not there. */
static const char *read_number(unsigned *out, const char *text, char behind)
{
    char *end;
    unsigned long value;

    if (*text < '0' || *text > '9')
        return NULL;
    value = strtoul(text, &end, 10);
    if (*end != behind || end - text > 9)
        return NULL;
    *out = (unsigned)value;
    return end + 1;
}

static const char *read_row(struct cells_row *out, const char *text)
{
    text = read_number(&out->pupils, text, ' ');
    if (text != NULL)
        text = read_number(&out->contacted, text, ' ');
    if (text != NULL)
        text = read_number(&out->group_pupils, text, ' ');
    if (text != NULL)
        text = read_number(&out->group_contacted, text, ';');
    return text != NULL && makes_sense(out) ? text : NULL;
}

bool cells_parse(struct cells_history *out, const char *text)
{
    struct cells_history history = {.count = 0};

    out->count = 0;
    while (*text != '\0') {
        if (history.count == CELLS_KEPT)
            return false;
        text = read_row(&history.rows[history.count], text);
        if (text == NULL)
            return false;
        history.count++;
    }
    *out = history;
    return true;
}
