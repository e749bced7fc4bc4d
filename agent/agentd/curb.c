/*
 * curb - restrictions at the primary: added, listed, ended.
 *
 * A restriction is part of the leaver's record, so a change is a new revision;
 * if the record was sent before, the new revision goes at once in the urgent
 * lane and overtakes everything else.
 */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/leaver_json.h"
#include "agentd/post.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "base/err.h"

#define MAX_NOTE 500

/* Seal the new revision in the transaction that stores it.  A school that
 * cannot be sealed for just now gets it when somebody sends again. */
static int seal_at_once(
    struct agent *agent, struct leavers_row *row, bool *queued, struct err *err)
{
    struct sender_row out = {row->id, row->destination};
    struct err why;
    int rc;

    *queued = false;
    if (row->sent_revision == 0 || row->recalled_at.ms != 0)
        return 0;
    rc = sender_seal_rows(agent, LANE_URGENT, &out, 1, &why);
    *queued = rc == 0;
    if (rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_CERTIFICATE) {
        log_line(&agent->log, LOG_WARN, "a restriction cannot be sent yet",
            "to=%s reason=\"%s\"", row->destination.text, why.text);
        return 0;
    }
    return rc < 0 ? err_set(err, why.code, "%s", why.text) : 0;
}

/* Store the changed record and, if the destination has an older one, send it.
 */
static int publish(struct request *request, struct leavers_row *row,
    const struct leaver *leaver, bool *queued, struct err *err)
{
    struct agent *agent = request->agent;
    int rc;

    row->revision = incarnation_next_revision(agent, row->revision);
    rc = roll_store(agent, row, leaver, err);
    if (rc == 0)
        rc = seal_at_once(agent, row, queued, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc == 0 && *queued)
        post_kick(agent->post);
    return rc;
}

static int read_wish(struct restriction *out, const struct leaver *leaver,
    const json_t *args, struct err *err)
{
    int64_t contact = 0;
    const char *kind;
    const char *basis;
    int rc = args_need(&kind, args, "kind", 40, err);

    if (rc == 0)
        rc = args_need(&basis, args, "basis", 40, err);
    if (rc == 0)
        rc = restriction_kind_parse(&out->kind, kind, err);
    if (rc == 0)
        rc = restriction_basis_parse(&out->basis, basis, err);
    if (rc == 0 && json_object_get(args, "contact") != NULL)
        rc = args_number(&contact, args, "contact", 0, 1000000, err);
    if (rc == 0)
        rc = args_text(&out->note, args, "note", MAX_NOTE, err);
    if (rc < 0)
        return rc;
    out->contact = (uint32_t)contact;
    if (contact != 0 && leaver_contact(leaver, out->contact) == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "this leaver has no contact %u", out->contact);
    if (contact == 0 && restriction_hides(out))
        return err_set(err, ERR_USAGE,
            "say whom this is about: --contact N (moveup leavers show UPN "
            "lists them)");
    return 0;
}

/* Of these the note says what is restricted, so another note is another one. */
static bool is_told_by_its_note(enum restriction_kind kind)
{
    return kind == RESTRICTION_CONTACT_VIA || kind == RESTRICTION_ONLY_STAFF ||
           kind == RESTRICTION_NOT_TOGETHER_WITH;
}

/* The one that is in force already, or NULL. */
static const struct restriction *find_same(
    const struct leaver *leaver, const struct restriction *wish)
{
    for (size_t i = 0; i < leaver->restriction_count; i++) {
        const struct restriction *r = &leaver->restrictions[i];

        if (r->ended.ms == 0 && r->kind == wish->kind &&
            r->contact == wish->contact &&
            (!is_told_by_its_note(r->kind) || strcmp(r->note, wish->note) == 0))
            return r;
    }
    return NULL;
}

static json_t *describe_added(const struct restriction *restriction,
    const struct leavers_row *row, const char *upn, bool queued, bool already)
{
    json_t *one = leaver_json_restriction(restriction);

    json_object_set_new(one, "upn", json_string(upn));
    return json_pack("{s:o,s:b,s:I,s:b}", "restriction", one, "queued", queued,
        "revision", (json_int_t)row->revision, "already", already);
}

int curb_add(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct restriction fresh = {.evidence = "", .from = clock_wall()};
    struct restriction all[LEAVER_MAX_RESTRICTIONS];
    struct leavers_row row;
    struct leaver leaver;
    const struct restriction *same;
    const char *upn;
    bool queued;
    int rc = args_upn(&upn, request->args, "upn", err);

    if (rc == 0)
        rc = roll_find(&row, &leaver, request->agent, upn, &arena, err);
    if (rc == 0)
        rc = read_wish(&fresh, &leaver, request->args, err);
    if (rc < 0)
        return rc;
    same = find_same(&leaver, &fresh);
    if (same != NULL) {
        *result = describe_added(same, &row, upn, false, true);
        return 0;
    }
    if (leaver.restriction_count == LEAVER_MAX_RESTRICTIONS)
        return err_set(err, ERR_TOO_BIG, "a leaver has at most %d restrictions",
            LEAVER_MAX_RESTRICTIONS);
    id_new(&fresh.id);
    if (leaver.restriction_count > 0)
        memcpy(
            all, leaver.restrictions, leaver.restriction_count * sizeof all[0]);
    all[leaver.restriction_count++] = fresh;
    leaver.restrictions = all;
    rc = db_begin(request->agent->db, err);
    if (rc == 0)
        rc = requests_audit(request, "restrict.add", &row.tag, 0,
            restriction_kind_name(fresh.kind), err);
    if (rc == 0)
        rc = publish(request, &row, &leaver, &queued, err);
    if (rc < 0)
        return rc;
    *result = describe_added(&fresh, &row, upn, queued, false);
    return 0;
}

