/*
 * callsheet - families on paper, for an evening in a hall with telephones and
 * no screens: the next ones in the order of the list, leased until they are
 * entered the next morning, so that nobody else rings them.
 */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/looks.h"
#include "base/err.h"
#include "base/mem.h"

#define MOST_FAMILIES 60
#define LEASE_HOURS 20
#define RINGS                                                                  \
    (ROLE_CALLER | ROLE_LEAD | ROLE_SENCO | ROLE_DSL | ROLE_HEAD_OF_YEAR |     \
        ROLE_TUTOR)

/* Who rings: whoever asks, or a named member of staff.  *as is the request with
 * that actor, who has on this sheet only the roles of both: it passes through
 * the hands of whoever prints it. */
static int find_caller(
    struct request *as, struct request *request, struct err *err)
{
    const char *login;
    int rc = args_text(&login, request->args, "caller", 32, err);

    *as = *request;
    if (rc < 0 || login[0] == '\0')
        return rc;
    request->next = "The lead and the head of year print for others";
    if (strcmp(login, request->actor.login) != 0 &&
        (request->actor.roles & (ROLE_LEAD | ROLE_HEAD_OF_YEAR)) == 0)
        return err_set(err, ERR_DENIED, "that would be another caller's sheet");
    request->next = "moveup staff list shows everybody";
    rc = people_find(&as->actor, request->agent->db, login, err);
    if (rc == ERR_NOT_FOUND ||
        (rc == 0 && (!as->actor.active || (as->actor.roles & RINGS) == 0)))
        return err_set(
            err, ERR_USAGE, "nobody who rings families has that login");
    if (rc < 0)
        return rc;
    as->actor.roles &= request->actor.roles;
    request->next = "";
    return 0;
}

static int lease(
    struct request *as, const struct casework_file *file, struct err *err)
{
    const struct casework *c = as->agent->casework;
    struct event event = {.kind = EVENT_LEASE,
        .family = file->family,
        .at = c->now,
        .login = as->actor.login};

    event.u.lease.until =
        (wall){c->now.ms + (int64_t)LEASE_HOURS * 3600 * 1000};
    event.u.lease.value = "";
    return casework_add(as->agent, &event, err);
}

/* The cards, as they are before the lease. */
static int take(json_t *cards, struct request *request, struct request *as,
    int64_t wanted, struct err *err)
{
    SCOPED(mem_freep) struct order_entry *entries = NULL;
    size_t count = 0;
    int rc = 0;

    entries = desk_order(&count, as);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct casework_file *file =
            casework_find(as->agent, entries[i].family);

        if (json_array_size(cards) == (size_t)wanted)
            break;
        if (entries[i].group == ORDER_NOT_NOW || desk_needs_language(as, file))
            continue;
        json_array_append_new(cards, card_whole(as, file));
        rc = lease(as, file, err);
        if (rc == 0)
            rc = looks_note(as, file, err);
        if (rc == 0)
            rc = requests_audit(
                request, "callsheet", NULL, file->family, "", err);
    }
    return rc;
}

int callsheet_print(json_t **result, struct request *request, struct err *err)
{
    struct db *db = request->agent->db;
    json_t *cards = json_array();
    struct request as;
    int64_t wanted = 0;
    int rc = args_number(&wanted, request->args, "n", 1, MOST_FAMILIES, err);

    *result = json_pack("{s:o}", "sheet", cards);
    if (rc == 0)
        rc = find_caller(&as, request, err);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = take(cards, request, &as, wanted, err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        json_object_set_new(*result, "caller", args_string(as.actor.login));
    return rc;
}
