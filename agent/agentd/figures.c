#include "agentd/figures.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "agentd/agent.h"
#include "agentd/backlog.h"
#include "agentd/checks.h"
#include "agentd/past.h"
#include "agentd/post.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "metrics/exposition.h"
#include "metrics/process.h"

#define NAME(name) "moveup_agent_" name
#define GAUGE(name, unit, help)                                                \
    {                                                                          \
        METRIC_GAUGE, NAME(name), unit, help                                   \
    }

static const struct metric INFO = {
    METRIC_INFO, NAME("build"), "", "The version that runs"};
static const struct metric CHECK = GAUGE("check_level", "",
    "What `moveup status` says of it: 0 ok, 1 warning, 2 critical");
static const struct metric CONNECTED =
    GAUGE("hub_connected", "", "1: the hub has answered on this connection");
static const struct metric SKEW = GAUGE("hub_clock_skew_seconds", "seconds",
    "How far this clock is behind the hub's");
static const struct metric QUEUED =
    GAUGE("queued_changes", "", "Changes that no hub has taken yet");
static const struct metric UNRECEIPTED = GAUGE("unreceipted_changes", "",
    "Changes without the recipient's signed receipt");
static const struct metric OLDEST = GAUGE("oldest_unreceipted_age_seconds",
    "seconds", "The age of the oldest of them; 0 when there is none");
static const struct metric UNAPPLIED =
    GAUGE("missing_changes", "", "Changes of others that have not come yet");
static const struct metric QUARANTINE =
    GAUGE("quarantined_letters", "", "Letters in quarantine");
static const struct metric LEAVERS =
    GAUGE("leavers", "", "Leavers of this school, by the state of the record");
static const struct metric CERTIFICATE =
    GAUGE("certificate_expiry_timestamp_seconds", "seconds",
        "When the certificate ends, since 1970");
static const struct metric DIRECTORY =
    GAUGE("directory_version", "", "The version of the directory in force");
static const struct metric RENEWAL =
    GAUGE("directory_renewal_timestamp_seconds", "seconds",
        "When the directory should have been renewed, since 1970");
static const struct metric BACKUP = GAUGE("backup_age_seconds", "seconds",
    "The age of the last backup; absent when there is none");
static const struct metric DISK = GAUGE(
    "disk_free_bytes", "bytes", "Free space where the agent keeps its records");
static const struct metric DATABASE =
    GAUGE("database_bytes", "bytes", "The size of the database");
static const struct metric WAL =
    GAUGE("write_ahead_log_bytes", "bytes", "The size of the database's log");

/* Of the same name the worst counts: two hubs, several schools. */
static double level_number(const char *level)
{
    return strcmp(level, "critical") == 0  ? 2
           : strcmp(level, "warning") == 0 ? 1
                                           : 0;
}

static void write_checks(const struct exposition *to, struct agent *agent)
{
    json_t *checks = checks_run(agent, false);
    json_t *worst = json_object();
    size_t i;
    json_t *check, *level;
    const char *name;

    json_array_foreach(checks, i, check)
    {
        const double now =
            level_number(json_string_value(json_object_get(check, "level")));

        name = json_string_value(json_object_get(check, "name"));
        level = json_object_get(worst, name);
        if (level == NULL || json_real_value(level) < now)
            json_object_set_new(worst, name, json_real(now));
    }
    exposition_family(to, &CHECK);
    json_object_foreach(worst, name, level)
    {
        const struct metric_label label = {"check", name};

        exposition_sample(to, &CHECK, &label, 1, json_real_value(level));
    }
    json_decref(worst);
    json_decref(checks);
}

static void write_hubs(const struct exposition *to, const struct agent *agent)
{
    struct post_hub hubs[DIRECTORY_MAX_HUBS];
    const size_t n = post_hubs(hubs, DIRECTORY_MAX_HUBS, agent->post);

    exposition_family(to, &CONNECTED);
    for (size_t i = 0; i < n; i++)
        exposition_sample(to, &CONNECTED,
            &(struct metric_label){"hub", hubs[i].endpoint}, 1, hubs[i].ready);
    exposition_family(to, &SKEW);
    for (size_t i = 0; i < n; i++)
        exposition_sample(to, &SKEW,
            &(struct metric_label){"hub", hubs[i].endpoint}, 1,
            (double)hubs[i].skew_ms / 1000);
}

static void write_backlog(const struct exposition *to, struct agent *agent)
{
    struct backlog backlog;
    int64_t age_ms;

    if (backlog_count(&backlog, agent->db, NULL) < 0)
        return;
    age_ms = backlog.oldest.ms == 0 ? 0 : clock_wall().ms - backlog.oldest.ms;
    exposition_single(to, &QUEUED, (double)backlog.queued);
    exposition_single(to, &UNRECEIPTED, (double)backlog.unreceipted);
    exposition_single(to, &OLDEST, (double)age_ms / 1000);
    exposition_single(to, &UNAPPLIED, (double)backlog.unapplied);
    exposition_single(to, &QUARANTINE, (double)backlog.quarantined);
}

static void write_leavers(const struct exposition *to, struct agent *agent)
{
    uint64_t counts[16] = {0};

    if (leavers_count(agent->db, counts, NULL) < 0)
        return;
    exposition_family(to, &LEAVERS);
    for (int i = LEAVER_DRAFT; i <= LEAVER_SUPERSEDED; i++)
        exposition_sample(to, &LEAVERS,
            &(struct metric_label){
                "state", leavers_state_name((enum leaver_state)i)},
            1, (double)counts[i]);
}

static void write_trust(const struct exposition *to, const struct agent *agent)
{
    const struct identity *me = agent->identity;
    const struct directory_content *directory = members_content(me->members);

    exposition_family(to, &CERTIFICATE);
    exposition_sample(to, &CERTIFICATE, &(struct metric_label){"use", "sign"},
        1, (double)cert_expiry(me->sign_cert).ms / 1000);
    exposition_sample(to, &CERTIFICATE,
        &(struct metric_label){"use", "encrypt"}, 1,
        (double)cert_expiry(me->encrypt_cert).ms / 1000);
    exposition_single(to, &DIRECTORY, (double)directory->version);
    exposition_single(to, &RENEWAL, (double)directory->soft_expiry.ms / 1000);
}

static void write_size(const struct exposition *to, const struct metric *metric,
    const struct agent *agent, const char *name)
{
    SCOPED(mem_freep)
    char *path = mem_format("%s/%s", agent->identity->state, name);
    struct stat file;

    if (stat(path, &file) == 0)
        exposition_single(to, metric, (double)file.st_size);
}

static void write_disk(const struct exposition *to, struct agent *agent)
{
    json_t *backup = past_backup_age(agent);
    struct statvfs disk;

    if (json_is_integer(backup))
        exposition_single(to, &BACKUP, (double)json_integer_value(backup));
    json_decref(backup);
    if (statvfs(agent->identity->state, &disk) == 0)
        exposition_single(
            to, &DISK, (double)disk.f_bavail * (double)disk.f_frsize);
    write_size(to, &DATABASE, agent, "agent.db");
    write_size(to, &WAL, agent, "agent.db-wal");
}

void figures_write(const struct exposition *to, struct agent *agent)
{
    exposition_family(to, &INFO);
    exposition_sample(
        to, &INFO, &(struct metric_label){"version", MOVEUP_VERSION}, 1, 1);
    write_checks(to, agent);
    write_hubs(to, agent);
    write_backlog(to, agent);
    write_leavers(to, agent);
    write_trust(to, agent);
    write_disk(to, agent);
    process_write(to);
    exposition_end(to);
}
