/* render_status - how the agent, its queues and its checks stand. */
#ifndef CLI_RENDER_STATUS_H
#define CLI_RENDER_STATUS_H

#include <jansson.h>

struct call;

void render_status_screen(struct call *call, const json_t *result);
/** "MOVEUP WARNING - ... | queued=0 ...", one line for a monitoring system. */
void render_status_check(struct call *call, const json_t *result);
void render_status_peers(struct call *call, const json_t *result);
void render_status_queue(struct call *call, const json_t *result);
void render_status_synced(struct call *call, const json_t *result);
void render_status_doctor(struct call *call, const json_t *result);

#endif
