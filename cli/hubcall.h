/* hubcall - one question of the administrator to one hub, with the
 * administrator's transport key. */
#ifndef CLI_HUBCALL_H
#define CLI_HUBCALL_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/directory.h"
#include "wire/hubtalk.h"

struct authority;
struct err;

/** Ask, and add the body of the answer, which must be of this kind.
 * Errors: caller_ask()'s, ERR_DENIED (the hub refuses; with its reason),
 * ERR_MALFORMED. */
MUST_CHECK int hubcall_ask(struct buf *body, const struct directory_hub *hub,
    const struct authority *authority, const struct hubtalk *question,
    enum hubtalk_kind answer, struct err *err);

/** The sentence without the address that stands before it anyway. */
const char *hubcall_without(const char *endpoint, const char *text);

#endif
