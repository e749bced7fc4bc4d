#include "cli/do_trace.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "cli/overview.h"
#include "cli/said.h"
#include "cli/trail.h"
#include "trust/attesting.h"

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

/* --- what the hub attests --- */

/* Who did it, for people. */
static const char *doer(const struct survey *survey,
    const struct survey_hub *hub, const struct attest *attest,
    enum attest_kind kind)
{
    if (kind == ATTEST_PUT)
        return survey_name(survey, &attest->header.author);
    if (kind == ATTEST_ACKNOWLEDGED)
        return survey_name(survey, &attest->header.recipient);
    return hub->entry->name;
}

static json_t *events_json(const struct survey *survey,
    const struct survey_hub *hub, const struct attest *attest,
    const char *attested)
{
    json_t *list = json_array();

    for (size_t i = 0; i < attest->count; i++) {
        const struct attest_event *event = &attest->events[i];

        json_array_append_new(list,
            json_pack("{s:s,s:o,s:s,s:s,s:s}", "event",
                attest_name(event->kind), "at", time_json(event->at), "by",
                doer(survey, hub, attest, event->kind), "reason",
                event->reason == REASON_NONE ? "" : reason_code(event->reason),
                "attested", attested));
    }
    return list;
}

/* Open what the hub attests: "verified", "unsigned" (a hub of an older
 * enrolment) or "invalid", and then nothing of it is shown. */
static const char *open_attested(struct attest *out, struct survey *survey,
    const struct survey_hub *hub, const struct hubreport_letter *letter,
    struct err *err)
{
    const char *endpoint = hub->entry->endpoint;
    const bool expected = attesting_expected(survey->members, endpoint);
    int rc = 0;

    if (expected)
        rc = attesting_verify(out, survey->members, endpoint, letter->is_signed,
            &survey->arena, err);
    else if (letter->plain.len > 0)
        rc = attest_decode(out, letter->plain, &survey->arena, err);
    if (rc == 0 && out->count > 0)
        rc = trail_check(out, letter, err);
    if (rc == 0)
        return expected ? "verified" : "unsigned";
    *out = (struct attest){.count = 0};
    return "invalid";
}

/* In a word, from the newest thing that became of it. */
static const char *state_of(
    const struct hubreport_letter *letter, const struct attest *attest)
{
    const enum attest_kind last =
        attest->count == 0 ? 0 : attest->events[attest->count - 1].kind;

    if (last == ATTEST_EXPIRED || last == ATTEST_REFUSED)
        return attest_name(last);
    return letter->waits           ? "waits"
           : letter->acked.ms != 0 ? "fetched"
                                   : "replaced";
}

/* What the hub says, and whether it can be believed: else nothing but the name
 * under which it says it. */
static json_t *attested_json(struct survey *survey,
    const struct survey_hub *hub, const struct hubreport_letter *letter,
    bool *believed)
{
    struct attest attest = {.count = 0};
    struct err err = {.text = ""};
    const char *attested = open_attested(&attest, survey, hub, letter, &err);
    const struct hubreport_letter nothing = {.waits = false};

    *believed = strcmp(attested, "invalid") != 0;
    if (!*believed)
        letter = &nothing;
    return json_pack("{s:s,s:o,s:s,s:I,s:o,s:o,s:o,s:o,s:s}", "attested",
        attested, "attested_at", time_json(attest.time), "why", err.text,
        "size", (json_int_t)attest.size, "events",
        events_json(survey, hub, &attest, attested), "put_at",
        time_json(letter->put), "fetched_at", time_json(letter->acked),
        "expires_at", time_json(letter->expires), "state",
        *believed ? state_of(letter, &attest) : "unknown");
}

