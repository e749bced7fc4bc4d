/* answers - at the primary: what a person answers to a request of the inbox.
 *
 * A new number goes into this school's own record, as a new revision that is
 * sent at once, and with the answer to the school that asked.  A brother or
 * sister here who has the same person as a contact gets it too; if they go to
 * another school, that school is told as well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "record/name.h"
#include "record/phone.h"
#include "store/asked.h"

/* An answer on its way. */
struct giving {
    struct request *request;
    struct agent *agent;
    struct arena arena;
    struct asked asked;
    struct leavers_row row;
    struct leaver leaver;
    struct batch_item item; /* the answer */
    const char *typed;      /* the number or address as it was typed; "" none */
    char dial[PHONE_DIAL_SIZE];
    const char *wrong; /* the number that it replaces; "" none */
};

static void giving_end(struct giving *g)
{
    arena_free(&g->arena);
}

/* --- what was typed --------------------------------------------------------
 */

static int find_request(struct giving *g, struct err *err)
{
    int64_t id;
    int rc = args_number(&id, g->request->args, "id", 1, INT64_MAX, err);

    if (rc == 0)
        rc = asked_find(&g->asked, g->agent->db, id, &g->arena, err);
    if (rc == ERR_NOT_FOUND || (rc == 0 && g->asked.closed_at.ms != 0)) {
        g->request->next = "moveup inbox shows the open requests";
        return err_set(
            err, ERR_NOT_FOUND, "no request with that number is open");
    }
    return rc;
}

static int read_value(struct giving *g, struct err *err)
{
    const json_t *args = g->request->args;
    const char *email;
    int rc = args_text(&g->typed, args, "phone", BATCH_MAX_VALUE, err);

    if (rc == 0)
        rc = args_text(&email, args, "email", BATCH_MAX_VALUE, err);
    if (rc < 0)
        return rc;
    if (g->typed[0] != '\0' && email[0] != '\0')
        return err_set(
            err, ERR_USAGE, "give a number or an address, one at a time");
    if (email[0] != '\0') {
        if (strchr(email, '@') == NULL)
            return err_set(err, ERR_USAGE, "that is not an e-mail address");
        g->typed = g->item.u.answer.value = email;
        g->item.u.answer.point_kind = POINT_EMAIL;
    } else if (g->typed[0] != '\0') {
        g->item.u.answer.value = phone_dial(g->dial, g->typed);
        if (g->dial[0] == '\0')
            return err_set(err, ERR_USAGE,
                "that is not one telephone number with its code, like 07700 "
                "900142");
        g->item.u.answer.point_kind =
            strncmp(g->dial, "+447", 4) == 0 ? POINT_MOBILE : POINT_HOME;
    }
    return 0;
}

static int read_words(struct giving *g, struct err *err)
{
    const json_t *args = g->request->args;
    const char *refuse;
    int rc =
        args_text(&g->item.u.answer.text, args, "text", BATCH_MAX_ASK, err);

    g->item.u.answer.accepted = true;
    g->item.u.answer.from_parent = args_flag(args, "from_parent");
    g->item.u.answer.value = "";
    if (rc == 0)
        rc = args_text(&refuse, args, "refuse", BATCH_MAX_ASK, err);
    if (rc == 0)
        rc = read_value(g, err);
    if (rc < 0)
        return rc;
    if (refuse[0] != '\0') {
        if (g->item.u.answer.text[0] != '\0' || g->typed[0] != '\0')
            return err_set(err, ERR_USAGE,
                "--refuse stands alone: it says why there is no answer");
        g->item.u.answer.accepted = false;
        g->item.u.answer.text = refuse;
    }
    if (g->item.u.answer.text[0] == '\0' && g->typed[0] == '\0')
        return err_set(err, ERR_USAGE,
            "say what the answer is: --phone, --email, --text or --refuse");
    return 0;
}

/* --- the record ------------------------------------------------------------
 */

static const struct leaver_point *point_of(
    const struct leaver_contact *contact, uint32_t number)
{
    for (size_t i = 0; contact != NULL && i < contact->point_count; i++)
        if (contact->points[i].number == number)
            return &contact->points[i];
    return NULL;
}

static int choose_contact(struct giving *g, struct err *err)
{
    const struct leaver_point *wrong =
        point_of(leaver_contact(&g->leaver, g->asked.contact), g->asked.point);
    int64_t contact = g->asked.contact;
    int rc = 0;

    g->wrong = "";
    if (json_object_get(g->request->args, "contact") != NULL)
        rc = args_number(&contact, g->request->args, "contact", 1, 99, err);
    g->item.u.answer.contact = (uint32_t)contact;
    if (rc < 0 || g->typed[0] == '\0')
        return rc;
    g->request->next = "moveup leavers show UPN lists the contacts";
    if (leaver_contact(&g->leaver, (uint32_t)contact) == NULL)
        return err_set(err, contact == 0 ? ERR_USAGE : ERR_NOT_FOUND,
            contact == 0 ? "say whose it is: --contact N"
                         : "this leaver has no such contact");
    if (g->asked.kind == ASKED_WRONG_NUMBER && wrong != NULL &&
        contact == g->asked.contact)
        g->wrong = wrong->dial[0] != '\0' ? wrong->dial : wrong->raw;
    g->request->next = "Ask the family, or: moveup answer ID --refuse TEXT";
    return strcmp(g->wrong, g->item.u.answer.value) == 0
               ? err_set(err, ERR_STATE,
                     "that is the number which does not reach them")
               : 0;
}

