#include "agentd/arrival.h"

#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/bury.h"
#include "agentd/crowd.h"
#include "agentd/forgotten.h"
#include "agentd/incarnation.h"
#include "agentd/newpoints.h"
#include "agentd/succeed.h"
#include "base/err.h"
#include "base/mem.h"
#include "record/merge.h"
#include "record/visible.h"
#include "store/inbox.h"
#include "store/offers.h"
#include "wire/record.h"

struct arrival {
    struct agent *agent;
    struct apply_letter *letter;
    const struct batch_item *item; /* ITEM_LEAVER */
    enum reason reason;            /* why it cannot be taken; REASON_NONE */
    struct leaver fresh;           /* as it came */
    struct bury_names names;       /* by which it may be known */
    struct inbox_record row;       /* as it is here, if it is */
    struct leaver known;
    struct arena arena;
};

static void arrival_end(struct arrival *a)
{
    arena_free(&a->arena);
}

static const struct laestab *author_of(const struct arrival *a)
{
    return &a->letter->batch->header.author;
}

static uint64_t revision_of(const struct arrival *a)
{
    return a->item->u.leaver.revision;
}

/* It waits in quarantine: 0, for the letter goes on. */
static int refuse(struct arrival *a, enum reason reason, enum err_code code,
    const char *text, struct err *err)
{
    (void)err_set(err, code, "%s", text);
    a->reason = reason;
    return 0;
}

static int too_large(struct arrival *a, struct err *err)
{
    return refuse(a, REASON_TOO_LARGE, ERR_TOO_BIG,
        "the record has no room for the restrictions that are held here", err);
}

/* --- storing --- */

void arrival_offer_tag(struct tag *out, struct agent *agent, const char *upn)
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
        arrival_offer_tag(&people[count++], agent, leaver->upn);
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
static int choose_bytes(
    struct buf *out, const struct arrival *a, struct err *err)
{
    if (a->fresh.former_upn[0] != '\0')
        return record_encode(out, &a->fresh, err);
    buf_add(out, a->item->u.leaver.record);
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

/* The first of this child. */
static int insert(const struct arrival *a, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct agent *agent = a->agent;
    struct inbox_record row = {
        .tag = a->names.own,
        .author = *author_of(a),
        .revision = revision_of(a),
        .applied_at = clock_wall(),
    };
    int rc = find_offer(&row.id, agent, &row.tag, err);

    row.changed_at = row.applied_at;
    if (rc == 0)
        rc = find_family(
            &row.family, agent, &row.author, &a->fresh, row.id != 0, err);
    if (rc == 0 && row.id == 0)
        rc = inbox_next_record_id(agent->db, &row.id, err);
    if (rc == 0)
        rc = choose_bytes(&plain, a, err);
    return rc < 0 ? rc : store(agent, &row, buf_bytes(&plain), err);
}

/* A later revision of a record that is here. */
static int replace(struct arrival *a, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    const size_t stated = a->fresh.restriction_count;
    int rc =
        forgotten_tell(a->agent, &a->row.author, &a->fresh, &a->known, err);

    if (rc < 0)
        return rc;
    if (merge_restrictions(&a->fresh, &a->known, &a->arena) > 0)
        rc = encode_merged(&plain, &a->fresh, stated, err);
    else
        rc = choose_bytes(&plain, a, err);
    if (rc == ERR_TOO_BIG)
        return too_large(a, err);
    a->row.revision = revision_of(a);
    a->row.changed_at = clock_wall();
    if (rc == 0)
        rc = store(a->agent, &a->row, buf_bytes(&plain), err);
    return rc < 0
               ? rc
               : newpoints_note(a->agent, &a->row, &a->known, &a->fresh, err);
}

/* --- what is not newer than what is here --- */

/* The number is one that this author may have given before it went back. */
static bool is_from_before(const struct arrival *a)
{
    return revision_of(a) <=
           a->letter->batch->incarnation * INCARNATION_REVISIONS;
}

/* The author's database went back, and this snapshot of it is older than what
 * it had sent before: numbers of this incarnation begin higher.  The author's
 * people decide (moveup approve). */
static bool is_forgotten(const struct arrival *a, uint64_t ours)
{
    return revision_of(a) < ours && is_from_before(a);
}

/* The revision that is here, from an author whose database went back since: it
 * may have given the number to another change before it knew.  Restrictions are
 * held by both after they were merged. */
static int compare(struct arrival *a, struct err *err)
{
    SCOPED(buf_free) struct buf here = BUF_EMPTY;
    SCOPED(buf_free) struct buf there = BUF_EMPTY;
    int rc;

    (void)merge_restrictions(&a->fresh, &a->known, &a->arena);
    a->fresh.restriction_count = a->known.restriction_count = 0;
    rc = record_encode(&here, &a->known, err);
    if (rc == 0)
        rc = record_encode(&there, &a->fresh, err);
    if (rc == ERR_TOO_BIG)
        return too_large(a, err);
    if (rc == 0 &&
        (here.len != there.len || memcmp(here.data, there.data, here.len) != 0))
        return refuse(a, REASON_OLD_REVISION, ERR_STATE,
            "the record here has this revision with another content, from "
            "before the author's restore",
            err);
    return rc;
}

/* The restrictions of a revision that replaces nothing: its author may have got
 * one back that this database forgot, or made one before it knew that it went
 * back itself. */
static int merge_older(struct arrival *a, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    const size_t stated = a->known.restriction_count;
    int rc;

    if (merge_restrictions(&a->known, &a->fresh, &a->arena) == 0)
        return 0;
    rc = encode_merged(&plain, &a->known, stated, err);
    if (rc == ERR_TOO_BIG)
        return too_large(a, err);
    return rc < 0 ? rc : store(a->agent, &a->row, buf_bytes(&plain), err);
}

/* What came late its author may have forgotten: it is told of the restrictions
 * that the record it has sent since lacks. */
static int tell_late(const struct arrival *a, struct err *err)
{
    return a->letter->late ? forgotten_tell(a->agent, &a->row.author, &a->known,
                                 &a->fresh, err)
                           : 0;
}

static int take_older(struct arrival *a, struct err *err)
{
    int rc = tell_late(a, err);

    if (rc == 0 && is_from_before(a))
        rc =
            forgotten_tell(a->agent, &a->row.author, &a->fresh, &a->known, err);
    if (rc == 0)
        rc = merge_older(a, err);
    if (rc < 0 || a->reason != REASON_NONE)
        return rc;
    if (is_forgotten(a, a->row.revision))
        return refuse(a, REASON_OLD_REVISION, ERR_STATE,
            "the record here is newer than what the author has after its "
            "restore",
            err);
    return revision_of(a) == a->row.revision && is_from_before(a)
               ? compare(a, err)
               : 0;
}

/* --- which of these it is --- */

/* The record by the UPN that the author says we know the child by (a temporary
 * one that was replaced), else by its own. */
static int find_known(struct arrival *a, struct err *err)
{
    struct db *db = a->agent->db;
    int rc = inbox_find_record(&a->row, db, &a->names.own, &a->arena, err);

    if (rc != ERR_NOT_FOUND || !a->names.renamed)
        return rc;
    return inbox_find_record(&a->row, db, &a->names.former, &a->arena, err);
}

static int take_first(struct arrival *a, struct err *err)
{
    const int rc = crowd_fits(&a->reason, a->agent, a->letter, err);

    return rc < 0 || a->reason != REASON_NONE ? rc : insert(a, err);
}

static int put_record(struct arrival *a, struct err *err)
{
    const struct laestab *author = author_of(a);
    bool succeeds;
    int rc = find_known(a, err);

    if (rc == ERR_NOT_FOUND)
        return take_first(a, err);
    if (rc < 0)
        return rc;
    succeeds = succeed_is(a->agent, &a->row.author, author);
    if (!laestab_equal(&a->row.author, author) && !succeeds)
        return refuse(a, REASON_UPN_CONFLICT, ERR_EXISTS,
            "another school has sent a record with this UPN", err);
    rc = blob_open(&a->known, a->agent, BLOB_RECORD, a->row.id, a->row.sealed,
        &a->arena, err);
    if (rc < 0)
        return rc;
    if (revision_of(a) <= a->row.revision && !succeeds)
        return take_older(a, err);
    a->row.author =
        *author; /* the record of a school that follows is its own */
    a->row.tag = a->names.own;
    rc = tell_late(a, err);
    if (rc < 0)
        return rc;
    rc = replace(a, err);
    a->letter->follows |= succeeds && a->reason == REASON_NONE;
    return rc;
}

static struct bury_names names_of(const struct arrival *a)
{
    const char *upn = a->item->u.leaver.upn;
    struct bury_names names = {.renamed = strcmp(upn, a->fresh.upn) != 0};

