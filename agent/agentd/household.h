/*
 * household - at the secondary: received records opened and gathered by family.
 *
 * Each pupil comes with its struct visible; whoever shows anything of a record
 * walks that and never the leaver's own contacts.
 */
#ifndef AGENTD_HOUSEHOLD_H
#define AGENTD_HOUSEHOLD_H

#include "base/arena.h"
#include "base/attr.h"
#include "outreach/calls.h"
#include "record/visible.h"
#include "store/inbox.h"

struct agent;
struct err;

/* One pupil of a family, opened. */
struct household_pupil {
    struct inbox_record row;
    struct leaver leaver;
    struct visible visible;
};

/* All families, or one, opened into one arena. */
struct household_set {
    struct agent *agent;
    struct err *err;
    struct arena arena;
    struct household_pupil **pupils;
    size_t pupil_count, pupil_room;
    struct call_family *families;
    size_t family_count, family_room;
};

/** Open the records of one family (0: of all) and order the families as the
 * call list does.  set->agent and set->err are the caller's to set. */
MUST_CHECK int household_gather(struct household_set *set, int64_t family);
void household_end(struct household_set *set);

/** Any pupil of the family; there is one. */
const struct household_pupil *household_first(
    const struct household_set *set, int64_t family);

#endif
