#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place.h"
#include "trust/folder.h"

/* Open place/authority with its keys. */
static struct authority *open_keys(const char *dir)
{
    struct authority *authority = NULL;

    assert_int_equal(
        authority_open(&authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    return authority;
}

/* Add the request of a fresh place/NAME. */
static void request_of(struct buf *request, const char *place, const char *name,
    const struct identity_wish *wish)
{
    SCOPED(mem_freep) char *dir = file_path(place, name);

    assert_int_equal(place_try_enrol(request, dir, wish, NULL), 0);
}

static int enrol_one(struct authority *authority, const struct buf *request,
    bool readmit, struct err *err)
{
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    const struct bytes file = buf_bytes(request);
    const struct authority_intake intake = {&file, 1, readmit};

    return authority_enrol(&welcome, authority, &intake, PLACE_NOW, err);
}

static void test_makes_directory_one(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    const struct members *members = authority_members(authority);
    const struct directory_content *content = members_content(members);

    assert_string_equal(content->cluster, "Anytown");
    assert_int_equal(content->version, 1);
    assert_int_equal(content->school_count, 0);
    assert_true(
        members_is_administrator(members, authority_curve_public(authority)));
    assert_true(folder_has(dir, "history/1.cms"));
}

/* DIRECTORY_MAX_SCHOOLS of them fit. */
static void test_a_school_takes_no_more_room_than_was_counted_on(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    const size_t before = members_signed(authority_members(authority)).len;
    struct identity_wish wish = PLACE_HILLSIDE;
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    char name[DIRECTORY_MAX_NAME + 1];

    memset(name, 'N', DIRECTORY_MAX_NAME);
    name[DIRECTORY_MAX_NAME] = '\0';
    wish.name = name;
    request_of(&request, *state, "hillside", &wish);
    assert_int_equal(enrol_one(authority, &request, false, NULL), 0);
    assert_in_range(members_signed(authority_members(authority)).len - before,
        DIRECTORY_USUAL_SCHOOL / 2, DIRECTORY_USUAL_SCHOOL);
    /* the same school with other keys, and the first ones still listed */
    buf_clear(&request);
    request_of(&request, *state, "hillside-again", &wish);
    assert_int_equal(enrol_one(authority, &request, false, NULL), 0);
    assert_in_range(members_signed(authority_members(authority)).len - before,
        DIRECTORY_USUAL_SCHOOL, DIRECTORY_RENEWING_SCHOOL);
}

static void test_leaves_an_authority_that_is_there(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = NULL;
    const struct authority_plan plan = {"Other", NULL,
        "0123456789012345678901234567890123456789",
        "0123456789012345678901234567890123456789"};

    assert_int_equal(authority_create(dir, &plan, PLACE_NOW, NULL), ERR_EXISTS);
    authority = open_keys(dir);
    assert_string_equal(
        members_content(authority_members(authority))->cluster, "Anytown");
}

static void test_a_failed_start_leaves_nothing(void **state)
{
    SCOPED(mem_freep) char *dir = file_path(*state, "authority");
    const struct authority_plan plan = {"Anytown", NULL, "too short", "x"};

    assert_int_equal(authority_create(dir, &plan, PLACE_NOW, NULL), ERR_USAGE);
    assert_int_equal(rmdir(dir), 0); /* so it is empty */
}

static void test_a_passphrase_guards_the_keys(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, "correct horse");
    struct authority *authority = NULL;
    struct err err;

    assert_int_equal(
        authority_open(&authority, dir, NULL, true, PLACE_NOW, &err),
        ERR_DENIED);
    assert_int_equal(
        authority_open(&authority, dir, "wrong", true, PLACE_NOW, &err),
        ERR_DENIED);
    assert_null(authority);
    assert_int_equal(
        authority_open(&authority, dir, "correct horse", true, PLACE_NOW, NULL),
        0);
    authority_close(TAKE(authority));
    /* who only looks needs none */
    assert_int_equal(
        authority_open(&authority, dir, NULL, false, PLACE_NOW, NULL), 0);
    authority_close(authority);
}

static void test_refuses_keys_that_others_may_read(void **state)
{
    static const char *const keys[] = {
        "authority.key", "directory.key", "admin.curve.key"};
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        SCOPED(mem_freep) char *path = file_path(dir, keys[i]);
        struct authority *authority = NULL;
        struct err err;

        assert_int_equal(chmod(path, 0644), 0);
        assert_int_equal(
            authority_open(&authority, dir, NULL, true, PLACE_NOW, &err),
            ERR_DENIED);
        assert_non_null(strstr(err.text, "chmod 600"));
        assert_int_equal(chmod(path, 0600), 0);
    }
}

static void test_only_one_may_change_it_at_a_time(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *first = open_keys(dir);
    struct authority *second = NULL;

    assert_int_equal(
        authority_open(&second, dir, NULL, true, PLACE_NOW, NULL), ERR_BUSY);
    assert_int_equal(
        authority_open(&second, dir, NULL, false, PLACE_NOW, NULL), 0);
    authority_close(second);
}

