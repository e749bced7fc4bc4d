#include "cli/do_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

/* An option of the command line, and what the agent calls it. */
struct wording {
    const char *option, *key;
};

static void add_texts(json_t *args, const struct call *call,
    const struct wording *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (call_option(call, words[i].option) != NULL)
            json_object_set_new(args, words[i].key,
                json_string(call_option(call, words[i].option)));
}

#define TEXTS(args, call, words)                                               \
    add_texts(args, call, words, sizeof words / sizeof words[0])

static const char *child(const json_t *result, char text[SAID_NAME_SIZE])
{
    return said_list_name(json_object_get(result, "pupil"), text);
}

/* --- tutor --- */

static void render_tutor(struct call *call, const json_t *result)
{
    char name[SAID_NAME_SIZE];

    output_line(call->output, OUTPUT_PLAIN, "Tutor of %s: %s",
        child(result, name), said_text(result, "tutor"));
    output_line(
        call->output, OUTPUT_PLAIN, "The primary school is told by itself.");
    if (said_is_true(result, "told_parent"))
        output_next(call->output, "moveup next");
    else
        output_next(call->output, "tell the family, then the same with --told");
}

int do_support_tutor(struct call *call)
{
    static const struct wording words[] = {
        {"name", "name"}, {"staff", "staff"}};
    json_t *args = json_pack("{s:s,s:b}", "upn", call->words[0], "told_parent",
        call_flag(call, "told"));

    TEXTS(args, call, words);
    return call_agent(call, "tutor.set", args, render_tutor);
}

/* --- check --- */

static void render_check(struct call *call, const json_t *result)
{
    char name[SAID_NAME_SIZE];
    char words[PLAIN_SIZE];
    const bool fresh = strcmp(said_text(result, "result"), "new") == 0;
    const char *needs = said_text(result, "needs");

    output_line(call->output, OUTPUT_PLAIN, "Support check of %s: %s%s%s",
        child(result, name), plain_code(said_text(result, "result"), words),
        needs[0] != '\0' ? ", " : "", needs);
    output_next(call->output,
        fresh ? "moveup support refer CASE --service senco --consent given"
              : "moveup next");
}

int do_support_check(struct call *call)
{
    static const struct wording words[] = {{"needs", "needs"},
        {"professional", "professional"}, {"note", "support_note"}};
    json_t *args = json_pack("{s:s,s:s,s:b}", "upn", call->words[0], "result",
        call->words[1], "assessment", call_flag(call, "assessment"));

    TEXTS(args, call, words);
    return call_agent(call, "support.check", args, render_check);
}

/* --- referrals --- */

static void render_referral(struct call *call, const json_t *result)
{
    const json_t *r = json_object_get(result, "referral");
    const char *state = said_text(r, "state");
    const bool refused = strcmp(said_text(r, "consent"), "refused") == 0;
    const bool waits =
        strcmp(state, "made") == 0 || strcmp(state, "accepted") == 0;
    char name[SAID_NAME_SIZE];
    char words[PLAIN_SIZE];
    char next[PLAIN_SIZE];

    output_line(call->output, OUTPUT_PLAIN, "Referral %lld of %s to %s: %s",
        (long long)said_number(r, "referral"), child(r, name),
        said_text(r, "service_text"), plain_code(state, words));
    if (refused)
        output_line(call->output, OUTPUT_WARN,
            "They did not agree: nobody is asked. It is kept that you offered "
            "it.");
    snprintf(next, sizeof next, "moveup support state %lld started",
        (long long)said_number(r, "referral"));
    output_next(call->output, waits ? next : "moveup support --open");
}

int do_support_refer(struct call *call)
{
    static const struct wording words[] = {
        {"service", "service"}, {"consent", "consent"}, {"note", "note"}};
    json_t *args = json_pack("{s:s}", "upn", call->words[0]);

    TEXTS(args, call, words);
    return call_agent(call, "support.refer", args, render_referral);
}

int do_support_state(struct call *call)
{
    static const struct wording words[] = {{"note", "note"}};
    char *end;
    const long long number = strtoll(call->words[0], &end, 10);
    json_t *args;

    if (*end != '\0' || number < 1)
        return call_usage(
            call, "a referral is a number, as in: moveup support");
    args = json_pack(
        "{s:I,s:s}", "referral", (json_int_t)number, "state", call->words[1]);
    TEXTS(args, call, words);
    return call_agent(call, "support.state", args, render_referral);
}

/* --- the list --- */

static const struct grid_column columns[] = {
    {"no", "referral", GRID_RIGHT},
    {"case", NULL, GRID_RIGHT},
    {"pupil", NULL, GRID_CUT},
    {"upn", NULL, GRID_CSV},
    {"what", NULL, GRID_CUT},
    {"state", NULL, 0},
    {"since", NULL, GRID_TEXT},
    {"at", NULL, GRID_CSV},
    {"consent", NULL, 0},
};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void who(struct grid *grid, const json_t *one)
{
    char name[SAID_NAME_SIZE];

    grid_cell(grid, "%s", said_text(one, "case"));
    grid_cell(grid, "%s", child(one, name));
    grid_cell(grid, "%s", said_text(json_object_get(one, "pupil"), "upn"));
}

static void when(struct grid *grid, const json_t *one, const char *key)
{
    char date[SAID_DATE_SIZE];

    grid_cell(grid, "%s", said_date(one, key, date));
    grid_cell(grid, "%s", said_text(one, key));
}

static void check_row(struct grid *grid, const json_t *check)
{
    const char *result = said_text(check, "result");
    const char *needs = said_text(check, "needs");
    char words[PLAIN_SIZE];

    grid_cell(grid, "%s", "");
    who(grid, check);
    grid_cell(grid, "support check%s%s", needs[0] == '\0' ? "" : ": ", needs);
    grid_cell(grid, "%s",
        result[0] != '\0'                  ? plain_code(result, words)
        : said_is_true(check, "contacted") ? "not asked"
                                           : "not spoken to");
    when(grid, check, "at");
    grid_cell(grid, "%s", "");
}

static void referral_row(struct grid *grid, const json_t *r)
{
    char words[PLAIN_SIZE];
    char consent[PLAIN_SIZE];

    grid_cell(grid, "%lld", (long long)said_number(r, "referral"));
    who(grid, r);
    grid_cell(grid, "%s", said_text(r, "service_text"));
    grid_cell(grid, "%s", plain_code(said_text(r, "state"), words));
    when(grid, r, "since");
    grid_cell(grid, "%s", plain_code(said_text(r, "consent"), consent));
}

static void render_list(struct call *call, const json_t *result)
{
    const json_t *checks = json_object_get(result, "checks");
    const json_t *referrals = json_object_get(result, "referrals");
    const size_t count = json_array_size(checks) + json_array_size(referrals);
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(referrals); i++)
        referral_row(grid, json_array_get(referrals, i));
    for (size_t i = 0; i < json_array_size(checks); i++)
        check_row(grid, json_array_get(checks, i));
    if (count > 0 || call->output->form == OUTPUT_CSV)
        grid_print(grid, call->output);
    if (call->output->form == OUTPUT_CSV)
        return;
    if (count == 0)
        output_line(call->output, OUTPUT_PLAIN, "Nothing waits.");
    output_next(call->output,
        json_array_size(referrals) > 0
            ? "moveup support state NO started"
            : "moveup support check CASE none-needed, or new --needs semh");
}

int do_support_list(struct call *call)
{
    return call_agent(call, "support",
        json_pack("{s:b}", "open", call_flag(call, "open")), render_list);
}
