#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "place.h"
#include "trust/folder.h"
#include "trust/kept.h"

static void copy_file(const char *from, const char *to)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;

    assert_int_equal(file_read(&file, from, MEMBERS_MAX_SIGNED, NULL), 0);
    assert_int_equal(file_write(to, buf_bytes(&file), FILE_PUBLIC, NULL), 0);
}

static void test_a_restored_directory_is_noticed(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *stored = file_path(dir, "directory.cms");
    SCOPED(mem_freep) char *old = file_path(authority, "history/2.cms");
    SCOPED(mem_freep) char *other = place_join(*state, "s1", &PLACE_NORTHGATE);
    struct identity *identity = NULL;
    struct err err;

    place_update_to_newest(dir, authority, 3);
    copy_file(old, stored);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, &err), ERR_STATE);
    assert_string_equal(
        err.text, "directory 2 is older than 3, which was seen here before");
    assert_null(identity);
}

static void test_a_mark_that_a_crash_left_behind_catches_up(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *stored = file_path(dir, "directory.cms");
    SCOPED(mem_freep) char *newest = file_path(authority, "directory.cms");
    SCOPED(mem_freep) char *other = place_join(*state, "s1", &PLACE_NORTHGATE);
    struct identity *identity = NULL;
    struct kept_mark mark;

    copy_file(newest, stored); /* written, and then the power went */
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    identity_close(identity);
    assert_int_equal(kept_read_mark(&mark, dir, NULL), 0);
    assert_int_equal(mark.version, 3);
}

static void test_refuses_a_damaged_mark(void **state)
{
    static const char *const marks[] = {"", "2", "2 ", "x", "-1 00", "2 zz\n"};
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *path = file_path(dir, "directory.seen");
    struct identity *identity = NULL;

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        assert_int_equal(
            file_write(path, bytes_of(marks[i]), FILE_PUBLIC, NULL), 0);
        assert_int_equal(
            identity_open(&identity, dir, PLACE_NOW, NULL), ERR_MALFORMED);
    }
    assert_null(identity);
}

/* The authority's own hand, to sign what it would never sign. */
struct hand {
    struct key *key;
    struct cert *signer;
};

static void hand_take(struct hand *hand, const char *authority)
{
    SCOPED(mem_freep) char *key = file_path(authority, "directory.key");

    assert_int_equal(key_load(&hand->key, key, NULL, NULL), 0);
    assert_int_equal(
        folder_load_cert(&hand->signer, authority, "directory.crt", NULL), 0);
}

static void hand_drop(struct hand *hand)
{
    key_free(hand->key);
    cert_free(hand->signer);
}

static int update(struct identity *identity, const struct hand *hand,
    const struct directory_content *content, struct err *err)
{
    SCOPED(buf_free) struct buf bytes = BUF_EMPTY;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;

    assert_int_equal(directory_encode(&bytes, content, NULL), 0);
    assert_int_equal(seal_sign(&file, NULL, buf_bytes(&bytes), hand->key,
                         hand->signer, NULL),
        0);
    return identity_update_directory(
        identity, buf_bytes(&file), PLACE_NOW, err);
}

static void test_takes_only_what_follows(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(identity_closep) struct identity *identity = NULL;
    SCOPED(hand_drop) struct hand hand = {NULL, NULL};
    struct directory_content content;
    struct err err;

    hand_take(&hand, authority);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    content = *members_content(identity->members);

    assert_int_equal(update(identity, &hand, &content, &err), ERR_EXISTS);
    content.soft_expiry.ms++;
    assert_int_equal(update(identity, &hand, &content, &err), ERR_STATE);
    assert_string_equal(err.text,
        "there are two different directories 2; tell the cluster "
        "administrator at once");
    content.version = 1;
    assert_int_equal(update(identity, &hand, &content, &err), ERR_STATE);
    content.version = 3; /* but previous is still that of 2 */
    assert_int_equal(update(identity, &hand, &content, &err), ERR_STATE);
    assert_non_null(strstr(err.text, "does not follow"));
    assert_int_equal(members_version(identity->members), 2);
    content.previous = *members_digest(identity->members);
    assert_int_equal(update(identity, &hand, &content, NULL), 0);
    assert_int_equal(members_version(identity->members), 3);
}

static void test_a_jump_over_versions_is_taken(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(identity_closep) struct identity *identity = NULL;
    SCOPED(identity_closep) struct identity *again = NULL;
    SCOPED(hand_drop) struct hand hand = {NULL, NULL};
    struct directory_content content;

    hand_take(&hand, authority);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    content = *members_content(identity->members);
    content.version = 40;
    assert_int_equal(update(identity, &hand, &content, NULL), 0);
    assert_int_equal(identity_open(&again, dir, PLACE_NOW, NULL), 0);
    assert_int_equal(members_version(again->members), 40);
}

/* Sign with `now` a directory that announces `next`. */
static void announce(
    struct identity *identity, const struct hand *now, const struct hand *next)
{
    struct directory_content content = *members_content(identity->members);

    content.version++;
    content.previous = *members_digest(identity->members);
    content.next_signer = cert_der(next->signer);
    assert_int_equal(update(identity, now, &content, NULL), 0);
}

static void hand_make(struct hand *hand, const char *authority)
{
    SCOPED(mem_freep) char *path = file_path(authority, "authority.key");
    SCOPED(key_freep) struct key *key = NULL;
    SCOPED(cert_freep) struct cert *cert = NULL;
    const struct cert_subject subject = {"directory", "Anytown"};

    assert_int_equal(key_load(&key, path, NULL, NULL), 0);
    assert_int_equal(
        folder_load_cert(&cert, authority, "authority.crt", NULL), 0);
    assert_int_equal(key_new(&hand->key, NULL), 0);
    assert_int_equal(
        cert_issue(&hand->signer, CERT_DIRECTORY, &subject, hand->key, cert,
            key, PLACE_NOW, place_later(1000), NULL),
        0);
}

static void test_follows_from_one_signer_to_the_next(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    struct identity *identity = NULL;
    SCOPED(hand_drop) struct hand first = {NULL, NULL};
    SCOPED(hand_drop) struct hand second = {NULL, NULL};
    SCOPED(hand_drop) struct hand third = {NULL, NULL};

    hand_take(&first, authority);
    hand_make(&second, authority);
    hand_make(&third, authority);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    announce(identity, &first, &second);
    identity_close(identity); /* each step survives a new start */
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    announce(identity, &second, &third);
    identity_close(identity);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    announce(identity, &third, &third);
    identity_close(identity);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    assert_int_equal(members_version(identity->members), 5);
    assert_true(cert_matches(identity->signer, third.key));
    identity_close(identity);
}

static void test_a_signer_that_was_not_announced_is_refused(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(identity_closep) struct identity *identity = NULL;
    SCOPED(hand_drop) struct hand other = {NULL, NULL};
    struct directory_content content;

    hand_make(&other, authority);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    content = *members_content(identity->members);
    content.version++;
    content.previous = *members_digest(identity->members);
    assert_int_equal(update(identity, &other, &content, NULL), ERR_SIGNATURE);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_restored_directory_is_noticed),
        TEST(test_a_mark_that_a_crash_left_behind_catches_up),
        TEST(test_refuses_a_damaged_mark),
        TEST(test_takes_only_what_follows),
        TEST(test_a_jump_over_versions_is_taken),
        TEST(test_follows_from_one_signer_to_the_next),
        TEST(test_a_signer_that_was_not_announced_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
