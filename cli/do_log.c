#include "cli/do_log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/render_card.h"
#include "cli/said.h"
#include "outreach/outcome.h"

#define ANSWER_SIZE 2000

/* --- asking, on a terminal only --- */

/* What was typed, without the end of the line; "" at the end of the input. */
static const char *ask(
    struct output *output, const char *question, char answer[ANSWER_SIZE])
{
    fprintf(output->out, " %-44s ", question);
    fflush(output->out);
    if (fgets(answer, ANSWER_SIZE, stdin) == NULL)
        answer[0] = '\0';
    answer[strcspn(answer, "\r\n")] = '\0';
    return answer;
}

static bool says_yes(struct output *output, const char *question, bool usual)
{
    static const char *const yes[] = {"y", "Y", "yes", "Yes"};
    static const char *const no[] = {"n", "N", "no", "No"};
    char answer[ANSWER_SIZE];

    for (;;) {
        if (ask(output, question, answer)[0] == '\0')
            return usual;
        for (size_t i = 0; i < 4; i++) {
            if (strcmp(answer, yes[i]) == 0)
                return true;
            if (strcmp(answer, no[i]) == 0)
                return false;
        }
        output_line(output, OUTPUT_PLAIN, " Say y or n.");
    }
}

static void ask_text(
    json_t *args, struct output *output, const char *key, const char *question)
{
    char answer[ANSWER_SIZE];

    if (json_object_get(args, key) == NULL &&
        ask(output, question, answer)[0] != '\0')
        json_object_set_new(args, key, json_string(answer));
}

static void ask_what_is_missing(
    json_t *args, struct output *output, const struct outcome_row *row)
{
    switch (row->note) {
    case NOTE_SAID:
        ask_text(args, output, "said", "What did they say or ask? (- nothing)");
        break;
    case NOTE_TIME:
        ask_text(args, output, "call_back", "Call back when? (thu 17:40)");
        break;
    case NOTE_LANGUAGE:
        ask_text(args, output, "language", "Which language? (so, pl, ...)");
        break;
    case NOTE_REASON:
        ask_text(args, output, "note", "Why not?");
        break;
    case NOTE_PURPOSE:
        ask_text(args, output, "note", "What was sent, and what for?");
        break;
    case NOTE_NONE:
        break;
    }
    if (row->outcome == OUTCOME_SPOKE_SHORT)
        ask_text(
            args, output, "call_back", "Call back when? (Enter: not said)");
    if (row->contact && json_object_get(args, "concern") == NULL &&
        says_yes(output, "Anything for the safeguarding lead? (y/N)", false))
        json_object_set_new(args, "concern", json_true());
}

/* "-" is what a person types for nothing. */
static bool has_words(const json_t *args)
{
    const char *said = json_string_value(json_object_get(args, "said"));

    return said != NULL && said[0] != '\0' && strcmp(said, "-") != 0;
}

static void ask_for_whom(json_t *args, struct output *output)
{
    const char *owner;

    ask_text(
        args, output, "for", "For whom? (tutor, senco, lead, primary, Enter)");
    owner = json_string_value(json_object_get(args, "for"));
    if (owner == NULL)
        return;
    if (strcmp(owner, "primary") == 0)
        ask_text(
            args, output, "ask", "What is the primary asked? (it sees it)");
    else
        ask_text(args, output, "due", "Reply due (Enter: in five days)");
}

static void ask_checklist(json_t *args, struct output *output)
{
    const char *result;

    if (json_object_get(args, "tutor_told") == NULL &&
        says_yes(output, "Told them who the tutor is? (y/N)", false))
        json_object_set_new(args, "tutor_told", json_true());
    ask_text(args, output, "support", "Support needed? (none, in-place, new)");
    result = json_string_value(json_object_get(args, "support"));
    if (result != NULL && strcmp(result, "none") == 0)
        json_object_set_new(args, "support", json_string("none-needed"));
    else if (result != NULL && strcmp(result, "new") == 0)
        ask_text(args, output, "needs", "Which? (semh, travel, medical, ...)");
}

static void ask_what_follows(
    json_t *args, struct output *output, const struct outcome_row *row)
{
    const bool concern = json_object_get(args, "concern") != NULL;

    if (!has_words(args))
        json_object_del(args, "said");
    else if (!concern)
        ask_for_whom(args, output);
    if (row->contact)
        ask_checklist(args, output);
}

static void ask_questions(json_t *args, struct output *output)
{
    const char *typed = json_string_value(json_object_get(args, "outcome"));
    enum outcome outcome;

    if (outcome_parse(&outcome, typed, NULL) < 0)
        return; /* the agent says what is wrong */
    if (outcome_row(outcome)->contact &&
        !says_yes(output, "The right person, name checked? (Y/n)", true)) {
        outcome = OUTCOME_OTHER_PERSON;
        json_object_set_new(
            args, "outcome", json_string(outcome_row(outcome)->name));
    }
    ask_what_is_missing(args, output, outcome_row(outcome));
    ask_what_follows(args, output, outcome_row(outcome));
}

/* --- what came of it --- */

static const char *next_step(const json_t *logged, char text[PLAIN_SIZE])
{
    const json_t *suggest = json_object_get(logged, "suggest");
    const char *id = said_text(logged, "case");

    if (said_is_true(logged, "concern"))
        snprintf(
            text, PLAIN_SIZE, "tell your safeguarding lead now, in person");
    else if (said_is_true(suggest, "ask_primary"))
        snprintf(text, PLAIN_SIZE, "moveup ask %.20s --help-reach", id);
    else
        snprintf(text, PLAIN_SIZE, "moveup next");
    return text;
}

