/*
 * plea - at the secondary: what the primary is asked about a family (a wrong
 * number, help to reach it, a question, a child who is not ours), and what its
 * answers do.
 *
 * A request and its answer are events of the family; they travel as items of
 * wire/batch.h.  Nothing that a parent said goes out: of a number only which
 * one of the primary's own it is, and a text only for a question that a member
 * of staff typed for the primary.
 */
#ifndef AGENTD_PLEA_H
#define AGENTD_PLEA_H

#include "agentd/casework.h"
#include "record/reason.h"
#include "store/leavers.h"
#include "wire/batch.h"

struct agent;
struct err;

#define PLEA_DUE_DAYS 7
/* Why a family waits whose child is said not to be ours. */
#define PLEA_NOT_OURS "not ours: the primary school is asked"

/** In a transaction, with the attempt added: if its number turned out to be
 * wrong, dead or to bounce, the primary that gave it is asked for another one,
 * once.  A primary that cannot be written to is passed over.  Returns 1 if it
 * was asked, 0 if not, or an error. */
MUST_CHECK int plea_after(struct agent *agent, const struct casework_file *file,
    const struct event *attempt, struct err *err);

/** In a transaction: ask the primary of that record this, once; contact is whom
 * of it it is about, 0 nobody; login is who
 * asks, "" the agent itself.  1: it was asked; 0: it was asked before, or
 * cannot be written to and is passed over. */
MUST_CHECK int plea_question(struct agent *agent,
    const struct casework_file *file, int64_t record, uint32_t contact,
    const char *login, const char *text, struct err *err);

/** For a snapshot, in a transaction: send the requests to peer that have no
 * answer once more. */
MUST_CHECK int plea_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err);

/** In a transaction: records of a primary that has closed are now heir's, so it
 * is asked what they were asked and has no answer.  The same request twice is
 * one; an heir that cannot be written to is passed over. */
MUST_CHECK int plea_follow(
    struct agent *agent, const struct laestab *heir, struct err *err);

#endif
