#include "agentd/roll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/leaver_json.h"
#include "agentd/progress.h"
#include "agentd/recall.h"
#include "agentd/requests.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "wire/record.h"

int roll_find(struct leavers_row *row, struct leaver *leaver,
    struct agent *agent, const char *upn, struct arena *arena, struct err *err)
{
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, upn);
    rc = leavers_find(row, agent->db, &tag, arena, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_NOT_FOUND, "no leaver here has that UPN");
    if (rc < 0)
        return rc;
    return blob_open(
        leaver, agent, BLOB_LEAVER, row->id, row->sealed, arena, err);
}

int roll_find_id(struct leavers_row *row, struct leaver *leaver,
    struct agent *agent, int64_t id, struct arena *arena, struct err *err)
{
    int rc = leavers_get(row, agent->db, id, arena, err);

    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "that leaver is no longer here");
    return rc < 0 ? rc
                  : blob_open(leaver, agent, BLOB_LEAVER, row->id, row->sealed,
                        arena, err);
}

int roll_store(struct agent *agent, struct leavers_row *row,
    const struct leaver *leaver, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    int rc = row->id != 0 ? 0 : leavers_next_id(agent->db, &row->id, err);

    if (rc == 0)
        rc = record_encode_own(&plain, leaver, err);
    if (rc == 0)
        rc = blob_seal(
            &sealed, agent, BLOB_LEAVER, row->id, buf_bytes(&plain), err);
    if (rc < 0)
        return rc;
    agent_upn_tag(&row->tag, agent, leaver->upn);
    row->sealed = buf_bytes(&sealed);
    row->destination = leaver->destination;
    row->blocked = leaver->destination.text[0] == '\0';
    row->changed_at = clock_wall();
    rc = leavers_put(agent->db, row, err);
    row->sealed = (struct bytes){NULL, 0};
    return rc;
}

bool roll_blocked(struct roll_problem *out, const struct agent *agent,
    const struct laestab *destination)
{
    const struct directory_school *school =
        members_school(agent->identity->members, destination);

    if (destination->text[0] == '\0')
        *out = (struct roll_problem){
            "no-destination", "The destination is not known yet"};
    else if (laestab_equal(destination, &agent->identity->laestab))
        *out = (struct roll_problem){
            "destination-is-us", "The destination is this school itself"};
    else if (school == NULL)
        *out = (struct roll_problem){"destination-unknown",
            "The school is not in this cluster: send its records as before, or "
            "wait until it joins"};
    else if (school->status != MEMBER_ACTIVE)
        *out = (struct roll_problem){"destination-closed",
            "The destination is no longer a member of the cluster"};
    else
        return false;
    return true;
}

bool roll_stopped(struct roll_problem *out, const struct agent *agent,
    const struct leavers_row *row)
{
    if (row->recalled_at.ms == 0)
        return roll_blocked(out, agent, &row->destination);
    *out = (struct roll_problem){"recalled",
        "It was recalled; say where the child goes: moveup dest set UPN --to "
        "LAESTAB"};
    return true;
}

json_t *roll_pupil_json(const struct leaver *leaver)
{
    return json_pack("{s:s,s:s,s:s}", "upn", leaver->upn, "surname",
        leaver_known_surname(leaver), "forename",
        leaver_known_forename(leaver));
}

/* --- walking the rows with their records open --- */

struct walk {
    struct agent *agent;
    struct err *err;
    int (*visit)(
        void *arg, const struct leavers_row *row, const struct leaver *leaver);
    void *arg;
};

static int open_row(void *arg, const struct leavers_row *row)
{
    struct walk *walk = arg;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;
    int rc = blob_open(&leaver, walk->agent, BLOB_LEAVER, row->id, row->sealed,
        &arena, walk->err);

    return rc < 0 ? rc : walk->visit(walk->arg, row, &leaver);
}

int roll_each(struct agent *agent, const struct laestab *to,
    int (*visit)(
        void *arg, const struct leavers_row *row, const struct leaver *leaver),
    void *arg, struct err *err)
{
    struct walk walk = {agent, err, visit, arg};

    return leavers_each(
        agent->db, to->text[0] == '\0' ? NULL : to, true, open_row, &walk, err);
}

/* --- list --- */

