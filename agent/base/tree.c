#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

static void close_dirp(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

bool tree_is_empty(const char *path)
{
    SCOPED(close_dirp) DIR *dir = opendir(path);
    const struct dirent *entry;
    size_t others = 0;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        others +=
            strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    return dir != NULL && others == 0;
}

static void close_ftsp(FTS **tree)
{
    if (*tree != NULL)
        fts_close(*tree);
}

/* Folders are visited before and after what is in them; after is what counts.
 */
static int walk(const char *path, int (*act)(void *arg, const FTSENT *entry),
    void *arg, struct err *err)
{
    SCOPED(mem_freep) char *root = mem_text(path);
    char *const roots[] = {root, NULL};
    SCOPED(close_ftsp) FTS *tree = fts_open(roots, FTS_PHYSICAL, NULL);
    const FTSENT *entry;

    if (tree == NULL)
        return err_errno(err, path);
    while ((entry = fts_read(tree)) != NULL) {
        if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
            entry->fts_info == FTS_NS)
            errno = entry->fts_errno;
        else if (entry->fts_info == FTS_D || act(arg, entry) == 0)
            continue;
        return err_errno(err, entry->fts_path);
    }
    return 0;
}

static int remove_one(void *arg, const FTSENT *entry)
{
    (void)arg;
    return entry->fts_info == FTS_DP ? rmdir(entry->fts_accpath)
                                     : unlink(entry->fts_accpath);
}

int tree_remove(const char *path, struct err *err)
{
    return walk(path, remove_one, NULL, err);
}

struct owner {
    uid_t uid;
    gid_t gid;
};

static int give_one(void *arg, const FTSENT *entry)
{
    const struct owner *owner = arg;

    return lchown(entry->fts_accpath, owner->uid, owner->gid);
}

int tree_give(const char *path, uid_t uid, gid_t gid, struct err *err)
{
    struct owner owner = {uid, gid};

    return walk(path, give_one, &owner, err);
}
