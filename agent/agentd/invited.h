/*
 * invited - what a family's card shows of information sessions, and which
 * families have one near that they can make.
 */
#ifndef AGENTD_INVITED_H
#define AGENTD_INVITED_H

#include "agentd/desk.h"

/** Add "invitations", as they stand, and "sessions_fit": the next sessions that
 * somebody of the family can make, if none is said yes to. */
void invited_add(json_t *card, const struct request *request,
    const struct casework_file *file);

/** Fill in session_soon of entries. */
void invited_mark_soon(
    struct order_entry *entries, size_t count, const struct agent *agent);

#endif
