#include "cli/publishing.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "cli/answered.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "trust/authority.h"
#include "wire/hubtalk.h"

/* How the hubs took it, counted for the exit code. */
struct outcome {
    size_t published;
    size_t answered; /* also with a refusal */
    size_t hubs;
};

static int refusal(
    enum reason reason, const struct hubtalk *reply, struct err *err)
{
    if (reason == REASON_OLD_DIRECTORY && reply->version > 0)
        return err_set(err, ERR_STATE,
            "the hub has directory %" PRIu64 " already", reply->version);
    return err_set(err, ERR_DENIED, "%s", reason_sentence(reason));
}

static int read_reply(
    const struct hubtalk *reply, uint64_t version, struct err *err)
{
    if (reply->kind != HUBTALK_PUBLISH_DONE && reply->kind != HUBTALK_REFUSED)
        return err_set(err, ERR_MALFORMED, "the hub answered something else");
    if (reply->reason != REASON_NONE)
        return refusal(reply->reason, reply, err);
    if (reply->kind == HUBTALK_REFUSED || reply->version < version)
        return err_set(err, ERR_STATE, "the hub did not take it");
    return 0;
}

/* In parts if it is large; what the hub says to the last one counts, or the
 * first that it refuses. */
static int give(struct hubtalk *reply, const struct directory_hub *hub,
    const struct authority *authority, struct bytes directory, struct err *err)
{
    const bool whole = directory.len <= HUBTALK_MAX_BODY;
    struct hubtalk talk = {
        .kind = HUBTALK_PUBLISH, .total = whole ? 0 : directory.len};
    int rc;

    do {
        const size_t left = directory.len - talk.offset;
        const struct bytes part = {directory.data + talk.offset,
            left < HUBTALK_MAX_BODY ? left : HUBTALK_MAX_BODY};
        const struct hubcall_question question = {&talk, part};
        SCOPED(buf_free) struct buf body = BUF_EMPTY;

        rc = hubcall_exchange(reply, &body, hub, authority, &question, err);
        talk.offset += part.len;
    } while (rc == 0 && talk.offset < directory.len &&
             reply->kind == HUBTALK_PUBLISH_DONE &&
             reply->reason == REASON_NONE);
    return rc;
}

/* A hub that does not know this authority yet is led to it by the directory
 * that announced it; one that does refuses that as old, which is well. */
static int lead(const struct directory_hub *hub,
    const struct authority *authority, struct err *err)
{
    SCOPED(buf_free) struct buf bridge = BUF_EMPTY;
    struct hubtalk reply;
    int rc = authority_bridge(&bridge, authority, err);

    return rc < 0 || bridge.len == 0
               ? rc
               : give(&reply, hub, authority, buf_bytes(&bridge), err);
}

static int publish_to(const struct directory_hub *hub,
    const struct authority *authority, struct err *err)
{
    const struct members *members = authority_members(authority);
    struct hubtalk reply;
    int rc = lead(hub, authority, err);

    if (rc == 0)
        rc = give(&reply, hub, authority, members_signed(members), err);
    return rc < 0 ? rc : read_reply(&reply, members_version(members), err);
}

static json_t *try_hub(struct outcome *outcome, const struct directory_hub *hub,
    const struct authority *authority)
{
    struct err err = {0};
    const int rc = publish_to(hub, authority, &err);

    outcome->hubs++;
    outcome->published += rc == 0;
    outcome->answered += rc != ERR_NOT_FOUND && rc != ERR_BUSY;
    return json_pack("{s:s, s:s, s:b, s:s?}", "endpoint", hub->endpoint, "name",
        hub->name, "published", rc == 0, "reason",
        rc == 0 ? NULL : hubcall_without(hub->endpoint, err.text));
}

static void render(struct call *call, const json_t *result)
{
    const json_t *hubs = json_object_get(result, "hubs");
    const json_int_t version =
        json_integer_value(json_object_get(result, "version"));

    answered_render(call, json_object_get(result, "renewed"));
    for (size_t i = 0; i < json_array_size(hubs); i++) {
        const json_t *hub = json_array_get(hubs, i);
        const char *endpoint =
            json_string_value(json_object_get(hub, "endpoint"));

        if (json_is_true(json_object_get(hub, "published")))
            output_line(call->output, OUTPUT_GOOD,
                "%s  has directory %" JSON_INTEGER_FORMAT, endpoint, version);
        else {
            output_line(call->output, OUTPUT_BAD, "%s  failed", endpoint);
            output_wrap(call->output, "  ",
                json_string_value(json_object_get(hub, "reason")));
        }
    }
}

static int verdict(struct call *call, const struct outcome *outcome)
{
    if (outcome->published == outcome->hubs)
        return CALL_DONE;
    output_error(call->output,
        outcome->published == 0 ? "no hub took the directory"
                                : "not every hub took the directory",
        "See that the hub runs (systemctl status moveup-hub) and that this "
        "machine reaches its port, then publish again. If a hub has a newer "
        "directory than this folder: moveup cluster recover");
    return outcome->answered == 0 ? CALL_NO_AGENT : CALL_REFUSED;
}

int publishing_run(
    struct call *call, const struct authority *authority, json_t *renewed)
{
    const struct directory_content *content =
        members_content(authority_members(authority));
    struct outcome outcome = {0, 0, 0};
    json_t *hubs = json_array();

    for (size_t i = 0; i < content->hub_count; i++)
        if (content->hubs[i].status == MEMBER_ACTIVE)
            json_array_append_new(
                hubs, try_hub(&outcome, &content->hubs[i], authority));
    if (outcome.hubs == 0) {
        json_decref(hubs);
        json_decref(renewed);
        return call_refuse(call, "no hub is enrolled in this cluster",
            "On the hub's machine: moveup enrol --hub tcp://HOST:PORT ...");
    }
    call_show(call,
        json_pack("{s:I, s:o, s:o*}", "version", (json_int_t)content->version,
            "hubs", hubs, "renewed", renewed),
        render);
    return verdict(call, &outcome);
}
