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

/* ---- enrolling ---- */

static void test_enrols_once_and_then_gives_the_same(void **state)
{
    SCOPED(mem_freep) char *dir = file_path(*state, "p1");
    SCOPED(buf_free) struct buf first = BUF_EMPTY;
    SCOPED(buf_free) struct buf again = BUF_EMPTY;

    assert_int_equal(place_try_enrol(&first, dir, &PLACE_HILLSIDE, NULL), 0);
    assert_int_equal(place_try_enrol(&again, dir, &PLACE_HILLSIDE, NULL), 0);
    assert_int_equal(first.len, again.len);
    assert_memory_equal(first.data, again.data, first.len);
}

static void test_refuses_to_become_somebody_else(void **state)
{
    SCOPED(mem_freep) char *dir = file_path(*state, "p1");
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    struct identity_wish wish = PLACE_HILLSIDE;
    struct err err;

    assert_int_equal(place_try_enrol(&request, dir, &wish, NULL), 0);
    assert_int_equal(
        place_try_enrol(&request, dir, &PLACE_HUB, NULL), ERR_EXISTS);
    wish.urn = "100009";
    assert_int_equal(place_try_enrol(&request, dir, &wish, &err), ERR_EXISTS);
    assert_string_equal(err.text,
        "this folder is enrolled already, as 8732001 (URN 100001) Hillside "
        "Primary, primary; to be another, use another --state");
}

static void test_refuses_values_that_cannot_be(void **state)
{
    static const struct {
        const char *laestab, *urn, *name, *endpoint;
    } cases[] = {
        {"873200", "100001", "Hillside", NULL},
        {"8732001", "10001", "Hillside", NULL},
        {"8732001", "10000x", "Hillside", NULL},
        {"8732001", "100001", "", NULL},
        {"8732001", "100001", "Hill\nside", NULL},
        {"8732001", "100001", "Hill\xff side", NULL},
        {"", NULL, "Hub", ""},
        {"", NULL, "Hub", "hub.example:7700"},
        {"", NULL, "Hub", "tcp://*:7700"},
        {"", NULL, "Hub", "tcp://0.0.0.0:7700"},
        {"", NULL, "Hub", "tcp://hub.example"},
        {"", NULL, "Hub", "tcp://hub.example:0"},
        {"", NULL, "Hub", "tcp://hub.example:65536"},
        {"", NULL, "Hub", "tcp://hub.example:77x"},
        {"", NULL, "Hub", "tcp://:7700"},
        {"", NULL, "Hub", "ipc://hub"},
    };
    SCOPED(mem_freep) char *dir = file_path(*state, "p1");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SCOPED(buf_free) struct buf request = BUF_EMPTY;
        struct identity_wish wish = PLACE_HILLSIDE;
        struct err err = {0};

        snprintf(wish.laestab.text, LAESTAB_SIZE, "%s", cases[i].laestab);
        wish.urn = cases[i].urn;
        wish.name = cases[i].name;
        wish.endpoint = cases[i].endpoint;
        if (cases[i].endpoint != NULL)
            wish.kind = ENROLMENT_HUB;
        assert_int_equal(
            place_try_enrol(&request, dir, &wish, &err), ERR_USAGE);
        assert_string_not_equal(err.text, "");
        assert_int_equal(access(dir, F_OK), -1);
    }
}

static void test_leaves_nothing_half_made(void **state)
{
    SCOPED(mem_freep) char *dir = file_path(*state, "p1");
    SCOPED(mem_freep) char *identity = file_path(dir, "identity");
    SCOPED(mem_freep) char *other = file_path(identity, "other");
    SCOPED(buf_free) struct buf request = BUF_EMPTY;

    /* In the way of the rename, which is the last step. */
    assert_int_equal(file_make_dir(dir, NULL), 0);
    assert_int_equal(file_make_dir(identity, NULL), 0);
    assert_int_equal(file_write(other, bytes_of("x"), FILE_PUBLIC, NULL), 0);
    assert_int_equal(
        place_try_enrol(&request, dir, &PLACE_HILLSIDE, NULL), ERR_IO);
    assert_int_equal(request.len, 0);
    assert_int_equal(unlink(other), 0);
    assert_int_equal(rmdir(identity), 0);
    assert_int_equal(rmdir(dir), 0); /* so there is nothing else in it */
}

/* ---- joining ---- */

