#include "agentd/forgotten.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "record/merge.h"
#include "store/people.h"
#include "wire/record.h"

/* --- at the recipient --- */

static void fill_item(struct batch_item *out, const struct leaver *sent,
    const struct leaver *known, const struct restriction *restriction)
{
    const struct leaver_contact *person =
        leaver_contact(known, restriction->contact);

    *out = (struct batch_item){.kind = ITEM_HELD};
    out->u.held.upn = sent->upn;
    out->u.held.restriction = *restriction;
    out->u.held.source_id = person == NULL ? "" : person->source_id;
    out->u.held.surname = person == NULL ? "" : person->surname;
    out->u.held.forename = person == NULL ? "" : person->forename;
}

int forgotten_tell(struct agent *agent, const struct laestab *author,
    const struct leaver *sent, const struct leaver *known, struct err *err)
{
    struct batch_item items[LEAVER_MAX_RESTRICTIONS];
    size_t count = 0;
    uint64_t first;
    int64_t stream;
    int rc;

    for (size_t i = 0; i < known->restriction_count; i++)
        if (merge_lacks(sent, &known->restrictions[i]))
            fill_item(&items[count++], sent, known, &known->restrictions[i]);
    if (count == 0)
        return 0;
    log_line(&agent->log, LOG_WARN,
        "a school's record lacks restrictions that are held here",
        "school=%s count=%zu", author->text, count);
    rc = sender_append(
        agent, &first, &stream, author, LANE_URGENT, items, count, err);
    if (rc != ERR_DENIED && rc != ERR_NOT_FOUND && rc != ERR_CERTIFICATE)
        return rc;
    /* They are kept to here all the same. */
    log_line(&agent->log, LOG_WARN, "a school cannot be told of restrictions",
        "school=%s reason=\"%s\"", author->text, err->text);
    return 0;
}

/* --- at the author --- */

/* Ours with the one that was told; 0 if it is there already. */
static size_t take_one(
    struct leaver *ours, const struct batch_item *item, struct arena *arena)
{
    struct restriction told = item->u.held.restriction;
    struct leaver_contact person;
    struct leaver theirs;

    leaver_contact_init(&person);
    person.number = told.contact;
    person.source_id = item->u.held.source_id;
    person.surname = item->u.held.surname;
    person.forename = item->u.held.forename;
    leaver_init(&theirs);
    theirs.contacts = &person;
    theirs.contact_count = told.contact == 0 ? 0 : 1;
    theirs.restrictions = &told;
    theirs.restriction_count = 1;
    return merge_restrictions(ours, &theirs, arena);
}

/* What another school says must leave room in the record for what we do with it
 * ourselves: a recipient that invents restrictions could else keep us from
 * making one. */
static bool has_room(const struct leaver *ours, const struct batch_item *item)
{
    const char *const names[] = {
        item->u.held.source_id, item->u.held.surname, item->u.held.forename};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) > FORGOTTEN_MAX_NAME)
            return false;
    return ours->restriction_count < FORGOTTEN_MAX_RESTRICTIONS &&
           ours->contact_count < FORGOTTEN_MAX_CONTACTS;
}

/* Note and evidence are left out of a record that is half full. */
static int store(struct agent *agent, struct leavers_row *row,
    struct leaver *ours, size_t stated, struct err *err)
{
    SCOPED(buf_free) struct buf bytes = BUF_EMPTY;
    int rc = record_encode_own(&bytes, ours, err);

    if (rc == ERR_TOO_BIG || bytes.len > RECORD_MAX_BYTES / 2)
        merge_shorten(ours, stated);
    else if (rc < 0)
        return rc;
    return roll_store(agent, row, ours, err);
}

static int note(struct agent *agent, const struct laestab *recipient,
    const struct leavers_row *row, const struct restriction *told,
    struct err *err)
{
    char detail[64];

    snprintf(detail, sizeof detail, "%s, as %s holds it",
        restriction_kind_name(told->kind), recipient->text);
    log_line(&agent->log, LOG_WARN,
        told->ended.ms == 0 ? "a forgotten restriction is in force again"
                            : "a forgotten end of a restriction is known again",
        "from=%s", recipient->text);
    return people_audit(agent->db, clock_wall(), "agent",
        told->ended.ms == 0 ? "restrict.again" : "restrict.ended-again",
        &row->tag, 0, detail, err);
}

int forgotten_take(struct agent *agent, const struct laestab *recipient,
    const struct batch_item *item, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct restriction *told = &item->u.held.restriction;
    struct leavers_row row;
    struct leaver ours;
    size_t stated;
    int rc = roll_find(&row, &ours, agent, item->u.held.upn, &arena, err);

    if (rc == ERR_NOT_FOUND)
        return 0;
    if (rc < 0 || !laestab_equal(&row.destination, recipient) ||
        (told->ended.ms != 0 && agent->incarnation.number == 0))
        return rc;
    stated = ours.restriction_count;
    if (!merge_lacks(&ours, told))
        return 0;
    if (told->ended.ms == 0 && !has_room(&ours, item)) {
        log_line(&agent->log, LOG_WARN,
            "a school tells of more restrictions than are taken over",
            "from=%s", recipient->text);
        return 0;
    }
    if (take_one(&ours, item, &arena) == 0)
        return 0;
    rc = store(agent, &row, &ours, stated, err);
    if (rc == ERR_TOO_BIG) {
        log_line(&agent->log, LOG_WARN,
            "a restriction does not fit into its record", "from=%s",
            recipient->text);
        return 0;
    }
    return rc < 0 ? rc : note(agent, recipient, &row, told, err);
}
