/* town_trust - a real authority with its schools and one hub, for the tests of
 * the hub. */
#ifndef TESTS_TOWN_TRUST_H
#define TESTS_TOWN_TRUST_H

#include "store_room.h"

#include "base/buf.h"
#include "base/file.h"
#include "net/curve.h"
#include "trust/authority.h"
#include "trust/identity.h"

#define TOWN_SCHOOLS 3
#define TOWN_NOW ((wall){1813392000000}) /* 2027-06-19 */

enum { ANN, BEA, CAT, ADMIN, NOBODY_KNOWS, TOWN_PEOPLE };

static const char *const TOWN_LAESTABS[TOWN_SCHOOLS] = {
    "8732001", "8732002", "8734500"};
static const char *const TOWN_NAMES[TOWN_PEOPLE] = {
    "Ann", "Bea", "Cat", "admin", "stranger"};

/* Made once for all tests: keys and certificates cost time. */
struct town_trust {
    char folder[64];
    struct authority *authority;
    struct identity *hub;
    char keys[TOWN_PEOPLE][2][CURVE_TEXT_SIZE]; /* public, secret */
};

static inline struct laestab town_school(int who)
{
    struct laestab laestab;

    MUST(laestab_parse(&laestab, TOWN_LAESTABS[who], err));
    return laestab;
}

static inline char *town_folder(
    const struct town_trust *trust, const char *name)
{
    char *path = file_path(trust->folder, name);

    MUST(file_make_dir(path, err));
    return path;
}

static inline void town_enrol(
    struct town_trust *trust, struct buf *request, int who)
{
    SCOPED(mem_freep) char *state = town_folder(trust, TOWN_NAMES[who]);
    const struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
        .laestab = town_school(who),
        .urn = "100001",
        .phase = who == CAT ? PHASE_SECONDARY : PHASE_PRIMARY,
        .name = TOWN_NAMES[who],
        .curve_public = trust->keys[who][0],
        .curve_secret = trust->keys[who][1]};

    MUST(identity_enrol(request, state, &wish, TOWN_NOW, err));
}

static inline void town_enrol_hub(struct town_trust *trust, struct buf *request)
{
    SCOPED(mem_freep) char *state = town_folder(trust, "hub");
    char keys[2][CURVE_TEXT_SIZE];
    const struct identity_wish wish = {.kind = ENROLMENT_HUB,
        .name = "Town hub",
        .endpoint = "tcp://127.0.0.1:7700",
        .curve_public = keys[0],
        .curve_secret = keys[1]};

    MUST(curve_new_pair(keys[0], keys[1], err));
    MUST(identity_enrol(request, state, &wish, TOWN_NOW, err));
}

/* The hub is the last of the requests, and the only one that joins. */
static inline void town_admit(struct town_trust *trust)
{
    struct buf requests[TOWN_SCHOOLS + 1] = {0};
    struct buf welcomes[TOWN_SCHOOLS + 1] = {0};
    struct bytes files[TOWN_SCHOOLS + 1];
    SCOPED(mem_freep) char *state = town_folder(trust, "hub");

    for (int who = 0; who < TOWN_SCHOOLS; who++)
        town_enrol(trust, &requests[who], who);
    town_enrol_hub(trust, &requests[TOWN_SCHOOLS]);
    for (int i = 0; i <= TOWN_SCHOOLS; i++)
        files[i] = buf_bytes(&requests[i]);
    MUST(authority_enrol(welcomes, trust->authority,
        &(struct authority_intake){files, TOWN_SCHOOLS + 1, false}, TOWN_NOW,
        err));
    MUST(identity_join(
        state, buf_bytes(&welcomes[TOWN_SCHOOLS]), TOWN_NOW, err));
    MUST(identity_open(&trust->hub, state, TOWN_NOW, err));
    for (int i = 0; i <= TOWN_SCHOOLS; i++) {
        buf_free(&requests[i]);
        buf_free(&welcomes[i]);
    }
}

static inline struct town_trust *town_found(void)
{
    struct town_trust *trust = mem_alloc(sizeof *trust);
    SCOPED(mem_freep) char *dir = NULL;

    snprintf(trust->folder, sizeof trust->folder, "/tmp/test-hub.XXXXXX");
    assert_non_null(mkdtemp(trust->folder));
    for (int who = 0; who < TOWN_PEOPLE; who++)
        MUST(curve_new_pair(trust->keys[who][0], trust->keys[who][1], err));
    dir = file_path(trust->folder, "authority");
    MUST(authority_create(dir,
        &(struct authority_plan){
            "Town", NULL, trust->keys[ADMIN][0], trust->keys[ADMIN][1]},
        TOWN_NOW, err));
    MUST(authority_open(&trust->authority, dir, NULL, true, TOWN_NOW, err));
    town_admit(trust);
    return trust;
}

static inline void town_end(struct town_trust *trust)
{
    char command[128];

    identity_close(trust->hub);
    authority_close(trust->authority);
    snprintf(command, sizeof command, "rm -r '%s'", trust->folder);
    assert_int_equal(system(command), 0);
    free(trust);
}

#endif
