#include "agentd/checks.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "agentd/agent.h"
#include "agentd/keys.h"
#include "agentd/past.h"
#include "agentd/post.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "store/ending.h"
#include "store/inbox.h"
#include "store/retries.h"

#define SKEW_WARN_MS (60 * 1000)
#define SKEW_CRITICAL_MS (10 * 60 * 1000)
#define DISK_WARN_MIB 1024
#define DISK_CRITICAL_MIB 256

void checks_add(json_t *list, const char *name, const char *level,
    const char *next, const char *fmt, ...)
{
    char text[600];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    json_array_append_new(
        list, json_pack("{s:s,s:s,s:s,s:s}", "name", name, "level", level,
                  "text", text, "next", next));
}

static void check_openssl(json_t *list)
{
    bool weak;
    const char *version = hash_library(&weak);

    if (weak)
        checks_add(list, "openssl", "critical",
            "Install the security updates: apt-get install --only-upgrade "
            "libssl3",
            "OpenSSL %s has known holes in CMS; 3.0.22 mends them", version);
    else
        checks_add(list, "openssl", "ok", "", "OpenSSL %s", version);
}

static void check_hubs(json_t *list, const struct agent *agent)
{
    struct post_hub hubs[DIRECTORY_MAX_HUBS];
    const size_t n = post_hubs(hubs, DIRECTORY_MAX_HUBS, agent->post);
    size_t ready = 0;

    for (size_t i = 0; i < n; i++)
        ready += hubs[i].ready;
    for (size_t i = 0; i < n; i++) {
        const bool named = strncmp(hubs[i].sentence, hubs[i].endpoint,
                               strlen(hubs[i].endpoint)) == 0;

        if (!hubs[i].ready)
            checks_add(list, "hub", ready > 0 ? "warning" : "critical",
                hubs[i].state == LINK_REFUSED || hubs[i].state == LINK_KEY_WRONG
                    ? "Ask the cluster administrator to run: moveup cluster "
                      "publish"
                    : "Check the network and that moveup-hub runs there",
                "%s%s%s", named ? "" : hubs[i].endpoint, named ? "" : ": ",
                hubs[i].sentence);
    }
    for (size_t i = 0; i < n; i++)
        if (hubs[i].unbelieved > 0)
            checks_add(list, "hub", "warning",
                "Tell the cluster administrator: the hub's key or the "
                "directory "
                "is not what it should be",
                "%s has said %u times what became of letters of ours without "
                "its valid signature; it is not believed",
                hubs[i].endpoint, hubs[i].unbelieved);
    if (n == 0)
        checks_add(list, "hub", "critical",
            "Ask the cluster administrator for a new welcome, made once a hub "
            "is enrolled; then moveup join, and start the agent again",
            "The directory names no hub");
    else if (ready == n)
        checks_add(list, "hub", "ok", "",
            n == 1 ? "Connected to the hub" : "Connected to %zu hubs", n);
}

static void check_clone(json_t *list, const struct agent *agent)
{
    const wall at = post_fenced_at(agent->post);
    char text[CLOCK_TEXT_SIZE];

    checks_add(list, "clone", "critical",
        "Stop one of the two, then start the right one again: systemctl "
        "restart moveup-agent",
        "Another agent with this school's keys took over at %s; this one "
        "neither sends nor fetches",
        clock_format(at, text));
}

struct listing {
    json_t *list;
    const struct agent *agent;
};

/* Whose word it is.  Of several hubs one is named. */
static const char *attested_by(
    char *out, size_t size, const struct ending_count *count)
{
    snprintf(out, size, "%s%s %s", count->hub,
        count->hubs > 1 ? " and another" : "",
        count->is_signed  ? "signed this"
        : count->hubs > 1 ? "said so, not both signed"
                          : "said so, unsigned");
    return out;
}

/* Mail that this school sent and nobody fetches. */
static int add_ending(void *arg, const struct ending_count *count)
{
    const struct listing *listing = arg;
    json_t *list = listing->list;
    const struct agent *agent = listing->agent;
    const char *name = agent_school_name(agent, &count->recipient);
    const char *plural = count->leavers == 1 ? "" : "s";
    char day[CLOCK_TEXT_SIZE];
    char next[120];
    char by[ENDING_HUB_SIZE + 40];

    clock_format(count->at, day);
    day[10] = '\0';
    attested_by(by, sizeof by, count);
    if (count->reason == REASON_EXPIRED) {
        snprintf(next, sizeof next,
            "When its agent runs again: moveup leavers send --to %s",
            count->recipient.text);
        checks_add(list, "mail", "critical", next,
            "%s did not fetch %u leaver%s before %s: the hub has them no more "
            "(%s)",
            name, count->leavers, plural, day, by);
    } else {
        checks_add(list, "mail", "warning",
            "Ring the school: its agent does not run or cannot reach the hub",
            "%s has not fetched %u leaver%s; the hub keeps them until %s (%s)",
            name, count->leavers, plural, day, by);
    }
    return 0;
}

static void check_mail(json_t *list, const struct agent *agent)
{
    struct listing listing = {list, agent};
    const size_t before = json_array_size(list);
    struct err err;

    if (ending_each(agent->db, add_ending, &listing, &err) < 0)
        checks_add(list, "mail", "critical", "moveup doctor", "%s", err.text);
    else if (json_array_size(list) == before)
        checks_add(list, "mail", "ok", "", "No mail waits too long at a hub");
}

