/* team - the staff list, as the command line sees it. */
#include "agentd/args.h"
#include "agentd/requests.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"

static json_t *roles_json(unsigned roles)
{
    json_t *list = json_array();

    for (unsigned bit = 1; bit != 0 && bit <= ROLE_TUTOR; bit <<= 1) {
        char name[24];

        if (roles & bit)
            json_array_append_new(
                list, args_string(people_roles_format(bit, name, sizeof name)));
    }
    return list;
}

static json_t *staff_json(const struct staff *staff)
{
    return json_pack("{s:s,s:s,s:o,s:s,s:b}", "login", staff->login, "name",
        staff->name, "roles", roles_json(staff->roles), "languages",
        staff->languages, "active", staff->active);
}

static int put(json_t **result, struct request *request,
    const struct staff *staff, const char *action, struct err *err)
{
    struct db *db = request->agent->db;
    int rc = db_begin(db, err);

    if (rc == 0)
        rc = people_put(db, staff, err);
    if (rc == 0)
        rc = people_audit(db, clock_wall(), request->actor.login, action, NULL,
            0, staff->login, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result = json_pack("{s:o}", "staff", staff_json(staff));
    return rc;
}

/* What is given replaces what is known. */
static int read_changes(
    struct staff *staff, const struct request *request, struct err *err)
{
    const char *name;
    const char *role;
    const char *languages;
    int rc =
        args_text(&name, request->args, "name", sizeof staff->name - 1, err);

    if (rc == 0)
        rc = args_text(&role, request->args, "role", 120, err);
    if (rc == 0)
        rc = args_text(&languages, request->args, "languages",
            sizeof staff->languages - 1, err);
    if (rc == 0 && role[0] != '\0')
        rc = people_roles_parse(&staff->roles, role, err);
    if (rc < 0)
        return rc;
    if (name[0] != '\0')
        snprintf(staff->name, sizeof staff->name, "%s", name);
    if (languages[0] != '\0')
        snprintf(staff->languages, sizeof staff->languages, "%s", languages);
    return 0;
}

int team_add(json_t **result, struct request *request, struct err *err)
{
    struct staff staff = {.active = true};
    const char *text;
    int rc =
        args_need(&text, request->args, "login", sizeof staff.login - 1, err);

    if (rc < 0)
        return rc;
    snprintf(staff.login, sizeof staff.login, "%s", text);
    rc = args_need(&text, request->args, "name", sizeof staff.name - 1, err);
    if (rc == 0)
        rc = args_need(&text, request->args, "role", 120, err);
    if (rc == 0)
        rc = read_changes(&staff, request, err);
    return rc < 0 ? rc : put(result, request, &staff, "staff.add", err);
}

static int find_staff(
    struct staff *staff, struct request *request, struct err *err)
{
    const char *login;
    int rc =
        args_need(&login, request->args, "login", sizeof staff->login - 1, err);

    request->next = "moveup staff list shows everybody";
    return rc < 0 ? rc : people_find(staff, request->agent->db, login, err);
}

int team_edit(json_t **result, struct request *request, struct err *err)
{
    struct staff staff;
    int rc = find_staff(&staff, request, err);

    if (rc == 0)
        rc = read_changes(&staff, request, err);
    staff.active = true;
    return rc < 0 ? rc : put(result, request, &staff, "staff.edit", err);
}

int team_retire(json_t **result, struct request *request, struct err *err)
{
    struct staff staff;
    int rc = find_staff(&staff, request, err);

    staff.active = false;
    return rc < 0 ? rc : put(result, request, &staff, "staff.retire", err);
}

static int add_staff(void *arg, const struct staff *staff)
{
    json_array_append_new(arg, staff_json(staff));
    return 0;
}

int team_list(json_t **result, struct request *request, struct err *err)
{
    json_t *list = json_array();
    int rc = people_each(request->agent->db, add_staff, list, err);

    *result = json_pack("{s:o}", "staff", list);
    return rc;
}
