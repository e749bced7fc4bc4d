/* base64 - RFC 4648 text back to bytes. */
#ifndef CLI_BASE64_H
#define CLI_BASE64_H

#include <stdbool.h>

#include "base/buf.h"

/** Add what text stands for to out.  False, with out as it was, unless text is
 * whole groups of four with their padding and nothing else. */
bool base64_decode(struct buf *out, const char *text);

#endif
