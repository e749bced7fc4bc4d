#include "agentd/post.h"

#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/aside.h"
#include "agentd/hublink.h"
#include "agentd/keys.h"
#include "agentd/outgoing.h"
#include "agentd/upkeep.h"
#include "base/err.h"
#include "base/mem.h"

#define UPKEEP_FIRST_MS 30000 /* what waits at a hub has come by then */
#define UPKEEP_MS (10 * 60 * 1000)
#define COMPACT_MS (INT64_C(24) * 3600 * 1000)

/* A timer already set to an earlier time stays. */
void post_wake(struct post *post, mono when)
{
    const mono set = loop_timer_due(post->tick);

    if (when.ms != 0 && (set.ms == 0 || when.ms < set.ms))
        loop_timer_set(post->tick, when);
}

void post_kick(struct post *post)
{
    if (post != NULL)
        post_wake(post, clock_mono());
}

void post_put(struct post *post)
{
    if (post != NULL)
        outgoing_pump(post);
}

static bool is_wanted(const struct directory_hub *hub)
{
    return hub->status == MEMBER_ACTIVE;
}

/* While a hub changes its transport key it may have either: the old one first,
 * unless that was wrong the last time. */
const char *post_key_of(const struct post *post, const struct directory_hub *at)
{
    const struct directory_content *directory =
        members_content(post->agent->identity->members);
    const char *wrong = post->wrong_keys[at - directory->hubs];

    return at->former_curve_key[0] == '\0' ||
                   strcmp(wrong, at->former_curve_key) == 0
               ? at->curve_key
               : at->former_curve_key;
}

void post_key_is_wrong(struct post *post, const struct hublink *hub)
{
    const struct directory_content *directory =
        members_content(post->agent->identity->members);

    for (size_t i = 0; i < directory->hub_count; i++) {
        if (strcmp(directory->hubs[i].endpoint, hub->endpoint) != 0 ||
            directory->hubs[i].former_curve_key[0] == '\0')
            continue;
        snprintf(post->wrong_keys[i], CURVE_KEY_SIZE, "%s", hub->curve_key);
        post_follow_directory(post);
    }
}

static bool same_hub(const struct hublink *hub, const struct directory_hub *at)
{
    const struct identity *me = hub->post->agent->identity;

    return strcmp(hub->endpoint, at->endpoint) == 0 &&
           strcmp(hub->curve_key, post_key_of(hub->post, at)) == 0 &&
           strcmp(hub->own_key, me->curve_public) == 0;
}

static void follow(struct post *post)
{
    const struct directory_content *directory;
    struct err err;

    post->follow = false;
    if (post->upkeep_due.ms != 0) /* there may be more to do than before */
        post->upkeep_due = clock_mono();
    keys_follow(post->agent);
    directory = members_content(post->agent->identity->members);
    for (size_t i = 0; i < post->hub_count;) {
        bool keep = false;

        for (size_t j = 0; j < directory->hub_count; j++)
            keep |= is_wanted(&directory->hubs[j]) &&
                    same_hub(post->hubs[i], &directory->hubs[j]);
        if (keep) {
            i++;
            continue;
        }
        hublink_close(post->hubs[i]);
        post->hubs[i] = post->hubs[--post->hub_count];
    }
    for (size_t j = 0; j < directory->hub_count; j++) {
        bool have = !is_wanted(&directory->hubs[j]);

        for (size_t i = 0; i < post->hub_count; i++)
            have |= same_hub(post->hubs[i], &directory->hubs[j]);
        if (have)
            continue;
        if (hublink_open(&post->hubs[post->hub_count], post,
                &directory->hubs[j], &err) == 0)
            post->hub_count++;
        else
            log_line(&post->agent->log, LOG_ERROR, "cannot use a hub",
                "hub=%s reason=\"%s\"", directory->hubs[j].endpoint, err.text);
    }
}

void post_follow_directory(struct post *post)
{
    post->follow = true;
    post_kick(post);
}

size_t post_offer(struct post *post)
{
    size_t count = 0;

    for (size_t i = 0; i < post->hub_count; i++) {
        if (!post->hubs[i]->ready)
            continue;
        hublink_offer(post->hubs[i]);
        count++;
    }
    return count;
}

/* The nearest of what is still to come. */
static void rest(struct post *post)
{
    mono next = post->marks_due;
    const mono others[] = {flight_deadline(&post->flight),
        holds_deadline(&post->holds, clock_mono()), post->upkeep_due};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].ms != 0 && (next.ms == 0 || others[i].ms < next.ms))
            next = others[i];
    for (size_t i = 0; i < post->hub_count; i++) {
        const struct hublink *hub = post->hubs[i];
        const int64_t now = clock_mono().ms;

        if (hub->next.ms != 0 && (next.ms == 0 || hub->next.ms < next.ms))
            next = hub->next;
        if (hub->hold_until.ms > now &&
            (next.ms == 0 || hub->hold_until.ms < next.ms))
            next = hub->hold_until;
    }
    loop_timer_set(post->tick, next);
}

