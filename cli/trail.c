#include "cli/trail.h"

#include "base/err.h"
#include "wire/attest.h"
#include "wire/hubreport.h"

static wall time_of(const struct attest *attest, enum attest_kind kind)
{
    for (size_t i = 0; i < attest->count; i++)
        if (attest->events[i].kind == kind)
            return attest->events[i].at;
    return (wall){0};
}

int trail_check(const struct attest *attest,
    const struct hubreport_letter *letter, struct err *err)
{
    const struct header *header = &attest->header;

    if (!id_equal(&attest->id, &letter->id) ||
        !laestab_equal(&header->author, &letter->author) ||
        !laestab_equal(&header->recipient, &letter->recipient) ||
        header->lane != letter->lane ||
        !id_equal(&header->epoch, &letter->epoch) ||
        header->first != letter->first || header->last != letter->last)
        return err_set(err, ERR_DENIED, "what is signed is of another letter");
    if (time_of(attest, ATTEST_PUT).ms != letter->put.ms ||
        time_of(attest, ATTEST_ACKNOWLEDGED).ms != letter->acked.ms ||
        (time_of(attest, ATTEST_EXPIRING).ms != 0) != letter->waits)
        return err_set(
            err, ERR_DENIED, "what is signed is something else than is said");
    return 0;
}