/* --- walking all restrictions --- */

struct search {
    struct agent *agent;
    struct err *err;
    const char *upn;    /* "": any */
    const char *prefix; /* of the id; "": any */
    json_t *list;
    size_t found;
    char upn_found[16];
    struct id id_found;
};

static json_t *restriction_row(
    const struct leaver *leaver, const struct restriction *restriction)
{
    const struct leaver_contact *contact =
        leaver_contact(leaver, restriction->contact);
    json_t *one = leaver_json_restriction(restriction);

    json_object_set_new(one, "upn", args_string(leaver->upn));
    json_object_set_new(
        one, "surname", args_string(leaver_known_surname(leaver)));
    json_object_set_new(
        one, "forename", args_string(leaver_known_forename(leaver)));
    json_object_set_new(one, "contact_name",
        contact == NULL ? json_null() : leaver_json_name(contact));
    return one;
}

static int search_row(void *arg, const struct leavers_row *row)
{
    struct search *s = arg;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;
    int rc = blob_open(
        &leaver, s->agent, BLOB_LEAVER, row->id, row->sealed, &arena, s->err);

    if (rc < 0)
        return rc;
    if (s->upn[0] != '\0' && strcmp(s->upn, leaver.upn) != 0)
        return 0;
    for (size_t i = 0; i < leaver.restriction_count; i++) {
        const struct restriction *r = &leaver.restrictions[i];
        char id[ID_TEXT_SIZE];

        id_format(&r->id, id);
        if (strncmp(id, s->prefix, strlen(s->prefix)) != 0)
            continue;
        s->found++;
        s->id_found = r->id;
        snprintf(s->upn_found, sizeof s->upn_found, "%s", leaver.upn);
        if (s->list != NULL)
            json_array_append_new(s->list, restriction_row(&leaver, r));
    }
    return 0;
}

int curb_list(json_t **result, struct request *request, struct err *err)
{
    struct search s = {request->agent, err, "", "", json_array(), 0, "", {{0}}};
    int rc = args_text(&s.upn, request->args, "upn", 16, err);

    *result = json_pack("{s:o}", "restrictions", s.list);
    if (rc == 0)
        rc = leavers_each(request->agent->db, NULL, true, search_row, &s, err);
    return rc;
}

static int find_one(struct search *s, struct request *request, struct err *err)
{
    int rc = args_need(&s->prefix, request->args, "id", ID_TEXT_SIZE - 1, err);

    if (rc == 0 && strlen(s->prefix) < 4)
        rc = err_set(err, ERR_USAGE,
            "give at least the first four characters of the id");
    if (rc == 0)
        rc = leavers_each(request->agent->db, NULL, true, search_row, s, err);
    if (rc == 0 && s->found != 1)
        rc = err_set(err, ERR_NOT_FOUND,
            s->found == 0 ? "there is no restriction with that id"
                          : "more than one restriction begins so; type more "
                            "of the id");
    request->next = "moveup restrict list shows the ids";
    return rc;
}

int curb_end(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct search s = {request->agent, err, "", "", NULL, 0, "", {{0}}};
    struct leavers_row row;
    struct leaver leaver;
    struct restriction *ended = NULL;
    const char *evidence;
    bool queued;
    int rc = args_need(&evidence, request->args, "evidence", MAX_NOTE, err);

    if (rc == 0)
        rc = find_one(&s, request, err);
    if (rc == 0)
        rc = roll_find(&row, &leaver, request->agent, s.upn_found, &arena, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < leaver.restriction_count; i++)
        if (id_equal(&leaver.restrictions[i].id, &s.id_found))
            ended = &leaver.restrictions[i];
    if (ended == NULL || ended->ended.ms != 0)
        return err_set(err, ERR_STATE, "that restriction has ended already");
    ended->ended = clock_wall();
    ended->evidence = evidence;
    rc = db_begin(request->agent->db, err);
    if (rc == 0)
        rc = requests_audit(request, "restrict.end", &row.tag, 0,
            restriction_kind_name(ended->kind), err);
    if (rc == 0)
        rc = publish(request, &row, &leaver, &queued, err);
    if (rc < 0)
        return rc;
    *result = json_pack("{s:o,s:b}", "restriction",
        restriction_row(&leaver, ended), "queued", queued);
    return 0;
}