void post_fence(struct post *post, const char *endpoint)
{
    char at[CLOCK_TEXT_SIZE];

    if (post->fenced_at.ms != 0)
        return;
    post->fenced_at = clock_wall();
    log_line(&post->agent->log, LOG_ERROR,
        "another agent with this school's keys took over; this one is still "
        "until it is started again: stop one of them",
        "hub=%s at=%s", endpoint, clock_format(post->fenced_at, at));
    for (size_t i = 0; i < post->hub_count; i++) {
        struct hublink *hub = post->hubs[i];

        hub->ready = false;
        hub->next = (mono){0};
        flight_drop_hub(&post->flight, hub);
        snprintf(hub->sentence, sizeof hub->sentence,
            "another agent with this school's keys took over at %s", at);
    }
}

wall post_fenced_at(const struct post *post)
{
    return post == NULL ? (wall){0} : post->fenced_at;
}

void post_expect_upkeep(struct post *post)
{
    if (post->upkeep_due.ms == 0)
        post->upkeep_due = (mono){clock_mono().ms + UPKEEP_FIRST_MS};
    post_wake(post, post->upkeep_due);
}

/* Once a day, in pieces, so that nobody waits for it. */
static void forget_done(struct post *post, mono now)
{
    struct err err;
    bool more;

    if (post->compact_due.ms > now.ms)
        return;
    if (upkeep_compact(&more, post->agent, clock_wall(), &err) < 0) {
        log_line(&post->agent->log, LOG_ERROR,
            "cannot forget what was receipted", "reason=\"%s\"", err.text);
        more = true;
    }
    post->compact_due = more ? post->upkeep_due : (mono){now.ms + COMPACT_MS};
}

static void take_belated(struct post *post)
{
    const uint64_t version = members_version(post->agent->identity->members);
    struct err err;
    const int count =
        aside_take_belated(post->agent, version != post->version, &err);

    if (count < 0) {
        log_line(&post->agent->log, LOG_ERROR, "cannot take what was put aside",
            "reason=\"%s\"", err.text);
        return;
    }
    post->version = version;
    if (count > 0)
        log_line(&post->agent->log, LOG_INFO,
            "tried letters again that were put aside", "count=%d", count);
}

static void keep_up(struct post *post, mono now)
{
    struct err err;

    if (post->upkeep_due.ms == 0 || post->upkeep_due.ms > now.ms)
        return;
    post->upkeep_due = (mono){now.ms + UPKEEP_MS};
    take_belated(post);
    if (post->fenced_at.ms == 0 &&
        upkeep_run(post->agent, clock_wall(), &err) < 0)
        log_line(&post->agent->log, LOG_ERROR, "cannot look after the outbox",
            "reason=\"%s\"", err.text);
    forget_done(post, now);
}

static void on_tick(void *arg)
{
    struct post *post = arg;
    const mono now = clock_mono();

    if (post->follow)
        follow(post);
    flight_expire(&post->flight, now);
    if (post->marks_due.ms != 0 && post->marks_due.ms <= now.ms)
        outgoing_flush(post);
    for (size_t i = 0; i < post->hub_count; i++)
        hublink_due(post->hubs[i], now);
    keep_up(post, now);
    outgoing_pump(post);
    rest(post);
}

struct post *post_new(struct agent *agent)
{
    struct post *post = mem_alloc(sizeof *post);

    post->agent = agent;
    id_new(&post->session);
    post->tick = loop_timer_new(agent->loop, on_tick, post);
    post_follow_directory(post);
    return post;
}

size_t post_hubs(struct post_hub *out, size_t max, const struct post *post)
{
    size_t n = 0;

    for (size_t i = 0; i < post->hub_count && n < max; i++) {
        const struct hublink *hub = post->hubs[i];

        out[n++] = (struct post_hub){hub->endpoint, hub->state, hub->sentence,
            hub->ready, hub->heard, hub->skew_ms, hub->waiting, hub->refusal,
            hub->unbelieved};
    }
    return n;
}

enum reason post_refusal(const struct post *post, int64_t stream)
{
    const struct hold *hold = holds_find(&post->holds, stream);

    return hold == NULL ? REASON_NONE : hold->reason;
}

size_t post_report(struct post *post, struct bytes signed_report)
{
    const struct hubtalk talk = {.kind = HUBTALK_REPORT};
    size_t told = 0;

    for (size_t i = 0; i < post->hub_count; i++)
        if (post->hubs[i]->ready) {
            hublink_say(post->hubs[i], &talk, signed_report);
            told++;
        }
    return told;
}

void post_free(struct post *post)
{
    if (post == NULL)
        return;
    outgoing_flush(post);
    while (post->hub_count > 0)
        hublink_close(post->hubs[--post->hub_count]);
    loop_timer_free(post->tick);
    free(post);
}
