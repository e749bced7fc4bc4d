#include "agentd/attested.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "base/err.h"
#include "trust/attesting.h"
#include "wire/hubtalk.h"

static bool same_header(const struct header *a, const struct header *b)
{
    return a->version == b->version && laestab_equal(&a->author, &b->author) &&
           laestab_equal(&a->recipient, &b->recipient) && a->lane == b->lane &&
           id_equal(&a->epoch, &b->epoch) && a->first == b->first &&
           a->last == b->last && a->ttl_days == b->ttl_days;
}

/* What was signed last is what is said: the event before it is the put. */
static bool says_the_same(
    const struct attest *attest, const struct hubtalk *talk)
{
    const struct attest_event *event = &attest->events[attest->count - 1];

    if (!id_equal(&attest->id, &talk->id) ||
        !same_header(&attest->header, &talk->header))
        return false;
    if (talk->kind == HUBTALK_PUT_DONE)
        return event->kind == ATTEST_REFUSED && event->reason == talk->reason;
    return event->kind == (talk->reason == REASON_EXPIRED ? ATTEST_EXPIRED
                                                          : ATTEST_EXPIRING) &&
           event->at.ms == talk->time.ms;
}

int attested_check(struct bytes *is_signed, const struct agent *agent,
    const char *endpoint, const struct hubtalk *talk, struct bytes body,
    struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct members *members = agent->identity->members;
    struct attest attest;
    int rc;

    *is_signed = (struct bytes){NULL, 0};
    if (!attesting_expected(members, endpoint))
        return 0;
    rc = attesting_verify(&attest, members, endpoint, body, &arena, err);
    if (rc == 0 && !says_the_same(&attest, talk))
        rc = err_set(
            err, ERR_DENIED, "what is signed is something else than is said");
    if (rc == 0)
        *is_signed = body;
    return rc;
}

void attested_note(struct attested_refusals *refusals, const char *endpoint,
    const struct hubtalk *talk, struct bytes is_signed, wall now)
{
    const size_t i = refusals->count;

    if (is_signed.len == 0 || is_signed.len > ATTEST_MAX_SIGNED ||
        i == ATTESTED_MAX_REFUSALS)
        return;
    refusals->rows[i].envelope = talk->id;
    refusals->rows[i].reason = talk->reason;
    refusals->rows[i].at = now;
    snprintf(
        refusals->rows[i].hub, sizeof refusals->rows[i].hub, "%s", endpoint);
    memcpy(refusals->rows[i].is_signed, is_signed.data, is_signed.len);
    refusals->rows[i].len = is_signed.len;
    refusals->count++;
}

int attested_keep(const struct attested_refusals *refusals, struct agent *agent,
    struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < refusals->count; i++) {
        const struct ending ending = {refusals->rows[i].envelope,
            refusals->rows[i].reason, refusals->rows[i].hub,
            refusals->rows[i].at,
            {refusals->rows[i].is_signed, refusals->rows[i].len}};

        rc = ending_note(agent->db, &ending, err);
    }
    return rc;
}
