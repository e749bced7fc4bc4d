/*
 * looks - which role has opened which parts of a family's records: noted where
 * a card is shown, and told to the primary with progress.h.
 */
#ifndef AGENTD_LOOKS_H
#define AGENTD_LOOKS_H

#include "agentd/casework.h"
#include "agentd/requests.h"

/** Whoever asks is shown the card of this family. */
MUST_CHECK int looks_note(
    struct request *request, const struct casework_file *file, struct err *err);

#endif
