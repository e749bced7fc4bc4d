/*
 * staging - one import while its file is read: what was taken, what is held and
 * why.  Everything happens in the import's transaction.
 */
#ifndef AGENTD_STAGING_H
#define AGENTD_STAGING_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attr.h"
#include "ctf/findings.h"

struct agent;
struct err;
struct reader;
struct request;
struct table;

struct staging {
    struct agent *agent;
    struct request *request;
    const char *name;
    bool csv;
    bool dry_run;
    struct reader *reader;
    struct table *table;
    json_t *refused;
    json_t *warnings;
    json_int_t accepted, changed, unchanged, held;
    uint64_t pupils;
    uint64_t *retracted; /* lines of pupils that must be held after all */
    size_t retracted_count;
    bool again; /* a second pass is needed to hold them */
    struct err *err;
};

/** Add a finding to what the person is told.  leaver NULL: about the file. */
void staging_tell(struct staging *import, const struct finding *finding,
    const struct leaver *leaver);

/** This pupil waits for a person: counted, and noted for `leavers check`. */
MUST_CHECK int staging_hold(struct staging *import,
    const struct finding *finding, const struct leaver *leaver,
    struct err *err);

/** A HOLD that the reader could not know of. */
struct finding staging_because(
    const char *code, uint64_t line, const char *detail);

/** The school under which notes of held pupils are kept. */
struct laestab staging_notes(
    const struct staging *import, const struct leaver *leaver);

/** Take a pupil: a new row, a changed one, or no change at all. */
MUST_CHECK int staging_take(struct staging *import, const struct leaver *leaver,
    uint64_t line, struct err *err);

#endif
