#include "hub/daemon.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/settings.h"
#include "crypto/cert.h"
#include "hub/address.h"
#include "hub/engine.h"
#include "hub/gauges.h"
#include "metrics/scrape.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/notify.h"
#include "store/db.h"
#include "trust/attesting.h"
#include "trust/expiring.h"
#include "trust/hubkeys.h"
#include "trust/identity.h"
#include "wire/directory.h"
#include "wire/hubtalk.h"

#define DATABASE "hub.db"
#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define FOLLOW_MS ((int64_t)3600 * 1000)

struct daemon {
    char *state;
    char *config; /* NULL: defaults */
    struct settings_hub settings;
    struct log log;
    struct identity *identity;
    struct db *db;
    struct loop *loop;
    struct listener *listener;
    struct engine *engine;
    struct loop_timer *timer;
    struct scrape *scrape; /* NULL: not asked for */
    struct notify_watchdog *watchdog;
    bool broken;    /* it cannot listen any more: the loop ends */
    bool follow;    /* look at once whether new keys of ours are listed */
    wall followed;  /* when that was looked at */
    int64_t warned; /* of its certificate's end: the last step told; 0 */
};

static struct engine_now now(void)
{
    return (struct engine_now){clock_mono(), clock_wall()};
}

/* The engine's side. */

static int send_to(void *arg, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    struct daemon *daemon = arg;

    return listener_send(daemon->listener, peer, talk, body, NULL);
}

static const struct members *members(void *arg)
{
    return ((struct daemon *)arg)->identity->members;
}

static int publish(
    void *arg, struct bytes signed_directory, wall when, struct err *err)
{
    struct daemon *daemon = arg;
    const int rc = identity_update_directory(
        daemon->identity, signed_directory, when, err);

    daemon->follow |= rc == 0; /* it may list our new keys */
    return rc;
}

static struct bytes bridge(void *arg, uint64_t *version)
{
    const struct members *before = ((struct daemon *)arg)->identity->bridge;

    *version = before == NULL ? 0 : members_version(before);
    return before == NULL ? (struct bytes){NULL, 0} : members_signed(before);
}

/* A disk that cannot be asked is not taken for full. */
static uint64_t free_disk(void *arg)
{
    struct statvfs disk;

    if (statvfs(((struct daemon *)arg)->state, &disk) != 0)
        return UINT64_MAX;
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}

static int attest(
    void *arg, struct buf *out, const struct attest *what, struct err *err)
{
    return attesting_sign(out, ((struct daemon *)arg)->identity, what, err);
}

/* The listener's side. */

static bool may_connect(void *arg, const char *curve_key)
{
    struct engine *engine = ((struct daemon *)arg)->engine;
    const struct engine_now when = now();

    if (engine_admits(engine, &when, curve_key))
        return true;
    engine_turned_away(engine, &when, curve_key);
    return false;
}

static void on_message(void *arg, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    const struct engine_now when = now();

    engine_on_message(((struct daemon *)arg)->engine, &when, peer, talk, body);
}

static void on_drained(void *arg)
{
    struct daemon *daemon = arg;
    const struct engine_now when = now();

    engine_on_drained(daemon->engine, &when);
    loop_timer_set(daemon->timer,
        daemon->follow ? when.mono : engine_deadline(daemon->engine));
}

static void on_event(void *arg, const char *sentence)
{
    log_line(&((struct daemon *)arg)->log, LOG_WARN, sentence, "%s", "");
}

static void on_crowded(void *arg, const char *curve_key)
{
    const struct engine_now when = now();

    engine_crowded(((struct daemon *)arg)->engine, &when, curve_key);
}

/* The loop's side. */

/* Each step once in a run, to whoever reads the log. */
static void warn_of_expiry(struct daemon *daemon, wall when)
{
    const struct cert *cert = daemon->identity->sign_cert;
    const int64_t days =
        cert == NULL ? 0 : (cert_expiry(cert).ms - when.ms) / DAY_MS;
    const int64_t due = cert == NULL ? 0 : expiring_due(days);

    if (due != 0 && due != daemon->warned)
        log_line(&daemon->log,
            days <= EXPIRING_CRITICAL_DAYS ? LOG_ERROR : LOG_WARN,
            days < 0 ? "the hub's certificate has expired: schools believe "
                       "none of its notices"
                     : "the hub's certificate runs out; run: moveup keys "
                       "rotate --hub-state DIR",
            "days_left=%" PRId64, days);
    daemon->warned = due;
}