static json_t *letter_json(struct survey *survey, const struct survey_hub *hub,
    const struct hubreport_letter *letter)
{
    bool believed;
    json_t *json = attested_json(survey, hub, letter, &believed);
    json_t *is_signed = json_array();
    json_t *whose;
    char id[ID_TEXT_SIZE];

    if (believed) { /* else nobody knows which numbers are in it */
        add_signed(is_signed, survey, letter, true);
        add_signed(is_signed, survey, letter, false);
    }
    whose = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:o}", "envelope",
        id_format(&letter->id, id), "from", letter->author.text, "from_name",
        survey_name(survey, &letter->author), "to", letter->recipient.text,
        "to_name", survey_name(survey, &letter->recipient), "lane",
        stream_lane_name(letter->lane), "hub", hub->entry->endpoint, "first",
        (json_int_t)letter->first, "last", (json_int_t)letter->last, "signed",
        is_signed);
    json_object_update(json, whose);
    json_decref(whose);
    return json;
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

static void render_signed(struct output *output, const json_t *statement)
{
    const char *says = said_text(statement, "says");
    const bool author = strcmp(said_text(statement, "as"), "author") == 0;
    char first[120], text[300];

    snprintf(first, sizeof first, "  %s  %-8s  ", said_text(statement, "at"),
        "signed");
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
    output_wrap(output, first, text);
}

static const char *event_words(const char *event)
{
    static const char *const words[][2] = {
        {"put", "kept by the hub, from"},
        {"handed", "handed to the recipient by"},
        {"acknowledged", "acknowledged: in the database of"},
        {"expiring", "will be forgotten, unless it is fetched, by"},
        {"expired", "forgotten, not fetched in its time, by"},
        {"superseded", "replaced by a newer letter at"},
        {"refused", "refused by"},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i][0], event) == 0)
            return words[i][1];
    return event;
}

/* "2027-06-19T09:00:00Z  signed    kept by the hub, from Hillside Primary" */
static void render_event(
    struct output *output, const json_t *event, long long size)
{
    const char *name = said_text(event, "event");
    const char *attested = said_text(event, "attested");
    const char *reason = said_text(event, "reason");
    char first[120], text[400];

    snprintf(first, sizeof first, "  %s  %-8s  ", said_text(event, "at"),
        strcmp(attested, "verified") == 0 ? "signed" : "unsigned");
    if (strcmp(name, "put") == 0 && size > 0)
        snprintf(text, sizeof text, "%s %s, %lld bytes", event_words(name),
            said_text(event, "by"), size);
    else
        snprintf(text, sizeof text, "%s %s%s%s", event_words(name),
            said_text(event, "by"), reason[0] == '\0' ? "" : ": ", reason);
    output_wrap(output, first, text);
}

static void render_attested(struct output *output, const json_t *letter)
{
    const char *attested = said_text(letter, "attested");
    const char *hub = said_text(letter, "hub");
    char text[400];

    if (strcmp(attested, "verified") == 0)
        snprintf(text, sizeof text,
            "%s signed this, and its signature is verified:", hub);
    else if (strcmp(attested, "unsigned") == 0)
        snprintf(text, sizeof text,
            "%s says this, unsigned: it has no certificate", hub);
    else
        snprintf(text, sizeof text, "%s is not believed: %s", hub,
            said_text(letter, "why"));
    output_wrap(output, "  ", text);
}

static void render_letter(struct output *output, const json_t *letter)
{
    const json_t *events = json_object_get(letter, "events");
    const json_t *is_signed = json_object_get(letter, "signed");

    output_line(output, OUTPUT_HEADING, "%s", said_text(letter, "envelope"));
    output_line(output, OUTPUT_PLAIN, "  %s -> %s",
        said_text(letter, "from_name"), said_text(letter, "to_name"));
    output_line(output, OUTPUT_PLAIN, "  %s lane, numbers %lld-%lld",
        said_text(letter, "lane"), (long long)said_number(letter, "first"),
        (long long)said_number(letter, "last"));
    render_attested(output, letter);
    for (size_t i = 0; i < json_array_size(events); i++)
        render_event(output, json_array_get(events, i),
            (long long)said_number(letter, "size"));
    for (size_t i = 0; i < json_array_size(is_signed); i++)
        render_signed(output, json_array_get(is_signed, i));
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
