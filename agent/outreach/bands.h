/*
 * bands - the parts of the day in which families are rung, by the clock in
 * England (Europe/London, summer time included).
 *
 * Pure: the time comes as an argument.
 */
#ifndef OUTREACH_BANDS_H
#define OUTREACH_BANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/clock.h"
#include "record/date.h"

struct err;

/* Numbers are stored.  Sunday is not rung and counts as
 * BAND_SATURDAY. */
enum band {
    BAND_MORNING = 1, /* before 12 */
    BAND_AFTERNOON,   /* 12 to 17 */
    BAND_EVENING,     /* after 17 */
    BAND_SATURDAY,    /* the week-end */
};
#define BAND_COUNT ((size_t)4)

/** A set of bands has bit BAND_BIT(band). */
#define BAND_BIT(band) (1U << ((unsigned)(band)-1))

/* A moment as a clock on a wall in England shows it. */
struct bands_local {
    struct date day;
    int weekday; /* 1 Monday to 7 Sunday */
    int minute;  /* of the day */
};
struct bands_local bands_local(wall when);

/** The moment at which that clock shows this.  A minute that summer time skips
 * is the one an hour later; of one that comes twice, the first. */
wall bands_moment(struct date day, int minute);

/** The band of that moment in England. */
enum band bands_of(wall when);

/** "MORN", "AFT", "EVE", "SAT". */
const char *bands_code(enum band band);
/** "in the morning", "in the afternoon", "in the evening", "on Saturday". */
const char *bands_text(enum band band);
/** From a code in any case.  Errors: ERR_USAGE. */
MUST_CHECK int bands_parse(enum band *out, const char *text, struct err *err);

/* When families may be rung: Monday to Friday, and Saturday, but for bank
 * holidays; minutes. */
struct bands_hours {
    int open, close;
    int saturday_open, saturday_close;
};
/** 08:30 to 19:30, Saturday 10:00 to 13:00. */
struct bands_hours bands_usual_hours(void);

/** May families be rung at that moment? */
bool bands_open(const struct bands_hours *hours, wall when);
/** The next moment at which families may be rung: when, if they may be now. */
wall bands_next_open(const struct bands_hours *hours, wall when);
/** The next moment, after `when`, within the hours and in that band. */
wall bands_next(const struct bands_hours *hours, wall when, enum band band);

#endif
