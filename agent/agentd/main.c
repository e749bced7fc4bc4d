/* moveup-agent - the program each school runs. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "agentd/figures.h"
#include "agentd/incarnation.h"
#include "agentd/post.h"
#include "agentd/progress.h"
#include "agentd/reporting.h"
#include "agentd/requests.h"
#include "agentd/rules.h"
#include "agentd/sender.h"
#include "agentd/waits.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "metrics/scrape.h"
#include "net/notify.h"

struct options {
    const char *state;
    const char *config;
    const char *socket;
    bool print_settings;
};

/* Everything that boot opens, closed in reverse. */
struct boot {
    struct options options;
    struct agent agent;
    struct scrape *scrape; /* NULL: not asked for */
    struct notify_watchdog *watchdog;
};

static const char USAGE[] =
    "usage: moveup-agent --state DIR [--config FILE] [--socket PATH]\n"
    "\n"
    "Runs a school's agent in the foreground and logs to standard error.\n"
    "\n"
    "  --state DIR     the folder that `moveup enrol` and `moveup join` "
    "filled\n"
    "  --config FILE   settings (INI); `--settings` prints what is in force\n"
    "  --socket PATH   where the command line asks; else $MOVEUP_SOCKET, else\n"
    "                  /run/moveup/agent.sock\n"
    "  --settings      print the settings in force and end\n"
    "  --version, --help\n"
    "\n"
    "SIGHUP reads the settings again; SIGTERM stops cleanly.\n";

