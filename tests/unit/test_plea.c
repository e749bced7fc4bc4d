/* plea: a lead says that one of two children of a family is not theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/plea.h"
#include "round.h"
#include "store/asked.h"
#include "store/people.h"

#define ISLA "B801200005001"
#define KOFI "V873200119001"

static int ask(struct round *r, json_t *args, unsigned roles, struct err *why)
{
    struct request request = {.agent = r->northgate,
        .args = args,
        .role = "LEAD",
        .next = "",
        .actor = {.roles = roles}};
    json_t *result = NULL;
    int rc;

    snprintf(request.actor.login, sizeof request.actor.login, "jlund");
    *why = (struct err){.text = ""};
    rc = plea_ask(&result, &request, why);
    if (db_in_transaction(r->northgate->db))
        db_rollback(r->northgate->db);
    json_decref(result);
    json_decref(args);
    return rc;
}

static json_t *not_ours(const char *child)
{
    return json_pack(
        "{s:s,s:b,s:s}", "case", "1", "not_ours", 1, "child", child);
}

/* A brother and a sister, who have one mother. */
static int begin(void **state)
{
    struct cluster_child isla;
    struct cluster_child kofi;
    struct round *r;

    round_begin(state);
    r = *state;
    cluster_child(&isla, ISLA, "Isla", &r->northgate->identity->laestab);
    cluster_child(&kofi, KOFI, "Kofi", &r->northgate->identity->laestab);
    round_send(r, &isla);
    round_send(r, &kofi);
    round_exchange(r);
    assert_int_equal(casework_refresh(r->northgate, NULL), 0);
    assert_int_equal(casework_find(r->northgate, 1)->pupil_count, 2);
    return 0;
}

static int note_leaver(void *arg, const struct asked *asked)
{
    struct asked *out = arg;

    assert_int_equal(out->leaver, 0);
    out->leaver = asked->leaver;
    out->kind = asked->kind;
    return 0;
}

/* The one request that is open at the primary; leaver 0: none is. */
static struct asked open_request(struct round *r)
{
    struct asked out = {.leaver = 0};

    assert_int_equal(
        asked_each_open(r->hillside->db, note_leaver, &out, NULL), 0);
    return out;
}

static enum state_code state_of(struct round *r)
{
    assert_int_equal(casework_refresh(r->northgate, NULL), 0);
    return casework_find(r->northgate, 1)->state.code;
}

static void test_it_must_be_said_which_child(void **state)
{
    struct round *r = *state;
    struct err why;

    assert_int_equal(ask(r, not_ours(""), ROLE_LEAD, &why), ERR_USAGE);
    assert_int_equal(
        ask(r, not_ours("J873200119002"), ROLE_LEAD, &why), ERR_NOT_FOUND);
    round_exchange(r);
    assert_int_equal(open_request(r).leaver, 0);
}

static void test_a_caller_may_not_say_it(void **state)
{
    struct round *r = *state;
    struct err why;

    assert_int_equal(ask(r, not_ours(KOFI), ROLE_CALLER, &why), ERR_DENIED);
}

static void test_the_other_child_is_rung_as_before(void **state)
{
    struct round *r = *state;
    const enum state_code before = state_of(r);
    struct err why;

    assert_int_equal(ask(r, not_ours(KOFI), ROLE_LEAD, &why), 0);
    round_exchange(r);
    assert_int_equal(open_request(r).kind, ASKED_NOT_OURS);
    assert_int_equal(open_request(r).leaver, round_row(r, KOFI).id);
    assert_int_equal(state_of(r), before);

    /* once for each child */
    assert_int_equal(ask(r, not_ours(KOFI), ROLE_LEAD, &why), ERR_EXISTS);
    assert_int_equal(ask(r, not_ours(ISLA), ROLE_LEAD, &why), 0);
}

static void test_a_recall_closes_it(void **state)
{
    struct round *r = *state;
    struct err why;

    assert_int_equal(ask(r, not_ours(KOFI), ROLE_LEAD, &why), 0);
    round_exchange(r);
    json_decref(round_ask(recall_leaver, r->hillside,
        json_pack("{s:s,s:s}", "upn", KOFI, "reason", "not theirs")));
    round_exchange(r);
    assert_int_equal(open_request(r).leaver, 0);
    assert_int_equal(cluster_records(r->northgate), 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_it_must_be_said_which_child),
        CASE(test_a_caller_may_not_say_it),
        CASE(test_the_other_child_is_rung_as_before),
        CASE(test_a_recall_closes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
