/* An authority with new keys: what members take, and what a crash leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/cert.h"
#include "place.h"
#include "trust/folder.h"

static struct authority *open_authority(const char *dir)
{
    struct authority *authority = NULL;

    assert_int_equal(
        authority_open(&authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    return authority;
}

static void run(const char *dir, const char *script)
{
    SCOPED(mem_freep) char *command = mem_format("cd '%s' && %s", dir, script);

    assert_int_equal(system(command), 0);
}

static void test_members_follow_by_way_of_the_bridge(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(mem_freep)
    char *school = place_join(*state, "hillside", &PLACE_HILLSIDE);
    SCOPED(authority_closep) struct authority *authority = open_authority(dir);
    SCOPED(identity_closep) struct identity *me = NULL;
    SCOPED(buf_free) struct buf bridge = BUF_EMPTY;
    const struct digest before = *authority_digest(authority);
    struct bytes newest;

    assert_int_equal(authority_rotate(authority, NULL, PLACE_NOW, NULL), 0);
    assert_memory_not_equal(
        &before, authority_digest(authority), sizeof before);
    newest = members_signed(authority_members(authority));
    assert_int_equal(authority_bridge(&bridge, authority, NULL), 0);
    assert_int_equal(identity_open(&me, school, PLACE_NOW, NULL), 0);
    assert_int_equal(
        identity_update_directory(me, newest, PLACE_NOW, NULL), ERR_SIGNATURE);
    assert_int_equal(
        identity_update_directory(me, buf_bytes(&bridge), PLACE_NOW, NULL), 0);
    assert_int_equal(identity_update_directory(me, newest, PLACE_NOW, NULL), 0);
    assert_int_equal(
        identity_update_directory(me, buf_bytes(&bridge), PLACE_NOW, NULL),
        ERR_SIGNATURE);
    identity_close(me);
    me = NULL;
    assert_int_equal(identity_open(&me, school, PLACE_NOW, NULL), 0);
}

static void test_a_hub_keeps_the_bridge(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(mem_freep) char *folder = place_join(*state, "hub", &PLACE_HUB);
    SCOPED(authority_closep) struct authority *authority = open_authority(dir);
    SCOPED(identity_closep) struct identity *hub = NULL;
    SCOPED(buf_free) struct buf bridge = BUF_EMPTY;

    assert_int_equal(authority_rotate(authority, NULL, PLACE_NOW, NULL), 0);
    assert_int_equal(authority_bridge(&bridge, authority, NULL), 0);
    assert_int_equal(identity_open(&hub, folder, PLACE_NOW, NULL), 0);
    assert_int_equal(
        identity_update_directory(hub, buf_bytes(&bridge), PLACE_NOW, NULL), 0);
    assert_null(hub->bridge);
    assert_int_equal(
        identity_update_directory(
            hub, members_signed(authority_members(authority)), PLACE_NOW, NULL),
        0);
    for (int i = 0; i < 2; i++) { /* the second time as it is started again */
        assert_non_null(hub->bridge);
        assert_int_equal(
            members_version(hub->bridge), members_version(hub->members) - 1);
        identity_close(hub);
        hub = NULL;
        assert_int_equal(identity_open(&hub, folder, PLACE_NOW, NULL), 0);
    }
}

/* Old and new are the folder before and after; the script makes of them what a
 * crash at that step would have left. */
static void crash(const char *place, const char *script, struct digest *made)
{
    SCOPED(mem_freep) char *dir = file_path(place, "authority");
    SCOPED(authority_closep) struct authority *authority = NULL;

    run(place, "rm -rf authority && cp -a old authority && "
               "for f in authority.key authority.crt directory.key "
               "directory.crt; do cp -p new/$f authority/next-$f; done");
    run(place, script);
    authority = open_authority(dir);
    assert_int_equal(authority_rotate(authority, NULL, PLACE_NOW, NULL), 0);
    assert_false(folder_has(dir, "next-authority.crt"));
    *made = *authority_digest(authority);
    authority_close(authority);
    authority = open_authority(dir); /* and it can go on */
    assert_int_equal(authority_answer(authority, NULL, 0, PLACE_NOW, NULL), 0);
}

static void test_goes_on_after_a_crash(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(mem_freep)
    char *school = place_join(*state, "hillside", &PLACE_HILLSIDE);
    struct authority *authority;
    struct digest fresh, made;

    run(*state, "cp -a authority old");
    authority = open_authority(dir);
    assert_int_equal(authority_rotate(authority, NULL, PLACE_NOW, NULL), 0);
    fresh = *authority_digest(authority);
    authority_close(authority);
    run(*state, "cp -a authority new");

    crash(*state, "true", &made); /* after the keys were saved */
    assert_memory_equal(&made, &fresh, sizeof made);
    crash(*state,
        "cp new/directory-bridge.cms authority/directory.cms && "
        "cp new/history/3.cms authority/history/",
        &made);
    assert_memory_equal(&made, &fresh, sizeof made);
    /* After the new one has signed; this handover ends at the opening, and the
     * next one begins. */
    crash(*state,
        "cp new/directory.cms new/directory-bridge.cms authority/ && "
        "cp new/history/*.cms authority/history/",
        &made);
    assert_memory_not_equal(&made, &fresh, sizeof made);
}

static void test_the_old_authority_cannot_go_on(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(mem_freep) char *old = file_path(*state, "old");
    SCOPED(authority_closep) struct authority *authority = NULL;
    SCOPED(authority_closep) struct authority *copy = NULL;
    SCOPED(buf_free) struct buf bridge = BUF_EMPTY;

    run(*state, "cp -a authority old");
    authority = open_authority(dir);
    assert_int_equal(authority_rotate(authority, NULL, PLACE_NOW, NULL), 0);
    assert_int_equal(authority_bridge(&bridge, authority, NULL), 0);
    copy = open_authority(old);
    assert_int_equal(authority_adopt(copy, buf_bytes(&bridge), PLACE_NOW, NULL),
        ERR_CERTIFICATE);
    assert_int_equal(
        authority_adopt(copy, members_signed(authority_members(authority)),
            PLACE_NOW, NULL),
        ERR_SIGNATURE);
}

static void test_an_old_copy_goes_on_from_the_newest_directory(void **state)
{
    SCOPED(mem_freep) char *dir = place_found(*state, NULL);
    SCOPED(mem_freep) char *old = file_path(*state, "old");
    SCOPED(authority_closep) struct authority *authority = NULL;
    SCOPED(authority_closep) struct authority *copy = NULL;
    struct bytes newest;

    run(*state, "cp -a authority old");
    authority = open_authority(dir);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            authority_answer(authority, NULL, 0, PLACE_NOW, NULL), 0);
    newest = members_signed(authority_members(authority));
    copy = open_authority(old);
    assert_int_equal(authority_adopt(copy, newest, PLACE_NOW, NULL), 0);
    assert_int_equal(
        authority_adopt(copy, newest, PLACE_NOW, NULL), ERR_EXISTS);
    assert_int_equal(authority_answer(copy, NULL, 0, PLACE_NOW, NULL), 0);
    assert_int_equal(members_version(authority_members(copy)), 5);
    assert_true(folder_has(old, "history/4.cms"));
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_members_follow_by_way_of_the_bridge),
        CASE(test_a_hub_keeps_the_bridge),
        CASE(test_goes_on_after_a_crash),
        CASE(test_the_old_authority_cannot_go_on),
        CASE(test_an_old_copy_goes_on_from_the_newest_directory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
