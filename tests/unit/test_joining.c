#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "crypto/cert.h"
#include "place.h"

static unsigned stat_mode(const char *folder, const char *name)
{
    SCOPED(mem_freep) char *path = file_path(folder, name);
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void test_a_hub_joins_before_any_school_is_there(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *hub = place_join(*state, "h1", &PLACE_HUB);
    SCOPED(mem_freep) char *school = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *newest = file_path(school, "directory.cms");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(identity_closep) struct identity *identity = NULL;

    assert_int_equal(identity_open(&identity, hub, PLACE_NOW, NULL), 0);
    assert_non_null(identity->sign_key);
    assert_int_equal(stat_mode(hub, "identity/sign.key"), 0600);
    assert_true(
        cert_matches(members_hub_cert(identity->members, identity->endpoint, 0),
            identity->sign_key));
    assert_null(members_hub_cert(identity->members, identity->endpoint, 1));
    assert_null(members_school(identity->members, &PLACE_HILLSIDE.laestab));
    assert_int_equal(file_read(&file, newest, MEMBERS_MAX_SIGNED, NULL), 0);
    assert_int_equal(
        identity_update_directory(identity, buf_bytes(&file), PLACE_NOW, NULL),
        0);
    assert_non_null(members_school(identity->members, &PLACE_HILLSIDE.laestab));
}

static void test_refuses_a_welcome_for_another(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(buf_free) struct buf other = BUF_EMPTY;
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(mem_freep)
    char *northgate = place_answer(&other, *state, "s1", &PLACE_NORTHGATE);
    SCOPED(mem_freep) char *hillside = file_path(*state, "p1");
    SCOPED(mem_freep) char *fresh = file_path(*state, "s1-again");
    struct err err;

    assert_int_equal(
        place_try_enrol(&request, hillside, &PLACE_HILLSIDE, NULL), 0);
    assert_int_equal(
        identity_join(hillside, buf_bytes(&other), PLACE_NOW, &err),
        ERR_DENIED);
    assert_string_equal(
        err.text, "this welcome is for 8734500, not for 8732001");
    /* the same school, but with keys made anew */
    assert_int_equal(
        place_try_enrol(&request, fresh, &PLACE_NORTHGATE, NULL), 0);
    assert_int_equal(
        identity_join(fresh, buf_bytes(&other), PLACE_NOW, &err), ERR_DENIED);
    assert_int_equal(identity_join(*state, buf_bytes(&other), PLACE_NOW, &err),
        ERR_NOT_FOUND);
}

/* Every part of a welcome is signed by the authority, but somebody may have put
 * parts of several together. */
static void test_refuses_a_welcome_put_together_from_others(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *first = file_path(authority, "history/1.cms");
    SCOPED(buf_free) struct buf ours = BUF_EMPTY;
    SCOPED(buf_free) struct buf theirs = BUF_EMPTY;
    SCOPED(buf_free) struct buf old = BUF_EMPTY;
    SCOPED(mem_freep)
    char *northgate = place_answer(&theirs, *state, "s1", &PLACE_NORTHGATE);
    SCOPED(mem_freep)
    char *dir = place_answer(&ours, *state, "p1", &PLACE_HILLSIDE);
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct enrolment_welcome a, b;

    assert_int_equal(
        papers_read_welcome(&a, buf_bytes(&ours), &arena, NULL), 0);
    assert_int_equal(
        papers_read_welcome(&b, buf_bytes(&theirs), &arena, NULL), 0);
    assert_int_equal(file_read(&old, first, MEMBERS_MAX_SIGNED, NULL), 0);
    for (int i = 0; i < 7; i++) { /* the last is as it was sent */
        struct enrolment_welcome mixed = a;
        SCOPED(buf_free) struct buf file = BUF_EMPTY;
        const int expected[] = {ERR_STATE, ERR_CERTIFICATE, ERR_CERTIFICATE,
            ERR_CERTIFICATE, ERR_CERTIFICATE, ERR_CERTIFICATE, 0};

        if (i == 1)
            mixed.sign_certificate = b.sign_certificate;
        if (i == 2)
            mixed.encrypt_certificate = b.encrypt_certificate;
        if (i == 3)
            mixed.encrypt_certificate = a.sign_certificate;
        if (i == 4)
            mixed.directory_signer = a.sign_certificate;
        if (i == 5)
            mixed.authority = a.directory_signer;
        if (i == 0) /* a directory in which we are not yet */
            mixed.directory = buf_bytes(&old);
        papers_write_welcome(&file, &mixed);
        assert_int_equal(
            identity_join(dir, buf_bytes(&file), PLACE_NOW, NULL), expected[i]);
    }
}

static void test_refuses_another_authority_later(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *moved = file_path(*state, "first-authority");
    SCOPED(mem_freep) char *other = NULL;
    SCOPED(mem_freep) char *same = NULL;
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    SCOPED(identity_closep) struct identity *identity = NULL;
    struct err err;

    assert_int_equal(rename(authority, moved), 0);
    other = place_found(*state, NULL);
    same = place_answer(&welcome, *state, "p1", &PLACE_HILLSIDE);
    assert_int_equal(
        identity_join(dir, buf_bytes(&welcome), PLACE_NOW, &err), ERR_DENIED);
    assert_non_null(strstr(err.text, "another authority"));
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
}

static void test_a_welcome_can_be_taken_twice(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    SCOPED(mem_freep)
    char *dir = place_answer(&welcome, *state, "p1", &PLACE_HILLSIDE);

    for (int i = 0; i < 2; i++)
        assert_int_equal(
            identity_join(dir, buf_bytes(&welcome), PLACE_NOW, NULL), 0);
}

static void test_a_welcome_older_than_our_directory_does_not_set_it_back(
    void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(buf_free) struct buf third = BUF_EMPTY;
    SCOPED(mem_freep)
    char *again =
        place_answer(&third, *state, "p1", &PLACE_HILLSIDE); /* directory 3 */
    SCOPED(mem_freep)
    char *other = place_join(*state, "s1", &PLACE_NORTHGATE); /* directory 4 */
    SCOPED(identity_closep) struct identity *identity = NULL;

    place_update_to_newest(dir, authority, 4);
    assert_int_equal(identity_join(dir, buf_bytes(&third), PLACE_NOW, NULL), 0);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    assert_int_equal(members_version(identity->members), 4);
}

static void test_refuses_a_welcome_once_revoked(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    SCOPED(mem_freep)
    char *school = place_answer(&welcome, *state, "p1", &PLACE_HILLSIDE);
    SCOPED(authority_closep) struct authority *authority = NULL;
    struct err err;

    assert_int_equal(
        identity_join(school, buf_bytes(&welcome), PLACE_NOW, NULL), 0);
    assert_int_equal(
        authority_open(&authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    assert_int_equal(authority_revoke(authority, &PLACE_HILLSIDE.laestab,
                         "lost laptop", PLACE_NOW, NULL),
        0);
    place_update_to_newest(school, dir, 3);
    assert_int_equal(
        identity_join(school, buf_bytes(&welcome), PLACE_NOW, &err),
        ERR_DENIED);
    assert_string_equal(err.text,
        "directory 3 has us as revoked; talk to the cluster administrator");
}

/* Every third character: that is each of the four places of a base64 group, in
 * every part of the file. */
static void test_no_changed_character_of_a_welcome_is_accepted(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    SCOPED(mem_freep)
    char *dir = place_answer(&welcome, *state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *mark = file_path(dir, "directory.seen");

    for (size_t i = 0; i + 1 < welcome.len; i += 3) {
        struct err err = {0};
        const uint8_t was = welcome.data[i];

        welcome.data[i] = was == 'A' ? 'B' : 'A';
        if (identity_join(dir, buf_bytes(&welcome), PLACE_NOW, &err) == 0)
            fail_msg("character %zu of %zu may be changed", i, welcome.len);
        assert_string_not_equal(err.text, "");
        welcome.data[i] = was;
    }
    assert_int_equal(access(mark, F_OK), -1);
    assert_int_equal(
        identity_join(dir, buf_bytes(&welcome), PLACE_NOW, NULL), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_hub_joins_before_any_school_is_there),
        TEST(test_refuses_a_welcome_for_another),
        TEST(test_refuses_a_welcome_put_together_from_others),
        TEST(test_refuses_another_authority_later),
        TEST(test_a_welcome_can_be_taken_twice),
        TEST(test_a_welcome_older_than_our_directory_does_not_set_it_back),
        TEST(test_refuses_a_welcome_once_revoked),
        TEST(test_no_changed_character_of_a_welcome_is_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
