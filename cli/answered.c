#include "cli/answered.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "cli/said.h"
#include "trust/authority.h"

struct asked {
    struct authority_renewal *list;
    struct buf *bodies; /* the bytes of each */
    size_t count;
};

static void asked_free(struct asked *asked)
{
    for (size_t i = 0; i < asked->count; i++)
        buf_free(&asked->bodies[i]);
    free(asked->bodies);
    free(asked->list);
}

/* Two hubs may have the same. */
static bool has(const struct asked *asked, const struct buf *body)
{
    for (size_t i = 0; i < asked->count; i++)
        if (asked->bodies[i].len == body->len &&
            memcmp(asked->bodies[i].data, body->data, body->len) == 0)
            return true;
    return false;
}

static void add(
    struct asked *asked, const struct laestab *school, struct buf *body)
{
    const size_t n = asked->count;

    asked->list = mem_resize(asked->list, n + 1, sizeof *asked->list);
    asked->bodies = mem_resize(asked->bodies, n + 1, sizeof *asked->bodies);
    asked->list[n] = (struct authority_renewal){.school = *school};
    asked->bodies[n] = *body;
    *body = BUF_EMPTY;
    asked->count++;
}

/* A hub that is not reached, or is older, is passed over here: to publish to it
 * fails as well, and says so. */
static void fetch(struct asked *asked, const struct directory_hub *hub,
    const struct authority *authority)
{
    struct hubtalk ask = {.kind = HUBTALK_RENEWALS};
    const struct hubcall_question question = {&ask, {NULL, 0}};

    for (size_t i = 0; i < DIRECTORY_MAX_SCHOOLS; i++) {
        SCOPED(buf_free) struct buf body = BUF_EMPTY;
        struct hubtalk reply;
        struct err err;

        if (hubcall_exchange(&reply, &body, hub, authority, &question, &err) <
                0 ||
            reply.kind != HUBTALK_RENEWAL_IS ||
            strcmp(reply.school.text, ask.school.text) <= 0 || body.len == 0 ||
            body.len > HUBTALK_MAX_RENEWAL)
            return;
        ask.school = reply.school;
        if (!has(asked, &body))
            add(asked, &reply.school, &body);
    }
}

static json_t *describe(const struct asked *asked)
{
    json_t *list = json_array();

    for (size_t i = 0; i < asked->count; i++) {
        const struct authority_renewal *one = &asked->list[i];

        json_array_append_new(
            list, json_pack("{s:s, s:b, s:s?}", "laestab", one->school.text,
                      "renewed", one->rc == 0, "reason",
                      one->rc == 0 ? NULL : one->why.text));
    }
    return list;
}

int answered_run(json_t **out, struct call *call, struct authority *authority)
{
    const struct directory_content *content =
        members_content(authority_members(authority));
    SCOPED(asked_free) struct asked asked = {NULL, NULL, 0};
    struct err err;

    *out = NULL;
    for (size_t i = 0; i < content->hub_count; i++)
        if (content->hubs[i].status == MEMBER_ACTIVE)
            fetch(&asked, &content->hubs[i], authority);
    for (size_t i = 0; i < asked.count; i++)
        asked.list[i].renewal = buf_bytes(&asked.bodies[i]);
    if (authority_answer(
            authority, asked.list, asked.count, call->output->now, &err) < 0)
        return call_fail(call, &err, "");
    *out = describe(&asked);
    return CALL_DONE;
}

void answered_render(struct call *call, const json_t *renewed)
{
    for (size_t i = 0; i < json_array_size(renewed); i++) {
        const json_t *one = json_array_get(renewed, i);

        if (said_is_true(one, "renewed"))
            output_line(call->output, OUTPUT_GOOD,
                "%s  has new certificates: it asked over the hub, with its key "
                "of before",
                said_text(one, "laestab"));
        else
            output_line(call->output, OUTPUT_WARN, "%s  was not renewed: %s",
                said_text(one, "laestab"), said_text(one, "reason"));
    }
}
