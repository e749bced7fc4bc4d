/* bundle: a school's folder goes into a backup and comes out of it the same,
 * and no backup writes anything but a school's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tree.h"
#include "crypto/archive.h"
#include "trust/bundle.h"

#define ABOUT                                                                  \
    "school 8732001\nincarnation 3\nprogress 57\nat 2027-06-15T08:00:00Z\n"    \
    "name Hillside Primary\n"

struct place {
    char dir[64];
    struct archive_head head;
    struct archive_key key;
    int fd;
};

static int begin(void **state)
{
    struct place *p = mem_alloc(sizeof *p);

    snprintf(p->dir, sizeof p->dir, "/tmp/moveup-test-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    assert_int_equal(archive_new_key(&p->head, &p->key, NULL, NULL), 0);
    p->fd = memfd_create("bundle", MFD_CLOEXEC);
    *state = p;
    return 0;
}

static int end(void **state)
{
    struct place *p = *state;

    assert_int_equal(tree_remove(p->dir, NULL), 0);
    close(p->fd);
    free(p);
    return 0;
}

static struct archive_writer *new_archive(struct place *p)
{
    struct archive_writer *writer = NULL;

    assert_int_equal(ftruncate(p->fd, 0), 0);
    assert_int_equal(lseek(p->fd, 0, SEEK_SET), 0);
    assert_int_equal(archive_begin(&writer, p->fd, &p->head, &p->key, NULL), 0);
    return writer;
}

static int read_it(struct place *p, struct bundle_about *about,
    const char *folder, struct err *err)
{
    SCOPED(archive_closep) struct archive_reader *reader = NULL;

    assert_int_equal(archive_open(&reader, p->fd, &p->head, &p->key, NULL), 0);
    return bundle_read(about, reader, folder, err);
}

static void put_file(const struct place *p, const char *name, const char *text)
{
    SCOPED(mem_freep) char *path = file_path(p->dir, name);

    assert_int_equal(file_write(path, bytes_of(text), FILE_PUBLIC, NULL), 0);
}

static void assert_file(const char *folder, const char *name, const char *text)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);
    SCOPED(buf_free) struct buf content = BUF_EMPTY;

    /* private: the mode is 0600 */
    assert_int_equal(file_read_private(&content, path, 1000, NULL), 0);
    assert_int_equal(content.len, strlen(text));
    assert_memory_equal(content.data, text, content.len);
}

static const char *const FILES[] = {"identity/request", "identity/sign.key",
    "identity/encrypt.key", "identity/curve.key", "identity/data.key",
    "identity/sign.crt", "directory.cms", "directory.seen"};
#define FILE_COUNT (sizeof FILES / sizeof FILES[0])

static void test_a_folder_comes_out_as_it_went_in(void **state)
{
    struct place *p = *state;
    SCOPED(mem_freep) char *identity = file_path(p->dir, "identity");
    SCOPED(mem_freep) char *out = file_path(p->dir, "out");
    SCOPED(mem_freep) char *database = file_path(p->dir, "copy");
    SCOPED(archive_endp) struct archive_writer *writer = new_archive(p);
    struct bundle_about about = {.laestab = {"8732001"},
        .name = "St Anne's \xc3\xa9",
        .incarnation = UINT64_MAX,
        .progress = 1,
        .at = {1813046400000}};
    struct bundle_about back;
    struct stat st;
    uint64_t size;

    assert_int_equal(file_make_dir(identity, NULL), 0);
    assert_int_equal(file_make_dir(out, NULL), 0);
    for (size_t i = 0; i < FILE_COUNT; i++)
        put_file(p, FILES[i], FILES[i]);
    put_file(p, "identity/.hidden", "not ours");
    put_file(p, "copy", "the database");
    put_file(p, "agent.db", "not this one: it is in use");
    assert_int_equal(bundle_write(writer, &about, p->dir, database, NULL), 0);
    assert_int_equal(archive_finish(&size, writer, NULL), 0);

    assert_int_equal(read_it(p, &back, NULL, NULL), 0);
    assert_true(tree_is_empty(out)); /* it only looked */
    assert_int_equal(read_it(p, &back, out, NULL), 0);
    assert_string_equal(back.laestab.text, about.laestab.text);
    assert_string_equal(back.name, about.name);
    assert_true(back.incarnation == about.incarnation &&
                back.progress == about.progress && back.at.ms == about.at.ms);
    for (size_t i = 0; i < FILE_COUNT; i++)
        assert_file(out, FILES[i], FILES[i]);
    assert_file(out, "agent.db", "the database");
    SCOPED(mem_freep) char *hidden = file_path(out, "identity/.hidden");

    assert_true(lstat(hidden, &st) < 0);
}

