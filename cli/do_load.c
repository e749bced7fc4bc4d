#include "cli/do_load.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/call.h"
#include "cli/plain.h"
#include "cli/render_findings.h"
#include "cli/said.h"
#include "cli/sheet.h"

/* One kind of sheet. */
struct kind {
    const char *command;
    const struct sheet_column *columns;
    size_t count;
    const char *one, *many; /* what a row is */
    const char *next;       /* when all is well */
    const char *mend;       /* what the sheet must look like */
};

static int read_rows(json_t **rows, struct call *call, const struct kind *kind)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;
    int rc = file_read(&text, call->words[0], SHEET_MAX_BYTES, &err);

    if (rc == 0)
        rc = sheet_rows(
            rows, buf_bytes(&text), kind->columns, kind->count, &err);
    if (rc == 0 && json_array_size(*rows) == 0) {
        json_decref(*rows);
        rc = err_set(&err, ERR_MALFORMED, "the sheet has no rows");
    }
    return rc == 0 ? CALL_DONE : call_fail(call, &err, kind->mend);
}

static void render(
    struct call *call, const json_t *result, const struct kind *kind)
{
    const json_t *refused = json_object_get(result, "refused");
    const bool dry = said_is_true(result, "dry_run");
    char taken[PLAIN_SIZE];

    output_line(call->output, OUTPUT_PLAIN,
        "%s%s new, %lld changed, %lld as they were",
        dry ? "This would be " : "",
        plain_count(
            said_number(result, "accepted"), kind->one, kind->many, taken),
        (long long)said_number(result, "changed"),
        (long long)said_number(result, "unchanged"));
    if (json_array_size(refused) > 0) {
        output_gap(call->output);
        output_line(call->output, OUTPUT_HEADING, "Not taken, and why");
        render_findings_all(call->output, refused);
    }
    output_gap(call->output);
    if (dry)
        output_next(call->output,
            "nothing was changed; to take them in, leave --dry-run out");
    else if (json_array_size(refused) > 0)
        output_next(call->output,
            "mend these lines and load the sheet again: the others stay as "
            "they are");
    else
        output_next(call->output, kind->next);
}

static int load(struct call *call, const struct kind *kind, call_render *show)
{
    json_t *rows = NULL;
    json_t *result = NULL;
    size_t refused;
    int code = read_rows(&rows, call, kind);

    if (code != CALL_DONE)
        return code;
    code = call_ask(&result, call, kind->command,
        json_pack(
            "{s:o,s:b}", "rows", rows, "dry_run", call_flag(call, "dry-run")),
        -1);
    if (code != CALL_DONE)
        return code;
    refused = json_array_size(json_object_get(result, "refused"));
    code = call_show(call, result, show);
    return code == CALL_DONE && refused > 0 ? CALL_REFUSED : code;
}

/* --- tutors --- */

static const struct sheet_column tutor_columns[] = {
    {"upn", true}, {"tutor", true}, {"staff", false}, {"told", false}};

static const struct kind tutors = {"tutor.load", tutor_columns, 4, "tutor",
    "tutors", "tell the families as you ring them: moveup next",
    "Save the sheet as CSV with the columns upn and tutor, and if you like "
    "staff and told"};

static void render_tutors(struct call *call, const json_t *result)
{
    render(call, result, &tutors);
}

int do_load_tutors(struct call *call)
{
    return load(call, &tutors, render_tutors);
}
