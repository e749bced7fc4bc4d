/* Over random histories no answer of the agent holds a restricted adult's name,
 * number or address; and what a caller waits for is read once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "agentd/casework.h"
#include "agentd/requests.h"
#include "cluster.h"
#include "family.h"

#define HIDDEN "Zebedee"
#define NUMBER "07700 900722"
#define EMAIL "zeb.hidden@example.org"
#define ROAD "13 Unlit Lane"

/* How the restricted adult might get into a note. */
static const char *const leaks[] = {"ask Zebedee Okoro",
    "Okoro, Zebedee rang again", "he is on 07700900722", "+44 7700 900722",
    "write to zeb.hidden@example.org", "mother is friendly", "", "bus at 8"};
#define LEAKS (sizeof leaks / sizeof leaks[0])

static struct cluster town;
static unsigned dice; /* the random numbers, from a seed */

static int begin(void **state)
{
    (void)state;
    cluster_begin(&town);
    return 0;
}

static int end(void **state)
{
    (void)state;
    cluster_end(&town);
    return 0;
}

static const char *leak(void)
{
    return leaks[(size_t)rand_r(&dice) % LEAKS];
}

static void make_leaver(struct family *f, const char *upn)
{
    struct leaver_contact *hidden;

    family_init(f);
    f->leaver.upn = upn;
    f->leaver.strengths = leak();
    f->leaver.phone = NUMBER;
    family_point(f, family_add(f, "Ada", "Okoro"), "07700 900118");
    family_point(f, &f->contacts[0], NUMBER); /* shared with him */
    hidden = family_add(f, HIDDEN, "Okoro");
    hidden->relationship = "PAF";
    hidden->address.lines[0] = ROAD;
    hidden->responsibility = STATED_YES;
    f->contacts[0].relationship = "PAM";
    family_point(f, hidden, NUMBER);
    family_point(f, hidden, EMAIL);
    f->leaver.restrictions[f->leaver.restriction_count++] =
        (struct restriction){.id = {{1}},
            .kind = RESTRICTION_DO_NOT_CONTACT,
            .basis = BASIS_COURT_ORDER,
            .contact = 2,
            .note = "Zebedee Okoro, order of June",
            .evidence = ""};
}

static int64_t put_record(struct agent *agent, const struct leaver *leaver)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct inbox_record row = {.revision = 1, .applied_at = clock_wall()};

    assert_int_equal(laestab_parse(&row.author, "8732001", NULL), 0);
    agent_upn_tag(&row.tag, agent, leaver->upn);
    assert_int_equal(record_encode(&plain, leaver, NULL), 0);
    assert_int_equal(db_begin(agent->db, NULL), 0);
    assert_int_equal(
        inbox_family(&row.family, agent->db, NULL, 0, clock_wall(), NULL), 0);
    assert_int_equal(inbox_next_record_id(agent->db, &row.id, NULL), 0);
    assert_int_equal(
        blob_seal(&sealed, agent, BLOB_RECORD, row.id, buf_bytes(&plain), NULL),
        0);
    row.sealed = buf_bytes(&sealed);
    assert_int_equal(inbox_put_record(agent->db, &row, NULL), 0);
    assert_int_equal(db_commit(agent->db, NULL), 0);
    return row.family;
}

static struct event any_event(int64_t family, int64_t record)
{
    struct event e = {.kind = EVENT_ATTEMPT, .family = family, .login = "jl"};
    const int64_t age = (int64_t)(rand_r(&dice) % 500) * 3600 * 1000;

    e.at.ms = clock_wall().ms - age;
    switch (rand_r(&dice) % 6) {
    case 0:
        e.kind = EVENT_POINT;
        e.u.point = (struct event_point){record,
            1 + (uint32_t)rand_r(&dice) % 2, POINT_MOBILE,
            rand_r(&dice) % 2 == 0 ? "+447700900722" : "+447700900142",
            (enum event_point_status)(1 + rand_r(&dice) % 7), SOURCE_PRIMARY, 0,
            leak()};
        break;
    case 1:
        e.kind = EVENT_BARRIER;
        e.u.barrier = (struct event_barrier){.barrier = BARRIER_TIME,
            .source = BARRIER_STATED,
            .status = BARRIER_OPEN,
            .note = leak()};
        break;
    case 2:
        e.kind = EVENT_PLAN;
        e.u.plan = (struct event_plan){
            CHANNEL_HOME_VISIT, {0}, leak(), leak(), leak()};
        break;
    default:
        e.u.attempt = (struct event_attempt){.record = record,
            .contact = 1 + (uint32_t)rand_r(&dice) % 2,
            .value = rand_r(&dice) % 2 == 0 ? "+447700900722" : "+447700900118",
            .channel = (enum event_channel)(1 + rand_r(&dice) % CHANNEL_LAST),
            .outcome = (enum outcome)(1 + rand_r(&dice) % OUTCOME_LAST),
            .band = (enum band)(1 + rand_r(&dice) % 4),
            .call_back = {rand_r(&dice) % 3 == 0 ? e.at.ms + 3600 * 1000 : 0},
            .concern = rand_r(&dice) % 9 == 0,
            .said = leak(),
            .note = leak()};
        break;
    }
    return e;
}

