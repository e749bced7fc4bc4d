#include "trust/founding.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "trust/draft.h"
#include "trust/folder.h"
#include "trust/office.h"

/* What founding_make() makes, in this order; the last one ends it. */
static const char *const FILES[] = {"authority.key", "authority.crt",
    "directory.key", "directory.crt", "admin.curve.key", "admin.curve.pub",
    "history/1.cms", "directory.cms"};
#define FILE_COUNT (sizeof FILES / sizeof FILES[0])

static void close_fdp(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int save(const struct office_keys *founded, const char *dir,
    const struct authority_plan *plan, struct err *err)
{
    SCOPED(mem_freep) char *history = file_path(dir, "history");
    int rc = office_save_keys(founded, dir, "", plan->passphrase, err);

    if (rc == 0)
        rc = folder_save_curve(
            dir, "admin.curve", plan->curve_public, plan->curve_secret, err);
    if (rc == 0)
        rc = file_make_dir(history, err);
    return rc;
}

static int publish_first(const struct office_keys *founded, const char *dir,
    const struct authority_plan *plan, wall now, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    SCOPED(members_freep) struct members *members = NULL;
    struct directory_administrator administrator = {.name = "administrator"};
    const struct draft_pen pen = {
        dir, founded->directory_key, founded->signer, founded->cert};

    if (strlen(plan->curve_public) != CURVE_KEY_SIZE - 1)
        return err_set(err, ERR_USAGE, "not a transport key");
    memcpy(administrator.curve_key, plan->curve_public, CURVE_KEY_SIZE);
    draft_first(&draft, plan->name, &administrator, now);
    return draft_publish(&members, &draft, &pen, now, err);
}

static void remove_made(const char *dir)
{
    SCOPED(mem_freep) char *history = file_path(dir, "history");

    for (size_t i = 0; i < FILE_COUNT; i++) {
        SCOPED(mem_freep) char *path = file_path(dir, FILES[i]);

        unlink(path);
    }
    rmdir(history);
}

static int check_free(const char *dir, struct err *err)
{
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (folder_has(dir, FILES[i]))
            return err_set(err, ERR_EXISTS,
                "there is an authority in %s already (%s); it was left as it "
                "is",
                dir, FILES[i]);
    return 0;
}

int founding_make(const char *dir, const struct authority_plan *plan, wall now,
    struct err *err)
{
    SCOPED(office_free_keys) struct office_keys founded = {0};
    SCOPED(close_fdp) int lock = -1;
    int rc;

    if (plan->name[0] == '\0' || strlen(plan->name) > DIRECTORY_MAX_NAME ||
        !text_is_clean(bytes_of(plan->name)))
        return err_set(err, ERR_USAGE,
            "a name has 1 to %d bytes of ordinary text", DIRECTORY_MAX_NAME);
    rc = file_make_dir(dir, err);
    if (rc == 0)
        rc = folder_lock(&lock, dir, err);
    if (rc == 0)
        rc = check_free(dir, err);
    if (rc < 0)
        return rc;
    rc = office_make_keys(&founded, plan->name, now, err);
    if (rc == 0)
        rc = save(&founded, dir, plan, err);
    if (rc == 0)
        rc = publish_first(&founded, dir, plan, now, err);
    if (rc < 0)
        remove_made(dir);
    return rc;
}
