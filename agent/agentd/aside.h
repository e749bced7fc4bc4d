/* aside - letters that were put aside, taken once more (agentd/mail.h). */
#ifndef AGENTD_ASIDE_H
#define AGENTD_ASIDE_H

#include <stdbool.h>

#include "base/attr.h"

struct agent;
struct err;
struct mail_debts;
struct quarantine_row;

/** Take what was put aside for a reason that was ours: the author's certificate
 * was not valid by our clock then and is now; and with another directory than
 * then, an author that it did not have or had revoked.  Returns how many
 * letters were tried, or an error; those that fail again are put aside again.
 */
MUST_CHECK int aside_take_belated(
    struct agent *agent, bool other_directory, struct err *err);

/** Take a letter with its bytes out of quarantine, as if it had just come; in a
 * transaction.  It may be put aside again. */
MUST_CHECK int aside_again(struct agent *agent,
    const struct quarantine_row *row, struct mail_debts *debts,
    struct err *err);

#endif
