/*
 * extras - what a card shows beside whom to ring: how the name is said, the
 * tutor and whom it was told, what is owed to the family and was asked of the
 * primary, invitations with their answers, support for those who may see it.
 */
#ifndef AGENTD_EXTRAS_H
#define AGENTD_EXTRAS_H

#include "agentd/desk.h"

/** Add them to the card of file; its "pupils" are there, in order. */
void extras_add(json_t *card, const struct request *request,
    const struct casework_file *file);

#endif
