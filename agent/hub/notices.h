/* notices - the engine's verbs for what concerns the whole cluster: DIRECTORY
 * (schools and administrators), PUBLISH (administrators), REPORT (schools). */
#ifndef HUB_NOTICES_H
#define HUB_NOTICES_H

struct visit;

void notices_directory(struct visit *visit);
void notices_publish(struct visit *visit);
void notices_report(struct visit *visit);

#endif
