/* health - what the agent says about itself: status, peers, queue, waitsync. */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/backlog.h"
#include "agentd/checks.h"
#include "agentd/mail.h"
#include "agentd/paper.h"
#include "agentd/past.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/spare.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "crypto/cert.h"
#include "crypto/seal.h"
#include "store/ending.h"
#include "store/inbox.h"
#include "store/outbox.h"

#define MAX_SAID 16 /* of one letter, by hubs */

static json_t *age_s(int64_t then_ms, int64_t now_ms)
{
    return then_ms == 0 ? json_null() : json_integer((now_ms - then_ms) / 1000);
}

static const char *state_word(
    const struct agent *agent, const struct post_hub *hub)
{
    if (post_fenced_at(agent->post).ms != 0)
        return "fenced";
    return hub->ready ? "connected" : link_state_name(hub->state);
}

static json_t *hubs_json(const struct agent *agent)
{
    struct post_hub hubs[DIRECTORY_MAX_HUBS];
    const size_t n = post_hubs(hubs, DIRECTORY_MAX_HUBS, agent->post);
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:o,s:I,s:s,s:I}", "endpoint",
                      hubs[i].endpoint, "state", state_word(agent, &hubs[i]),
                      "last_heard_s", age_s(hubs[i].heard.ms, clock_mono().ms),
                      "skew_ms", (json_int_t)hubs[i].skew_ms, "text",
                      hubs[i].ready && hubs[i].refusal != REASON_NONE
                          ? reason_sentence(hubs[i].refusal)
                          : hubs[i].sentence,
                      "waiting", (json_int_t)hubs[i].waiting));
    return list;
}

static json_t *certificate_days(const struct agent *agent)
{
    const int64_t a = cert_expiry(agent->identity->sign_cert).ms;
    const int64_t b = cert_expiry(agent->identity->encrypt_cert).ms;

    return json_integer(((a < b ? a : b) - clock_wall().ms) / 86400000);
}

static const char *phase_word(enum phase phase)
{
    static const char *const words[] = {
        "", "primary", "middle", "secondary", "all-through", "special"};

    return words[phase];
}

static int count_leavers(json_t *status, struct agent *agent, struct err *err)
{
    uint64_t counts[16] = {0};
    json_t *by_state = json_object();
    int rc = leavers_count(agent->db, counts, err);

    for (int i = LEAVER_DRAFT; i <= LEAVER_SUPERSEDED; i++)
        if (counts[i] > 0)
            json_object_set_new(by_state,
                leavers_state_name((enum leaver_state)i),
                json_integer((json_int_t)counts[i]));
    json_object_set_new(status, "leavers", by_state);
    return rc;
}

int health_status(json_t **result, struct request *request, struct err *err)
{
    struct agent *agent = request->agent;
    const struct identity *me = agent->identity;
    const struct directory_content *directory = members_content(me->members);
    struct backlog backlog;
    int rc = backlog_count(&backlog, agent->db, err);

    if (rc < 0)
        return rc;
    *result = json_pack("{s:{s:s,s:s,s:s},s:s,s:{s:I,s:o},s:o,"
                        "s:{s:I,s:I,s:o},s:{s:I},s:I,s:o,s:o}",
        "school", "laestab", me->laestab.text, "name", me->name, "phase",
        phase_word(me->phase), "version", MOVEUP_VERSION, "directory",
        "version", (json_int_t)directory->version, "expires",
        args_time(directory->soft_expiry.ms), "hubs", hubs_json(agent),
        "outbound", "queued", (json_int_t)backlog.queued, "unreceipted",
        (json_int_t)backlog.unreceipted, "oldest_unreceipted_s",
        age_s(backlog.oldest.ms, clock_wall().ms), "inbound", "unapplied",
        (json_int_t)backlog.unapplied, "quarantined",
        (json_int_t)backlog.quarantined, "certificate_days_left",
        certificate_days(agent), "checks", checks_run(agent, false));
    json_object_set_new(*result, "incarnation",
        json_integer((json_int_t)agent->incarnation.number));
    json_object_set_new(*result, "backup_age_s", past_backup_age(agent));
    return count_leavers(*result, agent, err);
}

/* --- peers --- */

struct listing {
    struct agent *agent;
    json_t *list;
    bool evidence; /* with what hubs have signed */
};

static int add_out(void *arg, const struct outbox_stream *s)
{
    struct listing *l = arg;
    const int64_t now = clock_wall().ms;

    json_array_append_new(l->list,
        json_pack("{s:s,s:s,s:s,s:s,s:o,s:I,s:I,s:I,s:I,s:o}", "laestab",
            s->recipient.text, "name",
            agent_school_name(l->agent, &s->recipient), "direction", "out",
            "lane", stream_lane_name(s->lane), "last_heard_s",
            age_s(s->heard_at.ms, now), "sent", (json_int_t)(s->next_seq - 1),
            "received", (json_int_t)s->received, "applied",
            (json_int_t)s->applied, "lag", (json_int_t)s->unreceipted,
            "oldest_unreceipted_s", age_s(s->oldest_unreceipted.ms, now)));
    return 0;
}

