#include "agentd/early.h"

void early_note(struct early *early, const struct id *envelope)
{
    early->names[early->count++ % EARLY_NAMES] = *envelope;
}

bool early_knows(const struct early *early, const struct id *envelope)
{
    for (size_t i = 0; i < EARLY_NAMES && i < early->count; i++)
        if (id_equal(&early->names[i], envelope))
            return true;
    return false;
}

void early_forget(struct early *early)
{
    early->count = 0;
}
