/* rights - who could do what this user may not: words for the next step. */
#ifndef CLI_RIGHTS_H
#define CLI_RIGHTS_H

#include "base/attr.h"

struct call;

#define RIGHTS_STEP_SIZE 256

/** How a login comes to be let in at the agent's socket: a command line where
 * its group is known and is not root's, else what to look at. */
const char *rights_to_socket(
    char step[RIGHTS_STEP_SIZE], const char *login, const char *socket);

/** CALL_DONE, or the refusal that was printed: `folder` is there, and another
 * user's.  `command` is what to type as that user. */
MUST_CHECK int rights_to_folder(
    struct call *call, const char *folder, const char *command);

#endif