static bool is_value(const struct leaver_point *point, const char *value)
{
    return value[0] != '\0' &&
           (strcmp(point->dial, value) == 0 || strcmp(point->raw, value) == 0);
}

/* The new number in, the wrong one out.  False if nothing changes. */
static bool correct(
    struct giving *g, struct leaver_contact *contact, struct err *err)
{
    const struct batch_item *item = &g->item;
    struct leaver_point *points =
        arena_take(&g->arena, (contact->point_count + 1) * sizeof *points);
    struct leaver_point fresh = {
        1, item->u.answer.point_kind, g->typed, item->u.answer.value};
    size_t count = 0;
    bool known = false;

    for (size_t i = 0; i < contact->point_count; i++) {
        const struct leaver_point *p = &contact->points[i];

        if (p->number >= fresh.number)
            fresh.number = p->number + 1;
        known |= is_value(p, item->u.answer.value);
        if (!is_value(p, g->wrong))
            points[count++] = *p;
    }
    if (known && count == contact->point_count)
        return false;
    if (!known && count == LEAVER_MAX_POINTS) {
        (void)err_set(err, ERR_TOO_BIG,
            "a contact has at most %d numbers and addresses; take one out "
            "with a newer file",
            LEAVER_MAX_POINTS);
        return false;
    }
    if (!known)
        points[count++] = fresh;
    contact->points = points;
    contact->point_count = count;
    return true;
}

static int publish(struct giving *g, struct leavers_row *row,
    const struct leaver *leaver, struct err *err)
{
    int rc;

    row->revision = incarnation_next_revision(g->agent, row->revision);
    rc = roll_store(g->agent, row, leaver, err);
    if (rc < 0 || row->sent_revision == 0 || row->recalled_at.ms != 0)
        return rc;
    return sender_append_leaver(g->agent, LANE_NORMAL, &row->tag, err);
}

static int correct_own(struct giving *g, struct err *err)
{
    struct err full = {.text = ""};

    for (size_t i = 0; i < g->leaver.contact_count; i++) {
        struct leaver_contact *c = &g->leaver.contacts[i];

        if (c->number == g->item.u.answer.contact && correct(g, c, &full))
            return publish(g, &g->row, &g->leaver, err);
    }
    return full.text[0] == '\0' ? 0 : err_set(err, full.code, "%s", full.text);
}

/* --- the same person elsewhere ---------------------------------------------
 */

struct others {
    const struct leaver_contact *person;
    const char *wrong; /* "" none */
    int64_t not_this;
    struct tag *tags;
    size_t count;
};

static void others_end(struct others *o)
{
    free(o->tags);
}

/* The same person by the source's own id; or, where the file has none, by name
 * and by the very number that is wrong.  Never by name alone. */
static bool is_same_person(const struct leaver_contact *person,
    const char *wrong, const struct leaver_contact *other)
{
    if (person->source_id[0] != '\0' && other->source_id[0] != '\0')
        return strcmp(person->source_id, other->source_id) == 0;
    if (!name_same(person->surname, other->surname) ||
        !name_same(person->forename, other->forename))
        return false;
    for (size_t i = 0; i < other->point_count; i++)
        if (is_value(&other->points[i], wrong))
            return true;
    return false;
}

static int note_other(
    void *arg, const struct leavers_row *row, const struct leaver *leaver)
{
    struct others *o = arg;

    for (size_t i = 0; i < leaver->contact_count; i++)
        if (row->id != o->not_this &&
            is_same_person(o->person, o->wrong, &leaver->contacts[i])) {
            o->tags = mem_resize(o->tags, o->count + 1, sizeof o->tags[0]);
            o->tags[o->count++] = row->tag;
            return 0;
        }
    return 0;
}

static int send_item(struct giving *g, const struct laestab *to,
    struct batch_item *item, struct err *err)
{
    uint64_t first;
    int64_t stream;

    return sender_append(
        g->agent, &first, &stream, to, LANE_NORMAL, item, 1, err);
}

/* Another school rings this person too, and asked nothing. */
static int tell_other(struct giving *g, const struct leavers_row *row,
    const struct leaver *leaver, uint32_t contact, struct err *err)
{
    struct batch_item item = g->item;

    if (row->sent_revision == 0 || row->recalled_at.ms != 0 ||
        laestab_equal(&row->destination, &g->asked.school))
        return 0;
    item.u.answer.request = 0;
    item.u.answer.upn = leaver->upn;
    item.u.answer.contact = contact;
    item.u.answer.text = "";
    return send_item(g, &row->destination, &item, err);
}