/* --- every answer, for every role --- */

static void assert_silent(const char *what, json_t *answer, const char *text)
{
    SCOPED(mem_freep)
    char *dump = answer == NULL ? mem_text(text) : json_dumps(answer, 0);
    static const char *const secrets[] = {
        HIDDEN, "900722", "900 722", "zeb.hidden", "Unlit", "order of June"};

    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (strstr(dump, secrets[i]) != NULL)
            fail_msg("%s shows %s: %s", what, secrets[i], dump);
    json_decref(answer);
}

static void ask(struct agent *agent, unsigned roles, const char *what,
    request_handler *handler, json_t *args)
{
    struct request request = {
        .agent = agent, .args = args, .file = -1, .role = "CALLER", .next = ""};
    json_t *answer = NULL;
    struct err err = {.text = ""};

    snprintf(request.actor.login, sizeof request.actor.login, "jl");
    snprintf(request.actor.languages, sizeof request.actor.languages, "en");
    request.actor.roles = roles;
    if (handler(&answer, &request, &err) < 0) {
        if (db_in_transaction(agent->db))
            db_rollback(agent->db);
        assert_silent(what, NULL, err.text);
        json_decref(answer);
    } else
        assert_silent(what, answer, "");
    assert_silent(what, NULL, request.next);
    json_decref(args);
}

static void ask_everything(struct agent *agent, unsigned roles, int64_t family)
{
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)family);
    ask(agent, roles, "list", family_list, json_pack("{s:b}", "all", 1));
    ask(agent, roles, "card", family_card, json_pack("{s:s}", "case", id));
    ask(agent, roles, "next", next_take, json_pack("{s:b}", "interpreter", 1));
    ask(agent, roles, "callbacks", callbacks_list, json_object());
    ask(agent, roles, "escalated", decide_escalated, json_object());
    ask(agent, roles, "find", lookup_find, json_pack("{s:s}", "phone", NUMBER));
    ask(agent, roles, "find name", lookup_find,
        json_pack("{s:s}", "name", "zebedee"));
    ask(agent, roles, "log", logbook_log,
        json_pack(
            "{s:s,s:s,s:i}", "case", id, "outcome", "no-answer", "contact", 2));
    ask(agent, roles, "audit", trail_audit, json_object());
}

static void test_no_answer_betrays_a_restricted_adult(void **state)
{
    static const char *const upns[] = {
        "V873200119001", "H873200119451", "X873200119452"};
    static const unsigned roles[] = {
        ROLE_CALLER, ROLE_LEAD, ROLE_DSL, ROLE_OFFICE, ~0U};
    struct agent *agent = &town.schools[2];
    struct err err = {.text = ""};

    (void)state;
    dice = 118;
    for (size_t n = 0; n < 3; n++) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct family f;
        int64_t family;

        make_leaver(&f, upns[n]);
        family = put_record(agent, &f.leaver);
        arena_free(&f.arena);
        for (int round = 0; round < 25; round++) {
            assert_int_equal(casework_refresh(agent, &err), 0);
            assert_int_equal(db_begin(agent->db, NULL), 0);
            for (int i = 0; i < 3; i++) {
                struct event event = any_event(
                    family, casework_find(agent, family)->pupils[0]->row.id);

                assert_int_equal(casework_add(agent, &event, &err), 0);
            }
            assert_int_equal(db_commit(agent->db, NULL), 0);
            ask_everything(agent, roles[round % 5], family);
        }
    }
}

static void test_what_is_rolled_back_is_forgotten(void **state)
{
    struct agent *agent = &town.schools[2];
    struct casework_file *file;
    struct event event = {.kind = EVENT_LEASE, .login = "jl"};
    struct family f;
    int64_t family;

    (void)state;
    make_leaver(&f, "V873200119001");
    family = put_record(agent, &f.leaver);
    arena_free(&f.arena);
    event.family = family;
    assert_int_equal(casework_refresh(agent, NULL), 0);
    assert_int_equal(db_begin(agent->db, NULL), 0);
    assert_int_equal(casework_add(agent, &event, NULL), 0);
    assert_int_equal(casework_refresh(agent, NULL), 0);
    file = casework_find(agent, family);
    assert_int_equal(file->event_count, 1);
    db_rollback(agent->db);
    assert_int_equal(casework_refresh(agent, NULL), 0);
    file = casework_find(agent, family);
    assert_int_equal(file->event_count, 0);
    assert_int_equal(file->reach.count, 1);
    assert_int_equal(file->reach.withheld, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_no_answer_betrays_a_restricted_adult, begin, end),
        cmocka_unit_test_setup_teardown(
            test_what_is_rolled_back_is_forgotten, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
