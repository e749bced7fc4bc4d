#include "agentd/requests.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/progress.h"
#include "agentd/reporting.h"
#include "agentd/sender.h"
#include "agentd/waits.h"

/* Roles. */
#define ANYBODY (~0U)
#define PRIMARY (ROLE_OFFICE | ROLE_LEAD | ROLE_SENCO | ROLE_DSL | ROLE_ADMIN)
#define CALLING                                                                \
    (ROLE_CALLER | ROLE_LEAD | ROLE_SENCO | ROLE_DSL | ROLE_HEAD_OF_YEAR |     \
        ROLE_TUTOR | ROLE_ADMIN)
/* Who rings families: running the agent is no reason to. */
#define CALLERS                                                                \
    (ROLE_CALLER | ROLE_LEAD | ROLE_SENCO | ROLE_DSL | ROLE_HEAD_OF_YEAR |     \
        ROLE_TUTOR)
#define PLANNERS (ROLE_LEAD | ROLE_HEAD_OF_YEAR | ROLE_OFFICE)
/* Who may see what a child needs, and ask a service for it. */
#define SUPPORTERS                                                             \
    (ROLE_LEAD | ROLE_SENCO | ROLE_DSL | ROLE_HEAD_OF_YEAR | ROLE_TUTOR)
#define KEEPERS (ROLE_ADMIN | ROLE_OFFICE | ROLE_LEAD)

