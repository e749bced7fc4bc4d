#include "agentd/apply.h"

#include <string.h>

#include "agentd/agent.h"
#include "agentd/asks.h"
#include "agentd/blob.h"
#include "agentd/bury.h"
#include "agentd/crowd.h"
#include "agentd/forgotten.h"
#include "agentd/incarnation.h"
#include "agentd/newpoints.h"
#include "agentd/noticeboard.h"
#include "agentd/progress.h"
#include "agentd/recall.h"
#include "agentd/reply.h"
#include "agentd/spare.h"
#include "agentd/succeed.h"
#include "base/err.h"
#include "base/mem.h"
#include "record/merge.h"
#include "record/visible.h"
#include "store/inbox.h"
#include "store/offers.h"
#include "wire/record.h"

static enum reason refuse(
    enum reason reason, struct err *err, enum err_code code, const char *text)
{
    (void)err_set(err, code, "%s", text);
    return reason;
}

void apply_offer_tag(struct tag *out, struct agent *agent, const char *upn)
{
    SCOPED(mem_freep) char *child = mem_format("offer/%s", upn);
    struct vault_tag tag;

    vault_tag(&tag, agent->vault, "person", bytes_of(child));
    memcpy(out->bytes, tag.bytes, sizeof out->bytes);
}

/* The people of a family are known by the source's own ids (never by name), and
 * a restricted adult joins no family. */
static int find_family(int64_t *family, struct agent *agent,
    const struct laestab *author, const struct leaver *leaver, bool expected,
    struct err *err)
{
    struct tag people[LEAVER_MAX_CONTACTS + 1];
    struct visible seen;
    size_t count = 0;

    visible_contacts(&seen, leaver);
    for (size_t i = 0; i < seen.count; i++) {
        const char *source_id = seen.contacts[i].contact->source_id;
        SCOPED(mem_freep)
        char *person = mem_format("%s/%s", author->text, source_id);
        struct vault_tag tag;

        if (source_id[0] == '\0')
            continue;
        vault_tag(&tag, agent->vault, "person", bytes_of(person));
        memcpy(people[count++].bytes, tag.bytes, sizeof tag.bytes);
    }
    if (expected)
        apply_offer_tag(&people[count++], agent, leaver->upn);
    return inbox_family(family, agent->db, people, count, clock_wall(), err);
}

static int store(struct agent *agent, struct inbox_record *row,
    struct bytes plain, struct err *err)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    int rc = blob_seal(&sealed, agent, BLOB_RECORD, row->id, plain, err);

    if (rc < 0)
        return rc;
    row->sealed = buf_bytes(&sealed);
    return inbox_put_record(agent->db, row, err);
}

/* The bytes to keep: those that came, unless they hold what we must not have (a
 * former UPN). */
static int choose_bytes(struct buf *out, const struct batch_item *item,
    const struct leaver *fresh, struct err *err)
{
    if (fresh->former_upn[0] != '\0')
        return record_encode(out, fresh, err);
    buf_add(out, item->u.leaver.record);
    return 0;
}

/* With the restrictions of both, of which `stated` were in it before; theirs
 * lose their notes if it would be too large. */
static int encode_merged(
    struct buf *out, struct leaver *leaver, size_t stated, struct err *err)
{
    int rc = record_encode(out, leaver, err);

    if (rc != ERR_TOO_BIG)
        return rc;
    merge_shorten(leaver, stated);
    return record_encode(out, leaver, err);
}

static int too_large(enum reason *reason, struct err *err)
{
    *reason = refuse(REASON_TOO_LARGE, err, ERR_TOO_BIG,
        "the record has no room for the restrictions that are held here");
    return 0;
}

/* A later revision of a record that is here. */
static int replace(enum reason *reason, struct agent *agent,
    struct inbox_record *row, const struct batch_item *item,
    struct leaver *fresh, const struct leaver *known, struct arena *arena,
    struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    const size_t stated = fresh->restriction_count;
    int rc = forgotten_tell(agent, &row->author, fresh, known, err);

    if (rc < 0)
        return rc;
    if (merge_restrictions(fresh, known, arena) > 0)
        rc = encode_merged(&plain, fresh, stated, err);
    else
        rc = choose_bytes(&plain, item, fresh, err);
    if (rc == ERR_TOO_BIG)
        return too_large(reason, err);
    row->revision = item->u.leaver.revision;
    row->changed_at = clock_wall();
    if (rc == 0)
        rc = store(agent, row, buf_bytes(&plain), err);
    return rc < 0 ? rc : newpoints_note(agent, row, known, fresh, err);
}

