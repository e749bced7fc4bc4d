#include "cli/do_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tree.h"
#include "cli/call.h"
#include "cli/office.h"
#include "cli/said.h"
#include "crypto/archive.h"
#include "trust/bundle.h"
#include "trust/folder.h"
#include "trust/identity.h"
#include "trust/kept.h"
#include "trust/papers.h"

#define MARKER_SIZE ((size_t)42) /* two numbers of 20 digits: agentd */
#define MOST_KEPT 1000

/* One restore under way. */
struct restoring {
    struct call *call;
    int fd; /* of the backup */
    struct archive_head head;
    struct archive_key key;
    struct bundle_about about;
    char *dir;       /* where it goes */
    char *fresh;     /* dir.new, where it is put together */
    char *kept;      /* where the folder that was there went; NULL: none was */
    bool there;      /* dir is there, and holds something */
    bool made;       /* fresh is ours to remove */
    struct stat old; /* of dir, if it is there */
    char warning[300];
};

static void restoring_end(struct restoring *r)
{
    if (r->made)
        (void)!tree_remove(r->fresh, NULL);
    if (r->fd >= 0)
        close(r->fd);
    explicit_bzero(&r->key, sizeof r->key);
    free(r->dir);
    free(r->fresh);
    free(r->kept);
}

static int fail(struct restoring *r, const struct err *err, const char *next)
{
    return call_fail(r->call, err, next);
}

/* --- the backup --- */

static int key_of_passphrase(struct restoring *r)
{
    char *passphrase;
    struct err err;
    int code = office_passphrase(&passphrase, r->call);

    if (code != CALL_DONE)
        return code;
    if (passphrase == NULL)
        return call_refuse(r->call, "this backup has a passphrase",
            "Name the file that holds it with --passphrase-file");
    if (archive_derive_key(&r->key, &r->head, passphrase, &err) < 0)
        code = fail(r, &err, "");
    explicit_bzero(passphrase, strlen(passphrase));
    free(passphrase);
    return code;
}

/* FILE.key, or what --key names.  Its mode is not looked at: it may come from a
 * stick that knows no modes. */
