/* date - a calendar day, as schools write it (CCYY-MM-DD).  Zero: not stated.
 */
#ifndef RECORD_DATE_H
#define RECORD_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"

#define DATE_TEXT_SIZE 11

struct err;

struct date {
    int16_t year;
    uint8_t month;
    uint8_t day;
};

/** Strictly CCYY-MM-DD and a day that exists.  Errors: ERR_MALFORMED. */
MUST_CHECK int date_parse(struct date *out, const char *text, struct err *err);

/** "" for no date.  Returns text. */
const char *date_format(struct date date, char text[DATE_TEXT_SIZE]);

/** Of the years 1 to 9999. */
bool date_exists(struct date date);

/** <0, 0, >0 as a is before, on or after b. */
int date_compare(struct date a, struct date b);

bool date_is_set(struct date date);

/** Days since 1970-01-01; may be negative. */
int32_t date_day_number(struct date date);
struct date date_from_day_number(int32_t day);

/** The day it is in England (Europe/London: GMT, BST from the last Sunday of
 * March 01:00 UTC to the last Sunday of October 01:00 UTC). */
struct date date_today(wall now);

/** How far a clock in England is ahead of UTC: 0, or an hour in summer. */
int64_t date_ahead_ms(wall now);

#endif
