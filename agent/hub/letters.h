/* letters - the engine's verbs for mail: HELLO, PUT, FETCH, ACK.  Each is for
 * an active school (visit->school is set). */
#ifndef HUB_LETTERS_H
#define HUB_LETTERS_H

struct visit;

void letters_hello(struct visit *visit);
void letters_put(struct visit *visit);
void letters_fetch(struct visit *visit);
void letters_ack(struct visit *visit);

#endif
