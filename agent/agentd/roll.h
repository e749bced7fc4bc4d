/* roll - at the primary: the leavers, as rows and as records together. */
#ifndef AGENTD_ROLL_H
#define AGENTD_ROLL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "record/leaver.h"
#include "store/leavers.h"

struct agent;
struct err;

/** The row and the open record of a UPN.
 * Errors: ERR_NOT_FOUND with a sentence for people. */
MUST_CHECK int roll_find(struct leavers_row *row, struct leaver *leaver,
    struct agent *agent, const char *upn, struct arena *arena, struct err *err);

/** The same by leavers_row.id. */
MUST_CHECK int roll_find_id(struct leavers_row *row, struct leaver *leaver,
    struct agent *agent, int64_t id, struct arena *arena, struct err *err);

/** Seal leaver as the next content of row (row->revision is the caller's to
 * raise) and store it; in a transaction.  row->id 0 makes a new row. */
MUST_CHECK int roll_store(struct agent *agent, struct leavers_row *row,
    const struct leaver *leaver, struct err *err);

/** Call visit for each leaver going to `to` ("" all), opened; visit returns 0
 * to go on, anything else stops and is returned. */
MUST_CHECK int roll_each(struct agent *agent, const struct laestab *to,
    int (*visit)(
        void *arg, const struct leavers_row *row, const struct leaver *leaver),
    void *arg, struct err *err);

/** Why nothing can be sent to this destination now: a code and a sentence. */
struct roll_problem {
    const char *code;
    const char *sentence;
};
bool roll_blocked(struct roll_problem *out, const struct agent *agent,
    const struct laestab *destination);

/** The same, also by what was done about it: it was recalled. */
bool roll_stopped(struct roll_problem *out, const struct agent *agent,
    const struct leavers_row *row);

/** A pupil's name and number, as every list shows them. */
json_t *roll_pupil_json(const struct leaver *leaver);

/** Queue every leaver that is ready (and not blocked) for `to` ("" all).
 * Returns the count or an error. */
MUST_CHECK int roll_send_ready(
    struct agent *agent, const struct laestab *to, struct err *err);

#endif
