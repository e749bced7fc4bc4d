#include "agentd/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/checks.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/succeed.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "net/curve.h"
#include "store/db.h"
#include "trust/expiring.h"
#include "trust/former.h"
#include "trust/renewal.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define WARNED "certificate warned"

static wall expiry(const struct agent *agent)
{
    const wall sign = cert_expiry(agent->identity->sign_cert);
    const wall encrypt = cert_expiry(agent->identity->encrypt_cert);

    return sign.ms < encrypt.ms ? sign : encrypt;
}

static int64_t days_left(const struct agent *agent, wall now)
{
    return (expiry(agent).ms - now.ms) / DAY_MS;
}

/* --- following the directory --- */

void keys_settle(struct agent *agent)
{
    bool changed = false;
    char until[CLOCK_TEXT_SIZE];
    struct err err;

    if (renewal_settle(&changed, agent->identity, clock_wall(), &err) < 0)
        log_line(&agent->log, LOG_ERROR, "cannot take new keys into use",
            "reason=\"%s\"", err.text);
    if (!changed)
        return;
    log_line(&agent->log, LOG_INFO, "new keys or certificates are in use",
        "until=%s former=%zu", clock_format(expiry(agent), until),
        agent->identity->former_count);
}

static int destroy(struct agent *agent, wall now, struct err *err)
{
    const int destroyed = former_destroy(agent->identity, now, err);

    if (destroyed > 0)
        log_line(&agent->log, LOG_INFO,
            "an encryption key of before was destroyed: no mail for it can "
            "come any more",
            "count=%d", destroyed);
    return destroyed < 0 ? destroyed : 0;
}

void keys_follow(struct agent *agent)
{
    struct err err;

    keys_settle(agent);
    if (destroy(agent, clock_wall(), &err) < 0)
        log_line(&agent->log, LOG_ERROR, "cannot destroy a key of before",
            "reason=\"%s\"", err.text);
    if (succeed_run(agent, &err) < 0)
        log_line(&agent->log, LOG_ERROR,
            "cannot follow the schools that have moved", "reason=\"%s\"",
            err.text);
}

bool keys_offer(struct buf *out, struct agent *agent)
{
    struct err err;

    if (!renewal_is_pending(agent->identity))
        return false;
    if (renewal_letter(out, agent->identity, &err) == 0)
        return true;
    log_line(&agent->log, LOG_ERROR, "cannot ask for new certificates",
        "reason=\"%s\"", err.text);
    return false;
}

/* --- upkeep --- */

/* Each once for each certificate. */
static int warn(struct agent *agent, wall now, struct err *err)
{
    const int64_t days = days_left(agent, now);
    const int64_t due = expiring_due(days);
    char was[48] = "", is[48];
    int rc;

    if (due == 0)
        return 0;
    snprintf(is, sizeof is, "%" PRId64 " %" PRId64, expiry(agent).ms, due);
    rc = db_get(agent->db, WARNED, was, sizeof was, err);
    if (rc < 0 || strcmp(was, is) == 0)
        return rc;
    log_line(&agent->log, days <= EXPIRING_CRITICAL_DAYS ? LOG_ERROR : LOG_WARN,
        days < 0 ? "the certificates have expired; run: moveup keys rotate"
                 : "the certificates run out; run: moveup keys rotate",
        "days_left=%" PRId64, days);
    return db_set(agent->db, WARNED, is, err);
}

int keys_upkeep(struct agent *agent, wall now, struct err *err)
{
    const int rc = destroy(agent, now, err);

    return rc < 0 ? rc : warn(agent, now, err);
}

/* --- what people see --- */

static void check_certificate(json_t *list, const struct agent *agent)
{
    const int64_t days = days_left(agent, clock_wall());
    const bool pending = renewal_is_pending(agent->identity);

    if (days < 0)
        checks_add(list, "certificate", "critical", "moveup keys rotate",
            "The certificates have expired: nobody takes our mail");
    else if (expiring_due(days) != 0)
        checks_add(list, "certificate",
            days <= EXPIRING_CRITICAL_DAYS ? "critical" : "warning",
            pending ? "Ring the cluster administrator, who answers with: "
                      "moveup cluster publish --renew"
                    : "Change the keys: moveup keys rotate",
            "The certificates end in %" PRId64 " days", days);
    else
        checks_add(list, "certificate", "ok", "",
            "Certificates: %" PRId64 " days left", days);
}

