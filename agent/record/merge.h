/*
 * merge - a newer file about the same child, laid over what is known.
 *
 * The file is a snapshot with holes (CTF README, 2): a value that it states
 * replaces the known one, a silence changes nothing.  Contacts are matched by
 * source_id, else by the same surname and forename (case folded, trimmed)
 * within this pupil only; each keeps its number for ever, an unknown one gets
 * the next free number, one that the file leaves out stays and is marked
 * left_out. Restrictions are kept and stay with the number they were made for.
 * Lists that the file states (needs, results, years, schools, points) replace
 * the known list; empty ones change nothing.  Point numbers are stable by raw
 * value.  A destination is a value like any other: who keeps one that a person
 * typed sets it again afterwards.
 *
 * More contacts than LEAVER_MAX_CONTACTS: one that is left out goes first,
 * never one that a restriction names.
 */
#ifndef RECORD_MERGE_H
#define RECORD_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "record/leaver.h"

#define MERGE_MAX_CHANGES 32

struct merge_report {
    /* Fixed names of what changed ("surname", "contact 2 phones"): no values.
     */
    char changes[MERGE_MAX_CHANGES][48];
    size_t count; /* 0: unchanged */
};

/** Add a change to the report, once, if there is room. */
void merge_note(struct merge_report *report, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/** Number the contacts and points of a leaver seen for the first time, in call
 * order from 1. */
void merge_number(struct leaver *fresh);

/** out = known with fresh laid over it; strings are shared with both, arrays
 * are in arena. */
void merge_leavers(struct leaver *out, const struct leaver *known,
    const struct leaver *fresh, struct arena *arena,
    struct merge_report *report);

/** `leaver` lacks this restriction, or its end. */
bool merge_lacks(
    const struct leaver *leaver, const struct restriction *restriction);

/**
 * Restrictions are add-wins and an end is final: add to `to` each one of `from`
 * that it does not mention by its id, and end those that `from` knows to have
 * ended.  Each stays with the person that it was made for, by source_id or
 * name; one that hides a person whom `to` does not list brings that contact
 * along, marked as left out.  Where nobody can tell who is meant it becomes one
 * for the whole pupil: that hides more and never less.  Beyond
 * LEAVER_MAX_RESTRICTIONS one in force takes the place of an ended one.
 *
 * Returns how many were added or ended; arrays are in arena.
 */
size_t merge_restrictions(
    struct leaver *to, const struct leaver *from, struct arena *arena);

/** Leave out the notes and evidence of all restrictions but the first `keep`:
 * for a record that what was merged has made too large. */
void merge_shorten(struct leaver *leaver, size_t keep);

#endif
