#include "cli/hubside.h"

#include "base/err.h"
#include "net/caller.h"
#include "trust/authority.h"

#define PATIENCE_MS 5000

int hubside_ask(struct hubtalk *reply, struct buf *body,
    const struct directory_hub *hub, const struct authority *authority,
    const struct hubside_question *question, struct err *err)
{
    const struct link_options options = {
        .endpoint = hub->endpoint,
        .server_key = hub->curve_key,
        .public_key = authority_curve_public(authority),
        .secret_key = authority_curve_secret(authority),
        .max_message = HUBTALK_MAX_BODY,
    };
    SCOPED(buf_free) struct buf asked = BUF_EMPTY;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    int rc;

    hubtalk_encode(&asked, question->talk);
    rc = caller_ask(&wire, body, &options, buf_bytes(&asked), question->body,
        PATIENCE_MS, err);
    return rc < 0 ? rc : hubtalk_decode(reply, buf_bytes(&wire), err);
}