static int correct_other(struct giving *g, const struct others *o,
    const struct tag *tag, struct err *err)
{
    struct leavers_row row;
    struct leaver leaver;
    struct err why = {.text = ""};
    int rc = leavers_find(&row, g->agent->db, tag, &g->arena, err);

    if (rc == 0)
        rc = blob_open(
            &leaver, g->agent, BLOB_LEAVER, row.id, row.sealed, &g->arena, err);
    for (size_t i = 0; rc == 0 && i < leaver.contact_count; i++) {
        struct leaver_contact *c = &leaver.contacts[i];

        if (!is_same_person(o->person, o->wrong, c) || !correct(g, c, &why))
            continue;
        rc = publish(g, &row, &leaver, err);
        if (rc == 0)
            rc = tell_other(g, &row, &leaver, c->number, err);
    }
    /* one that has left the cluster keeps nobody else from an answer */
    return rc == ERR_DENIED || rc == ERR_CERTIFICATE ? 0 : rc;
}

static int correct_others(struct giving *g, struct err *err)
{
    const struct leaver_contact *contact =
        leaver_contact(&g->leaver, g->item.u.answer.contact);
    SCOPED(others_end) struct others o = {.not_this = g->row.id};
    const struct laestab any = {""};
    int rc = 0;

    if (contact == NULL)
        return 0;
    o.person = contact;
    o.wrong = g->wrong;
    rc = roll_each(g->agent, &any, note_other, &o, err);
    for (size_t i = 0; rc == 0 && i < o.count; i++)
        rc = correct_other(g, &o, &o.tags[i], err);
    return rc;
}

/* --- closing ---------------------------------------------------------------
 */

static int close_with(struct giving *g, const char *words, struct err *err)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    int rc = blob_seal(
        &sealed, g->agent, BLOB_ASKED, g->asked.id, bytes_of(words), err);

    if (rc == 0)
        rc = asked_close(g->agent->db, g->asked.id, clock_wall(),
            g->request->actor.login, buf_bytes(&sealed), err);
    if (rc == 0)
        rc = requests_audit(g->request, "answer", NULL, 0, "", err);
    return rc;
}

/* A request that came of a receipt: only this school reads the answer. */
static int close_only(struct giving *g, struct err *err)
{
    int rc;

    if (g->typed[0] != '\0' || !g->item.u.answer.accepted)
        return err_set(err, ERR_USAGE,
            "this request is closed with --text: what was done about it");
    rc = db_begin(g->agent->db, err);
    if (rc == 0)
        rc = close_with(g, g->item.u.answer.text, err);
    return rc < 0 ? rc : db_commit(g->agent->db, err);
}

static char *words_of(const struct giving *g)
{
    json_t *one = json_pack("{s:s,s:b,s:b,s:I,s:i,s:s,s:s}", "upn",
        g->item.u.answer.upn, "accepted", g->item.u.answer.accepted,
        "from_parent", g->item.u.answer.from_parent, "contact",
        (json_int_t)g->item.u.answer.contact, "point_kind",
        (int)g->item.u.answer.point_kind, "value", g->item.u.answer.value,
        "text", g->item.u.answer.text);
    char *words = json_dumps(one, JSON_COMPACT);

    json_decref(one);
    return words;
}

static int close_and_send(struct giving *g, struct err *err)
{
    char *words;
    int rc = roll_find_id(
        &g->row, &g->leaver, g->agent, g->asked.leaver, &g->arena, err);

    if (rc == 0)
        rc = choose_contact(g, err);
    if (rc < 0)
        return rc;
    g->request->next = "";
    g->item.kind = ITEM_ANSWER;
    g->item.u.answer.request = g->asked.request;
    g->item.u.answer.upn = g->leaver.upn;
    words = words_of(g);
    rc = db_begin(g->agent->db, err);
    if (rc == 0 && g->typed[0] != '\0')
        rc = correct_own(g, err);
    if (rc == 0 && g->typed[0] != '\0')
        rc = correct_others(g, err);
    if (rc == 0)
        rc = close_with(g, words, err);
    if (rc == 0)
        rc = send_item(g, &g->asked.school, &g->item, err);
    explicit_bzero(words, strlen(words));
    free(words);
    return rc < 0 ? rc : db_commit(g->agent->db, err);
}

int answers_give(json_t **result, struct request *request, struct err *err)
{
    SCOPED(giving_end)
    struct giving g = {.request = request, .agent = request->agent};
    int rc = find_request(&g, err);

    if (rc == 0)
        rc = read_words(&g, err);
    if (rc == 0)
        rc = g.asked.request == 0 ? close_only(&g, err)
                                  : close_and_send(&g, err);
    if (rc < 0)
        return rc;
    post_kick(g.agent->post);
    *result = json_pack("{s:{s:I,s:b,s:b,s:s,s:s}}", "closed", "id",
        (json_int_t)g.asked.id, "sent", g.asked.request != 0, "corrected",
        g.typed[0] != '\0', "to", g.asked.school.text, "name",
        agent_school_name(g.agent, &g.asked.school));
    return 0;
}
