/* archive: what is sealed comes back whole, and nothing that was altered, cut
 * or moved does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/archive.h"
#include "crypto/hash.h"

#define SEALED_CHUNK (ARCHIVE_CHUNK + ARCHIVE_TAG_SIZE)

struct sealed {
    struct archive_head head;
    struct archive_key key;
    struct buf file;
};

static void sealed_free(struct sealed *s)
{
    buf_free(&s->file);
}

static int new_file(void)
{
    const int fd = memfd_create("archive", MFD_CLOEXEC);

    assert_true(fd >= 0);
    return fd;
}

static void close_fd(int *fd)
{
    close(*fd);
}

/* Piece by piece, as a backup is written. */
static void seal(struct sealed *out, struct bytes plain, size_t piece)
{
    SCOPED(close_fd) int fd = new_file();
    SCOPED(archive_endp) struct archive_writer *writer = NULL;
    uint64_t size;
    uint8_t *room;

    assert_int_equal(archive_new_key(&out->head, &out->key, NULL, NULL), 0);
    assert_int_equal(
        archive_begin(&writer, fd, &out->head, &out->key, NULL), 0);
    while (plain.len > 0) {
        const size_t n = plain.len < piece ? plain.len : piece;

        assert_int_equal(
            archive_write(writer, (struct bytes){plain.data, n}, NULL), 0);
        plain.data += n;
        plain.len -= n;
    }
    assert_int_equal(archive_finish(&size, writer, NULL), 0);
    out->file = BUF_EMPTY;
    room = buf_reserve(&out->file, (size_t)size + 1);
    assert_int_equal(pread(fd, room, (size_t)size + 1, 0), size);
    out->file.len = (size_t)size;
}

/* Add what the file gives to plain; the first error, or 0 at its end. */
static int open_file(struct buf *plain, struct bytes file,
    const struct archive_key *key, struct err *err)
{
    SCOPED(close_fd) int fd = new_file();
    SCOPED(archive_closep) struct archive_reader *reader = NULL;
    struct archive_head head;
    size_t got = 1;
    int rc;

    assert_int_equal(write(fd, file.data, file.len), file.len);
    rc = archive_read_head(&head, fd, err);
    if (rc == 0)
        rc = archive_open(&reader, fd, &head, key, err);
    while (rc == 0 && got > 0) {
        rc = archive_read(&got, reader, buf_reserve(plain, 1000), 1000, err);
        if (rc == 0)
            plain->len += got;
    }
    if (rc < 0 && reader != NULL) /* and it stays refused */
        assert_int_equal(
            archive_read(&got, reader, buf_reserve(plain, 1), 1, NULL), rc);
    return rc;
}

static struct buf noise(size_t len)
{
    struct buf out = BUF_EMPTY;

    hash_random(buf_reserve(&out, len + 1), len);
    out.len = len;
    return out;
}

static void assert_refused(const struct sealed *s, struct bytes file)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct err err = {.text = ""};

    assert_true(open_file(&plain, file, &s->key, &err) < 0);
    assert_true(err.text[0] != '\0');
}

static void test_what_is_sealed_comes_back(void **state)
{
    static const size_t sizes[] = {0, 1, 999, ARCHIVE_CHUNK - 1, ARCHIVE_CHUNK,
        ARCHIVE_CHUNK + 1, 3 * ARCHIVE_CHUNK, 3 * ARCHIVE_CHUNK + 77};
    static const size_t pieces[] = {777, ARCHIVE_CHUNK, 1000000};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t j = 0; j < sizeof pieces / sizeof *pieces; j++) {
            SCOPED(buf_free) struct buf in = noise(sizes[i]);
            SCOPED(buf_free) struct buf out = BUF_EMPTY;
            SCOPED(sealed_free) struct sealed s = {.file = BUF_EMPTY};
            size_t chunks = (sizes[i] + ARCHIVE_CHUNK - 1) / ARCHIVE_CHUNK;

            chunks = chunks == 0 ? 1 : chunks;
            seal(&s, buf_bytes(&in), pieces[j]);
            assert_int_equal(s.file.len,
                ARCHIVE_HEAD_SIZE + sizes[i] + chunks * ARCHIVE_TAG_SIZE);
            assert_int_equal(
                open_file(&out, buf_bytes(&s.file), &s.key, NULL), 0);
            assert_int_equal(out.len, in.len);
            if (in.len > 0)
                assert_memory_equal(out.data, in.data, in.len);
        }
}

