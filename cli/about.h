/* about - `moveup version`. */
#ifndef CLI_ABOUT_H
#define CLI_ABOUT_H

struct call;

int about_version(struct call *call);

#endif