/* The number that was kept for this child's record; 0: it was not expected. */
static int find_offer(
    int64_t *id, struct agent *agent, const struct tag *tag, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct offer offer;
    const int rc = offers_find(&offer, agent->db, tag, &arena, err);

    *id = rc == 0 ? offer.id : 0;
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int insert(struct agent *agent, const struct laestab *author,
    const struct batch_item *item, struct leaver *fresh, const struct tag *tag,
    struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct inbox_record row = {
        .tag = *tag,
        .author = *author,
        .revision = item->u.leaver.revision,
        .applied_at = clock_wall(),
    };
    int rc = find_offer(&row.id, agent, tag, err);

    row.changed_at = row.applied_at;
    if (rc == 0)
        rc = find_family(&row.family, agent, author, fresh, row.id != 0, err);
    if (rc == 0 && row.id == 0)
        rc = inbox_next_record_id(agent->db, &row.id, err);
    if (rc == 0)
        rc = choose_bytes(&plain, item, fresh, err);
    return rc < 0 ? rc : store(agent, &row, buf_bytes(&plain), err);
}

/* The record by the UPN that the author says we know the child by (a temporary
 * one that was replaced), else by its own. */
static int find_known(struct inbox_record *row, struct agent *agent,
    const struct bury_names *names, struct arena *arena, struct err *err)
{
    int rc = inbox_find_record(row, agent->db, &names->own, arena, err);

    if (rc != ERR_NOT_FOUND || !names->renamed)
        return rc;
    return inbox_find_record(row, agent->db, &names->former, arena, err);
}

/* The number is one that this author may have given before it went back. */
static bool is_from_before(const struct batch *batch, uint64_t revision)
{
    return revision <= batch->incarnation * INCARNATION_REVISIONS;
}

/* The author's database went back, and this snapshot of it is older than what
 * it had sent before: numbers of this incarnation begin higher.  The author's
 * people decide (moveup approve). */
static bool is_forgotten(
    const struct batch *batch, uint64_t theirs, uint64_t ours)
{
    return theirs < ours && is_from_before(batch, theirs);
}

/* The revision that is here, from an author whose database went back since: it
 * may have given the number to another change before it knew.  Restrictions are
 * held by both after they were merged. */
static int compare(enum reason *reason, struct leaver *fresh,
    struct leaver *known, struct arena *arena, struct err *err)
{
    SCOPED(buf_free) struct buf here = BUF_EMPTY;
    SCOPED(buf_free) struct buf there = BUF_EMPTY;
    int rc;

    (void)merge_restrictions(fresh, known, arena);
    fresh->restriction_count = known->restriction_count = 0;
    rc = record_encode(&here, known, err);
    if (rc == 0)
        rc = record_encode(&there, fresh, err);
    if (rc == ERR_TOO_BIG)
        return too_large(reason, err);
    if (rc == 0 &&
        (here.len != there.len || memcmp(here.data, there.data, here.len) != 0))
        *reason = refuse(REASON_OLD_REVISION, err, ERR_STATE,
            "the record here has this revision with another content, from "
            "before the author's restore");
    return rc;
}

/* The restrictions of a revision that replaces nothing: its author may have got
 * one back that this database forgot, or made one before it knew that it went
 * back itself. */
static int merge_older(enum reason *reason, struct agent *agent,
    struct inbox_record *row, const struct leaver *older, struct leaver *known,
    struct arena *arena, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    const size_t stated = known->restriction_count;
    int rc;

    if (merge_restrictions(known, older, arena) == 0)
        return 0;
    rc = encode_merged(&plain, known, stated, err);
    if (rc == ERR_TOO_BIG)
        return too_large(reason, err);
    return rc < 0 ? rc : store(agent, row, buf_bytes(&plain), err);
}

/* What came late its author may have forgotten: it is told of the restrictions
 * that the record it has sent since lacks. */
static int tell_late(struct agent *agent, const struct laestab *author,
    const struct apply_letter *letter, const struct leaver *late,
    const struct leaver *known, struct err *err)
{
    return letter->late ? forgotten_tell(agent, author, known, late, err) : 0;
}

static int take_older(enum reason *reason, struct agent *agent,
    const struct apply_letter *letter, const struct batch_item *item,
    struct inbox_record *row, struct leaver *fresh, struct leaver *known,
    struct arena *arena, struct err *err)
{
    const struct batch *batch = letter->batch;
    const uint64_t revision = item->u.leaver.revision;
    int rc = tell_late(agent, &row->author, letter, fresh, known, err);

    if (rc == 0 && is_from_before(batch, revision))
        rc = forgotten_tell(agent, &row->author, fresh, known, err);
    if (rc == 0)
        rc = merge_older(reason, agent, row, fresh, known, arena, err);
    if (rc < 0 || *reason != REASON_NONE)
        return rc;
    if (is_forgotten(batch, revision, row->revision))
        *reason = refuse(REASON_OLD_REVISION, err, ERR_STATE,
            "the record here is newer than what the author has after its "
            "restore");
    else if (revision == row->revision && is_from_before(batch, revision))
        rc = compare(reason, fresh, known, arena, err);
    return rc;
}

static int put_record(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item,
    struct leaver *fresh, const struct bury_names *names, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct laestab *author = &letter->batch->header.author;
    struct inbox_record row;
    struct leaver known;
    bool succeeds;
    int rc = find_known(&row, agent, names, &arena, err);

    if (rc == ERR_NOT_FOUND) {
        rc = crowd_fits(reason, agent, letter, err);
        return rc < 0 || *reason != REASON_NONE
                   ? rc
                   : insert(agent, author, item, fresh, &names->own, err);
    }
    if (rc < 0)
        return rc;
    succeeds = succeed_is(agent, &row.author, author);
    if (!laestab_equal(&row.author, author) && !succeeds) {
        *reason = refuse(REASON_UPN_CONFLICT, err, ERR_EXISTS,
            "another school has sent a record with this UPN");
        return 0;
    }
    rc = blob_open(&known, agent, BLOB_RECORD, row.id, row.sealed, &arena, err);
    if (rc < 0)
        return rc;
    if (item->u.leaver.revision <= row.revision && !succeeds)
        return take_older(
            reason, agent, letter, item, &row, fresh, &known, &arena, err);
    row.author = *author; /* the record of a school that follows is its own */
    row.tag = names->own;
    rc = tell_late(agent, author, letter, fresh, &known, err);
    if (rc < 0)
        return rc;
    rc = replace(reason, agent, &row, item, fresh, &known, &arena, err);
    letter->follows |= succeeds && *reason == REASON_NONE;
    return rc;
}

static struct bury_names names_of(struct agent *agent,
    const struct batch_item *item, const struct leaver *fresh)
{
    struct bury_names names = {
        .renamed = strcmp(item->u.leaver.upn, fresh->upn) != 0};

    agent_upn_tag(&names.own, agent, fresh->upn);
    if (names.renamed)
        agent_upn_tag(&names.former, agent, item->u.leaver.upn);
    return names;
}

static int apply_leaver(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item, struct err *err)
{
    const struct batch *batch = letter->batch;
    const struct laestab *author = &batch->header.author;
    const uint64_t revision = item->u.leaver.revision;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct bury_names names;
    struct leaver fresh;
    uint64_t dead = 0;
    int rc = record_decode(&fresh, item->u.leaver.record, &arena, err);

    if (rc < 0) {
        *reason = REASON_BAD_BATCH;
        return 0;
    }
    if (!laestab_equal(&fresh.destination, &agent->identity->laestab)) {
        *reason = refuse(REASON_NOT_OURS, err, ERR_DENIED,
            "the record names another destination");
        return 0;
    }
    names = names_of(agent, item, &fresh);
    rc = bury_covers(&dead, agent, author, &names, revision, err);
    if (rc == 0 && is_forgotten(batch, revision, dead))
        *reason = refuse(REASON_OLD_REVISION, err, ERR_STATE,
            "the author recalled it, and its restore has forgotten that");
    if (rc < 0 || dead != 0)
        return rc;
    rc = put_record(reason, agent, letter, item, &fresh, &names, err);
    if (rc < 0 || *reason != REASON_NONE || !names.renamed)
        return rc;
    return bury_former(agent, author, &names, revision, err);
}

static int apply_read(struct agent *agent, const struct laestab *author,
    const struct batch_item *item, struct err *err)
{
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.read.upn);
    rc = leavers_mark_read(agent->db, &tag, author, item->u.read.revision,
        item->u.read.role, item->u.read.at, err);
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

static enum reason wait_for_a_person(
    const struct apply_letter *letter, struct err *err)
{
    (void)err_set(err, ERR_STATE,
        "would have %zu of the %zu records from there destroyed here",
        letter->spared, letter->of);
    return REASON_MASS_RECALL;
}

int apply_item(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item, struct err *err)
{
    const struct laestab *author = &letter->batch->header.author;

    *reason = REASON_NONE;
    switch (item->kind) {
    case ITEM_LEAVER:
        return apply_leaver(reason, agent, letter, item, err);
    case ITEM_READ:
        return apply_read(agent, author, item, err);
    case ITEM_TOMBSTONE:
        if (letter->spared > 0 && spare_may_wait(letter->batch, item)) {
            *reason = wait_for_a_person(letter, err);
            return 0;
        }
        return bury_record(&letter->destroyed, agent, author, item, err);
    case ITEM_DESTROYED:
        return recall_confirmed(agent, author, item, letter->signed_batch, err);
    case ITEM_REQUEST:
        return asks_take(agent, author, item, err);
    case ITEM_ANSWER:
        return reply_take(reason, agent, author, item, err);
    case ITEM_FAMILY:
        return progress_heard(agent, author, item, err);
    case ITEM_HELD:
        return forgotten_take(agent, author, item, err);
    case ITEM_DIARY:
        return noticeboard_heard(agent, letter->batch, item, err);
    case ITEM_HEARTBEAT:
        return 0;
    case ITEM_RECEIPT:
    case ITEM_REFUSAL:
        break;
    }
    *reason = refuse(
        REASON_BAD_BATCH, err, ERR_MALFORMED, "a receipt in a lane of records");
    return 0;
}
