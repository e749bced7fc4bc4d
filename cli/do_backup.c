#include "cli/do_backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/office.h"
#include "cli/plain.h"
#include "cli/said.h"
#include "crypto/archive.h"

/* One backup being made.  The archive grows under another name beside its own,
 * so that a backup that fails leaves the one before as it was. */
struct making {
    char *part; /* the file it grows in; gone once it has its name */
    char *key_path;
    int fd;
    char *passphrase;
    struct archive_head head;
    struct archive_key key;
};

static void making_end(struct making *m)
{
    if (m->fd >= 0)
        close(m->fd);
    if (m->part != NULL)
        unlink(m->part);
    free(m->part);
    free(m->key_path);
    if (m->passphrase != NULL)
        explicit_bzero(m->passphrase, strlen(m->passphrase));
    free(m->passphrase);
    explicit_bzero(&m->key, sizeof m->key);
}

static int refuse_there(struct call *call, const char *path)
{
    char text[512];

    snprintf(text, sizeof text, "%.400s is there already", path);
    return call_refuse(
        call, text, "Name another file, or put it in its place with --force");
}

static bool is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static int open_files(struct making *m, struct call *call)
{
    const char *path = call->words[0];
    struct err err;

    m->key_path = mem_format("%s.key", path);
    if (!call_flag(call, "force") && is_there(path))
        return refuse_there(call, path);
    if (!call_flag(call, "force") && m->passphrase == NULL &&
        is_there(m->key_path))
        return refuse_there(call, m->key_path);
    m->part = mem_format("%s.XXXXXX", path);
    m->fd = mkostemp(m->part, O_CLOEXEC);
    if (m->fd < 0) {
        mem_freep(&m->part);
        err_errno(&err, path);
        return call_fail(
            call, &err, "Name a file in a folder that your login may write to");
    }
    return CALL_DONE;
}

static int ask_agent(json_t **result, struct making *m, struct call *call)
{
    char head[2 * ARCHIVE_HEAD_SIZE + 1];
    char key[2 * ARCHIVE_KEY_SIZE + 1];
    int code;

    text_hex(head, (struct bytes){m->head.bytes, sizeof m->head.bytes});
    text_hex(key, (struct bytes){m->key.bytes, sizeof m->key.bytes});
    code = call_ask(result, call, "backup",
        json_pack("{s:s,s:s}", "head", head, "key", key), m->fd);
    explicit_bzero(key, sizeof key);
    return code;
}

static int save_key(struct making *m, struct err *err)
{
    char text[2 * ARCHIVE_KEY_SIZE + 2];
    int rc;

    text_hex(text, (struct bytes){m->key.bytes, sizeof m->key.bytes});
    text[sizeof text - 2] = '\n';
    rc = file_write(m->key_path,
        (struct bytes){(const uint8_t *)text, sizeof text - 1}, FILE_PRIVATE,
        err);
    explicit_bzero(text, sizeof text);
    return rc;
}

/* The key first: an archive without its key is nothing, and one that has not
 * got its name yet is still there beside it. */
static int give_names(struct making *m, struct call *call)
{
    struct err err;
    int rc = m->passphrase == NULL ? save_key(m, &err) : 0;

    if (rc == 0 && rename(m->part, call->words[0]) < 0)
        rc = err_errno(&err, call->words[0]);
    if (rc < 0)
        return call_fail(call, &err, "");
    mem_freep(&m->part);
    return CALL_DONE;
}

static void render_made(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const char *key_file = said_text(result, "key_file");

    output_line(output, OUTPUT_GOOD, "Backed up to %s (%lld KiB, sealed)",
        said_text(result, "file"),
        ((long long)said_number(result, "bytes") + 1023) / 1024);
    if (key_file[0] != '\0')
        output_line(output, OUTPUT_PLAIN, "Its key is in   %s", key_file);
    output_gap(output);
    output_wrap(output, "Next: ",
        key_file[0] == '\0'
            ? "copy the file off this machine. Without its passphrase nobody "
              "can read it."
            : "copy the file off this machine, and move the key off it too, to "
              "another place: whoever has both can be this school, and without "
              "the key nobody can read the file.");
}

static int make(struct making *m, struct call *call)
{
    json_t *result;
    struct err err;
    int code = office_passphrase(&m->passphrase, call);

    if (code == CALL_DONE)
        code = open_files(m, call);
    if (code == CALL_DONE &&
        archive_new_key(&m->head, &m->key, m->passphrase, &err) < 0)
        code = call_fail(call, &err, "");
    if (code == CALL_DONE)
        code = ask_agent(&result, m, call);
    if (code != CALL_DONE)
        return code;
    code = give_names(m, call);
    if (code != CALL_DONE) {
        json_decref(result);
        return code;
    }
    json_object_set_new(result, "file", json_string(call->words[0]));
    json_object_set_new(result, "key_file",
        m->passphrase == NULL ? json_string(m->key_path) : json_null());
    return call_show(call, result, render_made);
}

int do_backup_make(struct call *call)
{
    SCOPED(making_end) struct making m = {.fd = -1};

    return make(&m, call);
}

static void render_approved(struct call *call, const json_t *result)
{
    char count[PLAIN_SIZE];

    if (said_number(result, "recalls") > 0)
        output_line(call->output, OUTPUT_GOOD,
            "The recalls are applied, and that school is told.");
    if (said_number(result, "approved") == 0 &&
        said_number(result, "recalls") == 0)
        output_line(
            call->output, OUTPUT_PLAIN, "Nothing waits for an approval.");
    if (said_number(result, "approved") > 0)
        output_line(call->output, OUTPUT_GOOD, "%s approved.",
            plain_count(said_number(result, "approved"), "change is",
                "changes are", count));
}

int do_backup_approve(struct call *call)
{
    const char *option = call_option(call, "to");
    const char *school = call->word_count > 0 ? call->words[0] : NULL;

    /* A school that is named alone is meant in both directions. */
    if (school != NULL)
        return call_agent(call, "approve",
            json_pack("{s:s,s:s}", "to", school, "from", school),
            render_approved);
    return call_agent(call, "approve",
        json_pack("{s:s}", "to", option == NULL ? "" : option),
        render_approved);
}
