/* frames - a length and that many bytes over TCP on loopback, as barely as it
 * can be done; for the floor. */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/** Two ends of one connection. */
void frames_pair(int pair[2]);

void frames_send(int fd, struct bytes bytes);

/** Waits; false at the end of the stream. */
bool frames_take(struct buf *out, int fd);

/** There is something to take. */
bool frames_waiting(int fd);

#endif
