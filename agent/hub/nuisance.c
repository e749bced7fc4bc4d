#include "hub/nuisance.h"

#include <stdio.h>
#include <string.h>

static bool is_over(const struct nuisance_peer *peer, mono now)
{
    return now.ms - peer->since.ms >= NUISANCE_MINUTE_MS;
}

bool nuisance_is_muted(
    const struct nuisance *nuisance, const char *curve_key, mono now)
{
    for (size_t i = 0; i < NUISANCE_PEERS; i++) {
        const struct nuisance_peer *peer = &nuisance->peers[i];

        if (strcmp(peer->curve_key, curve_key) == 0)
            return peer->count > NUISANCE_LIMIT && !is_over(peer, now);
    }
    return false;
}

/* Its own place; else a free one, or that of the oldest minute. */
static struct nuisance_peer *place(
    struct nuisance *nuisance, const char *curve_key, mono now)
{
    struct nuisance_peer *oldest = &nuisance->peers[0];

    for (size_t i = 0; i < NUISANCE_PEERS; i++) {
        struct nuisance_peer *peer = &nuisance->peers[i];

        if (strcmp(peer->curve_key, curve_key) == 0)
            return peer;
        if (peer->since.ms < oldest->since.ms)
            oldest = peer;
    }
    *oldest = (struct nuisance_peer){.since = now};
    snprintf(oldest->curve_key, sizeof oldest->curve_key, "%s", curve_key);
    return oldest;
}

bool nuisance_count(struct nuisance *nuisance, const char *curve_key, mono now)
{
    struct nuisance_peer *peer = place(nuisance, curve_key, now);

    if (is_over(peer, now)) {
        peer->count = 0;
        peer->since = now;
    }
    peer->count++;
    if (peer->count != NUISANCE_LIMIT + 1)
        return false;
    peer->since = now;
    return true;
}
