/* What is held back of the log is written when SQLite relies on it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/db.h"

#define LARGE ((size_t)300 * 1024)
#define CACHE ((size_t)16 * 1024 * 1024) /* of the agent's database */

struct fixture {
    char *place, *path, *wal;
    struct db *db;
    char *text; /* LARGE bytes, and the NUL */
};

static void must(int rc, const struct err *err)
{
    if (rc < 0)
        fail_msg("%s", err->text);
}

static struct db *open_at(const char *path)
{
    struct db *db;
    struct err err;

    must(db_open(&db, path, DB_AGENT, &err), &err);
    return db;
}

static int set_up(void **state)
{
    struct fixture *fix = mem_alloc(sizeof *fix);

    fix->place = mem_text("/tmp/test_walfile.XXXXXX");
    assert_non_null(mkdtemp(fix->place));
    fix->path = mem_format("%s/agent.db", fix->place);
    fix->wal = mem_format("%s-wal", fix->path);
    fix->db = open_at(fix->path);
    fix->text = mem_alloc(LARGE + 1);
    memset(fix->text, 'x', LARGE);
    *state = fix;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fix = *state;
    SCOPED(mem_freep) char *clear = mem_format("rm -rf %s", fix->place);

    db_close(fix->db);
    assert_int_equal(system(clear), 0);
    free(fix->place);
    free(fix->path);
    free(fix->wal);
    free(fix->text);
    free(fix);
    return 0;
}

/* Every text differs in its first bytes. */
static const char *text_of(struct fixture *fix, int i)
{
    snprintf(fix->text, 12, "%011d", i);
    fix->text[11] = 'x';
    return fix->text;
}

static void put(struct fixture *fix, int i)
{
    char key[16];
    struct err err;

    snprintf(key, sizeof key, "key %d", i);
    must(db_set(fix->db, key, text_of(fix, i), &err), &err);
}

static void assert_there(struct fixture *fix, struct db *db, int i)
{
    SCOPED(mem_freep) char *found = mem_alloc(LARGE + 1);
    char key[16];
    struct err err;

    snprintf(key, sizeof key, "key %d", i);
    must(db_get(db, key, found, LARGE + 1, &err), &err);
    assert_true(strcmp(found, text_of(fix, i)) == 0);
}

static void begin(struct fixture *fix)
{
    struct err err;

    must(db_begin(fix->db, &err), &err);
}

static void commit(struct fixture *fix)
{
    struct err err;

    must(db_commit(fix->db, &err), &err);
}

/* The files as they are after a kill -9 now. */
static struct db *open_copy(struct fixture *fix)
{
    SCOPED(mem_freep) char *copy = mem_format("%s/copy.db", fix->place);
    SCOPED(mem_freep)
    char *command =
        mem_format("cp %s %s && cp %s %s-wal", fix->path, copy, fix->wal, copy);

    assert_int_equal(system(command), 0);
    return open_at(copy);
}

static void test_a_commit_is_in_the_file(void **state)
{
    struct fixture *fix = *state;
    struct db *copy;

    begin(fix);
    for (int i = 0; i < 4; i++) /* more than is held at once */
        put(fix, i);
    commit(fix);
    begin(fix);
    put(fix, 4);
    commit(fix);
    copy = open_copy(fix);
    for (int i = 0; i < 5; i++)
        assert_there(fix, copy, i);
    db_close(copy);
}

static void test_a_commit_is_written_in_a_few_pieces(void **state)
{
    struct fixture *fix = *state;
    SCOPED(mem_freep)
    char *io = mem_format("/proc/%d/io", (int)getpid());
    long before = 0;
    long after = 0;
    char line[80];

    for (int turn = 0; turn < 2; turn++) {
        FILE *file = fopen(io, "r");

        assert_non_null(file);
        while (fgets(line, sizeof line, file) != NULL)
            if (strncmp(line, "syscw:", 6) == 0)
                *(turn == 0 ? &before : &after) = strtol(line + 6, NULL, 10);
        fclose(file);
        if (turn == 1)
            break;
        begin(fix);
        put(fix, 1);
        commit(fix);
    }
    assert_in_range(after - before, 1, 10);
}

static void test_what_left_the_cache_is_read_back(void **state)
{
    struct fixture *fix = *state;
    const int count = (int)(2 * CACHE / LARGE);

    begin(fix);
    for (int i = 0; i < count; i++)
        put(fix, i);
    for (int i = 0; i < count; i++)
        assert_there(fix, fix->db, i);
    commit(fix);
    for (int i = 0; i < count; i++)
        assert_there(fix, fix->db, i);
}

static void test_what_cannot_be_written_is_no_commit(void **state)
{
    struct fixture *fix = *state;
    struct rlimit limit, small;
    struct stat st;
    struct err err;
    char found[8];

    begin(fix);
    put(fix, 1);
    commit(fix);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(stat(fix->wal, &st), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = (rlim_t)st.st_size + LARGE / 2;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    begin(fix);
    put(fix, 2);
    assert_true(db_commit(fix->db, &err) < 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    must(db_get(fix->db, "key 2", found, sizeof found, &err), &err);
    assert_string_equal(found, "");
    begin(fix);
    put(fix, 3);
    commit(fix);
    struct db *copy = open_copy(fix);

    assert_there(fix, copy, 1);
    assert_there(fix, copy, 3);
    must(db_get(copy, "key 2", found, sizeof found, &err), &err);
    assert_string_equal(found, "");
    db_close(copy);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_commit_is_in_the_file),
        TEST(test_a_commit_is_written_in_a_few_pieces),
        TEST(test_what_left_the_cache_is_read_back),
        TEST(test_what_cannot_be_written_is_no_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
