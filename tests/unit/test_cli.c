/* The whole command line in this process against a fake agent in another: what
 * it asks, what it prints (tests/data/golden) and how it exits.
 *
 * MOVEUP_WRITE_GOLDEN=1 writes the golden files anew: look at the difference
 * before you commit it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/run.h"
#include "control/control.h"

#define MOST_WATCHES 20
#define MOST_WORDS 16
#define NOON INT64_C(1813046400000) /* 2027-06-15T08:00:00Z */

/* The fake agent: answers COMMAND with tests/data/replies/COMMAND.json, and
 * writes what it was asked to DIR/request. */

struct watch {
    int fd;
    bool write;
    void (*on_ready)(void *arg, int events);
    void *arg;
};

struct world {
    char dir[32];
    char path[64];
    char request[64];
    pid_t agent;
    struct watch watches[MOST_WATCHES];
    char *out;
    char *err;
    size_t out_len, err_len;
    int code;
};

static void *watch_fd(void *loop, int fd, bool write,
    void (*on_ready)(void *arg, int events), void *arg)
{
    struct world *world = loop;

    for (size_t i = 0; i < MOST_WATCHES; i++)
        if (world->watches[i].fd < 0) {
            world->watches[i] = (struct watch){fd, write, on_ready, arg};
            return &world->watches[i];
        }
    abort();
}

static void rewatch(void *watch, bool write)
{
    ((struct watch *)watch)->write = write;
}

static void unwatch(void *watch)
{
    ((struct watch *)watch)->fd = -1;
}

static void on_request(void *arg, struct control_client *client,
    const struct control_request *request, const struct control_peer *peer,
    int file)
{
    struct world *world = arg;
    char name[256];
    json_t *answer;

    (void)peer;
    json_object_set_new(request->json, "with_file", json_boolean(file >= 0));
    json_dump_file(request->json, world->request, JSON_COMPACT);
    snprintf(
        name, sizeof name, "%s/replies/%s.json", TEST_DATA, request->command);
    answer = json_load_file(name, 0, NULL);
    if (strcmp(request->as, "nobody") == 0 || answer == NULL) {
        json_decref(answer);
        control_refuse(client, "denied", "you may not do this",
            "ask somebody with the role office");
        return;
    }
    control_progress(client,
        json_pack("{s:s,s:i,s:i}", "text", "pupils", "done", 3, "total", 0));
    control_answer(client, answer);
}

static void on_gone(void *arg, struct control_client *client)
{
    (void)arg;
    (void)client;
}

static void serve(struct world *world)
{
    for (;;) {
        struct pollfd fds[MOST_WATCHES];

        for (size_t i = 0; i < MOST_WATCHES; i++)
            fds[i] = (struct pollfd){world->watches[i].fd,
                (short)(POLLIN | (world->watches[i].write ? POLLOUT : 0)), 0};
        if (poll(fds, MOST_WATCHES, -1) <= 0)
            continue;
        for (size_t i = 0; i < MOST_WATCHES; i++)
            if (fds[i].revents != 0 && world->watches[i].fd == fds[i].fd)
                world->watches[i].on_ready(
                    world->watches[i].arg, fds[i].revents);
    }
}