struct listing {
    json_t *list;
    enum leaver_state state; /* 0: any */
    struct agent *agent;
    struct err *err;
};

/* Codes for programs, and the same as sentences for people. */
static void describe_problems(json_t *one, const struct agent *agent,
    const struct leavers_row *row, const struct leaver *leaver)
{
    json_t *codes = json_array();
    json_t *texts = json_array();
    struct roll_problem problem;

    if (roll_blocked(&problem, agent, &leaver->destination)) {
        json_array_append_new(codes, json_string(problem.code));
        json_array_append_new(texts, json_string(problem.sentence));
    }
    if (row->reason != REASON_NONE) {
        json_array_append_new(codes, json_string(reason_code(row->reason)));
        json_array_append_new(texts, json_string(reason_sentence(row->reason)));
    }
    json_object_set_new(one, "problems", codes);
    json_object_set_new(one, "problem_texts", texts);
}

static int list_one(
    void *arg, const struct leavers_row *row, const struct leaver *leaver)
{
    struct listing *listing = arg;
    json_t *one;
    int rc;

    if (listing->state != 0 && row->state != listing->state)
        return 0;
    one = roll_pupil_json(leaver);
    json_object_set_new(one, "to", args_string(row->destination.text));
    json_object_set_new(
        one, "revision", json_integer((json_int_t)row->revision));
    json_object_set_new(
        one, "state", json_string(leavers_state_name(row->state)));
    json_object_set_new(one, "sent_at", args_time(row->sent_at.ms));
    json_object_set_new(one, "received_at", args_time(row->received_at.ms));
    json_object_set_new(one, "applied_at", args_time(row->applied_at.ms));
    json_object_set_new(one, "read_by",
        row->read_at.ms == 0 ? json_null() : args_string(row->read_role));
    json_object_set_new(one, "read_at", args_time(row->read_at.ms));
    rc = progress_describe(one, listing->agent, row, listing->err);
    describe_problems(one, listing->agent, row, leaver);
    json_array_append_new(listing->list, one);
    return rc < 0 ? rc
                  : recall_describe(one, listing->agent, row, listing->err);
}

int roll_list(json_t **result, struct request *request, struct err *err)
{
    struct listing listing = {json_array(), 0, request->agent, err};
    struct laestab to;
    const char *state;
    int rc = args_school(&to, request->args, "to", err);

    *result = json_pack("{s:o}", "leavers", listing.list);
    if (rc == 0)
        rc = args_text(&state, request->args, "state", 24, err);
    if (rc == 0 && state[0] != '\0') {
        listing.state = leavers_state_parse(state);
        if (listing.state == 0)
            rc = err_set(err, ERR_USAGE,
                "no such state; states are draft, ready, queued, sent, "
                "received, applied, read, rejected, quarantined, expired, "
                "recalled, superseded");
    }
    if (rc == 0)
        rc = roll_each(request->agent, &to, list_one, &listing, err);
    return rc;
}

/* --- show --- */

int roll_show(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver leaver;
    const char *upn;
    json_t *one;
    int rc = args_upn(&upn, request->args, "upn", err);

    if (rc == 0)
        rc = roll_find(&row, &leaver, request->agent, upn, &arena, err);
    if (rc == 0)
        rc = requests_audit(request, "leavers.show", &row.tag, 0, "", err);
    if (rc < 0)
        return rc;
    one = leaver_json_whole(&leaver);
    json_object_set_new(
        one, "revision", json_integer((json_int_t)row.revision));
    json_object_set_new(
        one, "state", json_string(leavers_state_name(row.state)));
    *result = json_pack("{s:o}", "leaver", one);
    rc = progress_describe(one, request->agent, &row, err);
    return rc < 0 ? rc : recall_describe(one, request->agent, &row, err);
}

/* --- send --- */

/* Rows chosen for a send, and those that cannot go, with why. */
struct choice {
    struct agent *agent;
    struct sender_row *rows;
    size_t count;
    size_t room;
    json_int_t already;
    json_t *skipped; /* NULL: not wanted */
    struct err *err;
};

