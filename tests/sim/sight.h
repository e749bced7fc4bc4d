/* sight - how a look into a school's database is read. */
#ifndef SIM_SIGHT_H
#define SIM_SIGHT_H

#include "check.h"
#include "record/leaver.h"

/** By its tag at this school: its author, or a secondary.  NULL: nobody's. */
struct pupil *sight_find(const struct node *node, const struct tag *tag);

/* Contacts, a bit for each number. */

/** Those that the record shows. */
uint32_t sight_shown(const struct leaver *leaver);

/** Those that a restriction of it takes out. */
uint32_t sight_restricted(const struct leaver *leaver);

/** Those that the primary's newest file did not have. */
uint32_t sight_left_out(const struct leaver *leaver);

#endif
