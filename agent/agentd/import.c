/*
 * import - leavers from a file: staged in one transaction, committed only when
 * the whole file was read, reported pupil by pupil.
 *
 * The file is a regular one whose descriptor came with the request.  It is read
 * to the end within one callback: a year group takes milliseconds, 20,000
 * pupils a few seconds, in which the agent answers nobody else.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "agentd/staging.h"
#include "base/err.h"
#include "base/mem.h"
#include "ctf/kind.h"
#include "ctf/reader.h"
#include "ctf/table.h"
#include "trust/succession.h"

#define READ_SIZE ((size_t)64 * 1024)
#define PROGRESS_EVERY 1000

static void import_end(struct staging *import)
{
    reader_free(import->reader);
    table_free(import->table);
    json_decref(import->refused);
    json_decref(import->warnings);
    free(import->retracted);
}

static bool is_retracted(const struct staging *import, uint64_t line)
{
    for (size_t i = 0; i < import->retracted_count; i++)
        if (import->retracted[i] == line)
            return true;
    return false;
}

static void report_progress(struct staging *import)
{
    if (import->pupils % PROGRESS_EVERY == 0)
        control_progress(import->request->client,
            json_pack("{s:s,s:I,s:i}", "text", "reading", "done",
                (json_int_t)import->pupils, "total", 0));
}

/* This file's notes of held pupils replace those of its kind. */
static int replace_notes(struct staging *import, const struct leaver *leaver)
{
    const struct laestab notes = staging_notes(import, leaver);

    return leavers_held_clear(import->agent->db, &notes, import->err);
}

/* The school that follows a destination that has closed, or NULL. */
static const struct directory_school *follower(
    const struct staging *import, const struct leaver *leaver)
{
    return succession_of(
        import->agent->identity->members, &leaver->destination);
}

/* It is taken all the same: the school may join the cluster later. */
static void warn_of_destination(
    struct staging *import, const struct leaver *leaver, uint64_t line)
{
    struct finding finding = {FINDING_WARN, "", line, 0, ""};
    struct roll_problem problem;

    if (leaver->destination.text[0] == '\0' ||
        !roll_blocked(&problem, import->agent, &leaver->destination))
        return;
    finding.code = problem.code;
    snprintf(finding.detail, sizeof finding.detail, "%s",
        follower(import, leaver) == NULL
            ? problem.sentence
            : "The destination has closed; they go to the school that follows");
    staging_tell(import, &finding, import->csv ? leaver : NULL);
}

static int on_pupil(void *arg, const struct leaver *read, uint64_t line,
    const struct finding *findings, size_t count)
{
    struct staging *import = arg;
    struct leaver with_school = *read;
    const struct leaver *leaver = &with_school;
    const struct finding *worst = NULL;
    struct finding retracted;

    if (!import->csv) /* a CTF is for one school, a table says it a row */
        with_school.destination = reader_header(import->reader)->destination;
    import->pupils++;
    report_progress(import);
    if (import->pupils == 1) {
        const int rc = replace_notes(import, leaver);

        if (rc < 0)
            return rc;
    }
    if (import->pupils == 1 || import->csv)
        warn_of_destination(import, leaver, line);
    if (follower(import, leaver) != NULL)
        with_school.destination = follower(import, leaver)->laestab;
    if (is_retracted(import, line)) {
        retracted = staging_because("duplicate-upn", line,
            "Another child in this file has the same UPN; both wait for a "
            "person");
        staging_tell(import, &retracted, leaver);
        return staging_hold(import, &retracted, leaver, import->err);
    }
    for (size_t i = 0; i < count; i++) {
        staging_tell(import, &findings[i], leaver);
        if (findings[i].level == FINDING_HOLD && worst == NULL)
            worst = &findings[i];
    }
    return worst != NULL ? staging_hold(import, worst, leaver, import->err)
                         : staging_take(import, leaver, line, import->err);
}

static void on_file(void *arg, const struct finding *finding)
{
    staging_tell(arg, finding, NULL);
}

/* A pupil that was taken turns out to share its UPN with another child: the
 * pass is done again with that line held. */
