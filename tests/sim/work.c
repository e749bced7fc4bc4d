#include "work.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/incarnation.h"
#include "agentd/progress.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "base/mem.h"
#include "node.h"
#include "record/upn.h"
#include "store/inbox.h"
#include "store/leavers.h"
#include "town.h"

#define CONTACTS 3

struct child {
    struct leaver leaver;
    struct leaver_contact contacts[CONTACTS];
    struct leaver_point points[CONTACTS];
    char source_ids[CONTACTS][8];
    char numbers[CONTACTS][16];
    char dials[CONTACTS][16];
    char strengths[32];
};

static void make_child(struct child *child, const struct pupil *pupil, size_t n)
{
    static const char *const names[CONTACTS] = {"Ada", "Ben", "Chidi"};
    struct leaver *leaver = &child->leaver;

    memset(child, 0, sizeof *child);
    leaver_init(leaver);
    leaver->upn = pupil->upn;
    leaver->surname = "Okoro";
    leaver->forename = "Ife";
    leaver->dob = (struct date){2015, 3, 14};
    leaver->sex = "F";
    snprintf(
        child->strengths, sizeof child->strengths, "change %u", pupil->changes);
    leaver->strengths = child->strengths;
    memcpy(leaver->destination.text, TOWN_NUMBERS[pupil->dest], LAESTAB_SIZE);
    for (uint32_t i = 0; i < CONTACTS; i++) {
        struct leaver_contact *contact = &child->contacts[i];

        leaver_contact_init(contact);
        contact->number = contact->order = i + 1;
        snprintf(child->source_ids[i], sizeof child->source_ids[i], "P%u",
            (unsigned)n * 10 + i);
        contact->source_id = child->source_ids[i];
        contact->surname = "Okoro";
        contact->forename = names[i];
        contact->relationship = "PAM";
        snprintf(child->numbers[i], sizeof child->numbers[i], "07700 90%04u",
            (unsigned)(n * 10 + i) % 10000);
        snprintf(child->dials[i], sizeof child->dials[i], "+44770090%04u",
            (unsigned)(n * 10 + i) % 10000);
        child->points[i] = (struct leaver_point){
            1, POINT_MOBILE, child->numbers[i], child->dials[i]};
        contact->points = &child->points[i];
        contact->point_count = 1;
    }
    leaver->contacts = child->contacts;
    leaver->contact_count = CONTACTS;
}

