/* Least privilege: every command the agent knows, asked by a member of staff
 * who has one role alone; and which parts of a card each role is shown.  The
 * tables here are written by hand, apart from the code that decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history.h"

/* caller, lead, senco, dsl, head of year, tutor, office, admin, nobody */
static const char *const LOGINS[] = {
    "ca", "le", "se", "ds", "hy", "tu", "of", "ad", "no"};
static const char *const ROLES[] = {"caller", "lead", "senco", "dsl",
    "head-of-year", "tutor", "office", "admin", NULL};
#define LOGIN_COUNT (sizeof LOGINS / sizeof LOGINS[0])

/* Y: may; .: may not.  In the order of LOGINS; who is not on the staff list may
 * do nothing. */
static const struct {
    const char *command;
    const char *may;
} TABLE[] = {
    /*                   clsdhtoa- */
    {"leavers.import", /**/ ".YYY..YY."},
    {"leavers.check", /* */ ".YYY..YY."},
    {"leavers.list", /*  */ ".YYY..YY."},
    {"leavers.show", /*  */ ".YYY..YY."},
    {"leavers.send", /*  */ ".YYY..YY."},
    {"recall", /*        */ ".YYY..YY."},
    {"dest.set", /*      */ ".YYY..YY."},
    {"inbox", /*         */ ".YYY..YY."},
    {"sessions", /*      */ ".YYY..YY."},
    {"outcomes", /*      */ ".YYY..YY."},
    {"answer", /*        */ ".YYY..YY."},
    {"receipts", /*      */ ".YYY..YY."},
    {"restrict.add", /*  */ ".YYY..YY."},
    {"restrict.list", /* */ ".Y.Y..YY."},
    {"restrict.end", /*  */ "...Y...Y."},
    {"list", /*          */ "YYYYYY.Y."},
    {"card", /*          */ "YYYYYY.Y."},
    {"callbacks", /*     */ "YYYYYY.Y."},
    {"changes", /*       */ "YYYYYYYY."},
    {"read", /*          */ "YYYYYYYY."},
    {"find", /*          */ "YYYYYYYY."},
    {"next", /*          */ "YYYYYY..."},
    {"next.release", /*  */ "YYYYYY..."},
    {"log", /*           */ "YYYYYYY.."},
    {"wishes", /*        */ "YYYYYY..."},
    {"barrier", /*       */ "YYYYYY..."},
    {"number", /*        */ "YYYYYYY.."},
    {"review", /*        */ ".Y.Y....."},
    {"more", /*          */ ".Y......."},
    {"plan", /*          */ ".Y.YY...."},
    {"escalated", /*     */ ".Y.YY...."},
    {"ask", /*           */ "YYYYYYY.."},
    {"died", /*          */ "YYYYYYY.."},
    {"entry.mark", /*    */ ".Y..Y.Y.."},
    {"entry.load", /*    */ ".Y..Y.Y.."},
    {"entry.missing", /* */ "YYYYYYY.."},
    {"coverage", /*      */ "YYYYYYYY."},
    {"dates.set", /*     */ ".Y.....Y."},
    {"dates.list", /*    */ "YYYYYYYY."},
    {"session.add", /*   */ ".Y..Y.Y.."},
    {"session.edit", /*  */ ".Y..Y.Y.."},
    {"session.list", /*  */ "YYYYYYYY."},
    {"session.publish", /**/ ".Y..Y.Y.."},
    {"session.cancel", /**/ ".Y..Y.Y.."},
    {"session.ics", /*   */ "YYYYYYYY."},
    {"session.fit", /*   */ ".YYYY.Y.."},
    {"session.letters", /**/ "YYYYYYY.."},
    {"session.doorlist", /**/ "YYYYYYY.."},
    {"session.mark", /*  */ "YYYYYYY.."},
    {"invite", /*        */ "YYYYYYY.."},
    {"actions", /*       */ "YYYYYYY.."},
    {"actions.add", /*   */ "YYYYYYY.."},
    {"actions.end", /*   */ "YYYYYYY.."},
    {"callsheet", /*     */ "YYYYYY..."},
    {"strategy.set", /*  */ ".Y..Y...."},
    {"strategy.end", /*  */ ".Y..Y...."},
    {"strategy.list", /* */ ".YYYYY..."},
    {"offers.load", /*   */ ".Y..Y.Y.."},
    {"offers.list", /*   */ ".Y..Y.Y.."},
    {"offers.drop", /*   */ ".Y..Y.Y.."},
    {"tutor.set", /*     */ ".Y..Y.Y.."},
    {"tutor.load", /*    */ ".Y..Y.Y.."},
    {"support.check", /* */ "YYYYYY..."},
    {"support", /*       */ ".YYYYY..."},
    {"support.refer", /* */ ".YYYYY..."},
    {"support.state", /* */ ".YYYYY..."},
    {"staff.add", /*     */ ".......Y."},
    {"staff.edit", /*    */ ".......Y."},
    {"staff.retire", /*  */ ".......Y."},
    {"staff.list", /*    */ "YYYYYYYY."},
    {"audit", /*         */ ".Y.Y...Y."},
    {"status", /*        */ "YYYYYYYY."},
    {"peers", /*         */ "YYYYYYYY."},
    {"queue", /*         */ "YYYYYYYY."},
    {"waitsync", /*      */ "YYYYYYYY."},
    {"doctor", /*        */ ".Y....YY."},
    {"quarantine.list", /**/ ".Y....YY."},
    {"quarantine.show", /**/ ".Y....YY."},
    {"quarantine.retry", /**/ ".Y....YY."},
    {"quarantine.drop", /**/ ".Y....YY."},
    {"quarantine.approve", /**/ ".Y.Y....."},
    {"keys.rotate", /*   */ ".......Y."},
    {"keys.show", /*     */ "YYYYYYYY."},
    {"approve", /*       */ ".Y....YY."},
    {"backup", /*        */ ".......Y."},
};
#define TABLE_SIZE (sizeof TABLE / sizeof TABLE[0])

