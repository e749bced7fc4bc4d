#include "cli/answering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/office.h"
#include "trust/authority.h"
#include "trust/papers.h"

/* One request on its way through. */
struct answer {
    const char *path; /* of the request */
    char *out_path;   /* of its welcome */
    struct buf file;
    struct enrolment_request request;
    struct digest digest;
    const char *was; /* what the directory knew of it before */
    struct buf welcome;
};

struct answers {
    struct arena arena;
    struct answer *list;
    size_t count;
};

static void answers_free(struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        free(answers->list[i].out_path);
        buf_free(&answers->list[i].file);
        buf_free(&answers->list[i].welcome);
    }
    free(answers->list);
    arena_free(&answers->arena);
}

/* What this request is to the cluster: for people, who should look twice when
 * keys change. */
static const char *standing(
    const struct members *members, const struct enrolment_request *request)
{
    const struct directory_school *school =
        members_school(members, &request->laestab);
    const struct directory_hub *hub = members_hub(members, request->endpoint);
    const bool is_hub = request->kind == ENROLMENT_HUB;
    const char *key;

    if (is_hub ? hub == NULL : school == NULL)
        return "new";
    if ((is_hub ? hub->status : school->status) != MEMBER_ACTIVE)
        return "readmitted";
    key = is_hub ? hub->curve_key : school->curve_key;
    return strcmp(key, request->curve_key) == 0 ? "renewed" : "new keys";
}

static int read_request(struct answer *answer, struct arena *arena,
    const struct members *members, struct err *err)
{
    int rc =
        file_read(&answer->file, answer->path, PAPERS_MAX_REQUEST_FILE, err);

    if (rc < 0)
        return rc;
    rc = authority_read_request(&answer->request, &answer->digest,
        buf_bytes(&answer->file), arena, err);
    if (rc < 0)
        return err_wrap(err, rc, answer->path);
    answer->was = standing(members, &answer->request);
    return 0;
}

/* ---- where the welcomes go ---- */

static bool is_folder(const char *path)
{
    const size_t len = strlen(path);
    struct stat st;

    return (len > 0 && path[len - 1] == '/') ||
           (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* FOLDER/hillside.welcome for any/where/hillside.request */
static char *welcome_path(const char *folder, const char *request)
{
    const char *slash = strrchr(request, '/');
    const char *base = slash == NULL ? request : slash + 1;
    const char *dot = strrchr(base, '.');
    const size_t len =
        dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);
    const size_t end = strlen(folder);

    return mem_format("%s%s%.*s.welcome", folder,
        end > 0 && folder[end - 1] == '/' ? "" : "/", (int)len, base);
}

static int name_outputs(
    struct answers *answers, const char *output, struct err *err)
{
    const bool folder = is_folder(output);

    if (answers->count > 1 && !folder)
        return err_set(err, ERR_USAGE,
            "for several requests give a folder: -o %s/", output);
    for (size_t i = 0; i < answers->count; i++) {
        struct answer *answer = &answers->list[i];

        answer->out_path =
            folder ? welcome_path(output, answer->path) : mem_text(output);
        for (size_t j = 0; j < i; j++)
            if (strcmp(answer->out_path, answers->list[j].out_path) == 0)
                return err_set(err, ERR_USAGE,
                    "two requests would both be answered in %s",
                    answer->out_path);
    }
    return 0;
}

/* Seen to before anything is signed. */
static int prepare_folder(const char *output, struct err *err)
{
    SCOPED(mem_freep) char *folder = mem_text(output);
    char *slash = strrchr(folder, '/');

    if (is_folder(output)) {
        int rc = file_make_dir(output, err);

        return rc == 0 && access(output, W_OK) < 0 ? err_errno(err, output)
                                                   : rc;
    }
    if (slash != NULL)
        slash[slash == folder ? 1 : 0] = '\0';
    if (access(slash == NULL ? "." : folder, W_OK) < 0)
        return err_errno(err, output);
    return 0;
}

/* ---- answering ---- */

static int enrol(struct answers *answers, struct call *call,
    struct authority *authority, struct err *err)
{
    SCOPED(mem_freep)
    struct bytes *files = mem_alloc(answers->count * sizeof *files);
    SCOPED(mem_freep)
    struct buf *welcomes = mem_alloc(answers->count * sizeof *welcomes);
    const struct authority_intake intake = {
        files, answers->count, call_flag(call, "readmit")};
    int rc;

    for (size_t i = 0; i < answers->count; i++)
        files[i] = buf_bytes(&answers->list[i].file);
    rc = authority_enrol(welcomes, authority, &intake, call->output->now, err);
    for (size_t i = 0; i < answers->count; i++)
        answers->list[i].welcome = welcomes[i];
    for (size_t i = 0; rc == 0 && i < answers->count; i++)
        rc = file_write(answers->list[i].out_path,
            buf_bytes(&answers->list[i].welcome), FILE_PUBLIC, err);
    return rc;
}

static json_t *answer_json(const struct answer *answer)
{
    const struct enrolment_request *request = &answer->request;
    const bool is_hub = request->kind == ENROLMENT_HUB;
    char fingerprint[HASH_FINGERPRINT_SIZE];

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "request",
        answer->path, is_hub ? "endpoint" : "laestab",
        is_hub ? request->endpoint : request->laestab.text, "kind",
        is_hub ? "hub" : "school", "name", request->name, "standing",
        answer->was, "fingerprint",
        hash_fingerprint(fingerprint, &answer->digest), "welcome",
        answer->out_path);
}