static void on_retract(
    void *arg, const char *upn, uint64_t line, const struct finding *finding)
{
    struct staging *import = arg;

    (void)upn;
    (void)finding;
    if (is_retracted(import, line))
        return;
    import->retracted = mem_resize(import->retracted,
        import->retracted_count + 1, sizeof import->retracted[0]);
    import->retracted[import->retracted_count++] = line;
    import->again = true;
}

/* --- one file --- */

static void begin_pass(struct staging *import)
{
    const struct findings_sink sink = {
        .on_pupil = on_pupil,
        .on_file = on_file,
        .on_retract = on_retract,
        .arg = import,
    };
    const struct reader_options options = {
        import->name, import->agent->identity->laestab};

    reader_free(import->reader);
    table_free(import->table);
    import->reader = NULL;
    import->table = NULL;
    if (import->csv)
        import->table =
            table_new(&import->agent->identity->laestab, &sink, clock_wall());
    else
        import->reader = reader_new(&options, &sink);
    json_array_clear(import->refused);
    json_array_clear(import->warnings);
    import->accepted = import->changed = import->unchanged = import->held = 0;
    import->pupils = 0;
    import->again = false;
}

static int feed(struct staging *import, struct bytes data,
    struct finding *refusal, struct err *err)
{
    return import->csv ? table_feed(import->table, data, refusal, err)
                       : reader_feed(import->reader, data, refusal, err);
}

static int finish(
    struct staging *import, struct finding *refusal, struct err *err)
{
    return import->csv ? table_finish(import->table, refusal, err)
                       : reader_finish(import->reader, refusal, err);
}

static bool is_other_kind(const struct staging *import, struct finding *refusal,
    const uint8_t *start, size_t len)
{
    const struct bytes head = {start, len < KIND_HEAD ? len : KIND_HEAD};

    if (kind_refuse(refusal, head))
        return true;
    if (!import->csv || !kind_is_xml(head))
        return false;
    findings_set(refusal, FINDING_REFUSE, "wrong-kind", 1,
        "it is XML and not CSV: leave --format out, and name a CTF .xml");
    return true;
}

static int read_all(
    struct staging *import, struct finding *refusal, struct err *err)
{
    SCOPED(mem_freep) uint8_t *room = mem_alloc(READ_SIZE);
    struct stat before, after;
    off_t at = 0;

    if (fstat(import->request->file, &before) < 0)
        return err_errno(err, "the file");
    for (;;) {
        const ssize_t n = pread(import->request->file, room, READ_SIZE, at);
        int rc;

        if (n < 0)
            return err_errno(err, "the file");
        if (n == 0)
            break;
        if (at == 0 && is_other_kind(import, refusal, room, (size_t)n))
            return err_set(err, ERR_MALFORMED, "%s", refusal->code);
        rc = feed(import, (struct bytes){room, (size_t)n}, refusal, err);
        if (rc < 0)
            return rc;
        at += n;
    }
    if (fstat(import->request->file, &after) < 0)
        return err_errno(err, "the file");
    if (after.st_size != at || before.st_size != at ||
        before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
        before.st_mtim.tv_nsec != after.st_mtim.tv_nsec) {
        findings_set(refusal, FINDING_REFUSE, "being-written", 1,
            "somebody wrote to the file while it was read: import it again "
            "when it is complete");
        return err_set(err, ERR_MALFORMED, "%s", refusal->code);
    }
    return finish(import, refusal, err);
}

/* A pass in a transaction of its own.  *refusal.level is set when the file is
 * refused; then and on errors nothing of it stays. */
static int pass(
    struct staging *import, struct finding *refusal, struct err *err)
{
    struct db *db = import->agent->db;
    int rc = db_begin(db, err);

    begin_pass(import);
    import->err = err;
    if (rc == 0)
        rc = read_all(import, refusal, err);
    if (rc < 0 && refusal->level == FINDING_REFUSE) {
        db_rollback(db);
        import->accepted = import->changed = import->unchanged = 0;
        import->held = 0;
        json_array_clear(import->refused);
        staging_tell(import, refusal, NULL);
        return 0;
    }
    if (rc < 0 || import->dry_run || import->again) {
        db_rollback(db);
        return rc;
    }
    return db_commit(db, err);
}

