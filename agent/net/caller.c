#include "net/caller.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct call {
    struct loop *loop;
    struct link *link;
    struct bytes talk, body;
    struct buf *reply_talk, *reply_body;
    bool done;
    int rc;
    struct err *err;
    char sentence[512]; /* of the newest state */
};

static void end(struct call *call, int rc)
{
    call->done = true;
    call->rc = rc;
    loop_stop(call->loop);
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct call *call = arg;
    int rc;

    snprintf(call->sentence, sizeof call->sentence, "%s", sentence);
    switch (state) {
    case LINK_UP:
        rc = link_send(call->link, call->talk, call->body, call->err);
        if (rc != 0)
            end(call, rc);
        break;
    case LINK_KEY_WRONG:
    case LINK_REFUSED:
        end(call, err_set(call->err, ERR_DENIED, "%s", sentence));
        break;
    case LINK_CONNECTING:
    case LINK_UNREACHABLE: /* it may be starting: try until the end */
        break;
    }
}

static void on_message(void *arg, struct bytes talk, struct bytes body)
{
    struct call *call = arg;

    if (call->done)
        return;
    buf_add(call->reply_talk, talk);
    buf_add(call->reply_body, body);
    end(call, 0);
}

static void on_timeout(void *arg)
{
    struct call *call = arg;

    if (link_state(call->link) == LINK_UP)
        end(call, err_set(call->err, ERR_BUSY,
                      "connected to the hub, but it did not answer in time"));
    else
        end(call, err_set(call->err, ERR_NOT_FOUND, "%s",
                      call->sentence[0] != '\0' ? call->sentence
                                                : "no connection to the hub"));
}

int caller_ask(struct buf *reply_talk, struct buf *reply_body,
    const struct link_options *options, struct bytes talk, struct bytes body,
    int timeout_ms, struct err *err)
{
    SCOPED(loop_freep) struct loop *loop = NULL;
    SCOPED(link_closep) struct link *link = NULL;
    struct call call = {.talk = talk,
        .body = body,
        .reply_talk = reply_talk,
        .reply_body = reply_body,
        .err = err};
    const struct link_callbacks callbacks = {on_state, on_message, NULL, &call};
    int rc = loop_new(&loop, err);

    if (rc == 0)
        rc = link_open(&link, loop, options, &callbacks, err);
    if (rc != 0)
        return rc;
    call.loop = loop;
    call.link = link;
    loop_timer_set(loop_timer_new(loop, on_timeout, &call),
        (mono){clock_mono().ms + timeout_ms});
    rc = loop_run(loop, err);
    return rc != 0 ? rc : call.rc;
}
