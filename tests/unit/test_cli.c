/* What people see: tests/data/golden, the man page, the completion.
 *
 * MOVEUP_WRITE_GOLDEN=1 writes the golden files anew: look at the difference
 * before you commit it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "cli_world.h"

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
        {"recall", "recall C820432198003 --reason moved"},
        {"dest-set", "dest set C820432198003 --to 8734501"},
        {"inbox", "inbox"},
        {"answer", "answer 41 --text rang"},
        {"restrict-add", "restrict add C820432198003 --contact 2 --kind "
                         "do-not-contact --basis court-order"},
        {"restrict-list", "restrict list"},
        {"list", "list"},
        {"list-why", "list --why"},
        {"card", "card 118"},
        {"list-all", "list --all"},
        {"next", "next"},
        {"log", "log no-answer"},
        {"log-number", "log spoke --contact me"},
        {"callbacks", "callbacks"},
        {"find", "find --phone 07700900118"},
        {"escalated", "escalated"},
        {"review", "review 118 act --reason talk"},
        {"plan", "plan 118"},
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
        {"staff-edit", "staff edit jl --role caller"},
        {"staff-retire", "staff retire office"},
        {"audit", "audit"},
        {"approve", "approve --to 8734500"},
        {"approve", "approve 8732001"},
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
            "COMP_WORDS=(moveup car) COMP_CWORD=1; _moveup\n"
            "[[ ${COMPREPLY[*]} == card ]] || exit 3\n"
            "COMP_WORDS=(moveup help leavers im) COMP_CWORD=3; _moveup\n"
            "[[ ${COMPREPLY[*]} == import ]] || exit 4\n"
            "COMP_WORDS=(moveup help car) COMP_CWORD=2; _moveup\n"
            "[[ ${COMPREPLY[*]} == card ]] || exit 5\n",
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT(test_prints_for_people_what_the_golden_files_say),
        AGENT(test_prints_lists_as_csv_without_formulas),
        AGENT(test_completion_is_a_script_that_bash_accepts),
        AGENT(test_the_man_page_names_every_command),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
