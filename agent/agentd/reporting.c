#include "agentd/reporting.h"

#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/post.h"
#include "agentd/selfreport.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/seal.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define REACHED_MS 2000 /* a hub that was away hears all of us within */
#define CHANGED_MS 2000 /* changes of this time are told together */
#define BUSY_MS 1000

struct reporting {
    struct agent *agent;
    struct loop_timer *timer;
    mono sent;       /* the last report; 0: none */
    mono usual;      /* the next one is due, whatever happens */
    bool wanted;     /* a hub has not heard of us yet */
    struct buf face; /* of the last report: what makes another worth while */
};

/* The report without what changes by itself. */
static void face_of(struct buf *out, const struct report *report)
{
    struct report face = *report;

    face.at = (wall){0};
    face.skew_ms /= MINUTE_MS;
    face.disk_free_mib /= 1024;
    buf_clear(out);
    if (report_encode(out, &face, NULL) < 0)
        buf_clear(out);
}

static bool same_bytes(const struct buf *a, const struct buf *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static int sign(
    struct buf *out, const struct agent *agent, const struct report *report)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    struct err err;
    int rc = report_encode(&content, report, &err);

    if (rc == 0)
        rc = seal_sign(out, NULL, buf_bytes(&content),
            agent->identity->sign_key, agent->identity->sign_cert, &err);
    if (rc < 0)
        log_line(&agent->log, LOG_ERROR, "cannot make the report to the hubs",
            "reason=\"%s\"", err.text);
    return rc;
}

/* With a fifth at random, so that schools that were started together do not
 * report together. */
static mono usual_time(const struct agent *agent)
{
    const int64_t every = agent->settings.report_minutes * MINUTE_MS;

    return (mono){clock_mono().ms + every +
                  (int64_t)arc4random_uniform((uint32_t)(every / 5))};
}

static void set_timer(struct reporting *r, mono when)
{
    const mono set = loop_timer_due(r->timer);

    if (set.ms == 0 || when.ms < set.ms)
        loop_timer_set(r->timer, when);
}

static void tell(struct reporting *r, const struct report *report)
{
    SCOPED(buf_free) struct buf signed_report = BUF_EMPTY;

    if (sign(&signed_report, r->agent, report) == 0 &&
        post_report(r->agent->post, buf_bytes(&signed_report)) > 0) {
        r->wanted = false;
        r->sent = clock_mono();
        face_of(&r->face, report);
    }
}

static void on_due(void *arg)
{
    struct reporting *r = arg;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf face = BUF_EMPTY;
    struct report report;
    struct err err;
    const mono now = clock_mono();
    const bool usual = now.ms >= r->usual.ms;

    if (db_in_transaction(r->agent->db)) {
        loop_timer_set(r->timer, (mono){now.ms + BUSY_MS});
        return;
    }
    if (usual)
        r->usual = usual_time(r->agent);
    loop_timer_set(r->timer, r->usual);
    if (selfreport_make(&report, r->agent, &arena, &err) < 0) {
        log_line(&r->agent->log, LOG_ERROR,
            "cannot make the report to the hubs", "reason=\"%s\"", err.text);
        return;
    }
    face_of(&face, &report);
    if (usual || r->wanted || !same_bytes(&face, &r->face))
        tell(r, &report);
}

struct reporting *reporting_new(struct agent *agent)
{
    struct reporting *r = mem_alloc(sizeof *r);

    r->agent = agent;
    r->timer = loop_timer_new(agent->loop, on_due, r);
    r->usual = usual_time(agent);
    set_timer(r, r->usual);
    return r;
}

void reporting_reached(struct reporting *r)
{
    if (r == NULL)
        return;
    r->wanted = true;
    set_timer(
        r, (mono){clock_mono().ms + (int64_t)arc4random_uniform(REACHED_MS)});
}

void reporting_expect(struct reporting *r)
{
    mono when = {clock_mono().ms + CHANGED_MS};
    int64_t least;

    if (r == NULL || r->sent.ms == 0)
        return;
    least = r->agent->settings.report_seconds * (int64_t)1000;
    if (when.ms < r->sent.ms + least)
        when.ms = r->sent.ms + least;
    set_timer(r, when);
}

void reporting_free(struct reporting *r)
{
    if (r == NULL)
        return;
    loop_timer_free(r->timer);
    buf_free(&r->face);
    free(r);
}