static const struct {
    const char *name;
    unsigned roles; /* any of these */
    request_handler *handle;
} TABLE[] = {
    {"leavers.import", PRIMARY, import_leavers},
    {"leavers.check", PRIMARY, lacking_check},
    {"leavers.list", PRIMARY, roll_list},
    {"leavers.show", PRIMARY, roll_show},
    {"leavers.send", PRIMARY, roll_send},
    {"recall", PRIMARY, recall_leaver},
    {"dest.set", PRIMARY, recall_redirect},
    {"inbox", PRIMARY, asks_list},
    {"sessions", PRIMARY, bulletin_list},
    {"outcomes", PRIMARY, outcomes_show},
    {"answer", PRIMARY, answers_give},
    {"restrict.add", PRIMARY, curb_add},
    {"restrict.list", ROLE_DSL | ROLE_LEAD | ROLE_OFFICE | ROLE_ADMIN,
        curb_list},
    {"restrict.end", ROLE_DSL | ROLE_ADMIN, curb_end},
    {"list", CALLING, family_list},
    {"card", CALLING, family_card},
    {"next", CALLERS, next_take},
    {"next.release", CALLERS, next_release},
    {"log", CALLERS | ROLE_OFFICE, logbook_log},
    {"callbacks", CALLING, callbacks_list},
    {"changes", CALLING | ROLE_OFFICE, changes_list},
    {"find", CALLING | ROLE_OFFICE, lookup_find},
    {"wishes", CALLERS, wishes_set},
    {"number", CALLERS | ROLE_OFFICE, numbers_told},
    {"barrier", CALLERS, wishes_barrier},
    {"review", ROLE_LEAD | ROLE_DSL, decide_review},
    {"more", ROLE_LEAD, decide_more},
    {"plan", ROLE_LEAD | ROLE_DSL | ROLE_HEAD_OF_YEAR, decide_plan},
    {"ask", CALLERS | ROLE_OFFICE, plea_ask},
    {"died", CALLERS | ROLE_OFFICE, bereaved_note},
    {"entry.mark", PLANNERS, entry_mark},
    {"entry.load", PLANNERS, entry_load},
    {"entry.missing", CALLERS | ROLE_OFFICE, entry_missing},
    {"coverage", ANYBODY, coverage_show},
    {"dates.set", ROLE_LEAD | ROLE_ADMIN, coverage_dates_set},
    {"dates.list", ANYBODY, coverage_dates_list},
    {"escalated", ROLE_LEAD | ROLE_DSL | ROLE_HEAD_OF_YEAR, decide_escalated},
    {"session.add", PLANNERS, arrange_add},
    {"session.edit", PLANNERS, arrange_edit},
    {"session.list", CALLING | ROLE_OFFICE, session_list},
    {"session.publish", PLANNERS, arrange_publish},
    {"session.cancel", PLANNERS, arrange_cancel},
    {"session.ics", CALLING | ROLE_OFFICE, session_ics},
    {"session.fit", PLANNERS | ROLE_SENCO | ROLE_DSL, session_fit},
    {"session.letters", CALLERS | ROLE_OFFICE, invite_letters},
    {"session.doorlist", CALLERS | ROLE_OFFICE, doorlist_show},
    {"session.mark", CALLERS | ROLE_OFFICE, doorlist_mark},
    {"invite", CALLERS | ROLE_OFFICE, invite_family},
    {"actions", CALLERS | ROLE_OFFICE, actions_list},
    {"actions.add", CALLERS | ROLE_OFFICE, actions_add},
    {"actions.end", CALLERS | ROLE_OFFICE, actions_end},
    {"callsheet", CALLERS, callsheet_print},
    {"strategy.set", ROLE_LEAD | ROLE_HEAD_OF_YEAR, approach_set},
    {"strategy.end", ROLE_LEAD | ROLE_HEAD_OF_YEAR, approach_end},
    {"strategy.list", SUPPORTERS, approach_list},
    {"offers.load", PLANNERS, offer_load},
    {"offers.list", PLANNERS, offer_list},
    {"offers.drop", PLANNERS, offer_drop},
    {"tutor.set", PLANNERS, tutor_set},
    {"tutor.load", PLANNERS, tutor_load},
    {"support.check", CALLERS, support_check},
    {"support.refer", SUPPORTERS, support_refer},
    {"support.state", SUPPORTERS, support_state},
    {"support", SUPPORTERS, support_list},
    {"read", CALLING | ROLE_OFFICE, family_read},
    {"staff.add", ROLE_ADMIN, team_add},
    {"staff.edit", ROLE_ADMIN, team_edit},
    {"staff.retire", ROLE_ADMIN, team_retire},
    {"audit", ROLE_DSL | ROLE_LEAD | ROLE_ADMIN, trail_audit},
    {"staff.list", ANYBODY, team_list},
    {"status", ANYBODY, health_status},
    {"peers", ANYBODY, health_peers},
    {"queue", ANYBODY, health_queue},
    {"waitsync", ANYBODY, health_waitsync},
    {"doctor", KEEPERS, health_doctor},
    {"quarantine.list", KEEPERS, aside_list},
    {"quarantine.show", KEEPERS, aside_show},
    {"quarantine.retry", KEEPERS, aside_retry},
    {"quarantine.drop", KEEPERS, aside_drop},
    {"quarantine.approve", ROLE_LEAD | ROLE_DSL, aside_approve},
    {"keys.rotate", ROLE_ADMIN, keys_rotate},
    {"keys.show", ANYBODY, keys_show},
    {"receipts", PRIMARY, proof_receipts},
    {"approve", ROLE_ADMIN | ROLE_LEAD | ROLE_OFFICE, approve_older},
    {"backup", ROLE_ADMIN, backup_make},
};

static int login_of(char *out, size_t size, uid_t uid)
{
    char room[4096];
    struct passwd entry;
    struct passwd *found = NULL;

    if (getpwuid_r(uid, &entry, room, sizeof room, &found) == 0 &&
        found != NULL)
        return snprintf(out, size, "%s", entry.pw_name);
    return snprintf(out, size, "uid-%u", (unsigned)uid);
}

/* Who acts.  The user who runs the agent may do anything and may act for
 * another; everybody else is what the staff list says. */