static int make_engine(struct daemon *daemon, struct err *err)
{
    const struct engine_options options = {daemon->db, &daemon->settings,
        &daemon->log,
        {send_to, members, publish, bridge, free_disk, attest, daemon}};

    return engine_new(&daemon->engine, &options, err);
}

static int listen_for_schools(struct daemon *daemon, struct err *err)
{
    char endpoint[DIRECTORY_MAX_NAME + 16];
    const struct listener_options options = {endpoint,
        daemon->identity->curve_public, daemon->identity->curve_secret,
        HUBTALK_MAX_BODY, 0, (unsigned)daemon->settings.member_connections};
    const struct listener_callbacks callbacks = {
        may_connect, on_message, on_drained, on_event, on_crowded, daemon};

    if (daemon->settings.listen[0] != '\0')
        (void)snprintf(
            endpoint, sizeof endpoint, "%s", daemon->settings.listen);
    else
        address_listen(endpoint, sizeof endpoint, daemon->identity->endpoint);
    return listener_open(
        &daemon->listener, daemon->loop, &options, &callbacks, err);
}

/* With another transport key nobody who is connected can stay. */
static void listen_anew(struct daemon *daemon)
{
    struct err err;
    int rc;

    listener_close(TAKE(daemon->listener));
    engine_free(TAKE(daemon->engine));
    rc = make_engine(daemon, &err);
    if (rc == 0)
        rc = listen_for_schools(daemon, &err);
    if (rc == 0)
        return;
    log_line(&daemon->log, LOG_ERROR, "cannot listen with the new key",
        "why=\"%s\"", err.text);
    daemon->broken = true;
    loop_stop(daemon->loop);
}

static void follow_keys(struct daemon *daemon, wall when)
{
    const struct cert *before = daemon->identity->sign_cert;
    bool moved = false;
    struct err err;

    if (!daemon->follow && when.ms < daemon->followed.ms + FOLLOW_MS)
        return;
    daemon->follow = false;
    daemon->followed = when;
    if (hubkeys_settle(&moved, daemon->identity, when, &err) < 0)
        log_line(&daemon->log, LOG_ERROR, "cannot take new keys into use",
            "why=\"%s\"", err.text);
    if (daemon->identity->sign_cert != before)
        log_line(
            &daemon->log, LOG_INFO, "a new certificate is in use", "%s", "");
    if (!moved)
        return;
    log_line(&daemon->log, LOG_INFO,
        "the new transport key is in use; the one before has ended", "%s", "");
    listen_anew(daemon);
}

static void on_timer(void *arg)
{
    struct daemon *daemon = arg;
    const struct engine_now when = now();

    warn_of_expiry(daemon, when.wall);
    follow_keys(daemon, when.wall);
    if (daemon->broken)
        return;
    engine_on_time(daemon->engine, &when);
    loop_timer_set(daemon->timer, engine_deadline(daemon->engine));
}

static int read_settings(struct daemon *daemon, struct err *err)
{
    struct settings_hub settings;
    int rc;

    settings_hub_default(&settings);
    rc = daemon->config == NULL
             ? 0
             : settings_hub_read(&settings, daemon->config, err);
    if (rc != 0)
        return rc;
    daemon->settings = settings;
    daemon->log.least = log_level_parse(settings.log_level);
    return 0;
}

static void write_gauges(void *arg, const struct exposition *to)
{
    const struct daemon *daemon = arg;
    const struct gauges gauges = {
        daemon->engine, daemon->listener, members(arg), free_disk(arg)};

    gauges_write(to, &gauges);
}

static int follow_port(struct daemon *daemon, struct err *err)
{
    return scrape_follow(&daemon->scrape,
        &(struct scrape_options){daemon->loop,
            (uint16_t)daemon->settings.metrics_port, write_gauges, daemon},
        err);
}

