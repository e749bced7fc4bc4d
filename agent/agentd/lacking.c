/* lacking - what is missing before leavers can be sent: `leavers check`. */
#include <stdio.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"

/* --- check --- */

struct checking {
    struct agent *agent;
    json_t *problems;
    json_t *held;
    struct err *err;
    json_int_t leavers, ready, to_send, incomplete, no_destination;
};

/* blocks: the record is not sent until it is mended. */
static void note_problem(struct checking *c, const struct leaver *leaver,
    const char *code, const char *detail, bool blocks)
{
    json_t *one = roll_pupil_json(leaver);

    json_object_set_new(one, "reason", json_string(code));
    json_object_set_new(one, "detail", args_string(detail));
    json_object_set_new(one, "blocks", json_boolean(blocks));
    json_array_append_new(c->problems, one);
}

static void add_problem(struct checking *c, const struct leaver *leaver,
    const char *code, const char *detail)
{
    note_problem(c, leaver, code, detail, false);
}

static bool has_voice(const struct leaver_contact *contact)
{
    for (size_t i = 0; i < contact->point_count; i++)
        if (contact->points[i].kind <= POINT_ALTERNATE &&
            contact->points[i].dial[0] != '\0')
            return true;
    return false;
}

static size_t check_contacts(struct checking *c, const struct leaver *leaver)
{
    size_t found = 0;
    bool voice = false;
    char text[96];

    for (size_t i = 0; i < leaver->contact_count; i++) {
        const struct leaver_contact *contact = &leaver->contacts[i];

        voice |= has_voice(contact);
        if (contact->responsibility == NOT_STATED) {
            snprintf(text, sizeof text,
                "Parental responsibility is not stated for contact %u",
                contact->number);
            add_problem(c, leaver, "responsibility-unknown", text);
            found++;
        }
        if (contact->court_order == STATED_YES) {
            snprintf(text, sizeof text,
                "A court order is on file for contact %u: read it, and add a "
                "restriction if it needs one",
                contact->number);
            add_problem(c, leaver, "court-order", text);
            found++;
        }
    }
    if (leaver->contact_count == 0)
        add_problem(c, leaver, "no-contact", "No contact is recorded");
    else if (!voice)
        add_problem(c, leaver, "no-phone",
            "No contact has a telephone number that can be rung");
    return found + (leaver->contact_count == 0 || !voice);
}

static int check_one(
    void *arg, const struct leavers_row *row, const struct leaver *leaver)
{
    struct checking *c = arg;
    struct roll_problem problem;
    const bool blocked = roll_stopped(&problem, c->agent, row);
    size_t found = check_contacts(c, leaver);

    if (blocked)
        note_problem(c, leaver, problem.code, problem.sentence, true);
    if (leaver->upn[12] > '9') {
        add_problem(c, leaver, "temporary-upn",
            "The UPN is a temporary one; import again when the real one comes");
        found++;
    }
    c->leavers++;
    c->no_destination += leaver->destination.text[0] == '\0';
    c->incomplete += found > 0;
    c->ready += !blocked;
    c->to_send += !blocked && row->state == LEAVER_READY;
    return 0;
}

static int add_held(void *arg, const struct held_row *row)
{
    struct checking *c = arg;
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    json_error_t bad;
    json_t *one;
    int rc = vault_unseal(
        &plain, c->agent->vault, BLOB_HELD, row->id, row->sealed, c->err);

    if (rc < 0)
        return rc;
    one = json_loadb((const char *)plain.data, plain.len, 0, &bad);
    if (one == NULL)
        return err_set(c->err, ERR_MALFORMED, "stored note: not JSON");
    json_object_set_new(one, "at", args_time(row->at.ms));
    json_array_append_new(c->held, one);
    return 0;
}

int lacking_check(json_t **result, struct request *request, struct err *err)
{
    struct checking c = {.agent = request->agent,
        .problems = json_array(),
        .held = json_array(),
        .err = err};
    const struct laestab any = {""};
    int rc = roll_each(request->agent, &any, check_one, &c, err);

    if (rc == 0)
        rc = leavers_held_each(request->agent->db, add_held, &c, err);
    *result = json_pack("{s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "leavers", c.leavers,
        "ready", c.ready, "to_send", c.to_send, "incomplete", c.incomplete,
        "no_destination", c.no_destination, "problems", c.problems, "held",
        c.held);
    return rc;
}
