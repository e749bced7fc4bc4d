/* What the command line asks the agent, and what scripts rely on: JSON, exit
 * codes, exported files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/call.h"
#include "cli_world.h"

static json_t *asked(const struct world *world)
{
    json_t *request = json_load_file(world->request, 0, NULL);

    assert_non_null(request);
    return request;
}

static void test_prints_exactly_the_agents_document_as_json(void **state)
{
    static const char *const commands[] = {
        "leavers.list", "leavers.check", "list", "status", "doctor", "peers"};
    struct world *world = *state;

    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char line[64];
        char name[256];
        json_t *want;
        json_t *have;

        snprintf(line, sizeof line, "--json %s", commands[i]);
        for (char *c = line; *c != '\0'; c++)
            *c = *c == '.' ? ' ' : *c;
        run(world, line);
        snprintf(
            name, sizeof name, "%s/replies/%s.json", TEST_DATA, commands[i]);
        want = json_load_file(name, 0, NULL);
        have = json_loads(world->out, 0, NULL);
        assert_true(json_equal(want, have));
        assert_string_equal(world->err, "");
        json_decref(want);
        json_decref(have);
    }
}

static void assert_asks(
    struct world *world, const char *line, const char *command, json_t *args)
{
    json_t *request;

    run(world, line);
    request = asked(world);
    assert_string_equal(
        json_string_value(json_object_get(request, "command")), command);
    if (!json_equal(json_object_get(request, "args"), args))
        fail_msg("%s: other arguments", line);
    json_decref(args);
    json_decref(request);
}

static void test_asks_the_agent_for_what_was_typed(void **state)
{
    assert_asks(*state, "leavers list --to 8734500 --state applied",
        "leavers.list",
        json_pack("{s:s,s:s}", "to", "8734500", "state", "applied"));
    assert_asks(*state, "leavers --to=8734500 send", "leavers.send",
        json_pack("{s:s}", "to", "8734500"));
    assert_asks(*state, "leavers send A B", "leavers.send",
        json_pack("{s:[s,s]}", "upns", "A", "B"));
    assert_asks(*state, "leavers send --all", "leavers.send",
        json_pack("{s:b}", "all", 1));
    assert_asks(*state,
        "leavers import --send --format ctf " TEST_DATA "/replies/list.json",
        "leavers.import",
        json_pack("{s:s,s:s,s:b,s:b}", "file", "list.json", "format", "ctf",
            "dry_run", 0, "send", 1));
    assert_asks(*state,
        "restrict add A --contact 2 --kind no-text --basis parent-request "
        "--note by+phone",
        "restrict.add",
        json_pack("{s:s,s:i,s:s,s:s,s:s}", "upn", "A", "contact", 2, "kind",
            "no-text", "basis", "parent-request", "note", "by phone"));
    assert_asks(*state, "list --all --from 8732001", "list",
        json_pack("{s:b,s:b,s:s}", "all", 1, "why", 0, "from", "8732001"));
    assert_asks(*state, "waitsync --timeout 7", "waitsync",
        json_pack("{s:i}", "timeout", 7));
    assert_asks(*state, "ask 7 --not-ours --child A", "ask",
        json_pack("{s:s,s:b,s:b,s:s}", "case", "7", "help_reach", 0, "not_ours",
            1, "child", "A"));
    assert_asks(*state, "approve 8732001", "approve",
        json_pack("{s:s,s:s}", "to", "8732001", "from", "8732001"));
    assert_asks(*state, "approve --to 8734500", "approve",
        json_pack("{s:s}", "to", "8734500"));
    assert_asks(*state, "quarantine drop 3 --reason too+old", "quarantine.drop",
        json_pack("{s:i,s:s}", "id", 3, "reason", "too old"));
    assert_asks(*state,
        "staff add jl --name J.+Lund --role caller,lead --languages en,so",
        "staff.add",
        json_pack("{s:s,s:s,s:s,s:s}", "login", "jl", "name", "J. Lund", "role",
            "caller,lead", "languages", "en,so"));
}

static void test_hands_over_the_file_and_says_for_whom_it_acts(void **state)
{
    json_t *request;

    run(*state, "leavers import --as jl " TEST_DATA "/replies/list.json");
    request = asked(*state);
    assert_true(json_is_true(json_object_get(request, "with_file")));
    assert_string_equal(
        json_string_value(json_object_get(request, "as")), "jl");
    json_decref(request);
}

static void test_merges_what_several_files_gave(void **state)
{
    struct world *world = *state;
    json_t *all;

    run(world,
        "leavers import --json " TEST_DATA "/replies/list.json " TEST_DATA
        "/replies/card.json nothing.xml");
    assert_int_equal(world->code, CALL_REFUSED);
    all = json_loads(world->out, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(all, "files")), 3);
    assert_int_equal(json_array_size(json_object_get(all, "refused")), 5);
    assert_int_equal(json_array_size(json_object_get(all, "warnings")), 6);
    json_decref(all);
}

static void test_exits_with_the_documented_codes(void **state)
{
    static const struct {
        const char *line;
        int code;
    } cases[] = {
        {"leavers list", CALL_DONE},
        {"leavers send X", CALL_REFUSED}, /* named, and skipped */
        {"leavers send --all", CALL_DONE},
        {"leavers send", CALL_USAGE},
        {"leavers send --all X", CALL_USAGE},
        {"leavers import --format pdf x", CALL_USAGE},
        {"leavers import", CALL_USAGE},
        {"leavers show A B", CALL_USAGE},
        {"leavers list --json --csv", CALL_USAGE},
        {"status --csv", CALL_USAGE},
        {"restrict add A --contact two --kind no-text --basis court-order",
            CALL_USAGE},
        {"restrict add A --contact 2 --kind never --basis court-order",
            CALL_USAGE},
        {"restrict add A", CALL_USAGE},
        {"quarantine show x", CALL_USAGE},
        {"waitsync --timeout soon", CALL_USAGE},
        {"waitsync", CALL_REFUSED},
        {"doctor --json", CALL_REFUSED},
        {"status --check", 1},
        {"status --check --json", 1},
        {"status --check --socket /nowhere", 3},
        {"list --socket /nowhere", CALL_NO_AGENT},
        {"list --as nobody", CALL_REFUSED},
        {"--version", CALL_DONE},
        {"--help", CALL_DONE},
        {"leavers --help", CALL_DONE},
        {"help nonsense", CALL_USAGE},
        {"leavers list \xff", CALL_USAGE},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run(world, cases[i].line);
        if (world->code != cases[i].code)
            fail_msg("%s: exit %d", cases[i].line, world->code);
        if (cases[i].code == CALL_USAGE)
            assert_true(world->err_len > 0);
    }
}