static void test_enrols_several_in_one_directory(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf a = BUF_EMPTY;
    SCOPED(buf_free) struct buf b = BUF_EMPTY;
    SCOPED(buf_free) struct buf c = BUF_EMPTY;
    struct buf welcomes[3] = {BUF_EMPTY, BUF_EMPTY, BUF_EMPTY};
    struct bytes files[3];
    const struct authority_intake intake = {files, 3, false};

    request_of(&a, *state, "p1", &PLACE_HILLSIDE);
    request_of(&b, *state, "s1", &PLACE_NORTHGATE);
    request_of(&c, *state, "h1", &PLACE_HUB);
    files[0] = buf_bytes(&a);
    files[1] = buf_bytes(&b);
    files[2] = buf_bytes(&c);
    assert_int_equal(
        authority_enrol(welcomes, authority, &intake, PLACE_NOW, NULL), 0);
    assert_int_equal(members_version(authority_members(authority)), 2);
    assert_int_equal(
        members_content(authority_members(authority))->school_count, 2);
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"p1", "s1", "h1"};
        SCOPED(mem_freep) char *member = file_path(*state, names[i]);

        assert_int_equal(
            identity_join(member, buf_bytes(&welcomes[i]), PLACE_NOW, NULL), 0);
        buf_free(&welcomes[i]);
    }
}

static void test_one_bad_request_enrols_nobody(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf a = BUF_EMPTY;
    struct buf welcomes[2] = {BUF_EMPTY, BUF_EMPTY};
    struct bytes files[2];
    const struct authority_intake intake = {files, 2, false};
    struct err err;

    request_of(&a, *state, "p1", &PLACE_HILLSIDE);
    files[0] = buf_bytes(&a);
    files[1] = bytes_of("nothing of ours");
    assert_int_equal(
        authority_enrol(welcomes, authority, &intake, PLACE_NOW, &err),
        ERR_MALFORMED);
    files[1] = files[0]; /* the same school twice */
    assert_int_equal(
        authority_enrol(welcomes, authority, &intake, PLACE_NOW, &err),
        ERR_USAGE);
    assert_int_equal(members_version(authority_members(authority)), 1);
    assert_false(folder_has(dir, "history/2.cms"));
    assert_int_equal(welcomes[0].len, 0);
}

static void test_each_directory_names_the_one_before(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    struct digest last = *members_digest(authority_members(authority));

    for (int i = 1; i <= 3; i++) {
        const struct directory_content *content;

        assert_int_equal(
            authority_answer(authority, NULL, 0, place_later(i), NULL), 0);
        content = members_content(authority_members(authority));
        assert_int_equal(content->version, 1 + i);
        assert_memory_equal(&content->previous, &last, sizeof last);
        assert_int_equal(content->issued.ms, place_later(i).ms);
        assert_int_equal(
            content->hard_expiry.ms, place_later(i + AUTHORITY_HARD_DAYS).ms);
        last = *members_digest(authority_members(authority));
    }
}

static void test_a_clock_that_is_behind_signs_nothing(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    struct err err;

    assert_int_equal(
        authority_answer(authority, NULL, 0, place_later(-1), &err), ERR_STATE);
    assert_non_null(strstr(err.text, "clock"));
}

static void test_an_expired_directory_can_be_renewed(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = NULL;
    const wall now = place_later(AUTHORITY_HARD_DAYS + 1);

    assert_int_equal(authority_open(&authority, dir, NULL, true, now, NULL), 0);
    assert_int_equal(authority_answer(authority, NULL, 0, now, NULL), 0);
    assert_false(members_is_stale(authority_members(authority), now));
}

static void test_enrolling_again_keeps_the_old_certificates(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    const struct directory_school *school;

    request_of(&request, *state, "p1", &PLACE_HILLSIDE);
    for (size_t i = 1; i <= DIRECTORY_MAX_CERTIFICATES + 1; i++) {
        assert_int_equal(enrol_one(authority, &request, false, NULL), 0);
        school = members_school(
            authority_members(authority), &PLACE_HILLSIDE.laestab);
        assert_int_equal(school->sign_count,
            i < DIRECTORY_MAX_CERTIFICATES ? i : DIRECTORY_MAX_CERTIFICATES);
        assert_int_equal(school->encrypt_count, school->sign_count);
    }
}

static void test_expired_certificates_are_left_out(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    struct bytes file;
    const struct authority_intake intake = {&file, 1, false};

    request_of(&request, *state, "p1", &PLACE_HILLSIDE);
    assert_int_equal(enrol_one(authority, &request, false, NULL), 0);
    file = buf_bytes(&request);
    assert_int_equal(
        authority_enrol(&welcome, authority, &intake,
            place_later(AUTHORITY_SCHOOL_DAYS + AUTHORITY_OVERLAP_DAYS), NULL),
        0);
    assert_int_equal(
        members_school(authority_members(authority), &PLACE_HILLSIDE.laestab)
            ->sign_count,
        1);
}

