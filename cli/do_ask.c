#include "cli/do_ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/said.h"

/* A number that was typed; false if it is none. */
static bool number_of(json_int_t *out, const char *text)
{
    char *end;

    *out = strtoll(text, &end, 10);
    return end != text && *end == '\0' && *out > 0;
}

static void add_text(
    json_t *args, const struct call *call, const char *option, const char *key)
{
    const char *value = call_option(call, option);

    if (value != NULL)
        json_object_set_new(args, key, json_string(value));
}

/* False, with the usage printed, if an option holds no number. */
static bool add_number(
    json_t *args, struct call *call, const char *option, const char *key)
{
    const char *value = call_option(call, option);
    json_int_t number;

    if (value == NULL)
        return true;
    if (!number_of(&number, value)) {
        (void)call_usage(
            call, "--%s is a number, as the card shows it", option);
        return false;
    }
    json_object_set_new(args, key, json_integer(number));
    return true;
}

/* --- ask --- */

static void render_asked(struct call *call, const json_t *result)
{
    const json_t *asked = json_object_get(result, "asked");
    char due[SAID_DATE_SIZE];
    SCOPED(mem_freep)
    char *line = mem_format("%s is asked; the answer is due %s.",
        said_text(asked, "name"), said_date(asked, "due", due));

    output_wrap(call->output, "", line);
    output_next(call->output,
        strcmp(said_text(asked, "kind"), "not-ours") == 0
            ? "nothing; the record goes away, or the answer comes back to the "
              "card"
            : "try another way meanwhile: moveup next; the answer comes back "
              "to the card");
}

int do_ask_primary(struct call *call)
{
    json_t *args = json_pack("{s:s,s:b}", "case", call->words[0], "help_reach",
        call_flag(call, "help-reach"));

    if (call_flag(call, "not-ours"))
        json_object_set_new(args, "not_ours", json_true());
    add_text(args, call, "child", "child");
    add_text(args, call, "question", "question");
    if (!add_number(args, call, "wrong-number", "wrong_number") ||
        !add_number(args, call, "contact", "contact")) {
        json_decref(args);
        return CALL_USAGE;
    }
    return call_agent(call, "ask", args, render_asked);
}

/* --- answer --- */

static void render_answered(struct call *call, const json_t *result)
{
    const json_t *closed = json_object_get(result, "closed");
    SCOPED(mem_freep)
    char *line = mem_format("Request %s is closed%s%s.", call->words[0],
        said_is_true(closed, "sent") ? "; the answer goes to " : "",
        said_is_true(closed, "sent") ? said_text(closed, "name") : "");

    output_wrap(call->output, "", line);
    output_next(call->output,
        said_is_true(closed, "corrected")
            ? "put it in your own system too, or the next file brings the old "
              "one back"
            : "moveup inbox shows what else is asked");
}

int do_ask_answer(struct call *call)
{
    json_int_t id;
    json_t *args;

    if (!number_of(&id, call->words[0]))
        return call_usage(
            call, "an ID is a number, as `moveup inbox` shows it");
    args = json_pack(
        "{s:I,s:b}", "id", id, "from_parent", call_flag(call, "from-parent"));
    add_text(args, call, "phone", "phone");
    add_text(args, call, "email", "email");
    add_text(args, call, "text", "text");
    add_text(args, call, "refuse", "refuse");
    if (!add_number(args, call, "contact", "contact")) {
        json_decref(args);
        return CALL_USAGE;
    }
    return call_agent(call, "answer", args, render_answered);
}
