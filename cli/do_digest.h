/* do_digest - `moveup cluster digest --week`: a page for each head teacher. */
#ifndef CLI_DO_DIGEST_H
#define CLI_DO_DIGEST_H

struct call;

int do_digest_show(struct call *call);

#endif