    agent_upn_tag(&names.own, a->agent, a->fresh.upn);
    if (names.renamed)
        agent_upn_tag(&names.former, a->agent, upn);
    return names;
}

/* Whether its author has recalled it: then nothing comes back. */
static int check_dead(bool *dead, struct arrival *a, struct err *err)
{
    uint64_t revision = 0;
    const int rc = bury_covers(
        &revision, a->agent, author_of(a), &a->names, revision_of(a), err);

    *dead = revision != 0;
    if (rc == 0 && is_forgotten(a, revision))
        return refuse(a, REASON_OLD_REVISION, ERR_STATE,
            "the author recalled it, and its restore has forgotten that", err);
    return rc;
}

static int take(struct arrival *a, struct err *err)
{
    bool dead;
    int rc;

    if (record_decode(&a->fresh, a->item->u.leaver.record, &a->arena, err) <
        0) {
        a->reason = REASON_BAD_BATCH;
        return 0;
    }
    if (!laestab_equal(&a->fresh.destination, &a->agent->identity->laestab))
        return refuse(a, REASON_NOT_OURS, ERR_DENIED,
            "the record names another destination", err);
    a->names = names_of(a);
    rc = check_dead(&dead, a, err);
    if (rc < 0 || dead)
        return rc;
    rc = put_record(a, err);
    if (rc < 0 || a->reason != REASON_NONE || !a->names.renamed)
        return rc;
    return bury_former(a->agent, author_of(a), &a->names, revision_of(a), err);
}

int arrival_take(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, const struct batch_item *item, struct err *err)
{
    SCOPED(arrival_end)
    struct arrival a = {.agent = agent,
        .letter = letter,
        .item = item,
        .reason = REASON_NONE,
        .arena = ARENA_EMPTY};
    const int rc = take(&a, err);

    *reason = a.reason;
    return rc;
}
