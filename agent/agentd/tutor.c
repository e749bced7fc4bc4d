/*
 * tutor - who will be a child's tutor, one by one or from a sheet.
 *
 * The name is for everybody who rings; the primary is told it by itself
 * (agentd/progress.h).
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/desk.h"
#include "agentd/loading.h"
#include "base/err.h"
#include "wire/batch.h"

/* One child's tutor, as typed or in a row. */
struct naming {
    struct casework_file *file;
    const struct casework_pupil *pupil;
    struct event_tutor tutor;
};

static const struct state_pupil *standing(const struct naming *n)
{
    for (size_t i = 0; i < n->file->state.pupil_count; i++)
        if (n->file->pupils[i] == n->pupil)
            return &n->file->state.pupils[i];
    return NULL;
}

static int store(
    struct request *request, const struct naming *n, struct err *err)
{
    struct event event = {.kind = EVENT_TUTOR,
        .family = n->file->family,
        .pupil = n->pupil->row.id,
        .u.tutor = n->tutor};
    struct tag tag;
    int rc = desk_add(request, &event, err);

    agent_upn_tag(&tag, request->agent, n->pupil->leaver.upn);
    return rc < 0 ? rc
                  : requests_audit(
                        request, "tutor.set", &tag, n->file->family, "", err);
}

/* 1: the login is of the staff, or there is none. */
static int is_staff(struct request *request, const char *login, struct err *err)
{
    struct staff staff;
    int rc;

    if (login[0] == '\0')
        return 1;
    rc = people_find(&staff, request->agent->db, login, err);
    return rc == ERR_NOT_FOUND ? 0 : rc < 0 ? rc : 1;
}

static int read_naming(
    struct naming *n, struct request *request, struct err *err)
{
    const json_t *args = request->args;
    int rc = desk_child(&n->file, &n->pupil, request, err);

    if (rc == 0)
        rc = args_need(&n->tutor.name, args, "name", BATCH_MAX_TUTOR, err);
    if (rc == 0)
        rc = args_text(&n->tutor.staff, args, "staff", 32, err);
    if (rc < 0)
        return rc;
    n->tutor.told_parent = args_flag(args, "told_parent");
    rc = is_staff(request, n->tutor.staff, err);
    request->next = "moveup staff list shows everybody";
    return rc != 0 ? (rc < 0 ? rc : 0)
                   : err_set(err, ERR_USAGE,
                         "nobody on the staff list has that login");
}

int tutor_set(json_t **result, struct request *request, struct err *err)
{
    struct naming n = {.file = NULL};
    struct db *db = request->agent->db;
    int rc = read_naming(&n, request, err);

    if (rc < 0)
        return rc;
    rc = db_begin(db, err);
    if (rc == 0)
        rc = store(request, &n, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result = json_pack("{s:o,s:s,s:b}", "pupil", desk_child_json(n.pupil),
            "tutor", n.tutor.name, "told_parent", n.tutor.told_parent);
    return rc;
}

/* --- from a sheet --- */

/* "yes" and the like; false if it is neither that nor its opposite. */
static bool parse_told(bool *told, const char *text)
{
    static const char *const yes[] = {"y", "yes", "1", "x", "true"};
    static const char *const no[] = {"", "n", "no", "0", "-", "false"};

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (strcasecmp(text, yes[i]) == 0)
            return *told = true;
    *told = false;
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (strcasecmp(text, no[i]) == 0)
            return true;
    return false;
}

static bool read_tutor(
    struct naming *n, struct loading *loading, const json_t *row)
{
    struct event_tutor *t = &n->tutor;
    const char *told;

    if (!loading_text(&t->name, loading, row, "tutor", BATCH_MAX_TUTOR) ||
        !loading_text(&t->staff, loading, row, "staff", 32) ||
        !loading_text(&told, loading, row, "told", 8))
        return false;
    if (t->name[0] == '\0')
        loading_refuse(loading, row, "no-tutor", "the column tutor is empty");
    else if (!parse_told(&t->told_parent, told))
        loading_refuse(loading, row, "bad-told",
            "told (the family was told) must be yes, no or empty");
    else
        return true;
    return false;
}

static bool is_in_force(const struct naming *n)
{
    const struct state_pupil *now = standing(n);

    return now != NULL && now->tutor != NULL &&
           strcmp(now->tutor->u.tutor.name, n->tutor.name) == 0 &&
           (!n->tutor.told_parent || now->told_tutor_at.ms != 0);
}

static int load_row(struct loading *loading, const json_t *row, struct err *err)
{
    struct naming n = {.file = NULL};
    int rc;

    n.pupil = loading_child(&n.file, loading, row);
    if (n.pupil == NULL || !read_tutor(&n, loading, row) ||
        loading_is_second(loading, row))
        return 0;
    rc = is_staff(loading->request, n.tutor.staff, err);
    if (rc == 0)
        loading_refuse(loading, row, "no-such-login",
            "nobody on the staff list has that login");
    if (rc <= 0)
        return rc;
    if (is_in_force(&n)) {
        loading->unchanged++;
        return 0;
    }
    if (standing(&n) != NULL && standing(&n)->tutor != NULL)
        loading->changed++;
    else
        loading->accepted++;
    return loading->dry_run ? 0 : store(loading->request, &n, err);
}

int tutor_load(json_t **result, struct request *request, struct err *err)
{
    SCOPED(loading_end) struct loading loading = {.request = request};
    struct db *db = request->agent->db;
    int rc = loading_begin(&loading, request, err);

    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = loading_each(&loading, load_row, err);
    if (rc == 0)
        rc = requests_audit(request, "tutor.load", NULL, 0,
            loading.dry_run ? "dry run" : "", err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result = loading_report(&loading);
    return rc;
}
