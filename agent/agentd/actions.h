/* actions - what somebody owes a family: who may owe it, and by when. */
#ifndef AGENTD_ACTIONS_H
#define AGENTD_ACTIONS_H

#include "agentd/desk.h"

/** A role's word or a login of the staff.  Errors: ERR_USAGE with what to do
 * next. */
MUST_CHECK int actions_check_owner(
    struct request *request, const char *owner, struct err *err);

/** The day that args name by "due"; in five days unless they do. */
MUST_CHECK int actions_read_due(
    struct date *out, const struct request *request, struct err *err);

/** 0 for a word that is none. */
enum item_kind_of actions_parse_kind(const char *word);

/** Add it with a number of its own, in the open transaction. */
MUST_CHECK int actions_put(
    struct request *request, struct event *event, struct err *err);

/** After a call without a language in common: the office books an interpreter
 * for the next working day, in the open transaction.  language is a code of the
 * Common Basic Data Set, "" if it is not known.  Nothing if one is to be booked
 * already.  Returns 1 if it was added, 0, or an error. */
MUST_CHECK int actions_book_interpreter(struct request *request,
    const struct casework_file *file, const char *language, struct err *err);

/** What the family's open actions are, for whoever asks. */
json_t *actions_open(
    const struct request *request, const struct casework_file *file);

#endif