static wall asked_at(const struct agent *agent)
{
    SCOPED(mem_freep)
    char *folder = file_path(agent->identity->state, "identity");
    SCOPED(papers_own_free) struct papers_own own = {0};

    return renewal_load_own(&own, folder, NULL) == 0 ? own.request.created
                                                     : (wall){0};
}

static void check_renewal(json_t *list, const struct agent *agent)
{
    const struct identity *me = agent->identity;
    char day[CLOCK_TEXT_SIZE];

    if (renewal_is_pending(me)) {
        const wall at = asked_at(agent);

        clock_format(at, day);
        day[10] = '\0';
        checks_add(list, "renewal",
            clock_wall().ms - at.ms > 14 * DAY_MS ? "warning" : "ok",
            "Ask the cluster administrator to run: moveup cluster publish "
            "--renew",
            "New keys wait for their certificates since %s", day);
    }
    for (size_t i = 0; i < me->former_count; i++) {
        clock_format(me->former[i].until, day);
        day[10] = '\0';
        checks_add(list, "renewal", "ok", "",
            "An encryption key of before is kept for mail under way until %s",
            day);
    }
}

void keys_checks(json_t *list, const struct agent *agent)
{
    check_certificate(list, agent);
    check_renewal(list, agent);
}

/* --- moveup keys ... --- */

static json_t *former_json(const struct identity *me)
{
    json_t *list = json_array();

    for (size_t i = 0; i < me->former_count; i++)
        json_array_append_new(list, json_pack("{s:o}", "destroyed_from",
                                        args_time(me->former[i].until.ms)));
    return list;
}

int keys_show(json_t **result, struct request *request, struct err *err)
{
    const struct agent *agent = request->agent;
    const struct identity *me = agent->identity;

    (void)err;
    *result = json_pack("{s:o,s:o,s:I,s:b,s:o,s:o}", "sign_expires",
        args_time(cert_expiry(me->sign_cert).ms), "encrypt_expires",
        args_time(cert_expiry(me->encrypt_cert).ms), "days_left",
        (json_int_t)days_left(agent, clock_wall()), "pending",
        renewal_is_pending(me), "pending_since", args_time(asked_at(agent).ms),
        "former", former_json(me));
    return 0;
}

static unsigned read_parts(const json_t *args)
{
    unsigned parts = 0;

    if (args_flag(args, "sign"))
        parts |= RENEWAL_SIGN;
    if (args_flag(args, "encrypt"))
        parts |= RENEWAL_ENCRYPT;
    if (args_flag(args, "transport"))
        parts |= RENEWAL_TRANSPORT;
    return parts != 0 ? parts : RENEWAL_ALL;
}

static int begin(struct buf *file, struct request *request, struct err *err)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    const struct renewal_wish wish = {.parts = read_parts(request->args),
        .anew = args_flag(request->args, "anew"),
        .curve_public = public_key,
        .curve_secret = secret_key};
    int rc = curve_new_pair(public_key, secret_key, err);

    if (rc == 0)
        rc = requests_audit(request, "keys.rotate", NULL, 0, "", err);
    if (rc == 0)
        rc = renewal_begin(
            file, request->agent->identity, &wish, clock_wall(), err);
    explicit_bzero(secret_key, sizeof secret_key);
    return rc;
}

static json_t *describe(const struct buf *file, size_t hubs)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct enrolment_request request;
    struct digest digest = {{0}};
    char fingerprint[HASH_FINGERPRINT_SIZE];

    (void)!papers_read_request(
        &request, &digest, buf_bytes(file), &arena, NULL);
    return json_pack("{s:s%,s:s,s:I}", "request", (const char *)file->data,
        file->len, "fingerprint", hash_fingerprint(fingerprint, &digest),
        "hubs", (json_int_t)hubs);
}

int keys_rotate(json_t **result, struct request *request, struct err *err)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    int rc = begin(&file, request, err);

    request->next = "moveup status says how this school stands";
    if (rc < 0)
        return rc;
    *result = describe(&file, post_offer(request->agent->post));
    return 0;
}
