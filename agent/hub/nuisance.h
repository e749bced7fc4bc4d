/* nuisance - who sends senseless messages: after too many in a minute a peer is
 * not heard for a minute.  A table of fixed size, keyed by transport key. */
#ifndef HUB_NUISANCE_H
#define HUB_NUISANCE_H

#include <stdbool.h>

#include "base/clock.h"

#define NUISANCE_PEERS 64
#define NUISANCE_LIMIT 100 /* a minute */
#define NUISANCE_MINUTE_MS 60000

struct nuisance_peer {
    char curve_key[41]; /* "": free */
    unsigned count;     /* since `since` */
    mono since;         /* begin of the minute that is counted or served */
};

struct nuisance {
    struct nuisance_peer peers[NUISANCE_PEERS];
};

/** Is this peer not to be heard now? */
bool nuisance_is_muted(
    const struct nuisance *nuisance, const char *curve_key, mono now);

/** Count a senseless message.  True when it is the one too many: from now on
 * the peer is muted for a minute. */
bool nuisance_count(struct nuisance *nuisance, const char *curve_key, mono now);

#endif
