#include "agentd/admit.h"

#include "agentd/agent.h"
#include "base/err.h"
#include "crypto/cert.h"
#include "trust/former.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define CLOSING_DAYS 30 /* as the hub has it */

enum reason admit_author(
    const struct agent *agent, const struct header *header, struct err *err)
{
    if (members_school(agent->identity->members, &header->author) != NULL)
        return REASON_NONE;
    (void)err_set(err, ERR_DENIED, "the author is not in the directory");
    return REASON_UNKNOWN_SENDER;
}

struct cert *admit_cert(
    const struct agent *agent, const struct laestab *author, size_t i)
{
    return members_former_cert(agent->identity->members, author, i);
}

int admit_cert_time(
    const struct cert *cert, size_t i, wall now, struct err *err)
{
    const int64_t ended = now.ms - cert_expiry(cert).ms;

    return i > 0 && ended > 0 && ended < FORMER_DAYS * DAY_MS
               ? 0
               : cert_check_time(cert, now, err);
}

bool admit_in_time(const struct cert *cert, wall created, wall now)
{
    return now.ms <= cert_expiry(cert).ms || created.ms <= cert_expiry(cert).ms;
}

static enum reason of_closed(const struct directory_school *author,
    enum lane lane, wall created, struct err *err)
{
    const int64_t since = author->status_since.ms;
    const int64_t age = clock_wall().ms - since;

    if (lane == LANE_RECEIPT
            ? age < CLOSING_DAYS * DAY_MS
            : created.ms <= since && age < FORMER_DAYS * DAY_MS)
        return REASON_NONE;
    (void)err_set(err, ERR_DENIED, "the author has closed");
    return REASON_SCHOOL_CLOSED;
}

static enum reason of_revoked(const struct directory_school *author,
    wall created, bool approved, struct err *err)
{
    char at[CLOCK_TEXT_SIZE], since[CLOCK_TEXT_SIZE];
    const bool before = created.ms < author->status_since.ms;

    if (before && approved)
        return REASON_NONE;
    (void)err_set(err, ERR_DENIED, "signed at %s, %s the revocation at %s",
        clock_format(created, at), before ? "before" : "after",
        clock_format(author->status_since, since));
    return before ? REASON_SIGNED_BEFORE : REASON_SENDER_REVOKED;
}

enum reason admit_signed(const struct agent *agent, const struct header *header,
    wall created, bool approved, struct err *err)
{
    const struct directory_school *author =
        members_school(agent->identity->members, &header->author);

    if (author->status == MEMBER_ACTIVE)
        return REASON_NONE;
    return author->status == MEMBER_CLOSED
               ? of_closed(author, header->lane, created, err)
               : of_revoked(author, created, approved, err);
}
