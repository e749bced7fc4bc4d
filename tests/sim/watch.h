/*
 * watch - what was signed, and what of it was seen outside: no (epoch, number)
 * may ever leave a school with two contents.  And what was promised: nobody
 * says that something is kept before it is.
 */
#ifndef SIM_WATCH_H
#define SIM_WATCH_H

#include "base/bytes.h"

struct node;
struct watch;
struct world;

void watch_begin(struct world *world);
void watch_end(struct world *world);

/** Content was signed; what watch_sealed() is given next holds it. */
void watch_signed(struct bytes content, const struct digest *digest);
void watch_sealed(struct bytes sealed);

/** A hub has kept them and sends them on: what was lost on its way to a hub
 * before, nobody can hold against the author. */
void watch_seen(struct world *world, struct bytes sealed);

/** A machine says this to another: if it is a promise (ACK, NOTED, PUT_DONE),
 * what it is about must have been committed. */
void watch_promise(const struct node *node, struct bytes talk);

#endif