static void add_staff(struct household *h)
{
    for (size_t i = 0; ROLES[i] != NULL; i++) {
        SCOPED(mem_freep)
        char *line =
            mem_format("staff add %s --name X --role %s", LOGINS[i], ROLES[i]);

        household_type(h, h->secondary, NULL, line);
        assert_int_equal(h->world->code, 0);
    }
}

static struct household *begin(struct cli_round *world)
{
    static struct household h;

    h = (struct household){.world = world,
        .primary = world->round->hillside,
        .secondary = world->round->northgate};
    cli_set_time(HISTORY_START);
    add_staff(&h);
    return &h;
}

/* --- commands --- */

/* True if the command was refused for want of a role, or of a name on the staff
 * list; whatever else it says of empty arguments. */
static bool is_denied(struct household *h, const char *command, const char *as)
{
    struct cli_round *world = h->world;
    struct control_reply reply = {0};
    struct err err = {.text = ""};
    json_t *args = json_object();
    bool denied;
    int rc;

    pthread_mutex_unlock(&world->lock);
    rc = control_ask(&reply,
        world->schools[h->secondary - world->round->cluster.schools].path,
        command, as, args, -1, NULL, NULL, &err);
    pthread_mutex_lock(&world->lock);
    if (rc < 0)
        fail_msg("%s: %s", command, err.text);
    denied = strcmp(reply.code, "denied") == 0 &&
             (strstr(reply.text, "needs one of the roles") != NULL ||
                 strstr(reply.text, "staff list") != NULL);
    json_decref(reply.result);
    json_decref(args);
    return denied;
}

static size_t refusals_in_audit(struct household *h, const char *login)
{
    SCOPED(mem_freep) char *line = mem_format("audit --staff %s --json", login);
    json_t *audit;
    json_t *row;
    size_t i;
    size_t count = 0;

    household_type(h, h->secondary, NULL, line);
    audit = household_json(h);
    json_array_foreach(json_object_get(audit, "audit"), i, row) count +=
        strcmp(json_string_value(json_object_get(row, "detail")), "refused") ==
        0;
    json_decref(audit);
    return count;
}

