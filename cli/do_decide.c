#include "cli/do_decide.h"

#include <stdio.h>

#include "cli/call.h"
#include "cli/plain.h"
#include "cli/render_card.h"
#include "cli/said.h"

/* --name VALUE as "key": "VALUE" */
struct pair {
    const char *option;
    const char *key;
};

static json_t *arguments(
    const struct call *call, const struct pair *pairs, size_t count)
{
    json_t *args = json_pack("{s:s}", "case", call->words[0]);

    for (size_t i = 0; i < count; i++)
        if (call_option(call, pairs[i].option) != NULL)
            json_object_set_new(args, pairs[i].key,
                json_string(call_option(call, pairs[i].option)));
    return args;
}

int do_decide_wishes(struct call *call)
{
    static const struct pair pairs[] = {{"good", "good"}, {"bad", "bad"},
        {"by", "by"}, {"language", "language"}, {"interpreter", "interpreter"},
        {"caller", "caller"}};
    json_t *args = arguments(call, pairs, 6);
    const int code = call_number(args, call, "contact");

    if (code != CALL_DONE) {
        json_decref(args);
        return code;
    }
    json_object_set_new(args, "no_unknown_number",
        json_boolean(call_flag(call, "no-unknown-number")));
    return call_agent(call, "wishes", args, render_card_case);
}

int do_decide_number(struct call *call)
{
    static const struct pair pairs[] = {{"new", "new"}};
    json_t *args = arguments(call, pairs, 1);
    int code = call_number(args, call, "contact");

    if (code == CALL_DONE)
        code = call_number(args, call, "right");
    if (code != CALL_DONE) {
        json_decref(args);
        return code;
    }
    return call_agent(call, "number", args, render_card_case);
}

int do_decide_barrier(struct call *call)
{
    static const struct pair pairs[] = {{"source", "source"},
        {"status", "status"}, {"adjust", "adjustment"}, {"note", "note"}};
    json_t *args = arguments(call, pairs, 4);

    json_object_set_new(args, "barrier", json_string(call->words[1]));
    json_object_set_new(
        args, "worked", json_boolean(call_flag(call, "worked")));
    return call_agent(call, "barrier", args, render_card_case);
}

/* --- the lead's choices --- */

static void render_decided(struct call *call, const json_t *result)
{
    const json_t *family = json_object_get(result, "case");
    char names[SAID_NAME_SIZE];
    char next[PLAIN_SIZE];

    output_line(call->output, OUTPUT_PLAIN, "CASE %s  %s: %s",
        said_text(family, "case"),
        said_joined(family, "pupils", "forename", names),
        said_text(result, "state_text"));
    if (json_is_object(json_object_get(result, "plan")))
        render_card_plan(
            call->output, "  planned", json_object_get(result, "plan"));
    snprintf(next, sizeof next, "moveup card %.20s", said_text(family, "case"));
    output_next(call->output, next);
}

int do_decide_review(struct call *call)
{
    static const struct pair pairs[] = {{"reason", "reason"}};
    json_t *args = arguments(call, pairs, 1);

    json_object_set_new(args, "decision", json_string(call->words[1]));
    return call_agent(call, "review", args, render_decided);
}

int do_decide_plan(struct call *call)
{
    static const struct pair pairs[] = {{"by", "by"}, {"when", "when"},
        {"place", "place"}, {"who", "who"}, {"note", "note"},
        {"reason", "reason"}};
    const char *more = call_option(call, "more");
    json_t *args;
    int code;

    if ((more == NULL) == (call_option(call, "by") == NULL))
        return call_usage(call, "give --by WAY, or --more N with a --reason");
    if (more != NULL && call_option(call, "reason") == NULL)
        return call_usage(call, "--more needs a --reason");
    args = arguments(call, pairs, 6);
    code = call_number(args, call, "more");
    if (code != CALL_DONE) {
        json_decref(args);
        return code;
    }
    return call_agent(
        call, more != NULL ? "more" : "plan", args, render_decided);
}

/* "morning, Saturday" from codes; other words with spaces for dashes. */
static const char *in_words(
    const json_t *one, const char *name, char text[SAID_NAME_SIZE])
{
    const json_t *array = json_object_get(one, name);
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *code = json_string_value(json_array_get(array, i));
        char plain[PLAIN_SIZE];
        const int len = snprintf(text + used, SAID_NAME_SIZE - used, "%s%s",
            used == 0 ? "" : ", ", plain_band(plain_code(code, plain)));

        if (len < 0 || (size_t)len >= SAID_NAME_SIZE - used)
            break;
        used += (size_t)len;
    }
    return text;
}

static void escalated_one(struct output *output, const json_t *one)
{
    static const struct pair lines[] = {{"bands_tried", "tried"},
        {"bands_not_tried", "not tried"}, {"ways_not_tried", "other ways"}};
    char text[SAID_NAME_SIZE];
    char first[40];
    char count[PLAIN_SIZE];

    output_line(output, OUTPUT_HEADING, "CASE %s  %s, %lld tries",
        said_text(one, "case"), said_joined(one, "pupils", "forename", text),
        (long long)said_number(one, "tries"));
    for (size_t i = 0; i < 3; i++) {
        snprintf(first, sizeof first, "  %-11s", lines[i].key);
        output_wrap(output, first, in_words(one, lines[i].option, text));
    }
    if (said_number(one, "numbers_not_tried") > 0)
        output_line(output, OUTPUT_WARN, "  never rung: %s",
            plain_count(said_number(one, "numbers_not_tried"), "number",
                "numbers", count));
    if (json_is_object(json_object_get(one, "plan")))
        render_card_plan(output, "  decided", json_object_get(one, "plan"));
    render_card_lines(output, "  BEFORE", json_object_get(one, "before"));
    output_gap(output);
}

static void render_escalated(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "escalated");
    char next[PLAIN_SIZE];

    for (size_t i = 0; i < json_array_size(list); i++)
        escalated_one(call->output, json_array_get(list, i));
    if (json_array_size(list) == 0) {
        output_line(call->output, OUTPUT_PLAIN,
            "No family waits for the lead's decision.");
        output_next(call->output, "moveup list");
        return;
    }
    snprintf(next, sizeof next, "moveup plan %.20s --by home-visit",
        said_text(json_array_get(list, 0), "case"));
    output_next(call->output, next);
}

int do_decide_escalated(struct call *call)
{
    return call_agent(call, "escalated", json_object(), render_escalated);
}
