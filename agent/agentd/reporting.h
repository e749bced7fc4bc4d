/*
 * reporting - tells the hubs how this agent is: a signed report
 * (agentd/selfreport.h) when a hub is reached, every [report] minutes, and soon
 * after something changed, at most every [report] seconds.
 *
 * Reports have no answer: one that is lost is followed by the next.
 */
#ifndef AGENTD_REPORTING_H
#define AGENTD_REPORTING_H

struct agent;
struct reporting;

struct reporting *reporting_new(struct agent *agent);
void reporting_free(struct reporting *reporting); /* NULL is allowed */

/* Of all of these, reporting may be NULL. */

/** A hub is reached. */
void reporting_reached(struct reporting *reporting);

/** Something may have changed that the report tells. */
void reporting_expect(struct reporting *reporting);

#endif