static void test_joins_and_opens_as_who_it_is(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(identity_closep) struct identity *identity = NULL;
    struct identity_summary summary;

    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    assert_string_equal(identity->laestab.text, "8732001");
    assert_true(cert_matches(identity->sign_cert, identity->sign_key));
    assert_true(cert_matches(identity->encrypt_cert, identity->encrypt_key));
    assert_string_equal(
        members_by_curve_key(identity->members, identity->curve_public)
            ->laestab.text,
        "8732001");
    identity_describe(&summary, identity);
    assert_string_equal(summary.about, "8732001 Hillside Primary");
    assert_string_equal(summary.cluster, "Anytown");
    assert_int_equal(summary.version, 2);
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
    assert_null(identity->sign_key);
    assert_null(members_school(identity->members, &PLACE_HILLSIDE.laestab));
    assert_int_equal(file_read(&file, newest, MEMBERS_MAX_SIGNED, NULL), 0);
    assert_int_equal(
        identity_update_directory(identity, buf_bytes(&file), PLACE_NOW, NULL),
        0);
    assert_non_null(members_school(identity->members, &PLACE_HILLSIDE.laestab));
}

static void test_says_what_is_still_to_do(void **state)
{
    SCOPED(mem_freep) char *dir = file_path(*state, "p1");
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    struct identity *identity = NULL;
    struct err err;

    assert_int_equal(
        identity_open(&identity, dir, PLACE_NOW, &err), ERR_NOT_FOUND);
    assert_string_equal(
        err.text, "nobody is enrolled in this folder; run: moveup enrol");
    assert_int_equal(place_try_enrol(&request, dir, &PLACE_HILLSIDE, NULL), 0);
    assert_int_equal(
        identity_open(&identity, dir, PLACE_NOW, &err), ERR_NOT_FOUND);
    assert_string_equal(
        err.text, "enrolled, but no welcome was taken yet; run: moveup join");
    assert_null(identity);
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

static void update_to_newest(
    const char *dir, const char *authority, uint64_t version)
{
    SCOPED(mem_freep) char *newest = file_path(authority, "directory.cms");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(identity_closep) struct identity *identity = NULL;

    assert_int_equal(file_read(&file, newest, MEMBERS_MAX_SIGNED, NULL), 0);
    assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
    assert_int_equal(
        identity_update_directory(identity, buf_bytes(&file), PLACE_NOW, NULL),
        0);
    assert_int_equal(members_version(identity->members), version);
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

    update_to_newest(dir, authority, 4);
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
    update_to_newest(school, dir, 3);
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

/* ---- files ---- */

static void test_refuses_a_key_that_others_may_read(void **state)
{
    static const char *const keys[] = {"sign.key", "encrypt.key", "curve.key"};
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        SCOPED(mem_freep)
        char *path = mem_format("%s/identity/%s", dir, keys[i]);
        SCOPED(mem_freep) char *mend = mem_format("chmod 600 %s", path);
        struct identity *identity = NULL;
        struct err err;

        assert_int_equal(chmod(path, 0644), 0);
        assert_int_equal(
            identity_open(&identity, dir, PLACE_NOW, &err), ERR_DENIED);
        assert_non_null(strstr(err.text, mend));
        assert_int_equal(chmod(path, 0600), 0);
        assert_int_equal(identity_open(&identity, dir, PLACE_NOW, NULL), 0);
        identity_close(identity);
    }
}

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

    update_to_newest(dir, authority, 3);
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

static void test_does_not_open_past_the_hard_expiry(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    struct identity *identity = NULL;

    assert_int_equal(identity_open(&identity, dir,
                         place_later(AUTHORITY_SOFT_DAYS + 1), NULL),
        0);
    assert_true(members_is_stale(
        identity->members, place_later(AUTHORITY_SOFT_DAYS + 1)));
    identity_close(identity);
    identity = NULL;
    assert_int_equal(
        identity_open(&identity, dir, place_later(AUTHORITY_HARD_DAYS), NULL),
        ERR_STATE);
    assert_null(identity);
}

/* ---- newer directories ---- */

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
        TEST(test_enrols_once_and_then_gives_the_same),
        TEST(test_refuses_to_become_somebody_else),
        TEST(test_refuses_values_that_cannot_be),
        TEST(test_leaves_nothing_half_made),
        TEST(test_joins_and_opens_as_who_it_is),
        TEST(test_a_hub_joins_before_any_school_is_there),
        TEST(test_says_what_is_still_to_do),
        TEST(test_refuses_a_welcome_for_another),
        TEST(test_refuses_another_authority_later),
        TEST(test_a_welcome_can_be_taken_twice),
        TEST(test_a_welcome_older_than_our_directory_does_not_set_it_back),
        TEST(test_refuses_a_welcome_once_revoked),
        TEST(test_no_changed_character_of_a_welcome_is_accepted),
        TEST(test_refuses_a_key_that_others_may_read),
        TEST(test_a_restored_directory_is_noticed),
        TEST(test_a_mark_that_a_crash_left_behind_catches_up),
        TEST(test_refuses_a_damaged_mark),
        TEST(test_does_not_open_past_the_hard_expiry),
        TEST(test_takes_only_what_follows),
        TEST(test_a_jump_over_versions_is_taken),
        TEST(test_follows_from_one_signer_to_the_next),
        TEST(test_a_signer_that_was_not_announced_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
