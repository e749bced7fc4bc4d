#include "cli/do_leavers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/call.h"
#include "cli/render_import.h"
#include "cli/render_leavers.h"
#include "cli/render_record.h"
#include "cli/said.h"
#include "ctf/table.h"

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void free_json(json_t **json)
{
    json_decref(*json);
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    /* of "FOLDER/" the whole */
    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

/* Why a file could not be opened, with what mends it. */
static const char *open_problem(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "there is no such file: look at its name with ls";
    case EACCES:
    case EPERM:
        return "you may not read it: ask its owner for a copy of your own";
    default:
        return strerror(error);
    }
}

/* NULL: a plain file. */
static const char *kind_problem(int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0 || S_ISREG(st.st_mode))
        return NULL;
    return S_ISDIR(st.st_mode)
               ? "it is a folder: name the files in it, as FOLDER/*.xml"
               : "it is not a plain file: save it on a disk first";
}

/* A file that cannot be read is one more refused file. */
static json_t *unreadable(
    const char *path, const char *reason, const char *detail)
{
    return json_pack("{s:[{s:s,s:i,s:i,s:i,s:i}],s:[{s:s,s:i,s:s,s:s,s:s,s:s,"
                     "s:s,s:s}],s:[],s:i}",
        "files", "file", file_name(path), "accepted", 0, "changed", 0,
        "unchanged", 0, "refused", 1, "refused", "file", file_name(path),
        "line", 0, "upn", "", "surname", "", "forename", "", "reason", reason,
        "detail", detail, "outcome", "refused", "warnings", "queued", 0);
}

static int import_one(json_t **result, struct call *call, const char *path)
{
    /* Or a pipe's name would wait here for a writer; the agent refuses it. */
    SCOPED(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const char *form = call_option(call, "format");

    if (fd < 0)
        *result = unreadable(path, "cannot-open", open_problem(errno));
    else if (kind_problem(fd) != NULL)
        *result = unreadable(path, "not-a-file", kind_problem(fd));
    if (fd < 0 || kind_problem(fd) != NULL)
        return *result == NULL ? call_refuse(call, "a file's name is not UTF-8",
                                     "Rename the file, then import it again")
                               : CALL_DONE;
    return call_ask(result, call, "leavers.import",
        json_pack("{s:s,s:s,s:b,s:b}", "file", file_name(path), "format",
            form == NULL ? "auto" : form, "dry_run", call_flag(call, "dry-run"),
            "send", call_flag(call, "send")),
        fd);
}

/* Add what one file gave to what the others gave. */
static void merge(json_t *all, const json_t *one)
{
    static const char *const lists[] = {"files", "refused", "warnings"};

    for (size_t i = 0; i < 3; i++)
        json_array_extend(
            json_object_get(all, lists[i]), json_object_get(one, lists[i]));
    json_object_set_new(all, "queued",
        json_integer(said_number(all, "queued") + said_number(one, "queued")));
}

int do_leavers_import(struct call *call)
{
    SCOPED(free_json)
    json_t *all = json_pack(
        "{s:[],s:[],s:[],s:i}", "files", "refused", "warnings", "queued", 0);
    const char *form = call_option(call, "format");
    int code = CALL_DONE;

    if (form != NULL && strcmp(form, "ctf") != 0 && strcmp(form, "csv") != 0)
        return call_usage(call, "--format is ctf or csv, not %.40s", form);
    if (call_flag(call, "dry-run") && call_flag(call, "send"))
        return call_usage(call, "give --dry-run or --send, not both");
    for (size_t i = 0; i < call->word_count && code == CALL_DONE; i++) {
        SCOPED(free_json) json_t *one = NULL;

        code = import_one(&one, call, call->words[i]);
        if (code == CALL_DONE)
            merge(all, one);
    }
    if (json_array_size(json_object_get(all, "files")) == 0)
        return code;
    if (code == CALL_DONE &&
        json_array_size(json_object_get(all, "refused")) > 0)
        code = CALL_REFUSED;
    call_show(call, json_incref(all), render_import_files);
    return code;
}

int do_leavers_check(struct call *call)
{
    return call_agent(
        call, "leavers.check", json_object(), render_import_check);
}

/* The options that were given, by the same names. */
static json_t *given(
    const struct call *call, const char *one, const char *other)
{
    json_t *args = json_object();

    if (call_flag(call, one))
        json_object_set_new(args, one, json_string(call_option(call, one)));
    if (call_flag(call, other))
        json_object_set_new(args, other, json_string(call_option(call, other)));
    return args;
}

int do_leavers_list(struct call *call)
{
    return call_agent(
        call, "leavers.list", given(call, "to", "state"), render_leavers_list);
}

int do_leavers_show(struct call *call)
{
    return call_agent(call, "leavers.show",
        json_pack("{s:s}", "upn", call->words[0]), render_record_leaver);
}

static json_t *words(const struct call *call)
{
    json_t *array = json_array();

    for (size_t i = 0; i < call->word_count; i++)
        json_array_append_new(array, json_string(call->words[i]));
    return array;
}

int do_leavers_send(struct call *call)
{
    const char *to = call_option(call, "to");
    const bool all = call_flag(call, "all");
    const int ways = (to != NULL) + all + (call->word_count > 0);
    json_t *result;
    size_t skipped;
    int code;

    if (ways != 1)
        return call_usage(call, ways == 0
                                    ? "say whom: UPNs, --to LAESTAB or --all"
                                    : "give one of UPNs, --to and --all");
    code = call_ask(&result, call, "leavers.send",
        to != NULL ? json_pack("{s:s}", "to", to)
        : all      ? json_pack("{s:b}", "all", 1)
                   : json_pack("{s:o}", "upns", words(call)),
        -1);
    if (code != CALL_DONE)
        return code;
    /* Somebody who was named and not sent is a refusal; with --all, those who
     * are not ready are no surprise. */
    skipped = json_array_size(json_object_get(result, "skipped"));
    call_show(call, result, render_leavers_send);
    return skipped > 0 && call->word_count > 0 ? CALL_REFUSED : CALL_DONE;
}

int do_leavers_template(struct call *call)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    table_template(&out);
    fwrite(out.data, 1, out.len, call->output->out);
    return CALL_DONE;
}
