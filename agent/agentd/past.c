#include "agentd/past.h"

#include <inttypes.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/checks.h"
#include "agentd/mail.h"
#include "agentd/spare.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/inbox.h"

#define BACKUP_WARN_DAYS 7
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

wall past_backup_at(struct agent *agent)
{
    char text[24] = "";

    if (db_get(agent->db, "backup at", text, sizeof text, NULL) < 0)
        return (wall){0};
    return (wall){strtoll(text, NULL, 10)};
}

json_t *past_backup_age(struct agent *agent)
{
    const int64_t at = past_backup_at(agent).ms;

    return at == 0 ? json_null() : json_integer((clock_wall().ms - at) / 1000);
}

static void check_backup(json_t *list, struct agent *agent)
{
    const int64_t at = past_backup_at(agent).ms;
    const int64_t age = clock_wall().ms - at;
    char text[24];

    clock_age(age, text, sizeof text);
    if (at == 0)
        checks_add(list, "backup", "warning",
            "Make one, and keep its key off this machine: moveup backup FILE",
            "There is no backup of this school yet");
    else if (age > BACKUP_WARN_DAYS * DAY_MS)
        checks_add(list, "backup", "warning",
            "Make a new one: moveup backup FILE", "The last backup is %s old",
            text);
    else
        checks_add(list, "backup", "ok", "", "The last backup is %s old", text);
}

/* --- records that a restored agent does not send over newer ones --- */

struct waiting {
    struct laestab school;
    uint64_t count;
};

struct tally {
    struct waiting *schools;
    size_t count;
};

static int count_waiting(void *arg, const struct leavers_row *row)
{
    struct tally *t = arg;
    size_t i = 0;

    if (row->reason != REASON_OLD_REVISION)
        return 0;
    while (i < t->count &&
           !laestab_equal(&t->schools[i].school, &row->destination))
        i++;
    if (i == t->count) {
        t->schools = mem_resize(t->schools, t->count + 1, sizeof t->schools[0]);
        t->schools[t->count++] = (struct waiting){row->destination, 0};
    }
    t->schools[i].count++;
    return 0;
}

static void check_restore(json_t *list, struct agent *agent)
{
    struct tally t = {.count = 0};
    struct err err;

    if (leavers_each(agent->db, NULL, false, count_waiting, &t, &err) < 0)
        checks_add(
            list, "restore", "critical", "moveup doctor", "%s", err.text);
    for (size_t i = 0; i < t.count; i++) {
        const struct waiting *w = &t.schools[i];
        SCOPED(mem_freep)
        char *next = mem_format("Import your newest file and send it, or send "
                                "ours over theirs: moveup approve --to %s",
            w->school.text);

        checks_add(list, "restore", "warning", next,
            "%" PRIu64 " %s at %s %s newer than ours", w->count,
            w->count == 1 ? "record" : "records",
            agent_school_name(agent, &w->school), w->count == 1 ? "is" : "are");
    }
    free(t.schools);
}

/* --- frozen streams --- */

struct freezer {
    struct agent *agent;
    json_t *list;
};

static int check_stream(void *arg, const struct inbox_stream *stream)
{
    struct freezer *f = arg;
    bool frozen = false;
    const int rc = mail_is_frozen(&frozen, f->agent, &stream->author,
        stream->lane, &stream->intake.epoch, NULL);

    if (rc == 0 && frozen)
        checks_add(f->list, "stream", "warning",
            "It mends itself when that school's agent next connects; if it is "
            "here tomorrow, ring the school: is an old copy of its agent "
            "running?",
            "Mail from %s (%s) is put aside: two contents came under one "
            "number",
            agent_school_name(f->agent, &stream->author),
            stream_lane_name(stream->lane));
    return 0;
}

void past_checks(json_t *list, struct agent *agent)
{
    struct freezer f = {agent, list};
    struct err err;

    check_backup(list, agent);
    check_restore(list, agent);
    spare_checks(list, agent);
    if (inbox_each_stream(agent->db, check_stream, &f, &err) < 0)
        checks_add(list, "stream", "critical", "moveup doctor", "%s", err.text);
}
