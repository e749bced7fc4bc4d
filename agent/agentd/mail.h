/*
 * mail - what to do with one envelope from a hub (design 4, "Order at the
 * receiver"; each step is bounded and none is skipped):
 *
 *   size, header -> recipient is me -> author is active -> open -> verify
 * against the directory's certificates -> decode -> signed fields equal the
 * header -> meaning -> effect, cursor and receipt in one transaction
 *
 * What fails is put aside with its reason, answered with a signed refusal, and
 * never blocks what follows.
 */
#ifndef AGENTD_MAIL_H
#define AGENTD_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/id.h"
#include "record/reason.h"
#include "wire/stream.h"

struct agent;
struct err;

struct mail_letter {
    struct id envelope;
    struct header header;
    struct bytes sealed;
    bool suspect; /* applying it failed before, and not for want of a disk: it
                   * is put aside, or nothing behind it would ever come */
};

/* Schools that are owed a receipt at the end of the transaction. */
#define MAIL_MAX_DEBTS 64

struct mail_debts {
    struct laestab schools[MAIL_MAX_DEBTS];
    size_t count;
    bool got_receipts; /* at least one of ours was confirmed */
    bool destroyed;    /* a record, which the database's log still holds */
};

/**
 * Take one letter.  Must run inside a transaction.  Returns 0 when the letter
 * is dealt with (applied, known already, or put aside): it may be acknowledged
 * after the commit.
 * Errors: ERR_IO, ERR_FULL: roll back and do not acknowledge.  Others: the
 * same, and if it comes again, as a suspect.
 */
MUST_CHECK int mail_take(struct agent *agent, const struct mail_letter *letter,
    struct mail_debts *debts, struct err *err);

/** The same for a letter of a school that was revoked since it signed it: a
 * person says that it may be taken. */
MUST_CHECK int mail_approve(struct agent *agent,
    const struct mail_letter *letter, struct mail_debts *debts,
    struct err *err);

/** True if two contents came under one number of this epoch: what else comes
 * of it is put aside. */
MUST_CHECK int mail_is_frozen(bool *frozen, struct agent *agent,
    const struct laestab *author, enum lane lane, const struct id *epoch,
    struct err *err);

/** True if debts has no room for another school: settle first. */
bool mail_must_settle(const struct mail_debts *debts);

/** Write the receipts that are owed.  Must run inside the same transaction. */
MUST_CHECK int mail_settle(
    struct agent *agent, struct mail_debts *debts, struct err *err);

/** After the commit: nothing that was destroyed is left in the files. */
void mail_committed(struct agent *agent, struct mail_debts *debts);

#endif
