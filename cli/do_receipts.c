#include "cli/do_receipts.h"

#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/base64.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/said.h"

/* "Applied" says more than "received"; of two alike the later one counts. */
static bool is_better(const json_t *one, const json_t *other)
{
    const bool applied = strcmp(said_text(one, "kind"), "applied") == 0;
    const bool other_applied = strcmp(said_text(other, "kind"), "applied") == 0;

    if (other == NULL || applied != other_applied)
        return other == NULL || applied;
    return strcmp(said_text(one, "at"), said_text(other, "at")) > 0;
}

static const json_t *best(const json_t *receipts)
{
    const json_t *found = NULL;

    for (size_t i = 0; i < json_array_size(receipts); i++)
        if (is_better(json_array_get(receipts, i), found))
            found = json_array_get(receipts, i);
    return found;
}

static const struct grid_column columns[] = {
    {"signed by", NULL, GRID_CUT}, /* where the record went */
    {"number", NULL, 0},
    {"says", NULL, 0},
    {"on", NULL, 0},
};

static void render_list(struct call *call, const json_t *result)
{
    const json_t *receipts = json_object_get(result, "receipts");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 4);

    for (size_t i = 0; i < json_array_size(receipts); i++) {
        const json_t *receipt = json_array_get(receipts, i);
        char at[SAID_TIME_SIZE];

        grid_cell(grid, "%s", said_text(receipt, "name"));
        grid_cell(grid, "%s", said_text(receipt, "to"));
        grid_cell(grid, "%s", said_text(receipt, "kind"));
        grid_cell(grid, "%s", said_time(receipt, "at", at));
    }
    if (json_array_size(receipts) == 0) {
        output_line(call->output, OUTPUT_PLAIN,
            "No receipt has come back for this pupil yet.");
        output_next(call->output, "see where the record is: moveup queue");
        return;
    }
    grid_print(grid, call->output);
    if (said_text(result, "envelope")[0] != '\0')
        output_line(call->output, OUTPUT_PLAIN,
            "letter %s (for the administrator: cluster trace)",
            said_text(result, "envelope"));
    if (!call_flag(call, "export"))
        output_next(call->output,
            "to keep one and check it: moveup receipts UPN --export FILE");
}

/* Write text beside the receipt, if the agent gave it. */
static int write_beside(
    const char *path, const char *ending, const char *text, struct err *err)
{
    SCOPED(mem_freep) char *name = mem_format("%s%s", path, ending);

    return text[0] == '\0' ? 0
                           : file_write(name, bytes_of(text), FILE_PUBLIC, err);
}

/* The agent puts the certificates into the receipt or beside the list. */
static const char *certificate(
    const json_t *result, const json_t *receipt, const char *name)
{
    const char *own = said_text(receipt, name);

    return own[0] != '\0' ? own : said_text(result, name);
}

static int write_all(struct call *call, const json_t *result,
    const json_t *receipt, const char *path)
{
    SCOPED(buf_free) struct buf der = BUF_EMPTY;
    struct err err = {0};

    if (!base64_decode(&der, said_text(receipt, "data")) || der.len == 0)
        return call_refuse(call, "the agent gave a receipt that is not base64",
            "moveup doctor");
    if (file_write(path, buf_bytes(&der), FILE_PUBLIC, &err) < 0 ||
        write_beside(path, ".signer.pem",
            certificate(result, receipt, "signer"), &err) < 0 ||
        write_beside(path, ".authority.pem",
            certificate(result, receipt, "authority"), &err) < 0)
        return call_fail(call, &err, "Choose a folder that you may write to");
    return CALL_DONE;
}

/* The line of certs/README.md; it is to be copied, so it is not wrapped. */
static void say_check(struct output *output, const char *path)
{
    output_gap(output);
    output_line(output, OUTPUT_PLAIN, "Written to %s.  To check it:", path);
    output_gap(output);
    output_line(output, OUTPUT_PLAIN,
        "  openssl cms -verify -binary -inform DER -in '%s' \\", path);
    output_line(
        output, OUTPUT_PLAIN, "      -CAfile '%s.authority.pem' \\", path);
    output_line(output, OUTPUT_PLAIN,
        "      -certfile '%s.signer.pem' -nointern \\", path);
    output_line(output, OUTPUT_PLAIN, "      -purpose any -out '%s.pb'", path);
}

static int export(struct call *call, const json_t *result, const char *path)
{
    const json_t *receipt = best(json_object_get(result, "receipts"));
    int code;

    if (receipt == NULL)
        return call_refuse(call, "there is no receipt to export yet",
            "see where the record is: moveup queue");
    if (strchr(path, '\'') != NULL)
        return call_usage(
            call, "the file's name may not hold a quotation mark");
    code = write_all(call, result, receipt, path);
    if (code != CALL_DONE || call->output->form != OUTPUT_TEXT)
        return code;
    if (certificate(result, receipt, "signer")[0] != '\0')
        say_check(call->output, path);
    else
        output_line(call->output, OUTPUT_WARN,
            "Written to %s.  The certificate that it was signed with is no "
            "longer in the directory: to check it, take that from a directory "
            "of the time (a backup has one).",
            path);
    return code;
}

int do_receipts_show(struct call *call)
{
    const char *path = call_option(call, "export");
    json_t *result;
    int code = call_ask(&result, call, "receipts",
        json_pack("{s:s}", "upn", call->words[0]), -1);

    if (code != CALL_DONE)
        return code;
    call_show(call, json_incref(result), render_list);
    if (path != NULL)
        code = export(call, result, path);
    json_decref(result);
    return code;
}
