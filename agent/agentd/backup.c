/*
 * backup - write a backup into the file that the command line opened.
 *
 * The command line also makes the key (or derives it from a passphrase) and
 * hands it over: whoever may ask for a backup may have what is in it.  The
 * agent is one thread, so the copy of the database and the numbers beside it
 * are of one moment.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/incarnation.h"
#include "agentd/requests.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/archive.h"
#include "trust/bundle.h"

/* What the command line gave us to seal with. */
struct secret {
    struct archive_head head;
    struct archive_key key;
};

static void secret_wipe(struct secret *secret)
{
    explicit_bzero(secret, sizeof *secret);
}

static int read_secret(
    struct secret *out, const struct request *request, struct err *err)
{
    const char *head;
    const char *key;
    int rc = args_need(
        &head, request->args, "head", (size_t)2 * ARCHIVE_HEAD_SIZE, err);

    if (rc == 0)
        rc = args_need(
            &key, request->args, "key", (size_t)2 * ARCHIVE_KEY_SIZE, err);
    if (rc < 0)
        return rc;
    if (!text_unhex(out->head.bytes, sizeof out->head.bytes, head) ||
        !text_unhex(out->key.bytes, sizeof out->key.bytes, key))
        return err_set(err, ERR_USAGE, "the backup's key is not hex");
    return archive_check_head(&out->head, err);
}

/* A pipe could make us wait; a file that holds something may be precious. */
static int check_file(const struct request *request, struct err *err)
{
    struct stat st;

    if (request->file < 0)
        return err_set(err, ERR_USAGE, "no file came with the request");
    if (fstat(request->file, &st) < 0)
        return err_errno(err, "the file");
    if (!S_ISREG(st.st_mode) || st.st_size != 0)
        return err_set(err, ERR_USAGE, "a backup goes into a new, plain file");
    return 0;
}

static int describe(
    struct bundle_about *out, struct agent *agent, struct err *err)
{
    *out = (struct bundle_about){
        .laestab = agent->identity->laestab,
        .incarnation = agent->incarnation.number,
        .at = clock_wall(),
    };
    snprintf(out->name, sizeof out->name, "%s", agent->identity->name);
    return incarnation_progress(&out->progress, agent, err);
}

static int write_archive(uint64_t *size, const struct request *request,
    const struct secret *secret, const struct bundle_about *about,
    struct err *err)
{
    struct agent *agent = request->agent;
    const char *state = agent->identity->state;
    SCOPED(archive_endp) struct archive_writer *archive = NULL;
    SCOPED(mem_freep) char *copy = file_path(state, BUNDLE_DATABASE ".copy");
    int rc = db_backup(agent->db, copy, err);

    if (rc < 0)
        return rc;
    rc = archive_begin(
        &archive, request->file, &secret->head, &secret->key, err);
    if (rc == 0)
        rc = bundle_write(archive, about, state, copy, err);
    if (rc == 0)
        rc = archive_finish(size, archive, err);
    unlink(copy);
    return rc;
}

/* status shows how long ago that was. */
static int note_backup(
    struct request *request, const struct bundle_about *about, struct err *err)
{
    struct db *db = request->agent->db;
    char text[24];
    int rc = db_begin(db, err);

    snprintf(text, sizeof text, "%" PRId64, about->at.ms);
    if (rc == 0)
        rc = db_set(db, "backup at", text, err);
    if (rc == 0)
        rc = requests_audit(request, "backup", NULL, 0, "", err);
    return rc < 0 ? rc : db_commit(db, err);
}

int backup_make(json_t **result, struct request *request, struct err *err)
{
    SCOPED(secret_wipe) struct secret secret = {.key = {{0}}};
    struct bundle_about about;
    uint64_t size = 0;
    int rc = read_secret(&secret, request, err);

    if (rc == 0)
        rc = check_file(request, err);
    if (rc == 0)
        rc = describe(&about, request->agent, err);
    if (rc == 0)
        rc = write_archive(&size, request, &secret, &about, err);
    if (rc == 0)
        rc = note_backup(request, &about, err);
    if (rc < 0)
        return rc;
    log_line(&request->agent->log, LOG_INFO, "backup made",
        "bytes=%" PRIu64 " incarnation=%" PRIu64 " progress=%" PRIu64, size,
        about.incarnation, about.progress);
    *result = json_pack("{s:I,s:I,s:I,s:o}", "bytes", (json_int_t)size,
        "incarnation", (json_int_t)about.incarnation, "progress",
        (json_int_t)about.progress, "at", args_time(about.at.ms));
    return 0;
}
