#include "cli/do_restrict.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"
#include "record/restriction.h"

#define MOST_CONTACT 999

static void render_added(struct call *call, const json_t *result)
{
    const json_t *made = json_object_get(result, "restriction");
    const json_int_t contact = said_number(made, "contact");
    char kind[PLAIN_SIZE];
    char basis[PLAIN_SIZE];
    char who[PLAIN_SIZE];
    SCOPED(mem_freep) char *line = NULL;

    if (contact == 0)
        snprintf(who, sizeof who, "the whole pupil");
    else
        snprintf(who, sizeof who, "contact %lld", (long long)contact);
    line = mem_format("Restriction %.8s is %s: %s of %s, %s (%s).",
        said_text(made, "id"),
        said_is_true(result, "already") ? "already set" : "in force", who,
        said_text(made, "upn"), plain_code(said_text(made, "kind"), kind),
        plain_code(said_text(made, "basis"), basis));
    output_wrap(call->output, "", line);
    if (said_is_true(result, "already")) {
        output_wrap(call->output, "",
            "Nothing was changed.  For another basis or note, end it and set "
            "it anew: moveup restrict end ID --evidence TEXT");
        return;
    }
    output_wrap(call->output, "",
        said_is_true(result, "queued")
            ? "It is on its way to the secondary school, ahead of everything "
              "else; see when it has arrived: moveup queue"
            : "It goes along with the record when that is sent.");
}

static int parse_contact(json_int_t *out, struct call *call)
{
    const char *text = call_option(call, "contact");
    char *end;

    *out = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || *out < 0 || *out > MOST_CONTACT)
        return call_usage(
            call, "--contact is a number, as `moveup leavers show` prints it");
    return CALL_DONE;
}

int do_restrict_add(struct call *call)
{
    const char *note = call_option(call, "note");
    enum restriction_kind kind;
    enum restriction_basis basis;
    json_int_t contact;
    struct err err = {0};
    const int code = parse_contact(&contact, call);

    if (code != CALL_DONE)
        return code;
    if (restriction_kind_parse(&kind, call_option(call, "kind"), &err) < 0 ||
        restriction_basis_parse(&basis, call_option(call, "basis"), &err) < 0)
        return call_usage(call, "%s", err.text);
    return call_agent(call, "restrict.add",
        json_pack("{s:s,s:I,s:s,s:s,s:s}", "upn", call->words[0], "contact",
            contact, "kind", restriction_kind_name(kind), "basis",
            restriction_basis_name(basis), "note", note == NULL ? "" : note),
        render_added);
}

static const struct grid_column columns[] = {
    {"ID", NULL, GRID_TEXT},
    {"id", NULL, GRID_CSV},
    {"pupil", NULL, GRID_CUT | GRID_TEXT},
    {"surname", NULL, GRID_CSV},
    {"forename", NULL, GRID_CSV},
    {"upn", NULL, GRID_CSV},
    {"contact", NULL, GRID_CUT},
    {"kind", NULL, GRID_CUT},
    {"basis", NULL, GRID_CUT},
    {"from", NULL, GRID_CSV},
    {"state", NULL, 0},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void row(struct grid *grid, const json_t *item)
{
    char name[SAID_NAME_SIZE];
    const char *contact = said_text(item, "contact_name");

    grid_cell(grid, "%.8s", said_text(item, "id"));
    grid_cell(grid, "%s", said_text(item, "id"));
    grid_cell(grid, "%s", said_list_name(item, name));
    grid_cell(grid, "%s", said_text(item, "surname"));
    grid_cell(grid, "%s", said_text(item, "forename"));
    grid_cell(grid, "%s", said_text(item, "upn"));
    if (said_number(item, "contact") == 0)
        grid_cell(grid, "everybody");
    else
        grid_cell(grid, "%lld%s%s", (long long)said_number(item, "contact"),
            contact[0] == '\0' ? "" : " ", contact);
    grid_cell(grid, "%s", said_text(item, "kind"));
    grid_cell(grid, "%s", said_text(item, "basis"));
    grid_cell(grid, "%s", said_text(item, "from"));
    grid_cell(grid, "%s",
        said_text(item, "state")[0] != '\0'   ? said_text(item, "state")
        : said_text(item, "ended")[0] != '\0' ? "ended"
                                              : "in force");
}

static void render_list(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "restrictions");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(list); i++)
        row(grid, json_array_get(list, i));
    grid_print_or(grid, call->output, "No restrictions.");
}

int do_restrict_list(struct call *call)
{
    return call_agent(call, "restrict.list",
        call->word_count > 0 ? json_pack("{s:s}", "upn", call->words[0])
                             : json_object(),
        render_list);
}

static void render_ended(struct call *call, const json_t *result)
{
    (void)result;
    output_line(call->output, OUTPUT_PLAIN,
        "Restriction %.8s has ended; the secondary school is told.",
        call->words[0]);
}

int do_restrict_end(struct call *call)
{
    return call_agent(call, "restrict.end",
        json_pack("{s:s,s:s}", "id", call->words[0], "evidence",
            call_option(call, "evidence")),
        render_ended);
}