static int store(struct agent *agent, struct leavers_row *row,
    const struct leaver *leaver, struct err *err)
{
    int rc = db_begin(agent->db, err);

    if (rc == 0)
        rc = roll_store(agent, row, leaver, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        db_rollback(agent->db);
    return rc;
}

void work_add(struct world *world, size_t author, size_t dest)
{
    struct node *node = &world->schools[author];
    struct oracle *oracle = world->oracle;
    struct pupil *pupil = &oracle->pupils[oracle->count];
    struct leavers_row row = {.revision = 1};
    struct child child;
    struct err err;

    if (!node->up || oracle->count == WORLD_PUPILS)
        return;
    *pupil = (struct pupil){.used = true, .author = author, .dest = dest};
    snprintf(pupil->upn, sizeof pupil->upn, "A8732001%05u",
        (unsigned)oracle->count + 1);
    (void)upn_check(pupil->upn, &pupil->upn[0]);
    agent_upn_tag(&pupil->at_author, node->agent, pupil->upn);
    for (size_t i = 2; i < WORLD_SCHOOLS; i++) {
        struct vault_tag tag;

        vault_tag(&tag, world->town->vaults[i], "upn", bytes_of(pupil->upn));
        memcpy(pupil->at[i].tag.bytes, tag.bytes, sizeof tag.bytes);
    }
    make_child(&child, pupil, oracle->count);
    oracle->count++;
    world_say(world, "%s enters %s for %s", node->name, pupil->upn,
        world->schools[dest].name);
    node_enter(node);
    if (store(node->agent, &row, &child.leaver, &err) < 0)
        world_say(world, "%s: %s", node->name, err.text);
    node_leave(node);
}

/* A newer file: something else in the record, or without that contact (0: with
 * all of them). */
static int edit(
    struct node *node, struct pupil *pupil, unsigned without, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    char strengths[32];
    struct leavers_row row;
    struct leaver leaver;
    int rc = roll_find(&row, &leaver, node->agent, pupil->upn, &arena, err);

    if (rc < 0)
        return rc;
    snprintf(strengths, sizeof strengths, "change %u", ++pupil->changes);
    leaver.strengths = strengths;
    for (size_t i = 0; i < leaver.contact_count; i++)
        if (leaver.contacts[i].number == without)
            leaver.contacts[i].left_out = true;
    row.revision = incarnation_next_revision(node->agent, row.revision);
    return store(node->agent, &row, &leaver, err);
}

void work_change(struct world *world, struct pupil *pupil)
{
    work_drop(world, pupil, 0);
}

void work_drop(struct world *world, struct pupil *pupil, unsigned contact)
{
    struct node *node = &world->schools[pupil->author];
    struct err err;

    if (!node->up)
        return;
    if (contact == 0)
        world_say(world, "%s changes %s", node->name, pupil->upn);
    else
        world_say(world, "%s removes contact %u of %s", node->name, contact,
            pupil->upn);
    node_enter(node);
    if (edit(node, pupil, contact, &err) < 0)
        world_say(world, "%s: %s", node->name, err.text);
    node_leave(node);
}

void work_send(struct world *world, size_t author)
{
    static const struct laestab anywhere = {""};
    struct node *node = &world->schools[author];
    struct err err;
    int rc;

    if (!node->up)
        return;
    node_enter(node);
    rc = roll_send_ready(node->agent, &anywhere, &err);
    world_say(world, "%s sends %d", node->name, rc);
    node_leave(node);
}

/* Let a handler serve a request as the command line would make it. */
static int ask(json_t **result, struct node *node, request_handler *handler,
    json_t *args, struct err *err)
{
    struct request request = {.agent = node->agent,
        .args = args,
        .file = -1,
        .role = "SENCO",
        .next = ""};
    int rc;

    snprintf(request.actor.login, sizeof request.actor.login, "sim");
    request.actor.roles = ~0u;
    request.actor.active = true;
    rc = handler(result, &request, err);
    progress_expect(node->agent->progress);
    if (db_in_transaction(node->agent->db))
        db_rollback(node->agent->db);
    return rc;
}

void work_restrict(struct world *world, struct pupil *pupil, unsigned contact)
{
    struct node *node = &world->schools[pupil->author];
    json_t *result = NULL;
    json_t *args;
    struct err err;
    int rc;

    if (!node->up)
        return;
    args = json_pack("{s:s,s:s,s:s,s:i}", "upn", pupil->upn, "kind",
        "do-not-contact", "basis", "court-order", "contact", (int)contact);
    world_say(world, "%s restricts contact %u of %s", node->name, contact,
        pupil->upn);
    node_enter(node);
    rc = ask(&result, node, curb_add, args, &err);
    if (rc == 0 && !node->disk.dead &&
        json_is_true(json_object_get(result, "queued")))
        pupil->promised |= 1u << contact;
    if (rc < 0)
        world_say(world, "%s: %s", node->name, err.text);
    json_decref(result);
    json_decref(args);
    node_leave(node);
}

/* One request of which only the refusal matters. */
static void do_it(struct world *world, struct node *node,
    request_handler *handler, json_t *args)
{
    json_t *result = NULL;
    struct err err;

    node_enter(node);
    if (ask(&result, node, handler, args, &err) < 0)
        world_say(world, "%s: %s", node->name, err.text);
    json_decref(result);
    json_decref(args);
    node_leave(node);
}

void work_recall(struct world *world, struct pupil *pupil)
{
    struct node *node = &world->schools[pupil->author];

    if (!node->up)
        return;
    world_say(world, "%s recalls %s", node->name, pupil->upn);
    do_it(world, node, recall_leaver,
        json_pack("{s:s,s:s}", "upn", pupil->upn, "reason", "moved away"));
}

void work_redirect(struct world *world, struct pupil *pupil, size_t dest)
{
    struct node *node = &world->schools[pupil->author];

    if (!node->up)
        return;
    world_say(world, "%s sends %s to %s instead", node->name, pupil->upn,
        world->schools[dest].name);
    do_it(world, node, recall_redirect,
        json_pack("{s:s,s:s}", "upn", pupil->upn, "to", TOWN_NUMBERS[dest]));
}

void work_read(struct world *world, struct pupil *pupil)
{
    struct node *node = &world->schools[pupil->dest];

    if (!node->up || pupil->at[pupil->dest].here == 0)
        return;
    world_say(world, "%s reads %s", node->name, pupil->upn);
    do_it(world, node, family_read, json_pack("{s:[s]}", "upns", pupil->upn));
}

void work_call(struct world *world, struct pupil *pupil)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct node *node = &world->schools[pupil->dest];
    struct inbox_record row;
    char family[24];
    struct err err;

    if (!node->up || pupil->at[pupil->dest].here == 0)
        return;
    node_enter(node);
    if (inbox_find_record(&row, node->agent->db, &pupil->at[pupil->dest].tag,
            &arena, &err) < 0)
        row.family = 0;
    node_leave(node);
    snprintf(family, sizeof family, "%" PRId64, row.family);
    world_say(world, "%s rings the family of %s", node->name, pupil->upn);
    do_it(world, node, logbook_log,
        json_pack("{s:s,s:s,s:i}", "case", family, "outcome", "no-answer",
            "contact", 1));
}

void work_approve(struct world *world, size_t school)
{
    struct node *node = &world->schools[school];

    if (!node->up)
        return;
    do_it(world, node, approve_older, json_object());
    for (size_t i = 0; i < 2 && school >= 2; i++)
        if (world->schools[i].restores > 0 && node->up)
            do_it(world, node, approve_older,
                json_pack("{s:s}", "from", TOWN_NUMBERS[i]));
}