static int find_actor(struct request *request, const struct control_peer *peer,
    const char *as, struct err *err)
{
    const bool owner = peer->uid == geteuid();
    char login[33];
    int rc;

    login_of(login, sizeof login, peer->uid);
    if (as[0] != '\0' && !owner) {
        snprintf(
            request->actor.login, sizeof request->actor.login, "%s", login);
        return err_set(err, ERR_DENIED,
            "only the user who runs the agent may act for another");
    }
    rc = people_find(
        &request->actor, request->agent->db, as[0] != '\0' ? as : login, err);
    if (rc == 0 && request->actor.active) {
        request->role = people_main_role(request->actor.roles);
        if (owner && as[0] == '\0')
            request->actor.roles = ANYBODY;
        return 0;
    }
    if (!owner || as[0] != '\0') {
        snprintf(request->actor.login, sizeof request->actor.login, "%s",
            as[0] != '\0' ? as : login);
        request->next = "An administrator adds people with: moveup staff add "
                        "LOGIN --name NAME --role ROLE";
        return rc == 0 || rc == ERR_NOT_FOUND
                   ? err_set(err, ERR_DENIED,
                         "%s is not on this school's staff list",
                         as[0] != '\0' ? as : login)
                   : rc;
    }
    request->actor = (struct staff){.roles = ANYBODY, .active = true};
    snprintf(request->actor.login, sizeof request->actor.login, "%s", login);
    snprintf(request->actor.name, sizeof request->actor.name, "%s", login);
    request->role = "ADMIN";
    return 0;
}

/* Who asked for what they may not do is in the audit too.  The answer is no
 * even if that cannot be written. */
static int note_refusal(
    struct request *request, const char *command, const struct err *refused)
{
    struct err err = {.text = ""};

    if (requests_audit(request, command, NULL, 0, "refused", &err) < 0)
        log_line(&request->agent->log, LOG_ERROR,
            "a refusal cannot be written to the audit", "reason=\"%s\"",
            err.text);
    return refused->code;
}

static int dispatch(json_t **result, struct request *request,
    const struct control_request *asked, const struct control_peer *peer,
    struct err *err)
{
    int rc;

    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        char roles[120];

        if (strcmp(TABLE[i].name, asked->command) != 0)
            continue;
        rc = find_actor(request, peer, asked->as, err);
        if (rc < 0)
            return rc == ERR_DENIED ? note_refusal(request, TABLE[i].name, err)
                                    : rc;
        if ((TABLE[i].roles & request->actor.roles) == 0) {
            request->next = "Ask somebody with one of these roles";
            (void)err_set(err, ERR_DENIED, "this needs one of the roles %s",
                people_roles_format(TABLE[i].roles, roles, sizeof roles));
            return note_refusal(request, TABLE[i].name, err);
        }
        return TABLE[i].handle(result, request, err);
    }
    request->next = "The agent may be older than the command line: moveup "
                    "status shows its version";
    return err_set(err, ERR_USAGE, "the agent does not know this command");
}

static void on_request(void *arg, struct control_client *client,
    const struct control_request *asked, const struct control_peer *peer,
    int file)
{
    struct agent *agent = arg;
    struct request request = {.agent = agent,
        .client = client,
        .args = asked->args,
        .file = file,
        .next = ""};
    struct err err = {.text = ""};
    json_t *result = NULL;
    const int rc = dispatch(&result, &request, asked, peer, &err);

    if (db_in_transaction(agent->db)) /* a handler that failed half-way */
        db_rollback(agent->db);
    progress_expect(agent->progress);
    reporting_expect(agent->reporting);
    if (rc < 0) {
        json_decref(result);
        control_refuse(client, control_code(rc), err.text, request.next);
    } else if (result != NULL)
        control_answer(client, result);
}

static void on_gone(void *arg, struct control_client *client)
{
    struct agent *agent = arg;

    waits_forget(agent->waits, client);
    sender_forget(agent->sender, client);
}

int requests_audit(struct request *request, const char *action,
    const struct tag *pupil, int64_t family, const char *detail,
    struct err *err)
{
    struct db *db = request->agent->db;
    const bool open = db_in_transaction(db);
    int rc = open ? 0 : db_begin(db, err);

    if (rc == 0)
        rc = people_audit(db, clock_wall(), request->actor.login, action, pupil,
            family, detail, err);
    if (rc == 0 && !open)
        rc = db_commit(db, err);
    return rc;
}

const char *requests_name(size_t place)
{
    return place < sizeof TABLE / sizeof TABLE[0] ? TABLE[place].name : NULL;
}

struct control_callbacks requests_callbacks(struct agent *agent)
{
    return (struct control_callbacks){on_request, on_gone, agent};
}
