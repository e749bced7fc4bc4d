/* hubside - one question of the administrator's to one hub, with the key of the
 * authority's folder. */
#ifndef CLI_HUBSIDE_H
#define CLI_HUBSIDE_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/hubtalk.h"

struct authority;
struct directory_hub;
struct err;

struct hubside_question {
    const struct hubtalk *talk;
    struct bytes body;
};

/** Ask and read the answer, which may be a refusal; body gets its second frame.
 * Errors: those of caller_ask() and hubtalk_decode(). */
MUST_CHECK int hubside_ask(struct hubtalk *reply, struct buf *body,
    const struct directory_hub *hub, const struct authority *authority,
    const struct hubside_question *question, struct err *err);

#endif