static void choose(struct choice *c, const struct leavers_row *row)
{
    if (c->count == c->room) {
        c->room = c->room == 0 ? 64 : 2 * c->room;
        c->rows = mem_resize(c->rows, c->room, sizeof c->rows[0]);
    }
    c->rows[c->count++] = (struct sender_row){row->id, row->destination};
}

static int skip(struct choice *c, const struct leavers_row *row,
    const struct roll_problem *problem)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row whole;
    struct leaver leaver;
    json_t *one;
    int rc;

    if (c->skipped == NULL)
        return 0;
    rc = leavers_find(&whole, c->agent->db, &row->tag, &arena, c->err);
    if (rc == 0)
        rc = blob_open(&leaver, c->agent, BLOB_LEAVER, whole.id, whole.sealed,
            &arena, c->err);
    if (rc < 0)
        return rc;
    one = roll_pupil_json(&leaver);
    json_object_set_new(one, "reason", json_string(problem->code));
    json_object_set_new(one, "detail", json_string(problem->sentence));
    json_array_append_new(c->skipped, one);
    return 0;
}

/* The row says all that the choice needs; only those that are skipped have to
 * be opened, for their names. */
static int consider(void *arg, const struct leavers_row *row)
{
    struct choice *c = arg;
    struct roll_problem problem;

    if (row->sent_revision == row->revision && row->recalled_at.ms == 0 &&
        row->state != LEAVER_REJECTED && row->state != LEAVER_EXPIRED)
        c->already++;
    else if (roll_stopped(&problem, c->agent, row))
        return skip(c, row, &problem);
    else
        choose(c, row);
    return 0;
}

static int choose_all(struct choice *c, const struct laestab *to)
{
    return leavers_each(c->agent->db, to->text[0] == '\0' ? NULL : to, false,
        consider, c, c->err);
}

static int by_school(const void *a, const void *b)
{
    const struct sender_row *x = a;
    const struct sender_row *y = b;
    const int order = strcmp(x->to.text, y->to.text);

    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static int choose_named(struct choice *c, const json_t *upns)
{
    size_t i;
    json_t *value;

    json_array_foreach(upns, i, value)
    {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct leavers_row row;
        struct leaver leaver;
        int rc;

        if (!json_is_string(value))
            return err_set(c->err, ERR_USAGE, "upns must be a list of UPNs");
        rc = roll_find(
            &row, &leaver, c->agent, json_string_value(value), &arena, c->err);
        if (rc == 0)
            rc = consider(c, &row);
        if (rc < 0)
            return err_wrap(c->err, rc, "one of the UPNs");
    }
    return 0;
}

int roll_send_ready(
    struct agent *agent, const struct laestab *to, struct err *err)
{
    struct choice c = {.agent = agent, .err = err};
    int rc = choose_all(&c, to);

    if (rc == 0 && c.count > 0) {
        qsort(c.rows, c.count, sizeof c.rows[0], by_school);
        sender_queue(agent->sender, LANE_NORMAL, c.rows, c.count, NULL, NULL);
    }
    free(c.rows);
    return rc < 0 ? rc : (int)c.count;
}

int roll_send(json_t **result, struct request *request, struct err *err)
{
    struct choice c = {
        .agent = request->agent, .skipped = json_array(), .err = err};
    const json_t *upns = json_object_get(request->args, "upns");
    struct laestab to;
    int rc = args_school(&to, request->args, "to", err);

    if (rc == 0 && json_array_size(upns) > 0)
        rc = choose_named(&c, upns);
    else if (rc == 0 && (to.text[0] != '\0' || args_flag(request->args, "all")))
        rc = choose_all(&c, &to);
    else if (rc == 0)
        rc = err_set(
            err, ERR_USAGE, "say which leavers: UPNs, --to LAESTAB or --all");
    *result = json_pack("{s:I,s:I,s:o}", "queued", (json_int_t)c.count,
        "already", c.already, "skipped", c.skipped);
    if (rc == 0)
        rc = requests_audit(request, "leavers.send", NULL, 0, "", err);
    if (rc == 0 && c.count > 0) {
        qsort(c.rows, c.count, sizeof c.rows[0], by_school);
        sender_queue(request->agent->sender, LANE_NORMAL, c.rows, c.count,
            request->client, *result);
        *result = NULL; /* answered when the last batch is in the outbox */
    }
    free(c.rows);
    return rc;
}
