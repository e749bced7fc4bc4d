/* answered - schools that ask for new certificates over the hubs, and are
 * answered in the next directory: `moveup cluster publish --renew`. */
#ifndef CLI_ANSWERED_H
#define CLI_ANSWERED_H

#include <jansson.h>

struct authority;
struct call;

/** Fetch what schools ask from every active hub, issue their certificates and
 * sign a new directory, also if nobody asks.  *out: who was answered, and who
 * was refused and why; the caller's.  An exit code. */
int answered_run(json_t **out, struct call *call, struct authority *authority);

/** Print them. */
void answered_render(struct call *call, const json_t *renewed);

#endif
