/* do_trace - `moveup cluster trace`: what became of one letter, as the hubs
 * remember it and as both schools have signed. */
#ifndef CLI_DO_TRACE_H
#define CLI_DO_TRACE_H

struct call;

int do_trace_show(struct call *call);

#endif
