/*
 * desk - what the handlers of a caller's commands share: which family, whom of
 * it, what the planner suggests for this caller.
 */
#ifndef AGENTD_DESK_H
#define AGENTD_DESK_H

#include "agentd/casework.h"
#include "agentd/requests.h"
#include "outreach/order.h"
#include "outreach/planner.h"

/* Who may see what beside whom to ring. */
#define DESK_SUPPORT                                                           \
    (ROLE_LEAD | ROLE_SENCO | ROLE_DSL | ROLE_HEAD_OF_YEAR | ROLE_TUTOR)
#define DESK_SAFEGUARDING ROLE_DSL

/** The family that args name by "case".  Errors: ERR_USAGE, ERR_NOT_FOUND (with
 * what to do next), and those of casework_refresh(). */
MUST_CHECK int desk_case(
    struct casework_file **out, struct request *request, struct err *err);

/** The child that args name by "upn": a UPN, or the number of a case with one
 * child.  Errors: ERR_USAGE, ERR_NOT_FOUND (with what to do next), and those of
 * casework_refresh(). */
MUST_CHECK int desk_child(struct casework_file **file,
    const struct casework_pupil **pupil, struct request *request,
    struct err *err);

/** The child with that UPN; NULL if no record of it is here. */
const struct casework_pupil *desk_upn(struct casework_file **file,
    const struct casework *casework, const char *upn);

/** {"upn","surname","forename"} */
json_t *desk_child_json(const struct casework_pupil *pupil);

/** What the planner suggests to whoever asks. */
void desk_suggest(struct planner_suggestion *out, const struct request *request,
    const struct casework_file *file);

/** Everything that a pure function of outreach wants to know of a family. */
struct state_facts desk_facts(
    const struct agent *agent, const struct casework_file *file);

/** Every family in the order of the call list for whoever asks; free() it. */
struct order_entry *desk_order(size_t *count, const struct request *request);

/** The blocked counts of `list --json`: why how many of these are not rung
 * now. */
json_t *desk_blocked(const struct request *request,
    const struct order_entry *entries, size_t count);

/** The highest tier of its pupils. */
enum tier desk_tier(const struct casework_file *file);

/** Whoever must be spoken to in a language that this caller does not speak. */
bool desk_needs_language(
    const struct request *request, const struct casework_file *file);

/** text, or "" with *withheld set if it names a restricted adult. */
const char *desk_shown(
    const struct casework_file *file, const char *text, bool *withheld);

/** "07700 900118" or an e-mail to the form that points have; "" if it is
 * neither.  out has 320 bytes. */
const char *desk_value(char out[320], const char *typed);

/** Add an event in the open transaction, by whoever asks. */
MUST_CHECK int desk_add(
    struct request *request, struct event *event, struct err *err);
/** In a transaction of its own, with a line of the audit: action, and the
 * event's family; then the casework is refreshed.  Errors: those of
 * casework_add() and casework_refresh(). */
MUST_CHECK int desk_store(struct request *request, struct event *event,
    const char *action, struct err *err);

#endif
