/*
 * take - lay one stated value over a known one: a silence changes nothing.
 * Each returns true if the known value is another one now.
 */
#ifndef RECORD_TAKE_H
#define RECORD_TAKE_H

#include "record/leaver.h"

bool take_text(const char **known, const char *fresh);
bool take_stated(enum stated *known, enum stated fresh);
bool take_date(struct date *known, struct date fresh);

/** An address is one value: half of an old one under a new street is wrong. */
bool take_address(
    struct leaver_address *known, const struct leaver_address *fresh);

#endif