static void test_new_keys_replace_and_the_old_signatures_stay_good(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf first = BUF_EMPTY;
    SCOPED(buf_free) struct buf second = BUF_EMPTY;
    const struct members *members;

    request_of(&first, *state, "p1", &PLACE_HILLSIDE);
    request_of(&second, *state, "p1-new", &PLACE_HILLSIDE);
    assert_int_equal(enrol_one(authority, &first, false, NULL), 0);
    assert_int_equal(enrol_one(authority, &second, false, NULL), 0);
    members = authority_members(authority);
    assert_int_equal(members_content(members)->school_count, 1);
    assert_non_null(members_sign_cert(members, &PLACE_HILLSIDE.laestab, 1));
}

static void test_a_key_belongs_to_one_member(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(mem_freep) char *hub = file_path(*state, "h2");
    SCOPED(buf_free) struct buf first = BUF_EMPTY;
    SCOPED(buf_free) struct buf second = BUF_EMPTY;
    struct identity_wish wish = PLACE_HUB;
    struct err err;

    wish.endpoint = "tcp://other.example:7700";
    wish.curve_public = authority_curve_public(authority);
    wish.curve_secret = authority_curve_secret(authority);
    assert_int_equal(identity_enrol(&first, hub, &wish, PLACE_NOW, NULL), 0);
    assert_int_equal(enrol_one(authority, &first, false, &err), ERR_EXISTS);
    assert_string_equal(err.text,
        "this request's transport key belongs to an administrator already");
}

static void test_a_revoked_school_comes_back_only_with_new_keys(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf stolen = BUF_EMPTY;
    SCOPED(buf_free) struct buf fresh = BUF_EMPTY;
    const struct laestab *hillside = &PLACE_HILLSIDE.laestab;
    struct err err;

    request_of(&stolen, *state, "p1", &PLACE_HILLSIDE);
    request_of(&fresh, *state, "p1-new", &PLACE_HILLSIDE);
    assert_int_equal(enrol_one(authority, &stolen, false, NULL), 0);
    assert_int_equal(
        authority_revoke(authority, hillside, "stolen", PLACE_NOW, NULL), 0);
    assert_null(members_sign_cert(authority_members(authority), hillside, 0));
    assert_int_equal(
        authority_revoke(authority, hillside, "stolen", PLACE_NOW, NULL),
        ERR_EXISTS);

    assert_int_equal(enrol_one(authority, &fresh, false, &err), ERR_DENIED);
    assert_non_null(strstr(err.text, "--readmit"));
    assert_int_equal(enrol_one(authority, &stolen, true, &err), ERR_DENIED);
    assert_non_null(strstr(err.text, "revoked"));
    assert_int_equal(enrol_one(authority, &fresh, true, NULL), 0);
    /* and what the thief has signed is good no more */
    assert_int_equal(
        members_school(authority_members(authority), hillside)->sign_count, 1);
}

static void test_revokes_only_whom_it_has(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(authority_closep) struct authority *authority = open_keys(dir);
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    const struct laestab *hillside = &PLACE_HILLSIDE.laestab;

    assert_int_equal(
        authority_revoke(authority, hillside, "why", PLACE_NOW, NULL),
        ERR_NOT_FOUND);
    assert_int_equal(
        authority_revoke(authority, hillside, "", PLACE_NOW, NULL), ERR_USAGE);
    assert_int_equal(
        authority_revoke(authority, hillside, "a\nb", PLACE_NOW, NULL),
        ERR_USAGE);
    assert_int_equal(
        authority_revoke_hub(authority, PLACE_HUB.endpoint, PLACE_NOW, NULL),
        ERR_NOT_FOUND);
    request_of(&request, *state, "h1", &PLACE_HUB);
    assert_int_equal(enrol_one(authority, &request, false, NULL), 0);
    assert_int_equal(
        authority_revoke_hub(authority, PLACE_HUB.endpoint, PLACE_NOW, NULL),
        0);
    assert_int_equal(
        members_hub(authority_members(authority), PLACE_HUB.endpoint)->status,
        MEMBER_REVOKED);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_makes_directory_one),
        TEST(test_a_school_takes_no_more_room_than_was_counted_on),
        TEST(test_leaves_an_authority_that_is_there),
        TEST(test_a_failed_start_leaves_nothing),
        TEST(test_a_passphrase_guards_the_keys),
        TEST(test_refuses_keys_that_others_may_read),
        TEST(test_only_one_may_change_it_at_a_time),
        TEST(test_enrols_several_in_one_directory),
        TEST(test_one_bad_request_enrols_nobody),
        TEST(test_each_directory_names_the_one_before),
        TEST(test_a_clock_that_is_behind_signs_nothing),
        TEST(test_an_expired_directory_can_be_renewed),
        TEST(test_enrolling_again_keeps_the_old_certificates),
        TEST(test_expired_certificates_are_left_out),
        TEST(test_new_keys_replace_and_the_old_signatures_stay_good),
        TEST(test_a_key_belongs_to_one_member),
        TEST(test_a_revoked_school_comes_back_only_with_new_keys),
        TEST(test_revokes_only_whom_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
