/* publishing - the newest directory to every hub: `moveup cluster publish`. */
#ifndef CLI_PUBLISHING_H
#define CLI_PUBLISHING_H

#include <jansson.h>

struct authority;
struct call;

/** renewed (NULL: nobody was asked; taken over): see cli/answered.h.  Ask every
 * active hub to take it; one that fails does not stop the others. An exit code:
 * 0 all took it, 1 some did not, 3 none answers. */
int publishing_run(
    struct call *call, const struct authority *authority, json_t *renewed);

#endif
