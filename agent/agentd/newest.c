#include "agentd/newest.h"

#include <inttypes.h>

#include "agentd/agent.h"
#include "agentd/keys.h"
#include "base/err.h"

static uint64_t ours(const struct hublink *hub)
{
    return members_version(hub->post->agent->identity->members);
}

void newest_ask(struct hublink *hub)
{
    const struct hubtalk ask = {
        .kind = HUBTALK_DIRECTORY, .version = ours(hub)};

    hublink_say(hub, &ask, (struct bytes){NULL, 0});
}

static void ask_for_rest(struct hublink *hub)
{
    const struct hubtalk ask = {.kind = HUBTALK_DIRECTORY,
        .version = ours(hub),
        .offset = hub->directory.len,
        .of = hub->directory_of};

    hublink_say(hub, &ask, (struct bytes){NULL, 0});
}

static void use(struct hublink *hub, struct bytes directory)
{
    struct agent *agent = hub->post->agent;
    struct err err;
    int rc = identity_update_directory(
        agent->identity, directory, clock_wall(), &err);

    if (rc == ERR_EXISTS)
        return;
    if (rc < 0) {
        log_line(&agent->log, LOG_WARN, "a directory was refused",
            "hub=%s reason=\"%s\"", hub->endpoint, err.text);
        return;
    }
    log_line(
        &agent->log, LOG_INFO, "new directory", "version=%" PRIu64, ours(hub));
    keys_settle(agent);
    hublink_offer(hub);
    newest_ask(hub); /* it may have been one of several on the way */
    post_follow_directory(hub->post);
}

/* What does not follow on what is here is forgotten; the next time that we ask
 * it begins anew. */
static void take_part(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    struct buf *whole = &hub->directory;

    if (talk->offset == 0) {
        buf_clear(whole);
        hub->directory_of = talk->version;
    }
    if (talk->total > MEMBERS_MAX_SIGNED || talk->version <= ours(hub) ||
        talk->version != hub->directory_of || talk->offset != whole->len ||
        body.len > talk->total - talk->offset) {
        log_line(&hub->post->agent->log, LOG_WARN,
            "a part of a directory was refused", "hub=%s", hub->endpoint);
        buf_free(whole);
        return;
    }
    buf_add(whole, body);
    if (whole->len < talk->total) {
        ask_for_rest(hub);
        return;
    }
    use(hub, buf_bytes(whole));
    buf_free(whole);
}

void newest_take(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body)
{
    if (body.len == 0) {
        if (talk->version > ours(hub))
            newest_ask(hub);
    } else if (talk->total > 0) {
        take_part(hub, talk, body);
    } else {
        use(hub, body);
    }
}