/* A hub that is told of its schools by publishing: one that has joined. */
static bool some_hub_runs(
    const struct answers *answers, const struct directory_content *content)
{
    size_t active = 0, joining = 0;

    for (size_t i = 0; i < content->hub_count; i++)
        active += content->hubs[i].status == MEMBER_ACTIVE;
    for (size_t i = 0; i < answers->count; i++)
        joining += answers->list[i].request.kind == ENROLMENT_HUB &&
                   strcmp(answers->list[i].was, "new") == 0;
    return active > joining;
}

static json_t *answers_json(
    const struct answers *answers, const struct authority *authority)
{
    const struct directory_content *content =
        members_content(authority_members(authority));
    char fingerprint[HASH_FINGERPRINT_SIZE];
    json_t *enrolled = json_array();

    for (size_t i = 0; i < answers->count; i++)
        json_array_append_new(enrolled, answer_json(&answers->list[i]));
    return json_pack("{s:s, s:I, s:s, s:o, s:b}", "cluster", content->cluster,
        "version", (json_int_t)content->version, "authority_fingerprint",
        hash_fingerprint(fingerprint, authority_digest(authority)), "enrolled",
        enrolled, "publish", some_hub_runs(answers, content));
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static void render_answer(struct call *call, const json_t *answer)
{
    struct output *output = call->output;
    const char *was = text_of(answer, "standing");
    const bool is_hub = strcmp(text_of(answer, "kind"), "hub") == 0;

    output_line(output, OUTPUT_HEADING, "%s  %s",
        text_of(answer, is_hub ? "endpoint" : "laestab"),
        text_of(answer, "name"));
    output_line(output, OUTPUT_PLAIN, "  fingerprint  %s",
        text_of(answer, "fingerprint"));
    output_line(
        output, OUTPUT_PLAIN, "  welcome      %s", text_of(answer, "welcome"));
    if (strcmp(was, "new keys") == 0)
        output_line(output, OUTPUT_WARN,
            "  It was a member before, with OTHER keys: ask why they changed.");
    else if (strcmp(was, "readmitted") == 0)
        output_line(output, OUTPUT_WARN, "  It was shut out, and is back.");
    else if (strcmp(was, "renewed") == 0)
        output_line(output, OUTPUT_PLAIN,
            "  It is a member already: its certificates are renewed.");
}

static void render(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const json_t *enrolled = json_object_get(result, "enrolled");

    for (size_t i = 0; i < json_array_size(enrolled); i++)
        render_answer(call, json_array_get(enrolled, i));
    output_gap(output);
    output_line(output, OUTPUT_PLAIN,
        "Directory %" JSON_INTEGER_FORMAT " of %s.",
        json_integer_value(json_object_get(result, "version")),
        text_of(result, "cluster"));
    output_line(output, OUTPUT_PLAIN, "Authority  %s",
        text_of(result, "authority_fingerprint"));
    output_wrap(output, "Next: ",
        "telephone each of them on a number you know. They read you the six "
        "groups of their fingerprint; you read them the authority's. Send the "
        "welcome only if both agree; if not: moveup cluster revoke.");
    if (json_is_true(json_object_get(result, "publish")))
        output_wrap(output, "Then: ",
            "moveup cluster publish, so that the hubs know the new members.");
    else
        output_wrap(output, "Then: ",
            "they join and start. A hub that is enrolled now has this "
            "directory "
            "from its welcome: nothing needs publishing yet.");
}

int answering_run(struct call *call, struct authority *authority)
{
    const char *output = call_option(call, "output");
    SCOPED(answers_free) struct answers answers = {.arena = ARENA_EMPTY};
    struct err err;
    int rc;

    answers.count = call->word_count;
    answers.list = mem_alloc(answers.count * sizeof *answers.list);
    for (size_t i = 0; i < answers.count; i++)
        answers.list[i].path = call->words[i];
    if (name_outputs(&answers, output, &err) < 0)
        return call_usage(call, "%s", err.text);
    for (size_t i = 0; i < answers.count; i++)
        if (read_request(&answers.list[i], &answers.arena,
                authority_members(authority), &err) < 0)
            return call_fail(call, &err,
                "Nobody was enrolled; ask for the request file again");
    rc = prepare_folder(output, &err);
    if (rc == 0)
        rc = enrol(&answers, call, authority, &err);
    if (rc < 0)
        return call_fail(call, &err, "");
    return call_show(call, answers_json(&answers, authority), render);
}