static void test_refuses_every_flipped_bit(void **state)
{
    SCOPED(buf_free) struct buf in = noise(100);
    SCOPED(sealed_free) struct sealed s = {.file = BUF_EMPTY};

    (void)state;
    seal(&s, buf_bytes(&in), 100);
    for (size_t bit = 0; bit < 8 * s.file.len; bit++) {
        s.file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_refused(&s, buf_bytes(&s.file));
        s.file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    assert_int_equal(open_file(&out, buf_bytes(&s.file), &s.key, NULL), 0);
}

static void test_refuses_every_length_but_its_own(void **state)
{
    SCOPED(buf_free) struct buf in = noise(100);
    SCOPED(sealed_free) struct sealed s = {.file = BUF_EMPTY};

    (void)state;
    seal(&s, buf_bytes(&in), 100);
    for (size_t len = 0; len < s.file.len; len++)
        assert_refused(&s, (struct bytes){s.file.data, len});
    buf_add(&s.file, (struct bytes){(const uint8_t *)"x", 1});
    assert_refused(&s, buf_bytes(&s.file));
}

/* Whole chunks taken from the end, where every tag that is left is good. */
static void test_refuses_an_archive_cut_between_chunks(void **state)
{
    SCOPED(buf_free) struct buf in = noise(3 * ARCHIVE_CHUNK);
    SCOPED(sealed_free) struct sealed s = {.file = BUF_EMPTY};

    (void)state;
    seal(&s, buf_bytes(&in), 70000);
    for (size_t chunks = 0; chunks < 3; chunks++)
        assert_refused(&s, (struct bytes){s.file.data,
                               ARCHIVE_HEAD_SIZE + chunks * SEALED_CHUNK});
}

static void test_refuses_chunks_in_another_order_twice_or_left_out(void **state)
{
    SCOPED(buf_free) struct buf in = noise(3 * ARCHIVE_CHUNK);
    SCOPED(sealed_free) struct sealed s = {.file = BUF_EMPTY};
    static const struct {
        size_t count;
        size_t chunks[4];
    } cases[] = {{3, {1, 0, 2}}, {3, {0, 2, 1}}, {4, {0, 0, 1, 2}},
        {4, {0, 1, 2, 2}}, {2, {0, 2}}, {2, {1, 2}}, {1, {2}}};

    (void)state;
    seal(&s, buf_bytes(&in), 70000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(buf_free) struct buf file = BUF_EMPTY;

        buf_add(&file, (struct bytes){s.file.data, ARCHIVE_HEAD_SIZE});
        for (size_t j = 0; j < cases[i].count; j++)
            buf_add(&file, (struct bytes){s.file.data + ARCHIVE_HEAD_SIZE +
                                              cases[i].chunks[j] * SEALED_CHUNK,
                               SEALED_CHUNK});
        assert_refused(&s, buf_bytes(&file));
    }
}

/* A chunk of another archive under the same key is a stranger too. */
static void test_refuses_a_chunk_of_another_archive(void **state)
{
    SCOPED(buf_free) struct buf in = noise(50);
    SCOPED(sealed_free) struct sealed a = {.file = BUF_EMPTY};
    SCOPED(sealed_free) struct sealed b = {.file = BUF_EMPTY};

    (void)state;
    seal(&a, buf_bytes(&in), 50);
    seal(&b, buf_bytes(&in), 50);
    memcpy(a.file.data, b.file.data, ARCHIVE_HEAD_SIZE);
    assert_refused(&a, buf_bytes(&a.file));
}

static void test_refuses_another_key(void **state)
{
    SCOPED(buf_free) struct buf in = noise(50);
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    SCOPED(sealed_free) struct sealed s = {.file = BUF_EMPTY};
    struct err err;

    (void)state;
    seal(&s, buf_bytes(&in), 50);
    s.key.bytes[31] ^= 1;
    assert_int_equal(
        open_file(&out, buf_bytes(&s.file), &s.key, &err), ERR_DECRYPT);
    assert_int_equal(out.len, 0);
}

static void test_a_passphrase_gives_its_key_and_no_other_does(void **state)
{
    struct archive_head head;
    struct archive_key key;
    struct archive_key again;

    (void)state;
    assert_int_equal(archive_new_key(&head, &key, "correct horse", NULL), 0);
    assert_true(archive_has_passphrase(&head));
    assert_int_equal(archive_check_head(&head, NULL), 0);
    assert_int_equal(
        archive_derive_key(&again, &head, "correct horse", NULL), 0);
    assert_memory_equal(&key, &again, sizeof key);
    assert_int_equal(
        archive_derive_key(&again, &head, "correct Horse", NULL), 0);
    assert_memory_not_equal(&key, &again, sizeof key);
    head.bytes[ARCHIVE_HEAD_SIZE - 1] ^= 1; /* the salt counts */
    assert_int_equal(
        archive_derive_key(&again, &head, "correct horse", NULL), 0);
    assert_memory_not_equal(&key, &again, sizeof key);
}

static void test_refuses_a_head_that_is_newer_strange_or_too_dear(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        int rc;
    } cases[] = {
        {0, 'm', ERR_MALFORMED},
        {8, 2, ERR_STATE},
        {8, 0, ERR_MALFORMED},
        {9, 0, ERR_MALFORMED},
        {9, 3, ERR_MALFORMED},
        {10, 13, ERR_MALFORMED},
        {10, 19, ERR_MALFORMED},
        {10, 63, ERR_MALFORMED},
        {11, 9, ERR_MALFORMED},
        {12, 2, ERR_MALFORMED},
        {13, 1, ERR_MALFORMED},
    };
    struct archive_head good;
    struct archive_key key;

    (void)state;
    assert_int_equal(archive_new_key(&good, &key, "correct horse", NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct archive_head head = good;
        struct err err = {.text = ""};

        head.bytes[cases[i].at] = cases[i].value;
        assert_int_equal(archive_check_head(&head, &err), cases[i].rc);
        assert_true(err.text[0] != '\0');
    }
}

static void test_a_full_disk_is_said(void **state)
{
    SCOPED(archive_endp) struct archive_writer *writer = NULL;
    struct archive_head head;
    struct archive_key key;
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(full);
    assert_int_equal(archive_new_key(&head, &key, NULL, NULL), 0);
    assert_int_equal(
        archive_begin(&writer, fileno(full), &head, &key, NULL), ERR_FULL);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_sealed_comes_back),
        cmocka_unit_test(test_refuses_every_flipped_bit),
        cmocka_unit_test(test_refuses_every_length_but_its_own),
        cmocka_unit_test(test_refuses_an_archive_cut_between_chunks),
        cmocka_unit_test(
            test_refuses_chunks_in_another_order_twice_or_left_out),
        cmocka_unit_test(test_refuses_a_chunk_of_another_archive),
        cmocka_unit_test(test_refuses_another_key),
        cmocka_unit_test(test_a_passphrase_gives_its_key_and_no_other_does),
        cmocka_unit_test(test_refuses_a_head_that_is_newer_strange_or_too_dear),
        cmocka_unit_test(test_a_full_disk_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