static int start(void **state)
{
    struct world *world = mem_alloc(sizeof *world);
    const struct control_loop loop = {watch_fd, rewatch, unwatch, world};
    struct control_server *server = NULL;
    struct err err = {0};
    char shift[24];

    snprintf(world->dir, sizeof world->dir, "/tmp/moveup-cli-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    snprintf(world->path, sizeof world->path, "%s/agent.sock", world->dir);
    snprintf(world->request, sizeof world->request, "%s/request", world->dir);
    for (size_t i = 0; i < MOST_WATCHES; i++)
        world->watches[i].fd = -1;
    fflush(NULL);
    assert_int_equal(
        control_listen(&server, world->path, &loop,
            &(struct control_callbacks){on_request, on_gone, world}, &err),
        0);
    world->agent = fork();
    if (world->agent == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(world);
    }
    /* Ages are counted from a morning that does not move. */
    unsetenv("MOVEUP_FAKE_TIME");
    snprintf(shift, sizeof shift, "%lld",
        (long long)((NOON - clock_wall().ms) / 1000 + 1));
    setenv("MOVEUP_FAKE_TIME", shift, 1);
    setenv("MOVEUP_SOCKET", world->path, 1);
    *state = world;
    return 0;
}

static int stop(void **state)
{
    struct world *world = *state;

    kill(world->agent, SIGKILL);
    waitpid(world->agent, NULL, 0);
    unlink(world->path);
    unlink(world->request);
    rmdir(world->dir);
    free(world->out);
    free(world->err);
    free(world);
    return 0;
}

/* Run the command line that is written as one text, `+` standing for a space
 * within a word. */
static void run(struct world *world, const char *line)
{
    SCOPED(mem_freep) char *copy = mem_format("moveup %s", line);
    char *argv[MOST_WORDS + 1] = {NULL};
    char *rest = copy;
    int argc = 0;
    FILE *out;
    FILE *err;

    while (argc < MOST_WORDS && rest != NULL)
        argv[argc++] = strsep(&rest, " ");
    for (int i = 0; i < argc; i++)
        for (char *c = argv[i]; *c != '\0'; c++)
            *c = *c == '+' ? ' ' : *c;
    free(world->out);
    free(world->err);
    out = open_memstream(&world->out, &world->out_len);
    err = open_memstream(&world->err, &world->err_len);
    world->code = run_main(argc, argv, out, err);
    fclose(out);
    fclose(err);
}

static json_t *asked(const struct world *world)
{
    json_t *request = json_load_file(world->request, 0, NULL);

    assert_non_null(request);
    return request;
}

/* The lines, none wider than a terminal of 80 columns. */
static void assert_narrow(const char *text)
{
    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");
        SCOPED(mem_freep)
        char *line =
            (char *)mem_copy((struct bytes){(const uint8_t *)text, len});

        if (text_columns(line) > 80)
            fail_msg("wider than 80 columns: %s", line);
        text += len + (text[len] == '\n');
    }
}

static void compare_golden(const struct world *world, const char *name)
{
    SCOPED(buf_free) struct buf want = BUF_EMPTY;
    SCOPED(buf_free) struct buf have = BUF_EMPTY;
    SCOPED(mem_freep)
    char *path = mem_format("%s/golden/%s.txt", TEST_DATA, name);
    struct err err = {0};

    buf_format(&have, "%s%s%sexit %d\n", world->out,
        world->err_len > 0 ? "--- on standard error\n" : "", world->err,
        world->code);
    if (getenv("MOVEUP_WRITE_GOLDEN") != NULL)
        assert_int_equal(
            file_write(path, buf_bytes(&have), FILE_PUBLIC, &err), 0);
    assert_int_equal(file_read(&want, path, 100000, &err), 0);
    buf_add(&want, (struct bytes){(const uint8_t *)"", 1});
    buf_add(&have, (struct bytes){(const uint8_t *)"", 1});
    assert_string_equal((const char *)have.data, (const char *)want.data);
}

