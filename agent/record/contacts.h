/* contacts - the part of merge.h that concerns a pupil's contacts. */
#ifndef RECORD_CONTACTS_H
#define RECORD_CONTACTS_H

#include "record/merge.h"

/** a is called before b: by order, those without one last; then by number. */
bool contacts_before(
    const struct leaver_contact *a, const struct leaver_contact *b);

/** merge_number(). */
void contacts_number(struct leaver *fresh);

/** Lay the contacts of fresh over those that out has; see merge.h. */
void contacts_merge(struct leaver *out, const struct leaver *fresh,
    struct arena *arena, struct merge_report *report);

/** The same person among the contacts of leaver: by source_id, else by surname
 * and forename; NULL if nobody is. */
const struct leaver_contact *contacts_same_person(
    const struct leaver *leaver, const struct leaver_contact *person);

/** Keep a contact that leaver lacks, marked as left out, under its own number
 * if that is free.  Returns the number; 0 if there is no room. */
uint32_t contacts_keep(struct leaver *leaver,
    const struct leaver_contact *person, struct arena *arena);

#endif
