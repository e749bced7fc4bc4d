/*
 * bereaved - a contact has died: from then on nobody rings, writes to or
 * invites that person, and no card, list or letter names them.
 *
 * The primary is asked to correct its record; the tutor owes the family that it
 * is known before the first day.  What was spoken before stays counted.  Said
 * by mistake, the lead or the safeguarding lead takes it back.
 */
#include <stdio.h>

#include "agentd/actions.h"
#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/plea.h"
#include "base/err.h"
#include "base/text.h"
#include "record/codes.h"

#define FOR_THE_PRIMARY                                                        \
    "We were told that this contact has died. Please correct your record: "    \
    "leave them out of it, also in your own system, so that nobody writes to " \
    "them."
#define TAKEN_BACK                                                             \
    "We told you of this contact by mistake: nobody has died. Please keep "    \
    "them in your record."

struct bereaved {
    struct request *request;
    struct casework_file *file;
    const struct reach_person *person;
    bool mistaken;
    bool asked;
};

static int find_person(struct bereaved *b, struct err *err)
{
    const struct reach *reach;
    int64_t n = 0;
    int rc = desk_case(&b->file, b->request, err);

    if (rc == 0)
        rc = args_number(&n, b->request->args, "contact", 1, 3299, err);
    if (rc < 0)
        return rc;
    reach = &b->file->reach;
    for (size_t i = 0; i < reach->count + reach->died; i++)
        if (reach->people[i].n == (uint32_t)n)
            b->person = &reach->people[i];
    b->request->next = "moveup card CASE shows the contacts and their numbers";
    return b->person != NULL ? 0
                             : err_set(err, ERR_NOT_FOUND,
                                   "there is no contact %d to show", (int)n);
}

static int check(struct bereaved *b, struct err *err)
{
    b->request->next = "Ask your transition lead";
    if (b->mistaken && (b->request->actor.roles & (ROLE_LEAD | ROLE_DSL)) == 0)
        return err_set(err, ERR_DENIED, "this needs one of the roles lead,dsl");
    b->request->next = "";
    if (b->person->died == b->mistaken)
        return 0;
    return err_set(err, ERR_EXISTS,
        b->mistaken ? "nobody has said that this contact has died"
                    : "that is known already");
}

/* Whatever the child's place in the family, its tutor should know. */
static int tell_tutor(struct bereaved *b, struct err *err)
{
    char cut[160];
    char text[sizeof cut];
    struct event event = {.family = b->file->family,
        .u.item = {.kind = ITEM_OF_FOLLOW_UP,
            .theme = "BEREAVEMENT",
            .text = text,
            .owner = "tutor"}};
    int rc;

    snprintf(cut, sizeof cut,
        "A contact (%.60s) has died: know it before the first day, and see "
        "what would help",
        codes_describe(
            CODES_RELATIONSHIP, b->person->seen->contact->relationship));
    text_clean(text, sizeof text, cut);
    rc = actions_read_due(&event.u.item.due, b->request, err);
    return rc < 0 ? rc : actions_put(b->request, &event, err);
}

static int store(struct bereaved *b, struct err *err)
{
    struct agent *agent = b->request->agent;
    struct event event = {.kind = EVENT_DIED,
        .family = b->file->family,
        .u.died = {b->person->record, b->person->contact, b->mistaken}};
    int rc = desk_add(b->request, &event, err);

    if (rc == 0 && !b->mistaken)
        rc = tell_tutor(b, err);
    if (rc == 0)
        rc = plea_question(agent, b->file, b->person->record,
            b->person->contact, b->request->actor.login,
            b->mistaken ? TAKEN_BACK : FOR_THE_PRIMARY, err);
    b->asked = rc > 0;
    if (rc >= 0)
        rc = requests_audit(b->request, b->mistaken ? "died.mistake" : "died",
            NULL, b->file->family, "", err);
    return rc;
}

int bereaved_note(json_t **result, struct request *request, struct err *err)
{
    struct bereaved b = {
        .request = request, .mistaken = args_flag(request->args, "mistake")};
    struct db *db = request->agent->db;
    json_int_t n;
    int rc = find_person(&b, err);

    if (rc == 0)
        rc = check(&b, err);
    if (rc < 0)
        return rc;
    n = b.person->n;
    rc = db_begin(db, err);
    if (rc == 0)
        rc = store(&b, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        *result = json_pack("{s:I,s:I,s:b,s:b,s:I}", "case",
            (json_int_t)b.file->family, "contact", n, "died", !b.mistaken,
            "asked_primary", b.asked, "others",
            (json_int_t)b.file->reach.count);
    return rc;
}