static void test_each_role_may_do_what_it_needs_and_no_more(void **state)
{
    struct household *h = begin(*state);

    for (size_t who = 0; who < LOGIN_COUNT; who++) {
        size_t refused = 0;

        for (size_t i = 0; i < TABLE_SIZE; i++) {
            const bool may = TABLE[i].may[who] == 'Y';

            if (may && strcmp(TABLE[i].command, "waitsync") == 0)
                continue; /* it would wait */
            if (is_denied(h, TABLE[i].command, LOGINS[who]) == may)
                fail_msg("%s is %s %s", LOGINS[who],
                    may ? "refused" : "allowed", TABLE[i].command);
            refused += !may;
        }
        assert_int_equal(refusals_in_audit(h, LOGINS[who]), refused);
    }
}

static void test_the_table_has_every_command(void **state)
{
    const char *name;

    (void)state;
    for (size_t i = 0; (name = requests_name(i)) != NULL; i++) {
        bool found = false;

        for (size_t j = 0; j < TABLE_SIZE; j++)
            found |= strcmp(TABLE[j].command, name) == 0;
        if (!found)
            fail_msg("who may do %s?", name);
    }
}

/* --- sections --- */

/* Who is shown it: letters as in TABLE, of those who may ask at all. */
static const struct {
    const char *what;
    const char *line;
    const char *sign; /* stands in the answer if it is shown */
    const char *seen;
} SECTIONS[] = {
    {"kinds of need", "card 1 --json", "\"SEMH\"", ".YYYYY..."},
    {"that a child is in care", "card 1 --json", "\"in_care\": \"yes\"",
        ".YYYYY..."},
    {"what was said in a call with a concern", "card 1 --json", "bruises",
        "...Y....."},
    {"a promise of the safeguarding lead's", "actions --json", "ring the LADO",
        "...Y....."},
    {"what to do when a restricted adult rings",
        "find --phone 07700900722 --json", "Confirm nothing", ".Y.Y....."},
    {"that a needs list exists", "list --all --json", "\"SEMH\"", ".YYYYY..."},
};

static void arrive(struct household *h)
{
    struct leaver_need need = {.rank = 1, .type = "SEMH"};
    struct leavers_row row = {.revision = 0};
    SCOPED(family_free) struct family f;

    family_init(&f);
    f.leaver.dob = (struct date){2015, 3, 14};
    f.leaver.sex = "F";
    f.leaver.destination = h->secondary->identity->laestab;
    f.leaver.in_care = STATED_YES;
    f.leaver.needs = &need;
    f.leaver.need_count = 1;
    family_point(&f, family_add(&f, "Ada", "Okoro"), "07700 900118");
    family_point(&f, family_add(&f, "Chidi", "Okoro"), "07700 900722");
    *family_restrict(&f, RESTRICTION_DO_NOT_CONTACT, 2) =
        (struct restriction){.id = {{1}},
            .kind = RESTRICTION_DO_NOT_CONTACT,
            .basis = BASIS_COURT_ORDER,
            .contact = 2,
            .note = "",
            .evidence = ""};
    household_append(h, &row, &f.leaver);
    cli_exchange(h->world);
}

static void test_each_role_is_shown_what_it_needs_and_no_more(void **state)
{
    struct household *h = begin(*state);

    arrive(h);
    household_type(h, h->secondary, "ca",
        "log 1 met --contact 1 --said bruises --concern");
    assert_int_equal(h->world->code, 0);
    household_type(h, h->secondary, "ds",
        "actions add 1 ring+the+LADO --owner dsl --kind concern");
    assert_int_equal(h->world->code, 0);
    for (size_t i = 0; i < sizeof SECTIONS / sizeof SECTIONS[0]; i++)
        for (size_t who = 0; who < LOGIN_COUNT; who++) {
            const bool may = SECTIONS[i].seen[who] == 'Y';

            household_type(h, h->secondary, LOGINS[who], SECTIONS[i].line);
            if ((strstr(h->world->out, SECTIONS[i].sign) != NULL) != may)
                fail_msg("%s is %sshown %s", LOGINS[who], may ? "not " : "",
                    SECTIONS[i].what);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_has_every_command),
        CLI_CASE(test_each_role_may_do_what_it_needs_and_no_more),
        CLI_CASE(test_each_role_is_shown_what_it_needs_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
