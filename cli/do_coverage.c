#include "cli/do_coverage.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/plain.h"
#include "cli/said.h"

/* --- coverage --- */

static double figure(const json_t *result, const char *name)
{
    return json_number_value(json_object_get(result, name));
}

static void counted(struct output *output, const json_t *result)
{
    const json_int_t pupils = said_number(result, "pupils");
    const json_int_t contacted = said_number(result, "contacted");
    char text[PLAIN_SIZE];
    char due[SAID_DATE_SIZE];

    output_line(output, OUTPUT_HEADING,
        "%s to start; speak with every family by %s.",
        plain_count((long long)pupils, "pupil", "pupils", text),
        said_date(result, "deadline", due));
    output_line(output, OUTPUT_PLAIN, "contacted %lld (%lld%%), %lld to go",
        (long long)contacted, (long long)(contacted * 100 / pupils),
        (long long)said_number(result, "to_go"));
    if (said_number(result, "started") > 0)
        output_line(output, OUTPUT_PLAIN,
            "of %lld who have started, %lld were contacted before; %lld only "
            "afterwards",
            (long long)said_number(result, "started"),
            (long long)said_number(result, "contacted_at_entry"),
            (long long)said_number(result, "late"));
}

static void expected(struct output *output, const json_t *result)
{
    char day[SAID_DATE_SIZE];
    char until[SAID_DATE_SIZE];
    SCOPED(mem_freep) char *line = NULL;
    SCOPED(mem_freep) char *end = NULL;

    if (said_number(result, "to_go") == 0)
        return;
    said_date(result, "work_until", until);
    said_date(result, "done_by", day);
    end = day[0] == '\0' ? mem_format("no forecast: nobody was reached in the "
                                      "last five working days")
                         : mem_format("all by %s at the pace of the last five "
                                      "working days, %.1f a day",
                               day, figure(result, "recent_per_day"));
    line = mem_format("%.1f a working day until %s; %s",
        figure(result, "needed_per_day"), until, end);
    output_wrap(output, "needed    ", line);
}

static void blocked(struct output *output, const json_t *counts)
{
    SCOPED(mem_freep) char *line = mem_format("%s", "");
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)counts, key, value)
    {
        char words[PLAIN_SIZE];
        char *longer;

        if (json_integer_value(value) == 0)
            continue;
        longer = mem_format("%s%s%lld %s", line, line[0] == '\0' ? "" : " · ",
            (long long)json_integer_value(value), plain_blocked(key, words));
        mem_freep(&line);
        line = longer;
    }
    output_wrap(output, "blocked   ", line[0] == '\0' ? "nobody" : line);
}

static void render_coverage(struct call *call, const json_t *result)
{
    struct output *output = call->output;

    if (said_number(result, "pupils") == 0) {
        output_line(output, OUTPUT_PLAIN, "No pupils are expected yet.");
        output_next(
            output, "their primary schools send the records: moveup peers");
        return;
    }
    counted(output, result);
    expected(output, result);
    blocked(output, json_object_get(result, "blocked"));
    output_gap(output);
    output_wrap(output, "", said_text(result, "definition"));
    output_next(output, said_number(result, "to_go") > 0
                            ? "moveup list shows whom to call"
                            : "moveup list --all shows what is still open");
}

int do_coverage_show(struct call *call)
{
    return call_agent(call, "coverage", json_object(), render_coverage);
}

/* --- dates --- */

/* "closed  22 Jul 2027 to 1 Sep 2027", and the next bank holiday. */
static void closed_lines(struct output *output, const json_t *result)
{
    const json_t *closed = json_object_get(result, "closed");
    const json_t *holidays = json_object_get(result, "bank_holidays");
    char first[SAID_DATE_SIZE];
    char last[SAID_DATE_SIZE];
    json_t *next;

    for (size_t i = 0; i < json_array_size(closed); i++) {
        const json_t *one = json_array_get(closed, i);

        said_date(one, "first", first);
        said_date(one, "last", last);
        if (strcmp(first, last) == 0)
            output_line(output, OUTPUT_PLAIN, "%-15s %s", "closed", first);
        else
            output_line(
                output, OUTPUT_PLAIN, "%-15s %s to %s", "closed", first, last);
    }
    if (json_array_size(holidays) == 0)
        return;
    next = json_pack("{s:O}", "day", json_array_get(holidays, 0));
    output_line(output, OUTPUT_PLAIN, "%-15s %-13s %s", "bank holiday",
        said_date(next, "day", first), "the next one, known by rule");
    json_decref(next);
}

static void render_dates(struct call *call, const json_t *result)
{
    const json_t *dates = json_object_get(result, "dates");
    char lacking[PLAIN_SIZE] = "";

    for (size_t i = 0; i < json_array_size(dates); i++) {
        const json_t *one = json_array_get(dates, i);
        char day[SAID_DATE_SIZE];

        said_date(one, "date", day);
        if (day[0] == '\0' && lacking[0] == '\0')
            snprintf(lacking, sizeof lacking, "moveup dates set %.40s DATE",
                said_text(one, "key"));
        output_line(call->output, OUTPUT_PLAIN, "%-15s %-13s %s",
            said_text(one, "key"), day[0] == '\0' ? "not set" : day,
            said_text(one, "text"));
    }
    closed_lines(call->output, result);
    output_next(call->output, lacking[0] == '\0' ? "moveup coverage" : lacking);
}

int do_coverage_dates_set(struct call *call)
{
    return call_agent(call, "dates.set",
        json_pack("{s:s,s:s}", "key", call->words[0], "date", call->words[1]),
        render_dates);
}

int do_coverage_dates_list(struct call *call)
{
    return call_agent(call, "dates.list", json_object(), render_dates);
}