/* Returns an exit code, or -1 to go on. */
static int read_options(struct options *out, int argc, char **argv)
{
    static const struct option longs[] = {
        {"state", required_argument, NULL, 's'},
        {"config", required_argument, NULL, 'c'},
        {"socket", required_argument, NULL, 'k'},
        {"settings", no_argument, NULL, 'p'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;

    out->socket = getenv("MOVEUP_SOCKET");
    while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        switch (c) {
        case 's':
            out->state = optarg;
            break;
        case 'c':
            out->config = optarg;
            break;
        case 'k':
            out->socket = optarg;
            break;
        case 'p':
            out->print_settings = true;
            break;
        case 'v':
            puts("moveup-agent " MOVEUP_VERSION);
            return 0;
        case 'h':
            fputs(USAGE, stdout);
            return 0;
        default:
            fputs(USAGE, stderr);
            return 2;
        }
    }
    if (optind < argc || (out->state == NULL && !out->print_settings)) {
        fputs(USAGE, stderr);
        return 2;
    }
    if (out->socket == NULL || out->socket[0] == '\0')
        out->socket = "/run/moveup/agent.sock";
    return -1;
}

static int read_settings(struct boot *boot, struct err *err)
{
    struct settings_agent fresh;
    int rc = 0;

    settings_agent_default(&fresh);
    if (boot->options.config != NULL)
        rc = settings_agent_read(&fresh, boot->options.config, err);
    if (rc < 0)
        return rc;
    boot->agent.settings = fresh;
    boot->agent.log.least = log_level_parse(fresh.log_level);
    if (boot->agent.casework != NULL)
        boot->agent.casework->policy = rules_policy(&fresh);
    return 0;
}

static void write_figures(void *arg, const struct exposition *to)
{
    figures_write(to, &((struct boot *)arg)->agent);
}

static int follow_port(struct boot *boot, struct err *err)
{
    const struct scrape_options options = {boot->agent.loop,
        (uint16_t)boot->agent.settings.metrics_port, write_figures, boot};

    return scrape_follow(&boot->scrape, &options, err);
}

static void on_hangup(void *arg)
{
    struct boot *boot = arg;
    struct err err;

    notify_send("RELOADING=1");
    if (read_settings(boot, &err) < 0 || follow_port(boot, &err) < 0)
        log_line(&boot->agent.log, LOG_ERROR,
            "settings refused; the old ones stay", "reason=\"%s\"", err.text);
    else
        log_line(&boot->agent.log, LOG_INFO, "settings read again", "%s", "");
    /* `moveup join` may have brought new keys. */
    if (identity_reload(boot->agent.identity, &err) < 0)
        log_line(&boot->agent.log, LOG_ERROR, "keys not read again",
            "reason=\"%s\"", err.text);
    post_follow_directory(boot->agent.post);
    notify_send("READY=1");
}

/* How control's descriptors join our loop. */
static void *watch(void *loop, int fd, bool write,
    void (*on_ready)(void *arg, int events), void *arg)
{
    return loop_watch_fd(
        loop, fd, write ? LOOP_READ | LOOP_WRITE : LOOP_READ, on_ready, arg);
}

static void rewatch(void *watching, bool write)
{
    loop_watch_events(watching, write ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static void unwatch(void *watching)
{
    loop_unwatch(watching);
}

static int open_stores(struct boot *boot, struct err *err)
{
    struct agent *agent = &boot->agent;
    SCOPED(mem_freep) char *key = NULL;
    SCOPED(mem_freep) char *database = NULL;
    int rc =
        identity_open(&agent->identity, boot->options.state, clock_wall(), err);

    if (rc < 0)
        return rc;
    if (agent->identity->kind != ENROLMENT_SCHOOL)
        return err_set(err, ERR_STATE,
            "this folder belongs to a hub; start moveup-hub with it");
    key = mem_format("%s/identity/data.key", boot->options.state);
    database = mem_format("%s/agent.db", boot->options.state);
    rc = vault_open(&agent->vault, key, err);
    if (rc == 0)
        rc = db_open(&agent->db, database, DB_AGENT, err);
    agent->casework = casework_new(); /* a snapshot tells how families stand */
    agent->casework->policy = rules_policy(&agent->settings);
    return rc < 0 ? rc : incarnation_open(agent, err);
}

static int open_doors(struct boot *boot, struct err *err)
{
    struct agent *agent = &boot->agent;
    const struct control_callbacks callbacks = requests_callbacks(agent);
    struct control_loop joined = {watch, rewatch, unwatch, NULL};
    int rc = loop_new(&agent->loop, err);

    if (rc == 0)
        rc = loop_signals(agent->loop, on_hangup, boot, err);
    if (rc < 0)
        return rc;
    joined.loop = agent->loop;
    agent->started = clock_mono();
    agent->waits = waits_new(agent);
    agent->sender = sender_new(agent);
    agent->post = post_new(agent);
    agent->progress = progress_new(agent);
    agent->reporting = reporting_new(agent);
    rc = follow_port(boot, err);
    return rc < 0 ? rc
                  : control_listen(&agent->control, boot->options.socket,
                        &joined, &callbacks, err);
}

static void shut(struct boot *boot)
{
    struct agent *agent = &boot->agent;

    scrape_close(boot->scrape);
    notify_watchdog_free(boot->watchdog);
    control_close(agent->control);
    sender_free(agent->sender);
    post_free(agent->post);
    progress_free(agent->progress);
    reporting_free(agent->reporting);
    casework_free(agent->casework);
    waits_free(agent->waits);
    loop_free(agent->loop);
    db_close(agent->db);
    vault_close(agent->vault);
    identity_close(agent->identity);
}

static void warn_of_openssl(const struct log *log)
{
    bool weak;
    const char *version = hash_library(&weak);

    if (weak)
        log_line(log, LOG_WARN,
            "this OpenSSL has known holes in CMS; install the security updates",
            "version=%s", version);
}

static int run(struct boot *boot, struct err *err)
{
    struct agent *agent = &boot->agent;
    int rc = read_settings(boot, err);

    if (rc == 0)
        rc = open_stores(boot, err);
    if (rc == 0)
        rc = open_doors(boot, err);
    if (rc < 0)
        return rc;
    warn_of_openssl(&agent->log);
    if (clock_is_moved())
        log_line(&agent->log, LOG_WARN,
            "the clock is moved for a test; unset MOVEUP_FAKE_TIME", "%s", "");
    log_line(&agent->log, LOG_INFO, "agent is ready",
        "school=%s version=%s socket=%s", agent->identity->laestab.text,
        MOVEUP_VERSION, boot->options.socket);
    notify_send("READY=1");
    boot->watchdog = notify_watchdog_new(agent->loop);
    rc = loop_run(agent->loop, err);
    log_line(&agent->log, LOG_INFO, "agent stops", "%s", "");
    notify_send("STOPPING=1");
    return rc;
}

int main(int argc, char **argv)
{
    SCOPED(shut) struct boot boot = {.options = {.state = NULL}};
    struct err err = {.text = ""};
    const int code = read_options(&boot.options, argc, argv);

    if (code >= 0)
        return code;
    mem_tune();
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    log_init(&boot.agent.log, LOG_INFO);
    if (boot.options.print_settings) {
        if (read_settings(&boot, &err) < 0) {
            fprintf(stderr, "moveup-agent: %s\n", err.text);
            return 1;
        }
        settings_agent_print(stdout, &boot.agent.settings);
        return 0;
    }
    if (run(&boot, &err) < 0) {
        fprintf(stderr, "moveup-agent: %s\n", err.text);
        return 1;
    }
    return 0;
}
