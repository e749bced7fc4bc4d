/*
 * schooldays - on which days a school is there: Monday to Friday, without the
 * bank holidays of England and the days that the school says it is closed.
 *
 * Bank holidays are worked out by rule.  One that is proclaimed for a single
 * year is a day on which the school is closed, set like a half-term.
 */
#ifndef OUTREACH_SCHOOLDAYS_H
#define OUTREACH_SCHOOLDAYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "record/date.h"

struct err;

#define SCHOOLDAYS_MAX 40 /* times at which a school is closed */
#define SCHOOLDAYS_TEXT_SIZE (SCHOOLDAYS_MAX * 23)

struct schooldays_time {
    struct date first, last; /* both included */
};

/* In order, neither overlapping nor touching.  All zeros: never closed. */
struct schooldays {
    struct schooldays_time closed[SCHOOLDAYS_MAX];
    size_t count;
};

/** In England; the Monday or Tuesday instead, if it falls on a weekend. */
bool schooldays_is_bank_holiday(struct date day);

/** A working day of the school. */
bool schooldays_is_open(const struct schooldays *days, struct date day);

/** day if the school is open then, else the next day on which it is. */
struct date schooldays_from(const struct schooldays *days, struct date day);
/** The next working day after day. */
struct date schooldays_after(const struct schooldays *days, struct date day);

/** Closed from first to last, or open after all.  Errors: ERR_FULL. */
MUST_CHECK int schooldays_set(struct schooldays *days, struct date first,
    struct date last, bool closed, struct err *err);

/** "2027-07-22..2027-09-01,2027-10-25..2027-10-29", as it is kept. */
const char *schooldays_format(
    const struct schooldays *days, char text[SCHOOLDAYS_TEXT_SIZE]);
/** What is no such text is passed over. */
void schooldays_parse(struct schooldays *out, const char *text);
/** "2027-07-22..2027-09-01" or one day, as people type it. */
MUST_CHECK int schooldays_parse_time(
    struct schooldays_time *out, const char *text, struct err *err);

#endif