static int check_file(const struct request *request, struct err *err)
{
    struct stat st;

    if (request->file < 0)
        return err_set(err, ERR_USAGE, "no file came with the request");
    if (fstat(request->file, &st) < 0)
        return err_errno(err, "the file");
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_USAGE, "it is not a plain file");
    return 0;
}

/* What is called .xml is meant to be a CTF, and is told what it is instead;
 * anything else by what begins it, or by its name if that does not tell. */
static bool looks_like_csv(const struct staging *import)
{
    const char *dot = strrchr(import->name, '.');
    uint8_t room[KIND_HEAD];
    const ssize_t n = pread(import->request->file, room, sizeof room, 0);
    const struct bytes head = {room, n < 0 ? 0 : (size_t)n};

    if (dot != NULL && strcasecmp(dot, ".xml") == 0)
        return false;
    if (kind_is_csv(head) || kind_is_xml(head))
        return kind_is_csv(head);
    return dot != NULL && strcasecmp(dot, ".csv") == 0;
}

/* What was asked, else what the file looks like. */
static int choose_format(struct staging *import, struct err *err)
{
    const char *format;
    int rc = args_text(&format, import->request->args, "format", 8, err);

    if (rc < 0)
        return rc;
    if (format[0] == '\0' || strcmp(format, "auto") == 0)
        import->csv = looks_like_csv(import);
    else if (strcmp(format, "csv") == 0)
        import->csv = true;
    else if (strcmp(format, "ctf") != 0)
        return err_set(err, ERR_USAGE, "the format is ctf or csv");
    return 0;
}

static json_t *report(const struct staging *import, json_int_t queued)
{
    return json_pack("{s:[{s:s,s:I,s:I,s:I,s:I}],s:O,s:O,s:I}", "files", "file",
        import->name, "accepted", import->accepted, "changed", import->changed,
        "unchanged", import->unchanged, "refused", import->held, "refused",
        import->refused, "warnings", import->warnings, "queued", queued);
}

static int send_after(
    struct staging *import, json_int_t *queued, struct err *err)
{
    const struct laestab any = {""};
    int rc;

    if (!args_flag(import->request->args, "send") || import->dry_run)
        return 0;
    rc = roll_send_ready(import->agent, &any, err);
    *queued = rc < 0 ? 0 : rc;
    return rc < 0 ? rc : 0;
}

int import_leavers(json_t **result, struct request *request, struct err *err)
{
    SCOPED(import_end)
    struct staging import = {
        .agent = request->agent,
        .request = request,
        .refused = json_array(),
        .warnings = json_array(),
        .dry_run = args_flag(request->args, "dry_run"),
    };
    struct finding refusal = {.level = 0};
    json_int_t queued = 0;
    int rc = args_need(&import.name, request->args, "file", 255, err);

    if (rc == 0)
        rc = check_file(request, err);
    if (rc == 0)
        rc = choose_format(&import, err);
    if (rc == 0)
        rc = pass(&import, &refusal, err);
    if (rc == 0 && import.again)
        rc = pass(&import, &refusal, err);
    if (rc == 0 && refusal.level == FINDING_REFUSE)
        import.held = 1;
    if (rc == 0)
        rc = requests_audit(request, "leavers.import", NULL, 0, "", err);
    if (rc == 0)
        rc = send_after(&import, &queued, err);
    if (rc < 0)
        return rc;
    log_line(&request->agent->log, LOG_INFO, "leavers imported",
        "new=%" JSON_INTEGER_FORMAT " changed=%" JSON_INTEGER_FORMAT
        " unchanged=%" JSON_INTEGER_FORMAT " refused=%" JSON_INTEGER_FORMAT
        " dry_run=%d",
        import.accepted, import.changed, import.unchanged, import.held,
        import.dry_run);
    *result = report(&import, queued);
    db_settle(request->agent->db); /* gives the memory of a large one back */
    return 0;
}
