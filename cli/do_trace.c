#include "cli/do_trace.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "cli/overview.h"
#include "cli/said.h"

/* The first bytes of a name, as hex; the last digit of an odd number of them is
 * left away. */
static int read_name(struct hubtalk *ask, struct call *call)
{
    const char *text = call->words[0];
    const size_t len = strlen(text) / 2;
    char even[2 * ID_SIZE + 1] = "";

    *ask = (struct hubtalk){.kind = HUBTALK_TRACE, .id_len = len};
    if (len >= HUBTALK_LEAST_TRACE && len <= ID_SIZE) {
        memcpy(even, text, 2 * len);
        if (text_unhex(ask->id.bytes, len, even) &&
            strspn(text, "0123456789abcdef") == strlen(text))
            return CALL_DONE;
    }
    return call_usage(call,
        "%.40s is not the name of a letter: 8 to 32 digits 0-9 a-f", text);
}

static json_t *time_json(wall when)
{
    char text[CLOCK_TEXT_SIZE];

    return when.ms == 0 ? json_null() : json_string(clock_format(when, text));
}

/* --- what a school has signed of the stream --- */

static const struct report_stream *stream_of(const struct report_pair *pairs,
    size_t count, const struct laestab *peer,
    const struct hubreport_letter *letter)
{
    for (size_t i = 0; i < count; i++) {
        if (!laestab_equal(&pairs[i].school, peer))
            continue;
        for (size_t k = 0; k < pairs[i].stream_count; k++)
            if (pairs[i].streams[k].lane == letter->lane &&
                id_equal(&pairs[i].streams[k].epoch, &letter->epoch))
                return &pairs[i].streams[k];
    }
    return NULL;
}

/* "applied" when all numbers of the letter are, and so on; "" for nothing. */
static const char *word_of(
    const struct report_stream *stream, const struct hubreport_letter *letter)
{
    if (stream == NULL || letter->last == 0)
        return "";
    if (stream->applied >= letter->last)
        return "applied";
    return stream->received >= letter->last ? "received" : "";
}

static void add_signed(json_t *list, const struct survey *survey,
    const struct hubreport_letter *letter, bool by_author)
{
    const struct laestab *who =
        by_author ? &letter->author : &letter->recipient;
    const struct laestab *peer =
        by_author ? &letter->recipient : &letter->author;
    const struct survey_school *school = survey_school(survey, who);
    const struct report_stream *stream = NULL;

    if (school == NULL || school->state != SURVEY_GOOD)
        return;
    stream = by_author ? stream_of(school->report.out, school->report.out_count,
                             peer, letter)
                       : stream_of(school->report.in, school->report.in_count,
                             peer, letter);
    if (stream == NULL)
        return;
    json_array_append_new(list,
        json_pack("{s:s,s:s,s:s,s:o,s:s,s:I,s:I,s:I}", "by", who->text, "name",
            school->entry->name, "as", by_author ? "author" : "recipient", "at",
            time_json(school->at), "says", word_of(stream, letter), "sent",
            (json_int_t)stream->sent, "received", (json_int_t)stream->received,
            "applied", (json_int_t)stream->applied));
}

static json_t *letter_json(const struct survey *survey,
    const struct survey_hub *hub, const struct hubreport_letter *letter)
{
    json_t *is_signed = json_array();
    char id[ID_TEXT_SIZE];

    add_signed(is_signed, survey, letter, true);
    add_signed(is_signed, survey, letter, false);
    return json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:o,s:o,s:o,s:o}", "envelope",
        id_format(&letter->id, id), "from", letter->author.text, "from_name",
        survey_name(survey, &letter->author), "to", letter->recipient.text,
        "to_name", survey_name(survey, &letter->recipient), "lane",
        stream_lane_name(letter->lane), "hub", hub->entry->endpoint, "first",
        (json_int_t)letter->first, "last", (json_int_t)letter->last, "state",
        letter->waits           ? "waits"
        : letter->acked.ms != 0 ? "fetched"
                                : "replaced",
        "put_at", time_json(letter->put), "fetched_at",
        time_json(letter->acked), "expires_at", time_json(letter->expires),
        "signed", is_signed);
}

