/* office - the administrator's folder, opened for a `moveup cluster` command:
 * --dir and --passphrase-file, with the errors said. */
#ifndef CLI_OFFICE_H
#define CLI_OFFICE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "crypto/hash.h"

struct authority;
struct call;

/** The passphrase of --passphrase-file, to be freed; *out is NULL when the
 * option was not given.  An exit code; what failed was printed. */
MUST_CHECK int office_passphrase(char **out, struct call *call);

/** Open --dir; with keys: to change something.  An exit code, as above. */
MUST_CHECK int office_open(
    struct authority **out, struct call *call, bool with_keys);

/** The whole days from now until then; negative once it is past. */
long long office_days_left(int64_t now_ms, int64_t then_ms);

#endif
