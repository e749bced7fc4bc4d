#include "town.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "net/curve.h"
#include "store/db.h"
#include "trust/authority.h"
#include "vfs.h"

const char *const TOWN_NUMBERS[WORLD_SCHOOLS] = {
    "8732001", "8732002", "8734500", "8734501"};
static const char *const HUB_FOLDERS[WORLD_HUBS] = {"hub", "hub-2"};
static const char *const ENDPOINTS[WORLD_HUBS] = {
    "tcp://hub.example:7700", "tcp://hub-2.example:7700"};

static void must(int rc, const struct err *err, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "sim: %s: %s\n", what, err->text);
    exit(2);
}

static char *path_of(const struct town *town, const char *name)
{
    return file_path(town->dir, name);
}

static void enrol(struct buf *request, const struct town *town,
    const char *folder, const struct identity_wish *like)
{
    SCOPED(mem_freep) char *state = path_of(town, folder);
    char public_key[CURVE_TEXT_SIZE];
    char secret_key[CURVE_TEXT_SIZE];
    struct identity_wish wish = *like;
    struct err err;

    must(curve_new_pair(public_key, secret_key, &err), &err, "transport key");
    wish.curve_public = public_key;
    wish.curve_secret = secret_key;
    must(identity_enrol(request, state, &wish, WORLD_START, &err), &err,
        "enrol");
}

static void enrol_all(struct buf *requests, struct town *town)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++) {
        SCOPED(mem_freep) char *second = mem_format("%s-2", TOWN_NUMBERS[i]);
        struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
            .urn = "100001",
            .phase = i < 2 ? PHASE_PRIMARY : PHASE_SECONDARY,
            .name = TOWN_NUMBERS[i],
            .endpoint = ""};

        memcpy(wish.laestab.text, TOWN_NUMBERS[i], LAESTAB_SIZE);
        enrol(&requests[i], town, TOWN_NUMBERS[i], &wish);
        if (i >= 2) {
            enrol(&town->second[i], town, second, &wish);
            town->second_states[i] = path_of(town, second);
        }
    }
    for (size_t i = 0; i < town->hub_count; i++) {
        const struct identity_wish wish = {.kind = ENROLMENT_HUB,
            .name = HUB_FOLDERS[i],
            .endpoint = ENDPOINTS[i]};

        enrol(&requests[WORLD_SCHOOLS + i], town, HUB_FOLDERS[i], &wish);
    }
}

static void join(struct identity **out, const struct town *town,
    const char *folder, const struct buf *welcome)
{
    SCOPED(mem_freep) char *state = path_of(town, folder);
    struct err err;

    must(identity_join(state, buf_bytes(welcome), WORLD_START, &err), &err,
        "join");
    must(identity_open(out, state, WORLD_START, &err), &err, folder);
}

static void admit(struct town *town)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    SCOPED(mem_freep) char *ca = path_of(town, "authority");
    char public_key[CURVE_TEXT_SIZE];
    char secret_key[CURVE_TEXT_SIZE];
    const struct authority_plan plan = {.name = "Eastmoor",
        .curve_public = public_key,
        .curve_secret = secret_key};
    struct buf *requests = town->requests;
    struct buf welcomes[WORLD_SCHOOLS + WORLD_HUBS] = {{NULL, 0, 0}};
    struct bytes files[WORLD_SCHOOLS + WORLD_HUBS];
    const size_t count = WORLD_SCHOOLS + town->hub_count;
    const struct authority_intake intake = {files, count, false};
    struct err err;

    must(curve_new_pair(public_key, secret_key, &err), &err, "transport key");
    must(authority_create(ca, &plan, WORLD_START, &err), &err, "authority");
    must(authority_open(&authority, ca, NULL, true, WORLD_START, &err), &err,
        "authority");
    enrol_all(requests, town);
    for (size_t i = 0; i < count; i++)
        files[i] = buf_bytes(&requests[i]);
    must(authority_enrol(welcomes, authority, &intake, WORLD_START, &err), &err,
        "admit");
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        join(&town->schools[i], town, TOWN_NUMBERS[i], &welcomes[i]);
    for (size_t i = 0; i < town->hub_count; i++)
        join(
            &town->hubs[i], town, HUB_FOLDERS[i], &welcomes[WORLD_SCHOOLS + i]);
    for (size_t i = 0; i < count; i++)
        buf_free(&welcomes[i]);
    town->version = members_version(town->schools[0]->members);
}

