/* handing - the authority's own keys, and its copies: `moveup cluster authority
 * rotate` and `moveup cluster recover`. */
#ifndef CLI_HANDING_H
#define CLI_HANDING_H

struct call;

int handing_rotate(struct call *call);
int handing_recover(struct call *call);

#endif
