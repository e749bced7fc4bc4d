#include "cli/moving.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/office.h"
#include "cli/said.h"
#include "trust/authority.h"
#include "trust/draft.h"
#include "trust/succession.h"
#include "trust/words.h"

/* What was typed. */
struct wish {
    struct authority_change change;
    struct laestab *schools;
    struct laestab successor;
};

static void wish_free(struct wish *wish)
{
    free(wish->schools);
}

static int read_number(struct laestab *out, struct call *call, const char *text)
{
    struct err err;

    return laestab_parse(out, text, &err) < 0
               ? call_usage(call, "%.80s is not a LAESTAB (seven digits)", text)
               : CALL_DONE;
}

static int read_schools(struct wish *wish, struct call *call)
{
    int code = CALL_DONE;

    wish->schools = mem_alloc((call->word_count + 1) * sizeof *wish->schools);
    for (size_t i = 0; code == CALL_DONE && i < call->word_count; i++)
        code = read_number(&wish->schools[i], call, call->words[i]);
    wish->change.schools = wish->schools;
    wish->change.count = call->word_count;
    return code;
}

/* --- what would happen, as far as the authority can know --- */

static json_t *school_json(const struct directory_school *school)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "laestab",
        school->laestab.text, "urn", school->urn, "name", school->name, "phase",
        words_phase(school->phase), "status", words_status(school->status));
}

static json_t *schools_json(
    const struct members *members, const struct authority_change *change)
{
    json_t *list = json_array();

    for (size_t i = 0; i < change->count; i++) {
        const struct directory_school *school =
            members_school(members, &change->schools[i]);

        if (school == NULL)
            continue;
        json_array_append_new(list, school_json(school));
    }
    return list;
}

/* Active schools of other phases: those that may have mail for it. */
static size_t count_others(
    const struct members *members, const struct authority_change *change)
{
    const struct directory_content *content = members_content(members);
    size_t count = 0;

    for (size_t i = 0; i < content->school_count; i++) {
        bool is_one = content->schools[i].status != MEMBER_ACTIVE;

        for (size_t j = 0; j < change->count; j++)
            is_one |= laestab_equal(
                &change->schools[j], &content->schools[i].laestab);
        count += !is_one;
    }
    return count;
}

static json_t *result_json(const struct authority *authority,
    const struct authority_change *change, bool dry_run)
{
    const struct members *members = authority_members(authority);
    const bool closes = change->move == AUTHORITY_CLOSE;

    return json_pack("{s:s, s:b, s:I, s:o, s:s?, s:I}", "change",
        closes ? "close" : "rename", "dry_run", dry_run, "version",
        (json_int_t)(members_version(members) + (dry_run ? 1 : 0)), "schools",
        schools_json(members, change), "successor",
        change->successor == NULL ? NULL : change->successor->text,
        "schools_told", (json_int_t)count_others(members, change));
}

static void render_close(
    struct call *call, const json_t *result, const char *would)
{
    const char *successor = said_text(result, "successor");
    struct output *output = call->output;

    if (successor[0] == '\0') {
        output_wrap(output, "  ",
            "Nobody follows: what is sent to it is refused with the reason, "
            "and each sender is told. Leavers bound for it wait until a "
            "person says where they go (moveup dest set).");
    } else {
        output_line(output, OUTPUT_PLAIN, "  %s follows.", successor);
        output_wrap(output, "  ",
            "Every school that has sent it leavers, or was about to, seals "
            "them anew for the one that follows, and answers there what it "
            "was asked.");
    }
    output_line(output, OUTPUT_PLAIN,
        "  It %sfetch what waits for it for 30 days, and sign nothing more.",
        would[0] != '\0' ? "could " : "can ");
    output_line(output, OUTPUT_PLAIN,
        "  Its certificates count for what it signed before, for 120 days.");
    output_wrap(output, "  ",
        "How many records and open requests that is, only those schools know: "
        "moveup queue and moveup inbox there.");
}

static void render(struct call *call, const json_t *result)
{
    const json_t *schools = json_object_get(result, "schools");
    const bool dry_run = said_is_true(result, "dry_run");
    const bool closes = strcmp(said_text(result, "change"), "close") == 0;
    const char *would = dry_run ? "would be " : "";

    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);

        output_line(call->output, dry_run ? OUTPUT_PLAIN : OUTPUT_GOOD,
            "%s %s %s%s in directory %" JSON_INTEGER_FORMAT,
            said_text(school, "laestab"), said_text(school, "name"),
            dry_run ? would : "is ", closes ? "closed" : "changed",
            said_number(result, "version"));
    }
    if (closes)
        render_close(call, result, would);
    output_line(call->output, OUTPUT_PLAIN,
        "  %" JSON_INTEGER_FORMAT " other schools %s the new directory.",
        said_number(result, "schools_told"), dry_run ? "would get" : "get");
    output_gap(call->output);
    if (dry_run)
        output_next(call->output, "the same without --dry-run");
    else
        output_next(call->output,
            "moveup cluster publish: it counts for each school once that has "
            "the directory");
}

/* As it would be done, on a draft that nobody signs. */
static int try_it(struct call *call, struct authority *authority,
    const struct authority_change *change, struct err *err)
{
    SCOPED(draft_free) struct draft draft = {.arena = ARENA_EMPTY};
    int rc = draft_next(
        &draft, authority_members(authority), 0, call->output->now, err);

    return rc < 0 ? rc
                  : succession_enter(&draft, change, call->output->now, err);
}

static int run(struct call *call, const struct authority_change *change)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    const bool dry_run = call_flag(call, "dry-run");
    struct err err;
    int rc = office_open(&authority, call, !dry_run);

    if (rc != CALL_DONE)
        return rc;
    rc = dry_run ? try_it(call, authority, change, &err)
                 : authority_change(authority, change, call->output->now, &err);
    if (rc == ERR_USAGE)
        return call_usage(call, "%s", err.text);
    if (rc < 0)
        return call_fail(
            call, &err, "See who is there: moveup cluster list --dir DIR");
    return call_show(call, result_json(authority, change, dry_run), render);
}

static int end_schools(struct call *call, const char *successor)
{
    SCOPED(wish_free) struct wish wish = {.change = {.move = AUTHORITY_CLOSE}};
    const char *reason = call_option(call, "reason");
    int code = read_schools(&wish, call);

    wish.change.reason = reason == NULL ? "" : reason;
    if (code == CALL_DONE && successor != NULL) {
        code = read_number(&wish.successor, call, successor);
        wish.change.successor = &wish.successor;
    }
    return code == CALL_DONE ? run(call, &wish.change) : code;
}

int moving_close(struct call *call)
{
    return end_schools(call, call_option(call, "successor"));
}

int moving_merge(struct call *call)
{
    return end_schools(call, call_option(call, "into"));
}

int moving_rename(struct call *call)
{
    SCOPED(wish_free) struct wish wish = {.change = {.move = AUTHORITY_RENAME}};
    const char *phase = call_option(call, "phase");
    int code = read_schools(&wish, call);

    if (code != CALL_DONE)
        return code;
    wish.change.name = call_option(call, "name");
    wish.change.urn = call_option(call, "urn");
    if (phase != NULL && !words_parse_phase(&wish.change.phase, phase))
        return call_usage(call, "a phase is primary, middle, secondary, "
                                "all-through or special");
    if (wish.change.name == NULL && wish.change.urn == NULL && phase == NULL)
        return call_usage(call, "say what changes: --name, --urn or --phase");
    return run(call, &wish.change);
}
