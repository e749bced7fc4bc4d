#include "cli/do_load.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/call.h"
#include "cli/grid.h"
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

/* --- who has started --- */

static const struct sheet_column entry_columns[] = {
    {"upn", true}, {"result", true}, {"date", false}};

static const struct kind entries = {"entry.load", entry_columns, 3, "child",
    "children", "who is missing: moveup entry missing",
    "Save the sheet as CSV with the columns upn and result, and if you like "
    "date; moveup entry missing --csv prints one to fill in"};

static void render_entries(struct call *call, const json_t *result)
{
    render(call, result, &entries);
}

int do_load_entries(struct call *call)
{
    return load(call, &entries, render_entries);
}

/* --- offers --- */

static const struct sheet_column offer_columns[] = {{"upn", true},
    {"surname", true}, {"forename", true}, {"from", true},
    {"contact_title", false}, {"contact_surname", false},
    {"contact_forename", false}, {"contact_relationship", false},
    {"contact_phone", false}};

static const struct kind offers = {"offers.load", offer_columns, 9, "offer",
    "offers", "whose record is missing: moveup offers list --missing",
    "Save the list as CSV with the columns upn, surname, forename and from "
    "(the primary's LAESTAB)"};

static void render_offers(struct call *call, const json_t *result)
{
    render(call, result, &offers);
}

int do_load_offers(struct call *call)
{
    return load(call, &offers, render_offers);
}

static const struct grid_column expected_columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"UPN", "upn", 0},
    {"from", NULL, 0},
    {"school", NULL, GRID_CUT},
    {"record", NULL, 0},
};
#define EXPECTED_COLUMNS (sizeof expected_columns / sizeof expected_columns[0])

static void expected_row(struct grid *grid, const json_t *one)
{
    char name[SAID_NAME_SIZE];

    grid_cell(grid, "%s", said_text(one, "case"));
    grid_cell(grid, "%s", said_list_name(one, name));
    grid_cell(grid, "%s", said_text(one, "surname"));
    grid_cell(grid, "%s", said_text(one, "forename"));
    grid_cell(grid, "%s", said_text(one, "upn"));
    grid_cell(grid, "%s", said_text(one, "from"));
    grid_cell(grid, "%s", said_text(one, "from_name"));
    grid_cell(grid, "%s", said_is_true(one, "record") ? "here" : "not yet");
}

static void render_expected(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "offers");
    SCOPED(grid_freep)
    struct grid *grid = grid_new(expected_columns, EXPECTED_COLUMNS);
    size_t missing = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        expected_row(grid, json_array_get(list, i));
        missing += !said_is_true(json_array_get(list, i), "record");
    }
    if (!grid_print_or(grid, call->output,
            "No offers are loaded, or nobody is expected any more.")) {
        if (call->output->form == OUTPUT_TEXT)
            output_next(call->output, "moveup offers load FILE");
        return;
    }
    output_next(call->output, missing > 0
                                  ? "ring those primary schools: we wait for "
                                    "their records"
                                  : "moveup list");
}

int do_load_expected(struct call *call)
{
    return call_agent(call, "offers.list",
        json_pack("{s:b}", "missing", call_flag(call, "missing")),
        render_expected);
}

static void render_dropped(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN,
        "%s is expected no more; a record that is here stays.",
        said_text(result, "dropped"));
    output_next(call->output, "moveup offers list");
}

int do_load_drop(struct call *call)
{
    return call_agent(call, "offers.drop",
        json_pack("{s:s}", "upn", call->words[0]), render_dropped);
}
