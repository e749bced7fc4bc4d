#include "cli/publishing.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "net/caller.h"
#include "trust/authority.h"
#include "wire/hubtalk.h"

#define PATIENCE_MS 5000

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

static int read_reply(const struct buf *wire, uint64_t version, struct err *err)
{
    struct hubtalk reply;
    int rc = hubtalk_decode(&reply, buf_bytes(wire), err);

    if (rc < 0)
        return rc;
    if (reply.kind != HUBTALK_PUBLISH_DONE && reply.kind != HUBTALK_REFUSED)
        return err_set(err, ERR_MALFORMED, "the hub answered something else");
    if (reply.reason != REASON_NONE)
        return refusal(reply.reason, &reply, err);
    if (reply.kind == HUBTALK_REFUSED || reply.version < version)
        return err_set(err, ERR_STATE, "the hub did not take it");
    return 0;
}

static int publish_to(const struct directory_hub *hub,
    const struct authority *authority, struct err *err)
{
    const struct members *members = authority_members(authority);
    const struct hubtalk talk = {.kind = HUBTALK_PUBLISH};
    const struct link_options options = {
        .endpoint = hub->endpoint,
        .server_key = hub->curve_key,
        .public_key = authority_curve_public(authority),
        .secret_key = authority_curve_secret(authority),
        .max_message = HUBTALK_MAX_BODY,
    };
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    SCOPED(buf_free) struct buf reply = BUF_EMPTY;
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    int rc;

    hubtalk_encode(&wire, &talk);
    rc = caller_ask(&reply, &body, &options, buf_bytes(&wire),
        members_signed(members), PATIENCE_MS, err);
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

    for (size_t i = 0; i < json_array_size(hubs); i++) {
        const json_t *hub = json_array_get(hubs, i);
        const char *endpoint =
            json_string_value(json_object_get(hub, "endpoint"));

        if (json_is_true(json_object_get(hub, "published")))
            output_line(call->output, OUTPUT_GOOD,
                "%s  has directory %" JSON_INTEGER_FORMAT, endpoint, version);
        else
            output_line(call->output, OUTPUT_BAD, "%s  failed: %s", endpoint,
                json_string_value(json_object_get(hub, "reason")));
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
        "machine reaches its port, then publish again");
    return outcome->answered == 0 ? CALL_NO_AGENT : CALL_REFUSED;
}

int publishing_run(struct call *call, const struct authority *authority)
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
        return call_refuse(call, "no hub is enrolled in this cluster",
            "On the hub's machine: moveup enrol --hub tcp://HOST:PORT ...");
    }
    call_show(call,
        json_pack("{s:I, s:o}", "version", (json_int_t)content->version, "hubs",
            hubs),
        render);
    return verdict(call, &outcome);
}