static int trace_at(json_t *list, struct overview *o,
    const struct survey_hub *hub, const struct hubtalk *ask, struct err *err)
{
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    struct hubreport_trace trace;
    int rc = hubcall_ask(
        &body, hub->entry, o->authority, ask, HUBTALK_TRACE_IS, err);

    if (rc == 0)
        rc = hubreport_decode_trace(
            &trace, buf_bytes(&body), &o->survey.arena, err);
    for (size_t i = 0; rc == 0 && i < trace.count; i++)
        json_array_append_new(
            list, letter_json(&o->survey, hub, &trace.letters[i]));
    return rc;
}

/* --- text --- */

static void render_signed(
    struct output *output, const json_t *letter, const json_t *statement)
{
    const char *says = said_text(statement, "says");
    const bool author = strcmp(said_text(statement, "as"), "author") == 0;
    char first[120], text[300];

    snprintf(first, sizeof first, "  %s  ", said_text(statement, "at"));
    if (says[0] == '\0')
        snprintf(text, sizeof text,
            "%s signs: has no receipt for it, only up to number %lld",
            said_text(statement, "name"),
            (long long)said_number(statement, "received"));
    else
        snprintf(text, sizeof text,
            "%s signs: %s everything up to number %lld, this letter with it",
            said_text(statement, "name"),
            author                         ? strcmp(says, "applied") == 0
                                                 ? "has the receipt that the other applied"
                                                 : "has the receipt that the other received"
            : strcmp(says, "applied") == 0 ? "has applied"
                                           : "has received",
            (long long)said_number(statement, says));
    (void)letter;
    output_wrap(output, first, text);
}

static void render_letter(struct output *output, const json_t *letter)
{
    const json_t *is_signed = json_object_get(letter, "signed");
    const char *state = said_text(letter, "state");

    output_line(output, OUTPUT_HEADING, "%s", said_text(letter, "envelope"));
    output_line(output, OUTPUT_PLAIN, "  %s -> %s, %s lane, numbers %lld-%lld",
        said_text(letter, "from_name"), said_text(letter, "to_name"),
        said_text(letter, "lane"), (long long)said_number(letter, "first"),
        (long long)said_number(letter, "last"));
    output_line(output, OUTPUT_PLAIN, "  %s  the hub %s kept it",
        said_text(letter, "put_at"), said_text(letter, "hub"));
    if (strcmp(state, "fetched") == 0)
        output_line(output, OUTPUT_PLAIN,
            "  %s  the recipient had it in its database",
            said_text(letter, "fetched_at"));
    else if (strcmp(state, "waits") == 0)
        output_line(output, OUTPUT_WARN,
            "  it waits there; it would be forgotten on %s",
            said_text(letter, "expires_at"));
    else
        output_line(output, OUTPUT_PLAIN,
            "  a newer letter of the same content took its place");
    for (size_t i = 0; i < json_array_size(is_signed); i++)
        render_signed(output, letter, json_array_get(is_signed, i));
}

static void render(struct call *call, const json_t *result)
{
    const json_t *letters = json_object_get(result, "letters");

    for (size_t i = 0; i < json_array_size(letters); i++)
        render_letter(call->output, json_array_get(letters, i));
    if (json_array_size(letters) == 0)
        output_line(call->output, OUTPUT_PLAIN,
            "No hub remembers a letter of this name.");
    output_next(call->output,
        "the receipt for one child is at the school that sent it: moveup "
        "receipts UPN --export FILE");
}

int do_trace_show(struct call *call)
{
    SCOPED(overview_close) struct overview o = {.authority = NULL};
    json_t *letters;
    struct hubtalk ask;
    bool found;
    int code = read_name(&ask, call);

    if (code == CALL_DONE)
        code = overview_open(&o, call);
    if (code != CALL_DONE)
        return code;
    letters = json_array();
    for (size_t i = 0; i < o.survey.hub_count; i++) {
        const struct survey_hub *hub = &o.survey.hubs[i];
        struct err err;

        if (hub->answered && trace_at(letters, &o, hub, &ask, &err) < 0)
            output_error(call->output, err.text, "");
    }
    found = json_array_size(letters) > 0;
    call_show(call, json_pack("{s:o}", "letters", letters), render);
    return found ? CALL_DONE : CALL_REFUSED;
}
