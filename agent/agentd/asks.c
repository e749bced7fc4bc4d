#include "agentd/asks.h"

#include <stdio.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/leaver_json.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/schooldays.h"
#include "store/asked.h"

#define DUE_DAYS 7
#define MS_A_DAY ((int64_t)24 * 3600 * 1000)

/* --- requests that come from receipts ---------------------------------------
 */

struct noting {
    struct agent *agent;
    const struct laestab *school;
    enum reason reason;
    struct err *err;
};

static bool is_for_people(enum reason reason)
{
    return reason != REASON_MISSING && reason != REASON_OLD_REVISION &&
           reason != REASON_REPLAY && reason != REASON_EQUIVOCATION &&
           reason != REASON_MASS_RECALL;
}

/* In a week; not on a weekend or bank holiday. */
static wall usual_due(wall now)
{
    static const struct schooldays never = {.count = 0};
    const struct date day =
        date_from_day_number(date_day_number(date_today(now)) + DUE_DAYS);

    return (wall){
        (int64_t)date_day_number(schooldays_from(&never, day)) * MS_A_DAY};
}

static int note_one(void *arg, const struct leavers_row *row)
{
    struct noting *n = arg;
    const wall now = clock_wall();
    const struct asked asked = {
        .school = *n->school,
        .leaver = row->id,
        .revision = row->sent_revision,
        .kind = n->reason == REASON_NOT_OURS ? ASKED_NOT_OURS : ASKED_REFUSED,
        .reason = n->reason,
        .at = now,
        .due = usual_due(now),
    };

    return asked_add(n->agent->db, &asked, n->err);
}

int asks_note(struct agent *agent, const struct laestab *school,
    const struct leavers_range *range, enum reason reason, struct err *err)
{
    struct noting n = {agent, school, reason, err};

    return is_for_people(reason)
               ? leavers_each_sent(agent->db, range, note_one, &n, err)
               : 0;
}

struct settling {
    const struct laestab *school;
    int64_t (*open)[2]; /* request, leaver */
    size_t count;
};

static void settling_end(struct settling *s)
{
    free(s->open);
}

static int note_open(void *arg, const struct asked *asked)
{
    struct settling *s = arg;

    if (asked->request != 0 || !laestab_equal(&asked->school, s->school))
        return 0;
    s->open = mem_resize(s->open, s->count + 1, sizeof s->open[0]);
    s->open[s->count][0] = asked->id;
    s->open[s->count++][1] = asked->leaver;
    return 0;
}

int asks_settle(
    struct agent *agent, const struct laestab *school, struct err *err)
{
    SCOPED(settling_end) struct settling s = {.school = school};
    int rc = asked_each_open(agent->db, note_open, &s, err);

    for (size_t i = 0; rc == 0 && i < s.count; i++) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct leavers_row row;

        rc = leavers_get(&row, agent->db, s.open[i][1], &arena, err);
        if (rc == 0 &&
            (row.state == LEAVER_APPLIED || row.state == LEAVER_READ))
            rc = asked_close(agent->db, s.open[i][0], clock_wall(), "",
                (struct bytes){NULL, 0}, err);
        if (rc == ERR_NOT_FOUND)
            rc = 0;
    }
    return rc;
}

/* --- requests of a secondary's staff ----------------------------------------
 */

static enum asked_kind kind_of(enum request_kind kind)
{
    switch (kind) {
    case REQUEST_WRONG_NUMBER:
        return ASKED_WRONG_NUMBER;
    case REQUEST_HELP_REACH:
        return ASKED_HELP_REACH;
    case REQUEST_NOT_OURS:
        return ASKED_NOT_OURS;
    case REQUEST_QUESTION:
        break;
    }
    return ASKED_QUESTION;
}

static wall due_of(struct date due, wall now)
{
    return date_is_set(due) ? (wall){date_day_number(due) * MS_A_DAY}
                            : usual_due(now);
}

int asks_take(struct agent *agent, const struct laestab *author,
    const struct batch_item *item, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf words = BUF_EMPTY;
    struct asked asked = {.school = *author,
        .revision = item->u.request.revision,
        .kind = kind_of(item->u.request.kind),
        .at = clock_wall(),
        .request = item->u.request.request,
        .contact = item->u.request.contact,
        .point = item->u.request.point};
    struct leavers_row row;
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.request.upn);
    rc = leavers_find(&row, agent->db, &tag, &arena, err);
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    if (!laestab_equal(&row.destination, author) || row.recalled_at.ms != 0)
        return 0; /* it is no longer that school's business */
    asked.leaver = row.id;
    asked.due = due_of(item->u.request.due, asked.at);
    rc = asked_next_id(agent->db, &asked.id, err);
    if (rc == 0 && item->u.request.text[0] != '\0')
        rc = blob_seal(&words, agent, BLOB_QUESTION, asked.id,
            bytes_of(item->u.request.text), err);
    asked.words = buf_bytes(&words);
    return rc < 0 ? rc : asked_add(agent->db, &asked, err);
}

/* --- inbox -----------------------------------------------------------------
 */