static int key_of_file(struct restoring *r)
{
    SCOPED(mem_freep) char *usual = mem_format("%s.key", r->call->words[0]);
    const char *given = call_option(r->call, "key");
    const char *path = given == NULL ? usual : given;
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;

    if (call_flag(r->call, "passphrase-file"))
        return call_refuse(r->call, "this backup has a key and no passphrase",
            "Name the key with --key");
    if (file_read(&text, path, 2 * ARCHIVE_KEY_SIZE + 2, &err) < 0)
        return fail(r, &err, "Name the backup's key with --key");
    while (text.len > 0 &&
           (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
        text.len--;
    buf_add(&text, (struct bytes){(const uint8_t *)"", 1});
    if (!text_unhex(
            r->key.bytes, sizeof r->key.bytes, (const char *)text.data)) {
        err_set(&err, ERR_MALFORMED, "%s is not a backup's key", path);
        return fail(r, &err, "Name the backup's key with --key");
    }
    return CALL_DONE;
}

static int open_backup(struct restoring *r)
{
    struct err err;

    r->fd = open(r->call->words[0], O_RDONLY | O_CLOEXEC);
    if (r->fd < 0) {
        err_errno(&err, r->call->words[0]);
        return fail(r, &err, "");
    }
    if (archive_read_head(&r->head, r->fd, &err) < 0)
        return fail(r, &err, "");
    return archive_has_passphrase(&r->head) ? key_of_passphrase(r)
                                            : key_of_file(r);
}

static int read_backup(struct restoring *r, const char *folder, struct err *err)
{
    SCOPED(archive_closep) struct archive_reader *archive = NULL;
    int rc = archive_open(&archive, r->fd, &r->head, &r->key, err);

    return rc < 0 ? rc : bundle_read(&r->about, archive, folder, err);
}

/* --- the place --- */

static int find_place(struct restoring *r)
{
    const char *state = call_option(r->call, "state");
    char *real = realpath(state, NULL); /* or a link would be renamed */
    size_t len;

    r->dir = real != NULL ? real : mem_text(state);
    for (len = strlen(r->dir); len > 1 && r->dir[len - 1] == '/'; len--)
        r->dir[len - 1] = '\0';
    r->fresh = mem_format("%s.new", r->dir);
    if (stat(r->dir, &r->old) < 0)
        return CALL_DONE;
    if (!S_ISDIR(r->old.st_mode))
        return call_refuse(r->call, "there is a file in place of the folder",
            "Name the agent's folder with --state");
    r->there = !tree_is_empty(r->dir);
    return CALL_DONE;
}

/* The folder that is there is this school's, or has lost its identity. */
static int check_owner(struct restoring *r)
{
    SCOPED(mem_freep) char *identity = file_path(r->dir, "identity");
    SCOPED(papers_own_free) struct papers_own own = {.arena = ARENA_EMPTY};
    struct err err;
    int rc = papers_load_own(&own, identity, &err);

    if (rc == ERR_NOT_FOUND && folder_has(r->dir, BUNDLE_DATABASE))
        return CALL_DONE;
    if (rc == ERR_NOT_FOUND)
        return call_refuse(r->call, "the folder holds something else",
            "Name the agent's folder, or one that is not there yet");
    if (rc < 0)
        return fail(r, &err,
            "If it is this school's, move the folder aside and restore again");
    if (own.request.kind == ENROLMENT_SCHOOL &&
        laestab_equal(&own.request.laestab, &r->about.laestab))
        return CALL_DONE;
    err_set(&err, ERR_DENIED, "the folder is that of %s; the backup is of %s",
        own.request.kind == ENROLMENT_HUB ? "a hub" : own.request.laestab.text,
        r->about.laestab.text);
    return fail(r, &err, "Name another folder with --state");
}

static int check_unused(struct restoring *r)
{
    SCOPED(mem_freep) char *database = file_path(r->dir, BUNDLE_DATABASE);
    pid_t holder = 0;
    struct err err;
    int rc = file_holder(&holder, database, &err);

    if (rc < 0 && rc != ERR_NOT_FOUND)
        return fail(r, &err, "");
    if (holder == 0)
        return CALL_DONE;
    err_set(&err, ERR_BUSY, "an agent runs on this folder (process %ld)",
        (long)holder);
    return fail(r, &err, "Stop it first: systemctl stop moveup-agent");
}

static int check_place(struct restoring *r)
{
    struct stat st;
    int code = r->there ? check_unused(r) : CALL_DONE;

    if (code == CALL_DONE && r->there)
        code = check_owner(r);
    if (code == CALL_DONE && lstat(r->fresh, &st) == 0) {
        struct err err;

        err_set(&err, ERR_EXISTS, "%s is there already", r->fresh);
        code = fail(r, &err,
            "It is from a restore that was cut short: look at it, remove it, "
            "and restore again");
    }
    return code;
}

/* --- putting it together --- */

/* The marker of the old folder knows how far the school had come. */
static int keep_marker(struct restoring *r, struct err *err)
{
    SCOPED(mem_freep) char *from = file_path(r->dir, "marker");
    SCOPED(mem_freep) char *to = file_path(r->fresh, "marker");
    SCOPED(buf_free) struct buf text = BUF_EMPTY;

    if (file_read(&text, from, MARKER_SIZE, NULL) < 0 ||
        text.len != MARKER_SIZE || text.data[MARKER_SIZE - 1] != '\n')
        return 0; /* the other witnesses remain */
    return file_write(to, buf_bytes(&text), FILE_PRIVATE, err);
}

static int copy_small(struct restoring *r, const char *name, struct err *err)
{
    SCOPED(mem_freep) char *from = file_path(r->dir, name);
    SCOPED(mem_freep) char *to = file_path(r->fresh, name);
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    int rc = file_read(&content, from, MEMBERS_MAX_SIGNED, err);

    return rc < 0 ? rc : file_write(to, buf_bytes(&content), FILE_PUBLIC, err);
}

/* A school that was shut out since the backup stays out. */
static int keep_newer_directory(struct restoring *r, struct err *err)
{
    struct kept_mark ours = {0};
    struct kept_mark theirs = {0};
    int rc;

    if (kept_read_mark(&ours, r->dir, NULL) < 0 ||
        kept_read_mark(&theirs, r->fresh, NULL) < 0 ||
        ours.version <= theirs.version || !folder_has(r->dir, "directory.cms"))
        return 0;
    rc = copy_small(r, "directory.cms", err);
    return rc < 0 ? rc : copy_small(r, "directory.seen", err);
}

/* What it says is for whoever looks into the folder; that it is there tells
 * the agent. */
static int leave_flag(struct restoring *r, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(r->fresh, "restored");
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    char at[CLOCK_TEXT_SIZE];

    buf_format(&text, "from a backup of %s\n", clock_format(r->about.at, at));
    return file_write(path, buf_bytes(&text), FILE_PRIVATE, err);
}

/* The agent would say it too, but now is when somebody is looking. */
static void look_ahead(struct restoring *r)
{
    SCOPED(identity_closep) struct identity *identity = NULL;
    struct err err;

    if (identity_open(&identity, r->fresh, r->call->output->now, &err) < 0)
        snprintf(r->warning, sizeof r->warning, "%s", err.text);
}

static int put_together(struct restoring *r, struct err *err)
{
    int rc = 0;

    if (mkdir(r->fresh, 0700) < 0)
        return err_errno(err, r->fresh);
    r->made = true;
    rc = read_backup(r, r->fresh, err);
    if (rc == 0 && r->there)
        rc = keep_marker(r, err);
    if (rc == 0 && r->there)
        rc = keep_newer_directory(r, err);
    if (rc == 0)
        rc = leave_flag(r, err);
    if (rc < 0)
        return rc;
    look_ahead(r);
    if (r->old.st_nlink != 0 && geteuid() == 0)
        rc = tree_give(r->fresh, r->old.st_uid, r->old.st_gid, err);
    return rc;
}

/* DIR.before-restore-1, or the next number that is free. */
static char *kept_name(const struct restoring *r)
{
    struct stat st;

    for (int n = 1; n < MOST_KEPT; n++) {
        SCOPED(mem_freep)
        char *name = mem_format("%s.before-restore-%d", r->dir, n);

        if (lstat(name, &st) < 0)
            return TAKE(name);
    }
    return NULL;
}

static int change_places(struct restoring *r, struct err *err)
{
    int rc;

    if (r->there) {
        r->kept = kept_name(r);
        if (r->kept == NULL || rename(r->dir, r->kept) < 0)
            return err_errno(err, r->dir);
    }
    if (rename(r->fresh, r->dir) < 0) {
        rc = err_errno(err, r->dir);
        if (r->kept != NULL && rename(r->kept, r->dir) < 0)
            return err_set(
                err, ERR_IO, "the folder that was there is now %s", r->kept);
        return rc;
    }
    r->made = false;
    return file_sync_folder(r->dir, err);
}

/* --- saying so --- */

static void render(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const char *kept = said_text(result, "kept");
    const char *warning = said_text(result, "warning");

    output_line(output, OUTPUT_GOOD, "%s (%s) is restored as of %s",
        said_text(result, "name"), said_text(result, "laestab"),
        said_text(result, "at"));
    output_line(
        output, OUTPUT_PLAIN, "  folder       %s", said_text(result, "state"));
    if (kept[0] != '\0')
        output_line(output, OUTPUT_PLAIN, "  the old one  %s", kept);
    if (warning[0] != '\0')
        output_wrap(output, "  but          ", warning);
    output_gap(output);
    output_wrap(output, "Next: ",
        "start the agent. It tells the other schools by itself that it went "
        "back, sends them what it has and gets from them what came since. "
        "Then look at: moveup status. If something needs a person, it says "
        "what.");
    output_wrap(output, "      ",
        "A primary imports its newest leavers file again. Restrictions that "
        "were set or ended after the backup come back from the secondaries "
        "that hold them; look through moveup restrict list, and set again "
        "what no secondary had yet.");
    if (kept[0] != '\0')
        output_wrap(output, "      ",
            "Never start an agent on the old folder. Remove it when all is "
            "well.");
}

static int show(struct restoring *r)
{
    char at[CLOCK_TEXT_SIZE];
    json_t *result = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:s?,s:s}", "file",
        r->call->words[0], "state", r->dir, "laestab", r->about.laestab.text,
        "name", r->about.name, "at", clock_format(r->about.at, at),
        "incarnation", (json_int_t)r->about.incarnation, "progress",
        (json_int_t)r->about.progress, "kept", r->kept, "warning", r->warning);

    return call_show(r->call, result, render);
}

static int restore(struct restoring *r)
{
    struct err err;
    int code = open_backup(r);

    if (code == CALL_DONE)
        code = find_place(r);
    if (code == CALL_DONE && read_backup(r, NULL, &err) < 0)
        code = fail(r, &err,
            "Nothing was changed. Try another backup, or look "
            "for the key that belongs to this one");
    if (code == CALL_DONE)
        code = check_place(r);
    if (code == CALL_DONE && put_together(r, &err) < 0)
        code = fail(r, &err,
            geteuid() == 0
                ? "Nothing was changed"
                : "Nothing was changed. Who may not write beside the "
                  "folder needs: sudo moveup restore ...");
    if (code == CALL_DONE && r->there)
        code = check_unused(r);
    if (code == CALL_DONE && change_places(r, &err) < 0)
        code = fail(r, &err,
            "If the folder is a mounted disk, restore into a folder beside it "
            "and move the files");
    return code == CALL_DONE ? show(r) : code;
}

int do_restore_run(struct call *call)
{
    SCOPED(restoring_end) struct restoring r = {.call = call, .fd = -1};

    return restore(&r);
}
