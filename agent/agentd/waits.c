#include "agentd/waits.h"

#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/outbox.h"

struct waits {
    struct agent *agent;
    struct loop_timer *timer;
    struct {
        struct control_client *client;
        mono deadline;
    } list[AGENT_MAX_WAITERS];
    size_t count;
};

static int add_unreceipted(void *arg, const struct outbox_stream *stream)
{
    uint64_t *total = arg;

    *total += stream->unreceipted;
    return 0;
}

static void answer_at(
    struct waits *waits, size_t i, bool synced, uint64_t unreceipted)
{
    struct control_client *client = waits->list[i].client;

    waits->list[i] = waits->list[--waits->count];
    control_answer(client, json_pack("{s:b,s:I}", "synced", synced,
                               "unreceipted", (json_int_t)unreceipted));
}

static void set_timer(struct waits *waits)
{
    mono next = {0};

    for (size_t i = 0; i < waits->count; i++)
        if (next.ms == 0 || waits->list[i].deadline.ms < next.ms)
            next = waits->list[i].deadline;
    loop_timer_set(waits->timer, next);
}

void waits_check(struct waits *waits)
{
    const mono now = clock_mono();
    uint64_t unreceipted = 0;
    bool synced;
    struct err err;

    if (waits == NULL || waits->count == 0)
        return;
    if (outbox_each_stream(
            waits->agent->db, add_unreceipted, &unreceipted, &err) < 0)
        return;
    synced = unreceipted == 0 && sender_is_idle(waits->agent->sender);
    for (size_t i = waits->count; i-- > 0;)
        if (synced || waits->list[i].deadline.ms <= now.ms)
            answer_at(waits, i, synced, unreceipted);
    set_timer(waits);
}

static void on_timer(void *arg)
{
    waits_check(arg);
}

struct waits *waits_new(struct agent *agent)
{
    struct waits *waits = mem_alloc(sizeof *waits);

    waits->agent = agent;
    waits->timer = loop_timer_new(agent->loop, on_timer, waits);
    return waits;
}

void waits_free(struct waits *waits)
{
    if (waits == NULL)
        return;
    loop_timer_free(waits->timer);
    free(waits);
}

void waits_add(
    struct waits *waits, struct control_client *client, mono deadline)
{
    if (waits->count == AGENT_MAX_WAITERS) {
        control_refuse(client, "busy", "too many commands are waiting already",
            "Try again in a minute");
        return;
    }
    waits->list[waits->count].client = client;
    waits->list[waits->count++].deadline = deadline;
    waits_check(waits);
}

void waits_forget(struct waits *waits, struct control_client *client)
{
    for (size_t i = 0; i < waits->count; i++)
        if (waits->list[i].client == client) {
            waits->list[i] = waits->list[--waits->count];
            return;
        }
}