struct listing {
    struct agent *agent;
    json_t *list;
    json_t *pupils;   /* by leavers_row.id */
    json_t *contacts; /* likewise: by number, and "N/P" for point P */
    struct err *err;
};

static const char *fixed_text(const struct asked *asked)
{
    return asked->kind == ASKED_NOT_OURS
               ? "This school does not expect this child"
           : asked->kind == ASKED_HELP_REACH
               ? "We have not reached this family. When is a good time, and "
                 "could you introduce us?"
               : reason_sentence(asked->reason);
}

/* In the words of our own record: which number it was does not travel. */
static json_t *wrong_text(const struct listing *l, const struct asked *asked)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    char key[48];
    const json_t *names;
    const char *name;
    const char *number;

    snprintf(key, sizeof key, "%lld", (long long)asked->leaver);
    names = json_object_get(l->contacts, key);
    snprintf(key, sizeof key, "%u", asked->contact);
    name = json_string_value(json_object_get(names, key));
    snprintf(key, sizeof key, "%u/%u", asked->contact, asked->point);
    number = json_string_value(json_object_get(names, key));
    buf_format(&out, "%s%s%s does not reach %s. Do you have another number?",
        number != NULL ? number : "A number", number != NULL ? "" : " of ",
        number != NULL ? ""
        : name != NULL ? name
                       : "this family",
        name != NULL ? name : "this family");
    buf_add(&out, (struct bytes){(const uint8_t *)"", 1});
    return json_string((const char *)out.data);
}

static int text_json(json_t **out, struct listing *l, const struct asked *asked)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    int rc;

    if (asked->kind == ASKED_WRONG_NUMBER) {
        *out = wrong_text(l, asked);
        return 0;
    }
    if (asked->kind != ASKED_QUESTION) {
        *out = json_string(fixed_text(asked));
        return 0;
    }
    rc = vault_unseal(&plain, l->agent->vault, BLOB_QUESTION, asked->id,
        asked->words, l->err);
    if (rc == 0)
        *out = json_stringn((const char *)plain.data, plain.len);
    return rc;
}

static const char *next_of(const struct asked *asked)
{
    switch (asked->kind) {
    case ASKED_NOT_OURS:
        return "Ask the family or the other school where the child goes, "
               "then: moveup dest set UPN --to LAESTAB, or: moveup recall UPN "
               "--reason TEXT.  If it does go there: moveup answer ID --text "
               "TEXT";
    case ASKED_REFUSED:
        return reason_next_step(asked->reason);
    case ASKED_WRONG_NUMBER:
        return "moveup answer ID --phone NUMBER, or --email ADDRESS, or "
               "--refuse TEXT if there is none";
    case ASKED_HELP_REACH:
    case ASKED_QUESTION:
        return "moveup answer ID --text TEXT, or --phone NUMBER, or --refuse "
               "TEXT";
    }
    return "";
}

static int add_request(void *arg, const struct asked *asked)
{
    struct listing *l = arg;
    char id[24];
    json_t *text = NULL;
    json_t *one;
    int rc = text_json(&text, l, asked);

    if (rc < 0)
        return rc;
    snprintf(id, sizeof id, "%lld", (long long)asked->id);
    one = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:o,s:o}", "id", id,
        "from", asked->school.text, "name",
        agent_school_name(l->agent, &asked->school), "upn", "", "kind",
        asked_kind_name(asked->kind), "reason",
        asked->request == 0 ? reason_code(asked->reason) : "", "text", text,
        "next", next_of(asked), "at", args_time(asked->at.ms), "due",
        args_time(asked->due.ms));
    snprintf(id, sizeof id, "%lld", (long long)asked->leaver);
    json_object_update(one, json_object_get(l->pupils, id));
    json_array_append_new(l->list, one);
    return 0;
}

static json_t *contact_names(const struct leaver *leaver)
{
    json_t *names = json_object();
    char key[48];

    for (size_t i = 0; i < leaver->contact_count; i++) {
        const struct leaver_contact *c = &leaver->contacts[i];

        snprintf(key, sizeof key, "%u", c->number);
        json_object_set_new(names, key, leaver_json_name(c));
        for (size_t j = 0; j < c->point_count; j++) {
            snprintf(key, sizeof key, "%u/%u", c->number, c->points[j].number);
            json_object_set_new(names, key, args_string(c->points[j].raw));
        }
    }
    return names;
}

static int add_pupil(
    void *arg, const struct leavers_row *row, const struct leaver *leaver)
{
    struct listing *l = arg;
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)row->id);
    json_object_set_new(l->pupils, id, roll_pupil_json(leaver));
    json_object_set_new(l->contacts, id, contact_names(leaver));
    return 0;
}

int asks_list(json_t **result, struct request *request, struct err *err)
{
    struct listing l = {
        request->agent, json_array(), json_object(), json_object(), err};
    const struct laestab any = {""};
    int rc = roll_each(request->agent, &any, add_pupil, &l, err);

    *result = json_pack("{s:o}", "requests", l.list);
    if (rc == 0)
        rc = asked_each_open(request->agent->db, add_request, &l, err);
    json_decref(l.pupils);
    json_decref(l.contacts);
    return rc;
}