static void add(struct archive_writer *out, const char *name, const char *text)
{
    const uint8_t head = (uint8_t)strlen(name);
    const uint8_t size[8] = {
        0, 0, 0, 0, 0, 0, (uint8_t)(strlen(text) >> 8), (uint8_t)strlen(text)};

    assert_int_equal(archive_write(out, (struct bytes){&head, 1}, NULL), 0);
    assert_int_equal(archive_write(out, bytes_of(name), NULL), 0);
    assert_int_equal(archive_write(out, (struct bytes){size, 8}, NULL), 0);
    assert_int_equal(archive_write(out, bytes_of(text), NULL), 0);
}

/* One that is whole but for what the case does to it. */
static int read_odd(struct place *p, const char *about, const char *lacking,
    const char *extra, const char *after)
{
    SCOPED(archive_endp) struct archive_writer *writer = new_archive(p);
    SCOPED(mem_freep) char *out = file_path(p->dir, "out");
    struct bundle_about read;
    struct err err = {.text = ""};
    uint64_t size;
    int rc;

    add(writer, "about", about);
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (strcmp(FILES[i], lacking) != 0)
            add(writer, FILES[i], "x");
    if (strcmp(lacking, "agent.db") != 0)
        add(writer, "agent.db", "x");
    if (extra[0] != '\0')
        add(writer, extra, "x");
    assert_int_equal(
        archive_write(writer, (struct bytes){(const uint8_t *)"", 1}, NULL), 0);
    assert_int_equal(archive_write(writer, bytes_of(after), NULL), 0);
    assert_int_equal(archive_finish(&size, writer, NULL), 0);
    rc = read_it(p, &read, NULL, &err);
    assert_true((rc < 0) == (err.text[0] != '\0'));
    assert_int_equal(file_make_dir(out, NULL), 0);
    assert_int_equal(read_it(p, &read, out, NULL), rc);
    assert_int_equal(tree_remove(out, NULL), 0);
    return rc;
}

static void test_refuses_what_is_no_schools_backup(void **state)
{
    static const struct {
        const char *about, *lacking, *extra, *after;
    } cases[] = {
        {ABOUT, "identity/data.key", "", ""},
        {ABOUT, "identity/sign.key", "", ""},
        {ABOUT, "identity/request", "", ""},
        {ABOUT, "agent.db", "", ""},
        {ABOUT, "", "agent.db", ""},
        {ABOUT, "", "identity/sign.key", ""},
        {ABOUT, "", "about", ""},
        {ABOUT, "", "marker", ""},
        {ABOUT, "", "restored", ""},
        {ABOUT, "", "/etc/passwd", ""},
        {ABOUT, "", "../agent.db", ""},
        {ABOUT, "", "identity/../../x", ""},
        {ABOUT, "", "identity/..", ""},
        {ABOUT, "", "identity/", ""},
        {ABOUT, "", "identity/a/b", ""},
        {ABOUT, "", "identity/.ssh", ""},
        {ABOUT, "", "", "x"},
        {"", "", "", ""},
        {ABOUT "more 1\n", "", "", ""},
        {"school 873200\nincarnation 3\nprogress 57\n"
         "at 2027-06-15T08:00:00Z\nname N\n",
            "", "", ""},
        {"school 8732001\nincarnation -3\nprogress 57\n"
         "at 2027-06-15T08:00:00Z\nname N\n",
            "", "", ""},
        {"school 8732001\nincarnation 3\nprogress 57\nat today\nname N\n", "",
            "", ""},
        {"school 8732001\nincarnation 3\nprogress 57\n"
         "at 2027-06-15T08:00:00Z\nname \x1b[2J\n",
            "", "", ""},
    };

    assert_int_equal(read_odd(*state, ABOUT, "", "", ""), 0);
    assert_int_equal(read_odd(*state, ABOUT, "directory.cms", "", ""), 0);
    assert_int_equal(
        read_odd(*state, ABOUT, "", "identity/directory-next.crt", ""), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (read_odd(*state, cases[i].about, cases[i].lacking, cases[i].extra,
                cases[i].after) != ERR_MALFORMED)
            fail_msg("case %zu was taken", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_a_folder_comes_out_as_it_went_in, begin, end),
        cmocka_unit_test_setup_teardown(
            test_refuses_what_is_no_schools_backup, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
