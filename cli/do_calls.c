#include "cli/do_calls.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/render_calls.h"
#include "cli/render_card.h"
#include "cli/said.h"

int do_calls_list(struct call *call)
{
    const char *state = call_option(call, "state");
    const char *from = call_option(call, "from");
    json_t *args = json_pack("{s:b,s:b}", "all", call_flag(call, "all"), "why",
        call_flag(call, "why"));

    if (state != NULL)
        json_object_set_new(args, "state", json_string(state));
    if (from != NULL)
        json_object_set_new(args, "from", json_string(from));
    return call_agent(call, "list", args, render_calls_list);
}

int do_calls_card(struct call *call)
{
    return call_agent(call, "card", json_pack("{s:s}", "case", call->words[0]),
        render_card_case);
}

static void render_released(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN, "Case %lld is free again.",
        (long long)said_number(result, "released"));
    output_next(call->output, "moveup next");
}

int do_calls_next(struct call *call)
{
    if (call_flag(call, "give-back"))
        return call_agent(call, "next.release", json_object(), render_released);
    return call_agent(call, "next",
        json_pack("{s:b,s:b}", "interpreter",
            call_flag(call, "with-interpreter"), "another",
            call_flag(call, "another")),
        render_calls_next);
}

int do_calls_find(struct call *call)
{
    const char *phone = call_option(call, "phone");
    const char *name = call_option(call, "name");

    if ((phone == NULL) == (name == NULL))
        return call_usage(call, "give a number or a name: --phone N, --name "
                                "TEXT");
    return call_agent(call, "find",
        phone != NULL ? json_pack("{s:s}", "phone", phone)
                      : json_pack("{s:s}", "name", name),
        render_calls_found);
}

/* --- a contact has died --- */

static void render_died(struct call *call, const json_t *result)
{
    const json_int_t family = said_number(result, "case");
    SCOPED(mem_freep) char *line = NULL;
    SCOPED(mem_freep)
    char *next = mem_format("moveup card %lld", (long long)family);

    if (said_is_true(result, "died"))
        line = mem_format("Contact %lld is not rung, written to or invited "
                          "again. The tutor is told.%s%s",
            (long long)said_number(result, "contact"),
            said_is_true(result, "asked_primary")
                ? " The primary school is asked to correct its record."
                : "",
            said_number(result, "others") == 0
                ? " There is nobody else to speak to: ask the primary school."
                : "");
    else
        line = mem_format("Contact %lld is a contact as before.%s",
            (long long)said_number(result, "contact"),
            said_is_true(result, "asked_primary")
                ? " The primary school is told that it was a mistake."
                : "");
    output_wrap(call->output, "", line);
    output_next(call->output, next);
}

int do_calls_died(struct call *call)
{
    const char *text = call_option(call, "contact");
    char *end;
    const long long contact = strtoll(text, &end, 10);

    if (end == text || *end != '\0' || contact < 1)
        return call_usage(call, "--contact is a number, as the card shows it");
    return call_agent(call, "died",
        json_pack("{s:s,s:I,s:b}", "case", call->words[0], "contact",
            (json_int_t)contact, "mistake", call_flag(call, "mistake")),
        render_died);
}

static void render_read(struct call *call, const json_t *result)
{
    const json_t *read = json_object_get(result, "read");

    for (size_t i = 0; i < json_array_size(read); i++) {
        const json_t *item = json_array_get(read, i);

        output_line(call->output, OUTPUT_PLAIN,
            "%s  revision %lld read; the primary school sees: %s",
            said_text(item, "upn"), (long long)said_number(item, "revision"),
            said_text(item, "role"));
    }
}

int do_calls_read(struct call *call)
{
    json_t *upns = json_array();

    for (size_t i = 0; i < call->word_count; i++)
        json_array_append_new(upns, json_string(call->words[i]));
    return call_agent(
        call, "read", json_pack("{s:o}", "upns", upns), render_read);
}
