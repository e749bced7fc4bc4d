#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/cert.h"
#include "place.h"

static void copy_file(const char *from, const char *to)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;

    assert_int_equal(file_read(&file, from, MEMBERS_MAX_SIGNED, NULL), 0);
    assert_int_equal(file_write(to, buf_bytes(&file), FILE_PUBLIC, NULL), 0);
}

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

static void test_does_not_open_with_somebody_elses_certificate(void **state)
{
    SCOPED(mem_freep) char *authority = place_found(*state, NULL);
    SCOPED(mem_freep) char *dir = place_join(*state, "p1", &PLACE_HILLSIDE);
    SCOPED(mem_freep) char *other = place_join(*state, "s1", &PLACE_NORTHGATE);
    SCOPED(mem_freep) char *from = file_path(other, "identity/sign.crt");
    SCOPED(mem_freep) char *to = file_path(dir, "identity/sign.crt");
    struct identity *identity = NULL;

    copy_file(from, to);
    assert_int_equal(
        identity_open(&identity, dir, PLACE_NOW, NULL), ERR_CERTIFICATE);
    assert_null(identity);
}

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
        TEST(test_says_what_is_still_to_do),
        TEST(test_does_not_open_with_somebody_elses_certificate),
        TEST(test_refuses_a_key_that_others_may_read),
        TEST(test_does_not_open_past_the_hard_expiry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
