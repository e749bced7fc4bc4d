/* reports - the engine's verbs for the health of the cluster: REPORT (schools),
 * REPORTS and TRACE (administrators). */
#ifndef HUB_REPORTS_H
#define HUB_REPORTS_H

struct visit;

void reports_take(struct visit *visit);
void reports_tell(struct visit *visit);
void reports_trace(struct visit *visit);

#endif
