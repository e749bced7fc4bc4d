/* do_keys - a school's own keys: `moveup keys ...`. */
#ifndef CLI_DO_KEYS_H
#define CLI_DO_KEYS_H

struct call;

int do_keys_rotate(struct call *call);
int do_keys_show(struct call *call);

#endif
