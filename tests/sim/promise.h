/*
 * promise - ACK and PUT_DONE say that something is safe: a recipient that
 * starts again knows every letter that it acknowledged, and a hub every letter
 * that it confirmed, whatever was cut short.
 *
 * Nothing is promised any more by a machine that was put back or wiped, by a
 * hub whose clock leapt (its mail has ended), about an author that went back
 * (its late letters move no stream), or where a hub has lied.
 */
#ifndef SIM_PROMISE_H
#define SIM_PROMISE_H

#include "wire/hubtalk.h"
#include "world.h"

struct promises;

/** A message that leaves its machine. */
void promise_said(
    struct world *world, size_t school, size_t hub, const struct hubtalk *talk);

/** This machine has started. */
void promise_check(struct node *node);

void promise_forget(struct node *node);

void promise_end(struct world *world);

#endif
