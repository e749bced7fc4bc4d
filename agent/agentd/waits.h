/*
 * waits - clients of `waitsync`: answered when everything sent is applied
 * everywhere, or when their time is up.
 */
#ifndef AGENTD_WAITS_H
#define AGENTD_WAITS_H

#include "base/clock.h"

struct agent;
struct control_client;
struct waits;

struct waits *waits_new(struct agent *agent);
void waits_free(struct waits *waits);

void waits_add(
    struct waits *waits, struct control_client *client, mono deadline);
void waits_forget(struct waits *waits, struct control_client *client);

/** Something was confirmed: see who can be answered. */
void waits_check(struct waits *waits);

#endif
