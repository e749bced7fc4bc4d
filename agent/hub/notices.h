/* notices - the engine's verbs for what concerns the whole cluster: DIRECTORY
 * (schools and administrators), PUBLISH (administrators). */
#ifndef HUB_NOTICES_H
#define HUB_NOTICES_H

struct visit;

void notices_directory(struct visit *visit);
void notices_publish(struct visit *visit);

#endif
