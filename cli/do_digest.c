#include "cli/do_digest.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/call.h"
#include "cli/overview.h"
#include "cli/plain.h"
#include "cli/said.h"
#include "cli/span.h"
#include "cli/verdict.h"
#include "outreach/cells.h"
#include "outreach/measures.h"

/* --- the document --- */

static json_t *pairs_json(
    const struct survey *survey, const struct report_pair *pairs, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct report_pair *p = &pairs[i];

        if (p->leavers == 0) /* only receipts and the like go there */
            continue;
        json_array_append_new(list,
            json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I}", "laestab",
                p->school.text, "name", survey_name(survey, &p->school),
                "leavers", (json_int_t)p->leavers, "sent", (json_int_t)p->sent,
                "received", (json_int_t)p->received, "applied",
                (json_int_t)p->applied, "read", (json_int_t)p->read));
    }
    return list;
}

static json_t *todo_json(const struct verdict *verdict)
{
    json_t *list = json_array();

    for (size_t i = 0; i < verdict->count; i++)
        json_array_append_new(list,
            json_pack("{s:s,s:s,s:s}", "text", verdict->findings[i].text, "who",
                verdict->findings[i].who, "next", verdict->findings[i].next));
    return list;
}

static json_t *page_json(
    const struct survey *survey, const struct verdict *verdict)
{
    const struct survey_school *school = verdict->school;
    const struct report *r = &school->report;
    json_t *page = json_pack("{s:s,s:s,s:b,s:o}", "laestab",
        school->entry->laestab.text, "name", school->entry->name, "reported",
        school->state == SURVEY_GOOD, "todo", todo_json(verdict));

    if (school->state != SURVEY_GOOD)
        return page;
    json_object_set_new(page, "leavers", json_integer((json_int_t)r->leavers));
    json_object_set_new(page, "held", json_integer((json_int_t)r->held));
    json_object_set_new(page, "to", pairs_json(survey, r->out, r->out_count));
    json_object_set_new(page, "from", pairs_json(survey, r->in, r->in_count));
    if (r->has_cohort)
        json_object_set_new(page, "first_contact",
            json_pack("{s:I,s:I}", "pupils", (json_int_t)r->cohort.pupils,
                "contacted", (json_int_t)r->cohort.contacted));
    return page;
}

static json_t *digest_json(struct survey *survey, const struct laestab *only)
{
    const struct verdict_rules rules = {.silent_ms = SPAN_DAY_MS};
    const struct date monday = cells_monday(date_today(survey->now));
    struct verdict *verdicts;
    const size_t count = verdict_schools(&verdicts, survey, &rules);
    json_t *pages = json_array();
    char week[DATE_TEXT_SIZE];

    for (size_t i = 0; i < survey->school_count; i++)
        for (size_t k = 0; k < count; k++) {
            const struct directory_school *entry = verdicts[k].school->entry;

            if (verdicts[k].school == &survey->schools[i] &&
                entry->status == MEMBER_ACTIVE &&
                (only == NULL || laestab_equal(only, &entry->laestab)))
                json_array_append_new(pages, page_json(survey, &verdicts[k]));
        }
    return json_pack("{s:s,s:s,s:o}", "week", date_format(monday, week),
        "cluster", members_content(survey->members)->cluster, "pages", pages);
}

/* --- text --- */

static void pair_lines(struct output *output, const json_t *pairs, bool out)
{
    for (size_t i = 0; i < json_array_size(pairs); i++) {
        const json_t *p = json_array_get(pairs, i);

        if (out)
            output_line(output, OUTPUT_PLAIN,
                "  %-34.34s %4lld sent  %4lld arrived  %4lld read",
                said_text(p, "name"), (long long)said_number(p, "sent"),
                (long long)said_number(p, "applied"),
                (long long)said_number(p, "read"));
        else
            output_line(output, OUTPUT_PLAIN,
                "  %-34.34s %4lld records         %4lld read",
                said_text(p, "name"), (long long)said_number(p, "leavers"),
                (long long)said_number(p, "read"));
    }
}