static void check_clock(json_t *list, const struct agent *agent)
{
    struct post_hub hubs[DIRECTORY_MAX_HUBS];
    const size_t n = post_hubs(hubs, DIRECTORY_MAX_HUBS, agent->post);
    int64_t worst = 0;

    for (size_t i = 0; i < n; i++)
        if (llabs(hubs[i].skew_ms) > llabs(worst))
            worst = hubs[i].skew_ms;
    if (llabs(worst) > SKEW_WARN_MS)
        checks_add(list, "clock",
            llabs(worst) > SKEW_CRITICAL_MS ? "critical" : "warning",
            "Turn on network time: timedatectl set-ntp true",
            "This clock is %lld s %s the hub's", llabs(worst) / 1000,
            worst > 0 ? "behind" : "ahead of");
    else
        checks_add(list, "clock", "ok", "", "The clock agrees with the hub");
}

static void check_directory(json_t *list, const struct agent *agent)
{
    const struct members *members = agent->identity->members;
    const struct directory_content *d = members_content(members);
    const wall now = clock_wall();
    const struct directory_school *me =
        members_school(members, &agent->identity->laestab);

    if (me != NULL && me->status == MEMBER_CLOSED)
        checks_add(list, "membership", "critical",
            "The school that follows enrols with keys of its own",
            "This school is closed%s%s: it sends nothing any more",
            me->successor.text[0] == '\0' ? "" : "; it is followed by ",
            me->successor.text);
    else if (me == NULL || me->status != MEMBER_ACTIVE)
        checks_add(list, "membership", "critical",
            "Ring the cluster administrator",
            "This school is no longer an active member of the cluster");
    if (members_is_stale(members, now))
        checks_add(list, "directory", "warning",
            "Ask the cluster administrator to run: moveup cluster publish "
            "--renew",
            "The directory (version %" PRIu64 ") is old and will be refused "
            "in %" PRId64 " days",
            d->version, (d->hard_expiry.ms - now.ms) / 86400000);
    else
        checks_add(list, "directory", "ok", "",
            "Directory version %" PRIu64 ", %zu school%s", d->version,
            d->school_count, d->school_count == 1 ? "" : "s");
}

static void check_disk(json_t *list, const struct agent *agent)
{
    struct statvfs fs;
    uint64_t mib;

    if (statvfs(agent->identity->state, &fs) < 0) {
        checks_add(list, "disk", "warning", "Check the state folder",
            "Cannot tell how much disk is free");
        return;
    }
    mib = (uint64_t)fs.f_bavail * fs.f_frsize / (1024 * 1024);
    if (mib < DISK_WARN_MIB)
        checks_add(list, "disk",
            mib < DISK_CRITICAL_MIB ? "critical" : "warning",
            "Free some space on the disk of the state folder",
            "Only %" PRIu64 " MiB of disk are free", mib);
    else
        checks_add(list, "disk", "ok", "", "%" PRIu64 " GiB of disk are free",
            mib / 1024);
}

static void check_quarantine(json_t *list, const struct agent *agent)
{
    uint64_t count = 0;
    struct err err;

    if (inbox_quarantine_count(&count, agent->db, &err) < 0)
        checks_add(
            list, "quarantine", "critical", "moveup doctor", "%s", err.text);
    else if (count > 0)
        checks_add(list, "quarantine", "warning", "moveup quarantine list",
            "%" PRIu64 " letter%s in quarantine", count,
            count == 1 ? " is" : "s are");
    else
        checks_add(list, "quarantine", "ok", "", "Nothing is in quarantine");
}

static void check_refused(json_t *list, const struct agent *agent)
{
    uint64_t count = 0;
    struct err err;

    if (retries_refused(&count, agent->db, &err) < 0)
        checks_add(
            list, "refused", "critical", "moveup doctor", "%s", err.text);
    else if (count > 0)
        checks_add(list, "refused", "warning", "See why: moveup queue",
            "%" PRIu64 " of our letters %s refused", count,
            count == 1 ? "was" : "were");
    else
        checks_add(list, "refused", "ok", "", "Nothing of ours was refused");
}

static void check_database(json_t *list, const struct agent *agent)
{
    struct err err;

    if (db_check(agent->db, &err) < 0)
        checks_add(list, "database", "critical",
            "Stop the agent and ask for help before anything else is written",
            "The database is damaged: %s", err.text);
    else
        checks_add(list, "database", "ok", "", "The database is sound");
}

/* Key files were checked when they were read at the start; somebody may have
 * changed their mode since. */
static void check_keys(json_t *list, const struct agent *agent)
{
    static const char *const files[] = {
        "sign.key", "encrypt.key", "curve.key", "data.key"};
    size_t bad = 0;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        SCOPED(mem_freep)
        char *path =
            mem_format("%s/identity/%s", agent->identity->state, files[i]);
        SCOPED(buf_free) struct buf key = BUF_EMPTY;
        struct err err;

        if (file_read_private(&key, path, 65536, &err) < 0) {
            checks_add(list, "keys", "critical", "The text says how to mend it",
                "%s", err.text);
            bad++;
        }
    }
    if (bad == 0)
        checks_add(list, "keys", "ok", "", "Key files are readable by us only");
}

json_t *checks_run(struct agent *agent, bool thorough)
{
    json_t *list = json_array();

    if (post_fenced_at(agent->post).ms != 0)
        check_clone(list, agent);
    else
        check_hubs(list, agent);
    check_mail(list, agent);
    check_clock(list, agent);
    check_directory(list, agent);
    keys_checks(list, agent);
    check_disk(list, agent);
    check_quarantine(list, agent);
    check_refused(list, agent);
    check_keys(list, agent);
    past_checks(list, agent);
    check_openssl(list);
    if (thorough)
        check_database(list, agent);
    return list;
}