static void say_what_follows(struct output *output, const json_t *also)
{
    const char *owner = said_text(also, "for");
    char due[SAID_DATE_SIZE];

    if (strcmp(owner, "primary") == 0)
        output_line(output, OUTPUT_PLAIN, "  %s",
            said_is_true(also, "asked_primary")
                ? "the primary school is asked"
                : "the primary school was asked that already, or is not "
                  "reachable: ring it");
    else if (owner[0] != '\0')
        output_line(output, OUTPUT_PLAIN, "  %s replies by %s", owner,
            said_date(also, "due", due));
}

static void render_logged(struct call *call, const json_t *result)
{
    const json_t *logged = json_object_get(result, "logged");
    const json_t *suggest = json_object_get(logged, "suggest");
    const json_int_t tries = said_number(logged, "tries");
    struct output *output = call->output;
    char names[SAID_NAME_SIZE];
    char when[SAID_TIME_SIZE];
    char to_do[SAID_NAME_SIZE];
    char step[PLAIN_SIZE];

    output_line(output, OUTPUT_HEADING, "CASE %s  %s: %s, %lld %s",
        said_text(logged, "case"),
        said_joined(logged, "pupils", "forename", names),
        said_text(logged, "text"), (long long)tries,
        tries == 1 ? "try" : "tries");
    if (said_is_true(logged, "own_choice"))
        output_line(
            output, OUTPUT_PLAIN, "  noted: another way than was suggested");
    say_what_follows(output, json_object_get(logged, "also"));
    if (said_is_true(logged, "asked_number"))
        output_line(output, OUTPUT_PLAIN,
            "  the primary school is asked for the right number");
    if (said_is_true(logged, "interpreter_booked"))
        output_line(output, OUTPUT_PLAIN,
            "  the office books an interpreter: moveup actions");
    if (said_is_true(logged, "contacted")) {
        output_line(output, OUTPUT_GOOD, "  this family has been spoken to");
        render_card_line(
            output, "  to do", said_joined(logged, "to_do", "", to_do));
    } else {
        SCOPED(mem_freep)
        char *way = mem_format("%s%s%s", plain_band(said_text(suggest, "band")),
            said_text(suggest, "band")[0] == '\0' ? "" : ", ",
            said_text(suggest, "why"));

        if (said_time(logged, "next_at", when)[0] != '\0')
            output_line(output, OUTPUT_PLAIN, "  not before %s", when);
        output_wrap(output, "  next try: ", way);
    }
    output_next(output, next_step(logged, step));
}

static const struct {
    const char *option;
    const char *key;
} texts[] = {{"phone", "phone"}, {"said", "said"}, {"call-back", "call_back"},
    {"note", "note"}, {"by", "by"}, {"language", "language"}, {"for", "for"},
    {"at", "at"}, {"due", "due"}, {"kind", "kind"}, {"theme", "theme"},
    {"ask", "ask"}, {"support", "support"}, {"needs", "needs"}};
static const struct {
    const char *option;
    const char *key;
} flags[] = {{"inbound", "inbound"}, {"with-interpreter", "interpreter"},
    {"concern", "concern"}, {"told-tutor", "tutor_told"}};

int do_log_run(struct call *call)
{
    const size_t last = call->word_count - 1;
    json_t *args = json_pack("{s:s}", "outcome", call->words[last]);
    int code;

    if (call->word_count == 2)
        json_object_set_new(args, "case", json_string(call->words[0]));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (call_option(call, texts[i].option) != NULL)
            json_object_set_new(args, texts[i].key,
                json_string(call_option(call, texts[i].option)));
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (call_flag(call, flags[i].option))
            json_object_set_new(args, flags[i].key, json_true());
    code = call_number(args, call, "contact");
    if (code == CALL_DONE)
        code = call_number(args, call, "point");
    if (code != CALL_DONE) {
        json_decref(args);
        return code;
    }
    if (call->output->form == OUTPUT_TEXT && isatty(STDIN_FILENO) &&
        isatty(fileno(call->output->out)))
        ask_questions(args, call->output);
    return call_agent(call, "log", args, render_logged);
}

/* --- call-backs --- */

static const struct grid_column columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"when", NULL, 0},
    {"pupil", NULL, GRID_CUT},
    {"ask for", "contact", GRID_CUT},
    {"with", NULL, 0},
    {"", "note", 0},
};

static void render_callbacks(struct call *call, const json_t *result)
{
    const json_t *list = json_object_get(result, "callbacks");
    SCOPED(grid_freep) struct grid *grid = grid_new(columns, 6);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const json_t *pupil = json_array_get(json_object_get(one, "pupils"), 0);
        char when[SAID_TIME_SIZE];
        char name[SAID_NAME_SIZE];

        grid_cell(grid, "%s", said_text(one, "case"));
        grid_cell(grid, "%s",
            call->output->form == OUTPUT_CSV ? said_text(one, "when")
                                             : said_time(one, "when", when));
        grid_cell(grid, "%s", said_list_name(pupil, name));
        grid_cell(grid, "%s", said_text(one, "contact"));
        grid_cell(grid, "%s", said_text(one, "with"));
        grid_cell(grid, "%s",
            said_is_true(one, "missed")    ? "they rang"
            : said_is_true(one, "overdue") ? "late"
                                           : "");
        if (said_is_true(one, "overdue"))
            grid_style(grid, OUTPUT_WARN);
    }
    if (grid_print_or(grid, call->output, "Nobody waits for a call."))
        output_next(call->output, "moveup next");
}

int do_log_callbacks(struct call *call)
{
    return call_agent(call, "callbacks",
        json_pack("{s:b}", "today", call_flag(call, "today")),
        render_callbacks);
}
