/*
 * silence - connections that are open and have said nothing (for this room
 * only).  Agents speak at once; who opens connections and keeps them would use
 * up the descriptors of all.  Pure: a table by descriptor.
 */
#ifndef NET_SILENCE_H
#define NET_SILENCE_H

#include <stddef.h>

#include "base/clock.h"

struct silence {
    mono *since;   /* by descriptor; 0: closed, or it has spoken */
    size_t room;   /* descriptors from 0 on that the table knows */
    size_t silent; /* how many are not 0 */
    size_t look;   /* where silence_take() goes on */
};

void silence_init(struct silence *silence, size_t descriptors);
void silence_free(struct silence *silence);

/** A descriptor beyond the table is passed over. */
void silence_opened(struct silence *silence, int fd, mono now);
void silence_broken(struct silence *silence, int fd); /* spoke, or closed */

/** A descriptor that has been silent since before `until`, and is forgotten
 * with that; -1: there is none. */
int silence_take(struct silence *silence, mono until);

#endif
