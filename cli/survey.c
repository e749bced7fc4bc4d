#include "cli/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "crypto/seal.h"
#include "trust/authority.h"

#define MAX_PAGES 1000

static int by_laestab(const void *a, const void *b)
{
    const struct survey_school *left = a;
    const struct survey_school *right = b;

    return strcmp(left->entry->laestab.text, right->entry->laestab.text);
}

void survey_init(struct survey *out, const struct members *members, wall now)
{
    const struct directory_content *content = members_content(members);

    *out = (struct survey){.members = members, .now = now};
    out->school_count = content->school_count;
    out->schools = arena_take(
        &out->arena, (content->school_count + 1) * sizeof *out->schools);
    for (size_t i = 0; i < content->school_count; i++)
        out->schools[i].entry = &content->schools[i];
    qsort(out->schools, out->school_count, sizeof *out->schools, by_laestab);
    out->hubs =
        arena_take(&out->arena, (content->hub_count + 1) * sizeof *out->hubs);
    for (size_t i = 0; i < content->hub_count; i++)
        if (content->hubs[i].status == MEMBER_ACTIVE)
            out->hubs[out->hub_count++].entry = &content->hubs[i];
}

static struct survey_school *find(
    const struct survey *survey, const struct laestab *laestab)
{
    size_t low = 0;
    size_t high = survey->school_count;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        const int order =
            strcmp(survey->schools[mid].entry->laestab.text, laestab->text);

        if (order == 0)
            return &survey->schools[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const struct survey_school *survey_school(
    const struct survey *survey, const struct laestab *laestab)
{
    return find(survey, laestab);
}

const char *survey_name(
    const struct survey *survey, const struct laestab *laestab)
{
    const struct survey_school *school = find(survey, laestab);

    return school == NULL ? laestab->text : school->entry->name;
}

/* --- one report --- */

/* Whose signature is it?  Adds the content. */
static bool is_its_own(struct buf *content, const struct survey *survey,
    const struct survey_school *school, struct bytes signed_report)
{
    struct cert *cert;

    for (size_t i = 0; (cert = members_sign_cert(survey->members,
                            &school->entry->laestab, i)) != NULL;
         i++)
        if (seal_verify(content, NULL, signed_report, cert, NULL) == 0)
            return true;
    return false;
}

wall survey_earlier(wall a, wall b)
{
    return a.ms == 0 || (b.ms != 0 && b.ms < a.ms) ? b : a;
}

static wall later(wall a, wall b)
{
    return a.ms > b.ms ? a : b;
}

static enum survey_state open_report(struct report *out, struct survey *survey,
    const struct survey_school *school, struct bytes signed_report)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;

    if (!is_its_own(&content, survey, school, signed_report))
        return SURVEY_FORGED;
    if (report_decode(out, buf_bytes(&content), &survey->arena, NULL) < 0)
        return SURVEY_UNREADABLE;
    return laestab_equal(&out->school, &school->entry->laestab) ? SURVEY_GOOD
                                                                : SURVEY_FORGED;
}

/* A worse report does not take the place of a better one, nor an older of a
 * newer. */
static void add_report(struct survey *survey, struct survey_school *school,
    const char *endpoint, const struct hubreport_school *from)
{
    struct report report;
    enum survey_state state;
    wall at = from->reported;

    if (from->report.len == 0 || school->entry->status != MEMBER_ACTIVE)
        return;
    state = open_report(&report, survey, school, from->report);
    if (state == SURVEY_GOOD)
        at = survey_earlier(at, (wall){report.at.ms + report.skew_ms});
    if (school->state == SURVEY_GOOD &&
        (state != SURVEY_GOOD || at.ms <= school->at.ms))
        return;
    school->state = state;
    school->at = at;
    school->hub = endpoint;
    if (state == SURVEY_GOOD)
        school->report = report;
}

void survey_add(
    struct survey *survey, const char *endpoint, const struct hubreport *report)
{
    for (size_t i = 0; i < report->school_count; i++) {
        const struct hubreport_school *from = &report->schools[i];
        struct survey_school *school = find(survey, &from->school);

        if (school == NULL)
            continue;
        school->heard = later(school->heard, from->heard);
        school->waiting += from->waiting;
        school->oldest = survey_earlier(school->oldest, from->oldest);
        school->turned_away += from->turned_away;
        school->turned_away_at =
            later(school->turned_away_at, from->turned_away_at);
        school->complaints += from->complaints;
        school->crowded += from->crowded;
        add_report(survey, school, endpoint, from);
    }
}

/* --- asking --- */

static int ask_page(struct hubreport *out, struct survey *survey,
    const struct survey_hub *hub, const struct authority *authority,
    const struct laestab *after, struct err *err)
{
    const struct hubtalk ask = {.kind = HUBTALK_REPORTS, .after = *after};
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    uint8_t *kept;
    int rc = hubcall_ask(
        &body, hub->entry, authority, &ask, HUBTALK_REPORTS_ARE, err);

    if (rc < 0)
        return rc;
    kept = arena_take(&survey->arena, body.len + 1);
    if (body.len > 0)
        memcpy(kept, body.data, body.len);
    return hubreport_decode(
        out, (struct bytes){kept, body.len}, &survey->arena, err);
}

/* Page by page; a hub that gives the same again would never end. */
static int ask_hub(struct survey *survey, struct survey_hub *hub,
    const struct authority *authority, struct err *err)
{
    struct laestab after = {""};

    for (int page = 0; page < MAX_PAGES; page++) {
        struct hubreport report;
        int rc = ask_page(&report, survey, hub, authority, &after, err);

        if (rc < 0)
            return rc;
        hub->directory = report.directory;
        hub->disk_free_mib = report.disk_free_mib;
        hub->skew_ms = report.time.ms - clock_wall().ms;
        memcpy(hub->software, report.software, sizeof hub->software);
        survey_add(survey, hub->entry->endpoint, &report);
        if (!report.more || report.school_count == 0)
            return 0;
        if (strcmp(report.schools[report.school_count - 1].school.text,
                after.text) <= 0)
            break;
        after = report.schools[report.school_count - 1].school;
    }
    return err_set(err, ERR_MALFORMED, "the hub's answer does not end");
}

static int nobody_answers(struct call *call, const struct survey *survey)
{
    char text[400];

    if (survey->hub_count == 0)
        return call_refuse(call, "no hub is enrolled in this cluster",
            "On the hub's machine: moveup enrol --hub tcp://HOST:PORT ...");
    snprintf(text, sizeof text, "no hub answers: %s: %s",
        survey->hubs[0].entry->endpoint, survey->hubs[0].text);
    call_refuse(call, text,
        "See that the hub runs (systemctl status moveup-hub) and that this "
        "machine reaches its port");
    return CALL_NO_AGENT;
}

int survey_take(
    struct survey *out, struct call *call, const struct authority *authority)
{
    survey_init(out, authority_members(authority), call->output->now);
    for (size_t i = 0; i < out->hub_count; i++) {
        struct survey_hub *hub = &out->hubs[i];
        struct err err = {.text = ""};

        hub->answered = ask_hub(out, hub, authority, &err) == 0;
        out->answered += hub->answered;
        snprintf(hub->text, sizeof hub->text, "%s",
            hubcall_without(hub->entry->endpoint, err.text));
    }
    return out->answered > 0 ? CALL_DONE : nobody_answers(call, out);
}

void survey_free(struct survey *survey)
{
    arena_free(&survey->arena);
}
