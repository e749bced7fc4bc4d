#include "cli/do_health.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/office.h"
#include "cli/overview.h"
#include "cli/plain.h"
#include "cli/render_health.h"
#include "cli/span.h"
#include "cli/verdict.h"
#include "trust/authority.h"
#include "trust/words.h"

/* What monitoring plugins end with. */
enum { MONITOR_OK, MONITOR_WARNING, MONITOR_CRITICAL, MONITOR_UNKNOWN };

static json_t *findings_json(const struct verdict *verdict)
{
    json_t *list = json_array();

    for (size_t i = 0; i < verdict->count; i++) {
        const struct verdict_finding *f = &verdict->findings[i];

        json_array_append_new(
            list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "code", f->code, "level",
                      verdict_word(f->level), "text", f->text, "who", f->who,
                      "next", f->next));
    }
    return list;
}

static json_t *reasons_json(const struct verdict *verdict)
{
    json_t *list = json_array();

    for (size_t i = 0; i < verdict->count; i++)
        json_array_append_new(list, json_string(verdict->findings[i].code));
    return list;
}

static uint64_t quarantined(const struct report *report)
{
    uint64_t count = 0;

    for (size_t i = 0; i < report->quarantine_count; i++)
        count += report->quarantine[i].count;
    return count;
}

static json_t *school_json(
    const struct survey *survey, const struct verdict *verdict)
{
    const struct survey_school *school = verdict->school;
    const struct directory_school *entry = school->entry;
    const wall expiry = members_expiry(survey->members, &entry->laestab);
    const bool good = school->state == SURVEY_GOOD;
    const struct report *r = &school->report;
    json_t *one =
        json_pack("{s:s,s:s,s:s,s:s,s:s}", "laestab", entry->laestab.text,
            "name", entry->name, "phase", words_phase(entry->phase), "status",
            words_status(entry->status), "level", verdict_word(verdict->level));

    json_object_set_new(one, "last_report_s",
        good ? overview_age(school->at, survey->now) : json_null());
    json_object_set_new(
        one, "version", good ? json_string(r->software) : json_null());
    json_object_set_new(one, "queued",
        good ? json_integer((json_int_t)r->queued) : json_null());
    json_object_set_new(one, "oldest_unreceipted_s",
        good ? overview_age(r->oldest_unreceipted, survey->now) : json_null());
    json_object_set_new(one, "quarantined",
        good ? json_integer((json_int_t)quarantined(r)) : json_null());
    json_object_set_new(one, "skew_ms",
        good && r->skew_known ? json_integer(r->skew_ms) : json_null());
    json_object_set_new(one, "certificate_days_left",
        expiry.ms == 0
            ? json_null()
            : json_integer(office_days_left(survey->now.ms, expiry.ms)));
    json_object_set_new(one, "reasons", reasons_json(verdict));
    json_object_set_new(one, "findings", findings_json(verdict));
    return one;
}

/* Sums of the schools whose report is here. */
struct sums {
    json_int_t schools, silent, leavers, sent, applied, read, contacted, pupils;
};

static void add_school(struct sums *sums, const struct survey_school *school)
{
    const struct report *r = &school->report;

    if (school->state != SURVEY_GOOD)
        return;
    sums->leavers += (json_int_t)r->leavers;
    for (size_t i = 0; i < r->out_count; i++) {
        sums->sent += (json_int_t)r->out[i].sent;
        sums->applied += (json_int_t)r->out[i].applied;
        sums->read += (json_int_t)r->out[i].read;
    }
    if (!r->has_cohort)
        return;
    sums->pupils += (json_int_t)r->cohort.pupils;
    sums->contacted += (json_int_t)r->cohort.contacted;
}

static bool is_silent(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->findings[i].code, "silent") == 0)
            return true;
    return false;
}

static json_t *totals_json(const struct verdict *verdicts, size_t count)
{
    struct sums sums = {.schools = 0};

    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].school->entry->status != MEMBER_ACTIVE)
            continue;
        sums.schools++;
        sums.silent += is_silent(&verdicts[i]);
        add_school(&sums, verdicts[i].school);
    }
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "schools",
        sums.schools, "silent", sums.silent, "leavers", sums.leavers, "sent",
        sums.sent, "applied", sums.applied, "read", sums.read, "pupils",
        sums.pupils, "contacted", sums.contacted);
}

static json_t *hubs_json(const struct survey *survey)
{
    json_t *list = json_array();

    for (size_t i = 0; i < survey->hub_count; i++) {
        const struct survey_hub *hub = &survey->hubs[i];

        json_array_append_new(
            list, json_pack("{s:s,s:s,s:b,s:s,s:s,s:I,s:I,s:I}", "endpoint",
                      hub->entry->endpoint, "name", hub->entry->name,
                      "answered", hub->answered, "text", hub->text, "version",
                      hub->software, "directory", (json_int_t)hub->directory,
                      "skew_ms", (json_int_t)hub->skew_ms, "disk_free_mib",
                      (json_int_t)hub->disk_free_mib));
    }
    return list;
}

static json_t *health_json(enum verdict_level *level, struct survey *survey,
    const struct verdict_rules *rules)
{
    const struct directory_content *directory =
        members_content(survey->members);
    struct verdict *verdicts;
    struct verdict hubs;
    const size_t count = verdict_schools(&verdicts, survey, rules);
    json_t *schools = json_array();
    char now[CLOCK_TEXT_SIZE];

    verdict_hubs(&hubs, survey);
    *level = hubs.level;
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(schools, school_json(survey, &verdicts[i]));
        if (verdicts[i].level > *level)
            *level = verdicts[i].level;
    }
    return json_pack("{s:s,s:s,s:s,s:I,s:o,s:o,s:o,s:o}", "level",
        verdict_word(*level), "cluster", directory->cluster, "at",
        clock_format(survey->now, now), "directory",
        (json_int_t)directory->version, "schools", schools, "hubs",
        hubs_json(survey), "findings", findings_json(&hubs), "totals",
        totals_json(verdicts, count));
}

/* Whatever keeps us from knowing has been said on standard error. */
static int unknown(struct call *call, const char *why)
{
    json_t *result = json_pack("{s:s,s:s}", "level", "unknown", "text", why);

    call_show(call, result, render_health_unknown);
    return MONITOR_UNKNOWN;
}

int do_health_show(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    SCOPED(survey_free) struct survey survey = {.members = NULL};
    struct verdict_rules rules = {.silent_ms = SPAN_DAY_MS};
    enum verdict_level level;
    json_t *result;

    if (span_option(&rules.silent_ms, call, "silent") != CALL_DONE)
        return unknown(call, "the command was mistyped");
    if (office_open(&authority, call, false) != CALL_DONE)
        return unknown(call, "the authority's folder cannot be used");
    if (survey_take(&survey, call, authority) != CALL_DONE)
        return unknown(call, "no hub answers");
    result = health_json(&level, &survey, &rules);
    call_show(call, result, render_health_screen);
    return (int)level;
}