static void test_exports_the_best_receipt_with_what_checks_it(void **state)
{
    static const struct {
        const char *ending;
        const char *text;
    } files[] = {{"", "applied"}, {".signer.pem", "SIGNER\n"},
        {".authority.pem", "AUTHORITY\n"}};
    struct world *world = *state;
    char line[128];

    snprintf(line, sizeof line, "receipts C820432198003 --export %s/r.cms",
        world->dir);
    run(world, line);
    assert_int_equal(world->code, CALL_DONE);
    assert_non_null(strstr(world->out, "openssl cms -verify"));
    for (size_t i = 0; i < 3; i++) {
        SCOPED(buf_free) struct buf have = BUF_EMPTY;
        char path[128];
        struct err err = {0};

        snprintf(path, sizeof path, "%s/r.cms%s", world->dir, files[i].ending);
        assert_int_equal(file_read(&have, path, 1000, &err), 0);
        assert_int_equal(have.len, strlen(files[i].text));
        assert_memory_equal(have.data, files[i].text, have.len);
        assert_int_equal(unlink(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT(test_prints_exactly_the_agents_document_as_json),
        AGENT(test_asks_the_agent_for_what_was_typed),
        AGENT(test_hands_over_the_file_and_says_for_whom_it_acts),
        AGENT(test_merges_what_several_files_gave),
        AGENT(test_exits_with_the_documented_codes),
        AGENT(test_exports_the_best_receipt_with_what_checks_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