static int add_in(void *arg, const struct inbox_stream *s)
{
    struct listing *l = arg;
    const uint64_t applied = intake_applied(&s->intake);
    bool frozen = false;
    bool waits = false;

    if (mail_is_frozen(
            &frozen, l->agent, &s->author, s->lane, &s->intake.epoch, NULL) < 0)
        return 0;
    if (s->lane == LANE_URGENT &&
        spare_waits(&waits, l->agent, &s->author, NULL) < 0)
        return 0;
    json_array_append_new(l->list,
        json_pack("{s:s,s:s,s:s,s:s,s:o,s:I,s:I,s:I,s:I,s:n,s:b,s:b}",
            "laestab", s->author.text, "name",
            agent_school_name(l->agent, &s->author), "direction", "in", "lane",
            stream_lane_name(s->lane), "last_heard_s",
            age_s(s->heard_at.ms, clock_wall().ms), "sent",
            (json_int_t)s->intake.high, "received", (json_int_t)s->intake.high,
            "applied", (json_int_t)applied, "lag",
            (json_int_t)(s->intake.high - applied), "oldest_unreceipted_s",
            "frozen", frozen, "waits_for_approval", waits));
    return 0;
}

int health_peers(json_t **result, struct request *request, struct err *err)
{
    struct listing l = {.agent = request->agent, .list = json_array()};
    int rc;

    *result = json_pack("{s:o}", "peers", l.list);
    rc = outbox_each_stream(request->agent->db, add_out, &l, err);
    return rc < 0 ? rc : inbox_each_stream(request->agent->db, add_in, &l, err);
}

/* --- queue --- */

/* The signed bytes and the certificate that they were signed with; none is
 * written if the directory does not list it any more. */
static void add_evidence(
    json_t *one, const struct agent *agent, const struct ending *said)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    const struct identity *me = agent->identity;
    struct cert *cert;

    json_object_set_new(one, "data", paper_base64(said->is_signed));
    json_object_set_new(one, "authority", paper_pem(me->authority));
    for (size_t i = 0;
         (cert = members_hub_cert(me->members, said->hub, i)) != NULL; i++)
        if (seal_verify(&content, NULL, said->is_signed, cert, NULL) == 0) {
            json_object_set_new(one, "signer", paper_pem(cert));
            return;
        }
}

/* What hubs have said of a letter, with whether it is signed. */
static json_t *hubs_say(
    const struct agent *agent, const struct outbox_batch *batch, bool evidence)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct ending said[MAX_SAID];
    json_t *list = json_array();
    const int count = ending_of(
        said, MAX_SAID, agent->db, batch->stream, batch->first, &arena, NULL);

    for (int i = 0; i < count; i++) {
        json_t *one = json_pack("{s:s,s:s,s:o,s:b}", "reason",
            reason_code(said[i].reason), "hub", said[i].hub, "at",
            args_time(said[i].at.ms), "signed", said[i].is_signed.len > 0);

        if (evidence && said[i].is_signed.len > 0)
            add_evidence(one, agent, &said[i]);
        json_array_append_new(list, one);
    }
    return list;
}

static int add_batch(void *arg, const struct outbox_batch *batch)
{
    struct listing *l = arg;
    struct outbox_stream stream;
    enum reason reason = batch->refused;
    char letter[ID_TEXT_SIZE];
    struct err err;

    if (reason == REASON_NONE && batch->put_at.ms == 0)
        reason = post_refusal(l->agent->post, batch->stream);
    if (outbox_stream(&stream, l->agent->db, batch->stream, &err) < 0)
        return 0;
    json_array_append_new(l->list,
        json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:s,s:o,s:s,s:s,s:o}", "to",
            stream.recipient.text, "name",
            agent_school_name(l->agent, &stream.recipient), "lane",
            stream_lane_name(stream.lane), "first", (json_int_t)batch->first,
            "last", (json_int_t)batch->last, "records",
            (json_int_t)(batch->last - batch->first + 1), "state",
            batch->refused == REASON_EXPIRED ? "expired"
            : batch->refused != REASON_NONE  ? "refused"
            : batch->received_at.ms != 0     ? "received"
            : batch->put_at.ms != 0          ? "at-hub"
                                             : "waiting",
            "age_s", age_s(batch->created_at.ms, clock_wall().ms), "reason",
            reason == REASON_NONE ? "" : reason_code(reason), "envelope",
            id_format(&batch->envelope, letter), "hubs_say",
            hubs_say(l->agent, batch, l->evidence)));
    return 0;
}

int health_queue(json_t **result, struct request *request, struct err *err)
{
    struct listing l = {.agent = request->agent, .list = json_array()};

    l.evidence = args_flag(request->args, "evidence");
    *result = json_pack("{s:o}", "queue", l.list);
    return outbox_each_batch(request->agent->db, true, add_batch, &l, err);
}

/* --- waitsync and doctor --- */

int health_waitsync(json_t **result, struct request *request, struct err *err)
{
    int64_t seconds = 60;
    int rc = 0;

    if (json_object_get(request->args, "timeout") != NULL)
        rc =
            args_number(&seconds, request->args, "timeout", 0, 30 * 86400, err);
    if (rc < 0)
        return rc;
    *result = NULL;
    waits_add(request->agent->waits, request->client,
        (mono){clock_mono().ms + seconds * 1000});
    return 0;
}

int health_doctor(json_t **result, struct request *request, struct err *err)
{
    (void)err;
    *result = json_pack("{s:o}", "checks", checks_run(request->agent, true));
    return 0;
}
