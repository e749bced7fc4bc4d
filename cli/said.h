/* said - reading a result document that may lack anything: a missing field
 * reads as "", 0 or false, so a newer or older agent is shown as far as it
 * goes. */
#ifndef CLI_SAID_H
#define CLI_SAID_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

#define SAID_AGE_SIZE ((size_t)24)
#define SAID_ID_SIZE ((size_t)24)
#define SAID_DATE_SIZE ((size_t)32)
#define SAID_TIME_SIZE ((size_t)32)
#define SAID_NAME_SIZE ((size_t)160)

/** Text borrowed from object. */
const char *said_text(const json_t *object, const char *name);
json_int_t said_number(const json_t *object, const char *name);
bool said_is_true(const json_t *object, const char *name);

/** An id, which may be text or a number, as people type it: text is cut to its
 * first 8 characters if it is an id of 32. */
const char *said_id(
    const json_t *object, const char *name, char text[SAID_ID_SIZE]);

/** "2 h" from a number of seconds; "-" if it is null or missing. */
const char *said_age(
    const json_t *object, const char *name, char text[SAID_AGE_SIZE]);

/** "2 h" since an RFC 3339 time; "" if it is missing or no time. */
const char *said_since(
    const json_t *object, const char *name, wall now, char text[SAID_AGE_SIZE]);

/** "1 Sep 2027" from an RFC 3339 date or time; as it is if it is neither. */
const char *said_date(
    const json_t *object, const char *name, char text[SAID_DATE_SIZE]);

/** "Thu 17 Jun 17:40" by the clock in England from an RFC 3339 time; "" if it
 * is missing or no time. */
const char *said_time(
    const json_t *object, const char *name, char text[SAID_TIME_SIZE]);

/** "Okoro, Tariq" from surname and forename; "" if there is neither. */
const char *said_list_name(const json_t *object, char text[SAID_NAME_SIZE]);

/** The texts of an array, "SEMH, SLCN"; objects give their field `of`. */
const char *said_joined(const json_t *object, const char *name, const char *of,
    char text[SAID_NAME_SIZE]);

#endif