/* [hub] listen is used from the next start on; all else at once. */
static void on_hangup(void *arg)
{
    struct daemon *daemon = arg;
    struct err err;

    notify_send("RELOADING=1");
    if (read_settings(daemon, &err) == 0 && follow_port(daemon, &err) == 0) {
        listener_limit(
            daemon->listener, (unsigned)daemon->settings.member_connections);
        log_line(&daemon->log, LOG_INFO, "settings read again", "%s", "");
    } else {
        log_line(&daemon->log, LOG_ERROR, "settings left as they were",
            "why=\"%s\"", err.text);
    }
    daemon->follow = true;
    loop_timer_set(daemon->timer, clock_mono());
    notify_send("READY=1");
}

static int open_identity(struct daemon *daemon, struct err *err)
{
    const int rc =
        identity_open(&daemon->identity, daemon->state, clock_wall(), err);

    if (rc != 0)
        return rc;
    if (daemon->identity->kind != ENROLMENT_HUB)
        return err_set(err, ERR_STATE,
            "%s belongs to a school: start moveup-agent there, or enrol a "
            "hub in a folder of its own: moveup enrol --hub tcp://HOST:PORT",
            daemon->state);
    return 0;
}

static int open_engine(struct daemon *daemon, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(daemon->state, DATABASE);
    const int rc = db_open(&daemon->db, path, DB_HUB, err);

    return rc < 0 ? rc : make_engine(daemon, err);
}

static int open_listener(struct daemon *daemon, struct err *err)
{
    bool moved;
    int rc = loop_new(&daemon->loop, err);

    if (rc == 0)
        rc = loop_signals(daemon->loop, on_hangup, daemon, err);
    if (rc == 0)
        rc = hubkeys_settle(&moved, daemon->identity, clock_wall(), err);
    if (rc != 0)
        return rc;
    daemon->timer = loop_timer_new(daemon->loop, on_timer, daemon);
    return listen_for_schools(daemon, err);
}

int daemon_open(
    struct daemon **out, const char *state, const char *config, struct err *err)
{
    SCOPED(daemon_closep) struct daemon *daemon = mem_alloc(sizeof *daemon);
    int rc;

    daemon->state = mem_text(state);
    daemon->config = config == NULL ? NULL : mem_text(config);
    log_init(&daemon->log, LOG_INFO);
    rc = read_settings(daemon, err);
    if (rc == 0)
        rc = open_identity(daemon, err);
    if (rc == 0)
        rc = open_engine(daemon, err);
    if (rc == 0)
        rc = open_listener(daemon, err);
    if (rc == 0)
        rc = follow_port(daemon, err);
    if (rc == 0)
        *out = TAKE(daemon);
    return rc;
}

int daemon_run(struct daemon *daemon, struct err *err)
{
    int rc;

    log_line(&daemon->log, LOG_INFO, "hub ready",
        "name=\"%s\" listen=%s directory=%" PRIu64, daemon->identity->name,
        listener_endpoint(daemon->listener), members_version(members(daemon)));
    if (clock_is_moved())
        log_line(&daemon->log, LOG_WARN,
            "the clock is moved for a test; unset MOVEUP_FAKE_TIME", "%s", "");
    notify_send("READY=1");
    daemon->watchdog = notify_watchdog_new(daemon->loop);
    on_timer(daemon);
    rc = loop_run(daemon->loop, err);
    notify_send("STOPPING=1");
    if (rc == 0 && daemon->broken)
        rc = err_set(err, ERR_IO, "cannot listen with the new transport key");
    if (rc == 0)
        log_line(&daemon->log, LOG_INFO, "hub stopped", "%s", "");
    return rc;
}

void daemon_close(struct daemon *daemon)
{
    if (daemon == NULL)
        return;
    scrape_close(daemon->scrape);
    notify_watchdog_free(daemon->watchdog);
    listener_close(daemon->listener);
    loop_timer_free(daemon->timer);
    loop_free(daemon->loop);
    engine_free(daemon->engine);
    db_close(daemon->db);
    identity_close(daemon->identity);
    free(daemon->state);
    free(daemon->config);
    free(daemon);
}