/* Tables are made once; every seed begins with a copy. */
static void make_database(
    struct disk_copy *out, const char *path, enum db_kind kind)
{
    struct disk disk = {.files = NULL};
    struct db *db = NULL;
    struct err err;

    vfs_use(&disk);
    must(db_open(&db, path, kind, &err), &err, path);
    db_close(db);
    vfs_use(NULL);
    disk_take(out, &disk, "");
    disk_free(&disk);
}

void town_make(struct town *town, size_t hub_count)
{
    const char *shm = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    struct err err;

    *town = (struct town){.hub_count = hub_count};
    snprintf(town->dir, sizeof town->dir, "%s/moveup-sim-XXXXXX", shm);
    if (mkdtemp(town->dir) == NULL) {
        perror("sim: mkdtemp");
        exit(2);
    }
    admit(town);
    for (size_t i = 0; i < WORLD_SCHOOLS; i++) {
        SCOPED(mem_freep) char *state = path_of(town, TOWN_NUMBERS[i]);
        SCOPED(mem_freep) char *key = file_path(state, "identity/data.key");

        must(vault_open(&town->vaults[i], key, &err), &err, "vault");
        town->databases[i] = file_path(state, "agent.db");
    }
    for (size_t i = 0; i < hub_count; i++) {
        SCOPED(mem_freep) char *state = path_of(town, HUB_FOLDERS[i]);

        town->hub_databases[i] = file_path(state, "hub.db");
    }
    make_database(&town->fresh_agent, town->databases[0], DB_AGENT);
    make_database(&town->fresh_hub, town->hub_databases[0], DB_HUB);
}

struct bytes town_request(const struct town *town, size_t school)
{
    return buf_bytes(&town->requests[school]);
}

struct bytes town_second_request(const struct town *town, size_t school)
{
    return buf_bytes(&town->second[school]);
}

const char *town_second_state(const struct town *town, size_t school)
{
    return town->second_states[school];
}

static struct identity **place_of(struct node *node)
{
    struct town *town = node->world->town;

    return node->is_hub ? &town->hubs[node->index]
                        : &town->schools[node->index];
}

/* Parsing certificates takes a millisecond; nearly always nothing has
 * changed. */
static bool may_have_changed(
    const struct node *node, const struct identity *identity)
{
    return members_version(identity->members) != node->world->town->version ||
           disk_find(&node->disk, "directory.cms") != NULL ||
           members_is_stale(identity->members, clock_wall());
}

bool town_reload(struct node *node, struct err *err)
{
    struct identity **place = place_of(node);
    struct identity *fresh = NULL;
    SCOPED(mem_freep)
    char *state = mem_text(
        node->second_keys ? town_second_state(node->world->town, node->index)
                          : (*place)->state);

    if (!may_have_changed(node, *place))
        return true;
    if (identity_open(&fresh, state, clock_wall(), err) < 0)
        return false;
    identity_close(*place);
    *place = fresh;
    return true;
}

static void reset_one(
    struct identity **place, const struct town *town, const char *folder)
{
    SCOPED(mem_freep) char *state = path_of(town, folder);
    struct err err;

    if (members_version((*place)->members) == town->version &&
        strcmp((*place)->state, state) == 0)
        return;
    identity_close(*place);
    must(identity_open(place, state, WORLD_START, &err), &err, folder);
}

void town_reset(struct town *town)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        reset_one(&town->schools[i], town, TOWN_NUMBERS[i]);
    for (size_t i = 0; i < town->hub_count; i++)
        reset_one(&town->hubs[i], town, HUB_FOLDERS[i]);
}

static int remove_one(
    const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void town_free(struct town *town)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++) {
        identity_close(town->schools[i]);
        vault_close(town->vaults[i]);
        free(town->databases[i]);
        free(town->second_states[i]);
        buf_free(&town->second[i]);
    }
    for (size_t i = 0; i < WORLD_SCHOOLS + WORLD_HUBS; i++)
        buf_free(&town->requests[i]);
    for (size_t i = 0; i < town->hub_count; i++) {
        identity_close(town->hubs[i]);
        free(town->hub_databases[i]);
    }
    disk_copy_free(&town->fresh_agent);
    disk_copy_free(&town->fresh_hub);
    nftw(town->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int town_school(const struct laestab *laestab)
{
    for (int i = 0; i < WORLD_SCHOOLS; i++)
        if (strcmp(TOWN_NUMBERS[i], laestab->text) == 0)
            return i;
    return -1;
}
