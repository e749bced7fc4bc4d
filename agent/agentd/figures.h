/* figures - what an agent tells a monitoring system: counts, times and the
 * levels of its checks; no pupil, no member of staff, no other school. */
#ifndef AGENTD_FIGURES_H
#define AGENTD_FIGURES_H

struct agent;
struct exposition;

/** The whole page, with its end.  What cannot be read is left out. */
void figures_write(const struct exposition *to, struct agent *agent);

#endif
