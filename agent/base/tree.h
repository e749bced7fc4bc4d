/* tree - a folder with all that is in it. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/attr.h"

struct err;

/** True if path is a folder with nothing in it. */
bool tree_is_empty(const char *path);

/** Remove it; links are removed and not followed.  Errors: ERR_IO. */
MUST_CHECK int tree_remove(const char *path, struct err *err);

/** Make everything in it belong to this user and group.  Errors: ERR_IO. */
MUST_CHECK int tree_give(
    const char *path, uid_t uid, gid_t gid, struct err *err);

#endif
