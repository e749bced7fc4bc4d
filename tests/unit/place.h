/* place - a temporary folder for one test, and a cluster in it. */
#ifndef TEST_PLACE_H
#define TEST_PLACE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "net/curve.h"
#include "trust/authority.h"
#include "trust/identity.h"
#include "trust/papers.h"

#define PLACE_NOW ((wall){1812000000000}) /* 2027-06-03T05:20:00Z */
#define PLACE_DAY_MS ((int64_t)24 * 60 * 60 * 1000)

static inline wall place_later(int days)
{
    return (wall){PLACE_NOW.ms + days * PLACE_DAY_MS};
}

static inline int place_remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline int place_make(void **state)
{
    char *place = mem_text("/tmp/moveup-test.XXXXXX");

    assert_non_null(mkdtemp(place));
    *state = place;
    return 0;
}

static inline int place_remove(void **state)
{
    nftw(*state, place_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

/* An authority without a passphrase in place/authority. */
static inline char *place_found(const char *place, const char *passphrase)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    const struct authority_plan plan = {
        "Anytown", passphrase, public_key, secret_key};
    char *dir = file_path(place, "authority");

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    assert_int_equal(authority_create(dir, &plan, PLACE_NOW, NULL), 0);
    return dir;
}

static inline int place_try_enrol(struct buf *request, const char *state,
    const struct identity_wish *like, struct err *err)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    struct identity_wish wish = *like;

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    wish.curve_public = public_key;
    wish.curve_secret = secret_key;
    return identity_enrol(request, state, &wish, PLACE_NOW, err);
}

static const struct identity_wish PLACE_HILLSIDE = {.kind = ENROLMENT_SCHOOL,
    .laestab = {"8732001"},
    .urn = "100001",
    .phase = PHASE_PRIMARY,
    .name = "Hillside Primary"};
static const struct identity_wish PLACE_NORTHGATE = {.kind = ENROLMENT_SCHOOL,
    .laestab = {"8734500"},
    .urn = "100500",
    .phase = PHASE_SECONDARY,
    .name = "Northgate Academy"};
static const struct identity_wish PLACE_HUB = {.kind = ENROLMENT_HUB,
    .name = "First hub",
    .endpoint = "tcp://hub.example:7700"};

/* Enrol in place/NAME, be answered and add the welcome; returns the state. */
static inline char *place_answer(struct buf *welcome, const char *place,
    const char *name, const struct identity_wish *wish)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    SCOPED(mem_freep) char *dir = file_path(place, "authority");
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    char *state = file_path(place, name);
    struct bytes file;
    const struct authority_intake intake = {&file, 1, false};

    assert_int_equal(place_try_enrol(&request, state, wish, NULL), 0);
    file = buf_bytes(&request);
    assert_int_equal(
        authority_open(&authority, dir, NULL, true, PLACE_NOW, NULL), 0);
    assert_int_equal(
        authority_enrol(welcome, authority, &intake, PLACE_NOW, NULL), 0);
    return state;
}

/* The same, and joined. */
static inline char *place_join(
    const char *place, const char *name, const struct identity_wish *wish)
{
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    char *state = place_answer(&welcome, place, name, wish);

    assert_int_equal(
        identity_join(state, buf_bytes(&welcome), PLACE_NOW, NULL), 0);
    return state;
}

/* The school in dir takes the newest directory, which has this version. */
static inline void place_update_to_newest(
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

#endif
