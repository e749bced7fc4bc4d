#include "agentd/spare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/aside.h"
#include "agentd/checks.h"
#include "agentd/incarnation.h"
#include "agentd/mail.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/tombstones.h"

#define NUMBER_SIZE 24
#define MAX_UPNS 8 /* of one child, one after another */

/* --- what was approved: an incarnation of an author --- */

static char *approved_key(const struct laestab *author)
{
    return mem_format("recalls approved %s", author->text);
}

static int is_approved(bool *approved, struct agent *agent,
    const struct batch *batch, struct err *err)
{
    SCOPED(mem_freep) char *key = approved_key(&batch->header.author);
    char text[NUMBER_SIZE] = "";
    int rc = db_get(agent->db, key, text, sizeof text, err);

    *approved = rc == 0 && text[0] != '\0' &&
                strtoull(text, NULL, 10) >= batch->incarnation;
    return rc;
}

/* --- counting --- */

bool spare_may_wait(const struct batch *batch, const struct batch_item *item)
{
    return item->kind == ITEM_TOMBSTONE &&
           item->u.tombstone.revision <=
               batch->incarnation * INCARNATION_REVISIONS;
}

/* The tag that a record of this UPN would be here under. */
static int find_tag(struct tag *tag, struct agent *agent,
    const struct laestab *author, const char *upn, struct err *err)
{
    struct tombstone known = {.moved = true};
    int rc = 0;

    agent_upn_tag(tag, agent, upn);
    for (int i = 0; rc == 0 && known.moved && i < MAX_UPNS; i++) {
        rc = tombstones_find(&known, agent->db, author, tag, err);
        if (rc == 0 && known.moved)
            *tag = known.became;
    }
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int would_destroy(bool *would, struct agent *agent,
    const struct laestab *author, const struct batch_item *item,
    struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    struct tag tag;
    int rc = find_tag(&tag, agent, author, item->u.tombstone.upn, err);

    *would = false;
    if (rc == 0)
        rc = inbox_find_record(&row, agent->db, &tag, &arena, err);
    if (rc == 0)
        *would = laestab_equal(&row.author, author) &&
                 row.revision <= item->u.tombstone.revision;
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

struct counting {
    const struct laestab *author;
    size_t count;
};

static int count_record(void *arg, const struct inbox_record *record)
{
    struct counting *c = arg;

    c->count += laestab_equal(&record->author, c->author);
    return 0;
}

int spare_count(size_t *count, size_t *of, struct agent *agent,
    const struct batch *batch, struct err *err)
{
    const struct laestab *author = &batch->header.author;
    struct counting all = {author, 0};
    size_t gone = 0;
    bool approved = false;
    bool waits = false;
    int rc = 0;

    *count = *of = 0;
    for (size_t i = 0; rc == 0 && i < batch->count; i++) {
        bool would = false;

        if (spare_may_wait(batch, &batch->items[i]))
            rc = would_destroy(&would, agent, author, &batch->items[i], err);
        gone += would;
    }
    if (rc < 0 || gone == 0)
        return rc;
    rc = is_approved(&approved, agent, batch, err);
    if (rc == 0)
        rc = spare_waits(&waits, agent, author, err);
    if (rc == 0)
        rc = inbox_each_record(agent->db, 0, count_record, &all, err);
    if (rc < 0 || approved ||
        (!waits && gone <= SPARE_MOST && gone * SPARE_PART <= all.count))
        return rc;
    *count = gone;
    *of = all.count;
    return 0;
}

/* --- what waits --- */

struct waiting {
    const struct laestab *author;
    int64_t *ids;
    size_t count;
};

static int note_waiting(void *arg, const struct quarantine_row *row)
{
    struct waiting *w = arg;

    if (row->reason != REASON_MASS_RECALL ||
        !laestab_equal(&row->author, w->author))
        return 0;
    w->ids = mem_resize(w->ids, w->count + 1, sizeof w->ids[0]);
    w->ids[w->count++] = row->id;
    return 0;
}

int spare_waits(bool *waits, struct agent *agent, const struct laestab *author,
    struct err *err)
{
    struct waiting w = {.author = author};
    int rc = inbox_quarantine_each(agent->db, note_waiting, &w, err);

    *waits = rc == 0 && w.count > 0;
    free(w.ids);
    return rc;
}

/* From here on nothing of this incarnation waits. */
static int note_approved(
    struct agent *agent, const struct laestab *author, struct err *err)
{
    SCOPED(mem_freep) char *key = approved_key(author);
    char text[NUMBER_SIZE];
    uint64_t number = 0;
    int rc = incarnation_of(&number, agent, author, err);

    snprintf(text, sizeof text, "%" PRIu64, number);
    return rc < 0 ? rc : db_set(agent->db, key, text, err);
}

/* Oldest first, as they came. */
static int take_waiting(size_t *count, struct agent *agent,
    const struct waiting *w, struct mail_debts *debts, struct err *err)
{
    bool gone = false;
    int rc = 0;

    *count = 0;
    for (size_t i = w->count; rc == 0 && i-- > 0;) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct quarantine_row row;

        rc = inbox_quarantine_find(&row, agent->db, w->ids[i], &arena, err);
        if (rc == 0 && row.sealed.len == 0) {
            gone = true;
            continue;
        }
        if (rc == 0)
            rc = aside_again(agent, &row, debts, err);
        *count += rc == 0;
    }
    if (rc == 0 && gone && *count == 0)
        return err_set(err, ERR_STATE,
            "the letters are no longer kept; ask the sending school to recall "
            "those records again");
    return rc;
}

int spare_approve(size_t *count, struct agent *agent,
    const struct laestab *author, struct mail_debts *debts, struct err *err)
{
    struct waiting w = {.author = author};
    int rc = inbox_quarantine_each(agent->db, note_waiting, &w, err);

    *count = 0;
    if (rc == 0 && w.count > 0) {
        rc = note_approved(agent, author, err);
        if (rc == 0)
            rc = take_waiting(count, agent, &w, debts, err);
    }
    free(w.ids);
    return rc;
}

/* --- status --- */

struct telling {
    struct agent *agent;
    json_t *list;
};

static int tell_waiting(void *arg, const struct quarantine_row *row)
{
    struct telling *t = arg;
    char next[200];

    if (row->reason != REASON_MASS_RECALL)
        return 0;
    snprintf(next, sizeof next,
        "Ring that school.  If it means it: moveup approve %s.  If not: moveup "
        "quarantine drop %" PRId64 " --reason TEXT",
        row->author.text, row->id);
    checks_add(t->list, "recalls", "warning", next,
        "%s went back to a backup, and %s",
        agent_school_name(t->agent, &row->author), row->detail);
    return 0;
}

/* At the author: the recipient says so in its receipt. */
static int tell_ours(void *arg, const struct outbox_stream *stream)
{
    struct telling *t = arg;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct exception *list;
    struct outbox_stream current;
    struct err err;
    char next[160];
    uint64_t waits = 0;
    int n;

    if (outbox_current(&current, t->agent->db, &stream->recipient, stream->lane,
            &err) < 0 ||
        current.id != stream->id)
        return 0;
    n = outbox_exceptions(&list, t->agent->db, stream->id, &arena, &err);
    for (int i = 0; i < n; i++)
        if (list[i].reason == REASON_MASS_RECALL)
            waits += list[i].last - list[i].first + 1;
    if (waits == 0)
        return 0;
    snprintf(next, sizeof next,
        "Ring that school.  If you mean these recalls, somebody there runs: "
        "moveup approve %s",
        t->agent->identity->laestab.text);
    checks_add(t->list, "recalls", "warning", next,
        "%s waits with our recalls from before the restore (%" PRIu64 ")",
        agent_school_name(t->agent, &stream->recipient), waits);
    return 0;
}

void spare_checks(json_t *list, struct agent *agent)
{
    struct telling t = {agent, list};
    struct err err;

    if (inbox_quarantine_each(agent->db, tell_waiting, &t, &err) < 0 ||
        outbox_each_stream(agent->db, tell_ours, &t, &err) < 0)
        checks_add(
            list, "recalls", "critical", "moveup doctor", "%s", err.text);
}
