#include "cli/hubcall.h"

#include <string.h>

#include "base/err.h"
#include "net/caller.h"
#include "trust/authority.h"

#define PATIENCE_MS 5000

const char *hubcall_without(const char *endpoint, const char *text)
{
    const size_t len = strlen(endpoint);

    return strncmp(text, endpoint, len) == 0 &&
                   strncmp(text + len, ": ", 2) == 0
               ? text + len + 2
               : text;
}

int hubcall_exchange(struct hubtalk *reply, struct buf *body,
    const struct directory_hub *hub, const struct authority *authority,
    const struct hubcall_question *question, struct err *err)
{
    struct link_options options = {
        .endpoint = hub->endpoint,
        .server_key = hub->curve_key,
        .public_key = authority_curve_public(authority),
        .secret_key = authority_curve_secret(authority),
        .max_message = HUBTALK_MAX_BODY,
    };
    SCOPED(buf_free) struct buf asked = BUF_EMPTY;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    int rc = ERR_DENIED;

    hubtalk_encode(&asked, question->talk);
    if (hub->former_curve_key[0] != '\0') { /* it changes its transport key */
        options.server_key = hub->former_curve_key;
        rc = caller_ask(&wire, body, &options, buf_bytes(&asked),
            question->body, PATIENCE_MS, err);
        options.server_key = hub->curve_key;
    }
    if (rc == ERR_DENIED)
        rc = caller_ask(&wire, body, &options, buf_bytes(&asked),
            question->body, PATIENCE_MS, err);
    return rc < 0 ? rc : hubtalk_decode(reply, buf_bytes(&wire), err);
}

/* A hub that does not know the question calls it a bad request. */
static int refusal(enum reason reason, struct err *err)
{
    if (reason == REASON_BAD_REQUEST)
        return err_set(err, ERR_DENIED,
            "the hub does not know this question: update moveup-hub there");
    return err_set(err, ERR_DENIED, "%s", reason_sentence(reason));
}

int hubcall_ask(struct buf *body, const struct directory_hub *hub,
    const struct authority *authority, const struct hubtalk *question,
    enum hubtalk_kind answer, struct err *err)
{
    const struct hubcall_question asked = {question, {NULL, 0}};
    struct hubtalk reply;
    int rc = hubcall_exchange(&reply, body, hub, authority, &asked, err);

    if (rc < 0)
        return rc;
    if (reply.kind == HUBTALK_REFUSED)
        return refusal(reply.reason, err);
    if (reply.kind != answer)
        return err_set(err, ERR_MALFORMED, "the hub answered something else");
    return 0;
}
