/*
 * families - which people of the records belong together; for this room only
 * (inbox_family).
 *
 * A member keeps the family it was first put into.  When two families turn out
 * to be one, the larger id only points to the smaller (families.joined), so
 * joining costs no walk over members.
 */
#ifndef STORE_FAMILIES_H
#define STORE_FAMILIES_H

#include "store/inbox.h"

/* Of one family, in all the years that they are kept.  The parents of so many
 * have room on one card, if they turn out not to be one (outreach/reach.h). */
#define FAMILIES_MAX_CHILDREN 8

struct families_people {
    const struct tag *tags;
    size_t count;
};

/** See inbox_family(). */
MUST_CHECK int families_of(int64_t *family, struct db *db,
    const struct families_people *people, wall now, struct err *err);

#endif
