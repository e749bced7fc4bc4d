/*
 * checklist - what a conversation leaves to do, noted together with it: a
 * question or promise for somebody here, a question for the primary, the tutor
 * that was named, the support check.
 *
 * What a parent said stays here: the primary is asked only what was typed for
 * it, and what raised a concern is routed to nobody.
 */
#ifndef AGENTD_CHECKLIST_H
#define AGENTD_CHECKLIST_H

#include "agentd/desk.h"

struct checklist {
    struct event_item item; /* .text NULL: none */
    const char *question;   /* for the primary; "" none */
    bool tutor_told;
    struct event_support support; /* .result 0: not asked about */
    bool asked;                   /* filled in: the primary was asked */
    unsigned tutors;              /* filled in: of so many children */
};

/** From args, beside an attempt whose words are read.  Errors: ERR_USAGE. */
MUST_CHECK int checklist_read(struct checklist *out, struct request *request,
    const struct event_attempt *attempt, struct err *err);

/** In a transaction, with the attempt added; person may be NULL.  Errors:
 * ERR_USAGE (with whom?), ERR_STATE (no tutor is named). */
MUST_CHECK int checklist_store(struct checklist *list, struct request *request,
    const struct casework_file *file, const struct reach_person *person,
    struct err *err);

/** {"for","due","asked_primary","tutor_told","support"} */
json_t *checklist_json(const struct checklist *list);

#endif