static void our_leavers(struct output *output, const json_t *page)
{
    const json_int_t leavers = said_number(page, "leavers");
    const json_int_t held = said_number(page, "held");
    char text[PLAIN_SIZE];

    if (leavers == 0)
        return;
    output_gap(output);
    output_line(output, OUTPUT_HEADING, "Our leavers: %s%s",
        plain_count((long long)leavers, "child", "children", text),
        held > 0 ? "" : ", none held back");
    if (held > 0)
        output_line(output, OUTPUT_WARN,
            "  %lld cannot be sent yet: moveup leavers check says what is "
            "missing",
            (long long)held);
    pair_lines(output, json_object_get(page, "to"), true);
}

static void our_starters(struct output *output, const json_t *page)
{
    const json_t *from = json_object_get(page, "from");
    const json_t *contact = json_object_get(page, "first_contact");
    const json_int_t pupils = said_number(contact, "pupils");
    const json_int_t contacted = said_number(contact, "contacted");

    if (json_array_size(from) == 0)
        return;
    output_gap(output);
    output_line(
        output, OUTPUT_HEADING, "Records that came to us, by primary school");
    pair_lines(output, from, false);
    if (pupils == 0)
        return;
    output_gap(output);
    output_line(output, OUTPUT_PLAIN,
        "First contact: %lld of %lld families (%lld%%)", (long long)contacted,
        (long long)pupils, (long long)(contacted * 100 / pupils));
    output_wrap(output, "  ", MEASURES_DEFINITION);
}

static void what_to_do(struct output *output, const json_t *todo)
{
    output_gap(output);
    output_line(output, OUTPUT_HEADING, "%s",
        json_array_size(todo) == 0 ? "Nothing needs anybody this week."
                                   : "What needs somebody");
    for (size_t i = 0; i < json_array_size(todo); i++) {
        const json_t *one = json_array_get(todo, i);
        char first[120];

        output_wrap(output, "  ", said_text(one, "text"));
        snprintf(first, sizeof first, "  -> %s: ", said_text(one, "who"));
        output_wrap(output, first, said_text(one, "next"));
    }
}

static void render(struct call *call, const json_t *result)
{
    const json_t *pages = json_object_get(result, "pages");
    struct output *output = call->output;
    char week[SAID_DATE_SIZE];

    for (size_t i = 0; i < json_array_size(pages); i++) {
        const json_t *page = json_array_get(pages, i);

        if (i > 0) /* a form feed: a new page when it is printed */
            fputs("\f", output->out);
        output_line(output, OUTPUT_HEADING, "%s (%s)", said_text(page, "name"),
            said_text(page, "laestab"));
        output_line(output, OUTPUT_PLAIN,
            "To the head teacher: Year 6 to Year 7 in %s, week of %s",
            said_text(result, "cluster"), said_date(result, "week", week));
        our_leavers(output, page);
        our_starters(output, page);
        what_to_do(output, json_object_get(page, "todo"));
        output_gap(output);
    }
}

int do_digest_show(struct call *call)
{
    SCOPED(overview_close) struct overview o = {.authority = NULL};
    const char *school = call_option(call, "school");
    struct laestab only;
    int code;

    if (!call_flag(call, "week"))
        return call_usage(call, "the digest is of a week: give --week");
    if (school != NULL && laestab_parse(&only, school, NULL) < 0)
        return call_usage(
            call, "%.40s is not a LAESTAB (seven digits)", school);
    code = overview_open(&o, call);
    if (code == CALL_DONE && school != NULL &&
        survey_school(&o.survey, &only) == NULL)
        return call_refuse(call, "there is no such school in the cluster",
            "moveup cluster list --dir DIR");
    return code == CALL_DONE
               ? call_show(call,
                     digest_json(&o.survey, school == NULL ? NULL : &only),
                     render)
               : code;
}
