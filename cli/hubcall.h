/* hubcall - one question of the administrator to one hub, with the transport
 * key of the authority's folder. */
#ifndef CLI_HUBCALL_H
#define CLI_HUBCALL_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/directory.h"
#include "wire/hubtalk.h"

struct authority;
struct err;

struct hubcall_question {
    const struct hubtalk *talk;
    struct bytes body;
};

/** Ask and read the answer, which may be a refusal; body gets its second frame.
 * Errors: those of caller_ask() and hubtalk_decode(). */
MUST_CHECK int hubcall_exchange(struct hubtalk *reply, struct buf *body,
    const struct directory_hub *hub, const struct authority *authority,
    const struct hubcall_question *question, struct err *err);

/** The same where only one kind of answer is good: body gets its second frame.
 * Errors as well: ERR_DENIED (the hub refuses; with its reason),
 * ERR_MALFORMED (another kind). */
MUST_CHECK int hubcall_ask(struct buf *body, const struct directory_hub *hub,
    const struct authority *authority, const struct hubtalk *question,
    enum hubtalk_kind answer, struct err *err);

/** The sentence without the address that stands before it anyway. */
const char *hubcall_without(const char *endpoint, const char *text);

#endif
