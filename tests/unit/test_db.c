#include "store_room.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/handle.h"
#include "store/schema.h"

#define DB_TEST(test)                                                          \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void set(struct room *room, const char *key, const char *value)
{
    MUST(db_begin(room->db, err));
    MUST(db_set(room->db, key, value, err));
    MUST(db_commit(room->db, err));
}

static void assert_setting(struct db *db, const char *key, const char *want)
{
    char value[32];

    MUST(db_get(db, key, value, sizeof value, err));
    assert_string_equal(value, want);
}

static char *pragma(struct room *room, const char *text)
{
    sqlite3_stmt *stmt = NULL;
    char *value;

    assert_int_equal(
        sqlite3_prepare_v2(room->db->sql, text, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value =
        arena_text(&room->arena, (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return value;
}

static void test_only_its_owner_may_read_the_files(void **state)
{
    struct room *room = *state;
    SCOPED(mem_freep) char *wal = mem_format("%s-wal", room->path);
    SCOPED(mem_freep) char *shm = mem_format("%s-shm", room->path);

    set(room, "a", "b");
    assert_int_equal(mode_of(room->path), 0600);
    assert_int_equal(mode_of(wal), 0600);
    assert_int_not_equal(access(shm, F_OK), 0);
    db_close(TAKE(room->db));
    assert_int_equal(chmod(room->path, 0644), 0);
    room_reopen(room);
    assert_int_equal(mode_of(room->path), 0600);
}

static void test_is_set_up_so_that_a_commit_is_durable(void **state)
{
    struct room *room = *state;

    assert_string_equal(pragma(room, "PRAGMA journal_mode"), "wal");
    assert_string_equal(pragma(room, "PRAGMA synchronous"), "2");
    assert_string_equal(pragma(room, "PRAGMA locking_mode"), "exclusive");
    assert_string_equal(pragma(room, "PRAGMA secure_delete"), "1");
    assert_string_equal(pragma(room, "PRAGMA trusted_schema"), "0");
    assert_string_equal(pragma(room, "PRAGMA cell_size_check"), "1");
    assert_string_equal(pragma(room, "PRAGMA temp_store"), "2");
    assert_string_equal(pragma(room, "PRAGMA cache_size"), "-16000");
    assert_string_equal(pragma(room, "PRAGMA page_size"), "8192");
    assert_string_equal(pragma(room, "PRAGMA wal_autocheckpoint"), "2000");
}

static void test_a_hub_has_large_pages_and_wipes_nothing(void **state)
{
    struct room *room = *state;

    assert_string_equal(pragma(room, "PRAGMA page_size"), "16384");
    assert_string_equal(pragma(room, "PRAGMA secure_delete"), "0");
    assert_string_equal(pragma(room, "PRAGMA wal_autocheckpoint"), "2000");
    assert_string_equal(pragma(room, "PRAGMA synchronous"), "2");
}

static void test_a_second_opener_is_told_that_it_is_open(void **state)
{
    struct room *room = *state;
    struct db *second = NULL;
    struct err why;

    assert_int_equal(db_open(&second, room->path, DB_AGENT, &why), ERR_BUSY);
    assert_non_null(strstr(why.text, "another process has"));
    assert_null(second);
    /* and the attempt has not taken the first one's lock away */
    set(room, "a", "b");
    assert_int_equal(db_open(&second, room->path, DB_AGENT, NULL), ERR_BUSY);
}

static int open_in_a_child(const char *path)
{
    const pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct db *db = NULL;

        _exit(db_open(&db, path, DB_AGENT, NULL) == ERR_BUSY ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void test_another_process_is_kept_out(void **state)
{
    struct room *room = *state;

    assert_int_equal(open_in_a_child(room->path), 0);
    set(room, "a", "b");
    assert_int_equal(open_in_a_child(room->path), 0);
}

static void test_refuses_a_file_that_is_no_database(void **state)
{
    struct room *room = *state;
    SCOPED(mem_freep) char *path = mem_format("%s/text", room->folder);
    FILE *f = fopen(path, "w");
    struct db *db = NULL;
    struct err why;

    for (int i = 0; i < 100; i++)
        fputs("this is no database, it is a text\n", f);
    fclose(f);
    assert_int_equal(db_open(&db, path, DB_AGENT, &why), ERR_MALFORMED);
    assert_non_null(strstr(why.text, "not a database"));
    assert_null(db);
}

static void test_refuses_the_database_of_another_kind(void **state)
{
    struct room *room = *state;
    struct db *db = NULL;
    struct err why;

    db_close(TAKE(room->db));
    assert_int_equal(db_open(&db, room->path, DB_HUB, &why), ERR_MALFORMED);
    assert_non_null(strstr(why.text, "of another program"));
}

static void test_tells_why_it_cannot_open(void **state)
{
    struct db *db = NULL;
    struct err why;

    (void)state;
    assert_int_equal(db_open(&db, "/nowhere/agent.db", DB_AGENT, &why), ERR_IO);
    assert_string_equal(why.text,
        "/nowhere/agent.db: /nowhere/agent.db: No such file or "
        "directory");
}

static void test_a_damaged_file_is_noticed(void **state)
{
    struct room *room = *state;
    char junk[4096];
    int fd;
    struct err why;

    MUST(db_check(room->db, err));
    set(room, "a", "b");
    db_close(TAKE(room->db));
    memset(junk, 0x5a, sizeof junk);
    fd = open(room->path, O_RDWR);
    for (off_t at = 4096; at < 5 * 4096; at += 4096) /* not the schema */
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    close(fd);
    if (db_open(&room->db, room->path, DB_AGENT, &why) == 0)
        assert_int_equal(db_check(room->db, &why), ERR_MALFORMED);
    else
        assert_int_equal(why.code, ERR_MALFORMED);
}

static void test_a_rollback_leaves_nothing(void **state)
{
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    assert_true(db_in_transaction(room->db));
    MUST(db_set(room->db, "a", "b", err));
    db_rollback(room->db);
    assert_false(db_in_transaction(room->db));
    db_rollback(room->db);
    assert_setting(room->db, "a", "");
}

static void test_a_close_without_commit_leaves_nothing(void **state)
{
    struct room *room = *state;

    set(room, "kept", "yes");
    MUST(db_begin(room->db, err));
    MUST(db_set(room->db, "lost", "yes", err));
    room_reopen(room);
    assert_setting(room->db, "kept", "yes");
    assert_setting(room->db, "lost", "");
}

/* The process dies in the middle: what was committed is there, the rest not. */
static void test_a_killed_process_leaves_what_it_had_committed(void **state)
{
    struct room *room = *state;
    int status = 0;
    pid_t child;

    db_close(TAKE(room->db));
    child = fork();
    if (child == 0) {
        struct db *db = NULL;

        if (db_open(&db, room->path, DB_AGENT, NULL) < 0 ||
            db_begin(db, NULL) < 0 || db_set(db, "kept", "yes", NULL) < 0 ||
            db_commit(db, NULL) < 0 || db_begin(db, NULL) < 0 ||
            db_set(db, "lost", "yes", NULL) < 0)
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    room_reopen(room);
    assert_setting(room->db, "kept", "yes");
    assert_setting(room->db, "lost", "");
}

static void test_transactions_do_not_nest(void **state)
{
    struct room *room = *state;

    MUST(db_begin(room->db, err));
    assert_int_equal(db_begin(room->db, NULL), ERR_STATE);
    MUST(db_commit(room->db, err));
    assert_int_equal(db_commit(room->db, NULL), ERR_STATE);
}

static void test_refuses_a_change_outside_a_transaction(void **state)
{
    struct room *room = *state;
    struct err why;

    assert_int_equal(db_set(room->db, "a", "b", &why), ERR_STATE);
    assert_string_equal(why.text, "store: a change outside a transaction");
    assert_setting(room->db, "a", "");
}

static void test_settings_are_replaced_and_never_cut(void **state)
{
    struct room *room = *state;
    char small[3];

    assert_setting(room->db, "a", "");
    set(room, "a", "one");
    set(room, "a", "two");
    assert_setting(room->db, "a", "two");
    assert_int_equal(
        db_get(room->db, "a", small, sizeof small, NULL), ERR_TOO_BIG);
}

static void test_a_checkpoint_empties_the_log(void **state)
{
    struct room *room = *state;

    set(room, "a", "b");
    MUST(db_begin(room->db, err));
    MUST(db_set(room->db, "a", "c", err));
    assert_true(db_checkpoint(room->db) > 0); /* not within a transaction */
    MUST(db_commit(room->db, err));
    assert_int_equal(db_checkpoint(room->db), 0);
    assert_setting(room->db, "a", "c");
}

static void test_after_much_the_log_keeps_its_room(void **state)
{
    struct room *room = *state;
    SCOPED(mem_freep) char *wal = mem_format("%s-wal", room->path);
    struct stat before, after;

    assert_true(stat(wal, &before) == 0 && before.st_size > 0);
    db_settle(room->db);
    set(room, "a", "c"); /* over what was there first */
    assert_true(stat(wal, &after) == 0 && after.st_size == before.st_size);
}

/* Write until something gives way.  Returns why. */
static int fill(struct room *room, struct err *why)
{
    SCOPED(mem_freep) char *value = mem_alloc(4000);
    char key[16];
    int rc = 0;

    memset(value, 'x', 3999);
    MUST(db_begin(room->db, err));
    for (int i = 0; rc == 0 && i < 10000; i++) {
        snprintf(key, sizeof key, "k%d", i);
        rc = db_set(room->db, key, value, why);
    }
    if (rc == 0)
        rc = db_commit(room->db, why);
    db_rollback(room->db);
    return rc;
}

static void assert_only_a_is_kept(struct room *room)
{
    assert_setting(room->db, "a", "kept");
    assert_setting(room->db, "k0", "");
    set(room, "a", "and on");
    assert_setting(room->db, "a", "and on");
}

static void test_a_full_disk_rolls_back_and_says_so(void **state)
{
    struct room *room = *state;
    struct err why;

    set(room, "a", "kept");
    pragma(room, "PRAGMA max_page_count = 100");
    assert_int_equal(fill(room, &why), ERR_FULL);
    assert_string_equal(why.text, "store: the disk is full");
    assert_only_a_is_kept(room);
}

static void test_a_write_that_fails_rolls_back(void **state)
{
    struct room *room = *state;
    const struct rlimit before = {RLIM_INFINITY, RLIM_INFINITY};
    const struct rlimit small = {256 * 1024, RLIM_INFINITY};

    set(room, "a", "kept");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(fill(room, NULL), ERR_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_only_a_is_kept(room);
}

#define MAX_STEPS 24

/* A plan that continues the agent's, as a later version would. */
static struct handle_plan longer(
    struct handle_step steps[MAX_STEPS], const char *text)
{
    struct handle_plan plan = *schema_plan(DB_AGENT);

    assert_true(plan.count < MAX_STEPS);
    for (int i = 0; i < plan.count; i++)
        steps[i] = plan.steps[i];
    steps[plan.count++] = (struct handle_step){{text}};
    plan.steps = steps;
    return plan;
}

static void test_migrates_after_making_a_copy(void **state)
{
    struct room *room = *state;
    SCOPED(mem_freep)
    char *copy = mem_format(
        "%s.before-v%d", room->path, schema_plan(DB_AGENT)->count + 1);
    SCOPED(mem_freep)
    char *version = mem_format("%d", schema_plan(DB_AGENT)->count + 1);
    struct handle_step steps[MAX_STEPS];
    const struct handle_plan plan =
        longer(steps, "UPDATE settings SET value = 'new' WHERE key = 'a';");

    set(room, "a", "old");
    db_close(TAKE(room->db));
    MUST(db_open_plan(&room->db, room->path, &plan, err));
    assert_setting(room->db, "a", "new");
    assert_string_equal(pragma(room, "PRAGMA user_version"), version);
    db_close(TAKE(room->db));
    assert_int_equal(mode_of(copy), 0600);
    MUST(db_open(&room->db, copy, DB_AGENT, err));
    assert_setting(room->db, "a", "old");
}

static void test_a_failed_migration_changes_nothing(void **state)
{
    struct room *room = *state;
    struct handle_step steps[MAX_STEPS];
    const struct handle_plan plan =
        longer(steps, "UPDATE settings SET value = 'new' WHERE key = 'a';"
                      "INSERT INTO nowhere VALUES (1);");

    set(room, "a", "old");
    db_close(TAKE(room->db));
    assert_int_equal(db_open_plan(&room->db, room->path, &plan, NULL), ERR_IO);
    room_reopen(room);
    assert_setting(room->db, "a", "old");
}

static void test_refuses_a_database_of_a_newer_version(void **state)
{
    struct room *room = *state;
    struct handle_step steps[MAX_STEPS];
    const struct handle_plan plan = longer(steps, "SELECT 1;");
    struct err why;

    db_close(TAKE(room->db));
    MUST(db_open_plan(&room->db, room->path, &plan, err));
    db_close(TAKE(room->db));
    assert_int_equal(db_open(&room->db, room->path, DB_AGENT, &why), ERR_STATE);
    assert_non_null(strstr(why.text, "made by a newer version of Moveup"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(test_only_its_owner_may_read_the_files),
        DB_TEST(test_is_set_up_so_that_a_commit_is_durable),
        cmocka_unit_test_setup_teardown(
            test_a_hub_has_large_pages_and_wipes_nothing, room_open_hub,
            room_close),
        DB_TEST(test_a_second_opener_is_told_that_it_is_open),
        DB_TEST(test_another_process_is_kept_out),
        DB_TEST(test_refuses_a_file_that_is_no_database),
        DB_TEST(test_refuses_the_database_of_another_kind),
        DB_TEST(test_tells_why_it_cannot_open),
        DB_TEST(test_a_damaged_file_is_noticed),
        DB_TEST(test_a_rollback_leaves_nothing),
        DB_TEST(test_a_close_without_commit_leaves_nothing),
        DB_TEST(test_a_killed_process_leaves_what_it_had_committed),
        DB_TEST(test_transactions_do_not_nest),
        DB_TEST(test_refuses_a_change_outside_a_transaction),
        DB_TEST(test_settings_are_replaced_and_never_cut),
        DB_TEST(test_a_checkpoint_empties_the_log),
        DB_TEST(test_after_much_the_log_keeps_its_room),
        DB_TEST(test_a_full_disk_rolls_back_and_says_so),
        DB_TEST(test_a_write_that_fails_rolls_back),
        DB_TEST(test_migrates_after_making_a_copy),
        DB_TEST(test_a_failed_migration_changes_nothing),
        DB_TEST(test_refuses_a_database_of_a_newer_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