static void test_prints_for_people_what_the_golden_files_say(void **state)
{
    static const struct {
        const char *name;
        const char *line;
    } cases[] = {
        {"leavers-import", "leavers import " TEST_DATA "/replies/list.json"},
        {"leavers-import-verbose",
            "leavers import -v --dry-run " TEST_DATA "/replies/list.json"},
        {"leavers-import-no-file", "leavers import nothing.xml"},
        {"leavers-check", "leavers check"},
        {"leavers-list", "leavers list"},
        {"leavers-show", "leavers show C820432198003"},
        {"leavers-send", "leavers send --all"},
        {"restrict-add", "restrict add C820432198003 --contact 2 --kind "
                         "do-not-contact --basis court-order"},
        {"restrict-list", "restrict list"},
        {"list", "list"},
        {"list-why", "list --why"},
        {"card", "card 118"},
        {"read", "read C820432198003"},
        {"status", "status"},
        {"status-check", "status --check"},
        {"doctor", "doctor"},
        {"peers", "peers"},
        {"queue", "queue"},
        {"waitsync", "waitsync --timeout 1"},
        {"quarantine-list", "quarantine list"},
        {"quarantine-show", "quarantine show 3"},
        {"receipts", "receipts C820432198003"},
        {"staff-list", "staff list"},
        {"refused", "status --as nobody"},
        {"no-agent", "status --socket /nowhere/agent.sock"},
        {"help", "help"},
        {"help-import", "help leavers import"},
        {"help-group", "leavers"},
        {"mistyped", "laevers lsit"},
        {"mistyped-option", "leavers list --jso"},
        {"other-option", "leavers list --phase primary"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run(*state, cases[i].line);
        compare_golden(*state, cases[i].name);
        if (strcmp(cases[i].name, "status-check") != 0)
            assert_narrow(((struct world *)*state)->out);
        assert_narrow(((struct world *)*state)->err);
    }
}

static void test_prints_lists_as_csv_without_formulas(void **state)
{
    static const char *const lines[] = {"leavers list --csv", "list --csv",
        "peers --csv", "queue --csv", "quarantine list --csv",
        "restrict list --csv", "staff list --csv"};
    static const char *const names[] = {"csv-leavers-list", "csv-list",
        "csv-peers", "csv-queue", "csv-quarantine-list", "csv-restrict-list",
        "csv-staff-list"};
    struct world *world = *state;

    for (size_t i = 0; i < 7; i++) {
        run(world, lines[i]);
        compare_golden(world, names[i]);
        assert_null(strstr(world->out, ",="));
        assert_null(strstr(world->out, ",+"));
    }
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

static void test_completion_is_a_script_that_bash_accepts(void **state)
{
    struct world *world = *state;
    char name[64];
    struct err err = {0};
    pid_t bash;
    int status;

    run(world, "help --completion bash");
    snprintf(name, sizeof name, "%s/completion", world->dir);
    assert_int_equal(
        file_write(name, bytes_of(world->out), FILE_PUBLIC, &err), 0);
    bash = fork();
    if (bash == 0) {
        execlp("bash", "bash", "-c",
            ". \"$0\"\n"
            "COMP_WORDS=(moveup leavers im) COMP_CWORD=2; _moveup\n"
            "[[ ${COMPREPLY[*]} == import ]] || exit 1\n"
            "COMP_WORDS=(moveup leavers send --a) COMP_CWORD=3; _moveup\n"
            "[[ ${COMPREPLY[*]} == '--all --as' ]] || exit 2\n"
            "COMP_WORDS=(moveup ca) COMP_CWORD=1; _moveup\n"
            "[[ ${COMPREPLY[*]} == card ]] || exit 3\n",
            name, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(bash, &status, 0), bash);
    unlink(name);
    if (WEXITSTATUS(status) == 127)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_the_man_page_names_every_command(void **state)
{
    struct world *world = *state;

    run(world, "help --man");
    assert_int_equal(strncmp(world->out, ".TH MOVEUP 1", 12), 0);
    assert_non_null(strstr(world->out, ".SS leavers import FILE..."));
    assert_non_null(strstr(world->out, ".SS cluster publish"));
    assert_non_null(strstr(world->out, "\\-\\-dry\\-run"));
}

#define AGENT(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT(test_prints_for_people_what_the_golden_files_say),
        AGENT(test_prints_lists_as_csv_without_formulas),
        AGENT(test_prints_exactly_the_agents_document_as_json),
        AGENT(test_asks_the_agent_for_what_was_typed),
        AGENT(test_hands_over_the_file_and_says_for_whom_it_acts),
        AGENT(test_merges_what_several_files_gave),
        AGENT(test_exits_with_the_documented_codes),
        AGENT(test_exports_the_best_receipt_with_what_checks_it),
        AGENT(test_completion_is_a_script_that_bash_accepts),
        AGENT(test_the_man_page_names_every_command),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
