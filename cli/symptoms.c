#include "cli/symptoms.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/judge.h"
#include "cli/said.h"
#include "cli/span.h"

#define CERT_WARN_DAYS 30
#define CERT_CRITICAL_DAYS 7
#define BACKUP_WARN_MS (7 * SPAN_DAY_MS)
#define READ_WARN_DAYS 10
#define READ_CRITICAL_DAYS 20
#define DIRECTORY_WARN_MS SPAN_DAY_MS
#define COMPLAINTS_WARN 100
#define CROWDED_WARN 10

/* A hub has no report of it. */
static void judge_unheard(struct judging *j)
{
    const struct survey_school *s = j->verdict->school;
    const int64_t age = judge_since(j, s->entry->status_since);
    const enum verdict_level level =
        age >= j->rules->silent_ms ? VERDICT_CRITICAL : VERDICT_WARNING;
    char text[SAID_AGE_SIZE];

    if (s->heard.ms != 0)
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "old-version",
                JUDGE_TECHNICIAN, "Install the newest Moveup there"},
            "Was heard %s ago, and its agent is too old to report",
            clock_age(judge_since(j, s->heard), text, sizeof text));
    else
        judge_find(j,
            &(struct judge_finding){level, "silent", JUDGE_TECHNICIAN,
                "Start its agent: systemctl enable --now moveup-agent"},
            "Enrolled %s ago and never reported",
            clock_age(age, text, sizeof text));
}

static void judge_silence(struct judging *j)
{
    const int64_t age = judge_since(j, j->verdict->school->at);
    char text[SAID_AGE_SIZE];

    judge_find(j,
        &(struct judge_finding){
            judge_grade(age, j->rules->silent_ms / 4, j->rules->silent_ms),
            "silent", JUDGE_TECHNICIAN,
            "See that the agent runs and reaches the hub: systemctl status "
            "moveup-agent, moveup doctor"},
        "Not heard for %s", clock_age(age, text, sizeof text));
}

static void judge_certificate(struct judging *j)
{
    const struct survey *survey = j->survey;
    const wall expiry =
        members_expiry(survey->members, &j->verdict->school->entry->laestab);
    const int64_t left = expiry.ms - survey->now.ms;
    const struct judge_finding found = {
        left <= CERT_CRITICAL_DAYS * SPAN_DAY_MS ? VERDICT_CRITICAL
        : left <= CERT_WARN_DAYS * SPAN_DAY_MS   ? VERDICT_WARNING
                                                 : VERDICT_OK,
        "certificate", "its technician, then you",
        "The school: moveup keys rotate; you: moveup cluster publish --renew"};
    char text[SAID_AGE_SIZE];

    if (expiry.ms == 0)
        return;
    if (left <= 0)
        judge_find(j, &found, "Its certificates have expired");
    else
        judge_find(j, &found, "Certificates end in %s",
            clock_age(left, text, sizeof text));
}

static void judge_clock(struct judging *j, const struct report *r)
{
    const int64_t off = llabs(r->skew_ms);
    char text[SAID_AGE_SIZE];

    judge_find(j,
        &(struct judge_finding){
            judge_grade(off, JUDGE_SKEW_WARN_MS, JUDGE_SKEW_CRITICAL_MS),
            "clock", JUDGE_TECHNICIAN,
            "Turn on network time: timedatectl set-ntp true"},
        "Its clock is %s %s", clock_age(off, text, sizeof text),
        r->skew_ms > 0 ? "slow" : "fast");
}

static void judge_version(struct judging *j, const struct report *r)
{
    const struct directory_content *directory =
        members_content(j->survey->members);
    /* when it reported, not now: one that is silent cannot know */
    const int64_t age = j->verdict->school->at.ms - directory->issued.ms;
    const bool behind = r->directory < directory->version;

    if (r->protocol < directory->minimum_protocol)
        judge_find(j,
            &(struct judge_finding){VERDICT_CRITICAL, "old-protocol",
                JUDGE_TECHNICIAN, "Install the newest Moveup there"},
            "Speaks protocol %" PRIu32 "; the cluster demands %" PRIu32,
            r->protocol, directory->minimum_protocol);
    else if (verdict_is_older(r->software, MOVEUP_VERSION))
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "old-version",
                JUDGE_TECHNICIAN, "Install the newest Moveup there"},
            "Runs version %s; this is " MOVEUP_VERSION, r->software);
    judge_find(j,
        &(struct judge_finding){
            behind ? judge_grade(age, DIRECTORY_WARN_MS, 0) : VERDICT_OK,
            "old-directory", JUDGE_YOU, "moveup cluster publish"},
        "Uses directory %" PRIu64 " of %" PRIu64, r->directory,
        directory->version);
}

static void judge_machine(struct judging *j, const struct report *r)
{
    const int64_t backup = judge_since(j, r->backup_at);
    char text[SAID_AGE_SIZE];

    judge_find(j,
        &(struct judge_finding){judge_disk(r->disk_free_mib), "disk",
            JUDGE_TECHNICIAN, "Make room on the disk of the agent's folder"},
        "Only %" PRIu64 " MiB of disk are free", r->disk_free_mib);
    if (r->backup_at.ms == 0 && (r->leavers > 0 || r->in_count > 0))
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "backup", JUDGE_TECHNICIAN,
                "moveup backup FILE, from a timer"},
            "Has no backup");
    else
        judge_find(j,
            &(struct judge_finding){judge_grade(backup, BACKUP_WARN_MS, 0),
                "backup", JUDGE_TECHNICIAN, "moveup backup FILE, from a timer"},
            "Its last backup is %s old", clock_age(backup, text, sizeof text));
}

/* "bad-signature 2, not-ours 1" */
static void reasons_of(char *out, size_t size, const struct report *r)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < r->quarantine_count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s %" PRIu64,
            i == 0 ? "" : ", ", reason_code(r->quarantine[i].reason),
            r->quarantine[i].count);
}

static void judge_mail(struct judging *j, const struct report *r)
{
    const int64_t overdue = judge_since(j, r->asked_due);
    char text[200];

    reasons_of(text, sizeof text, r);
    if (r->quarantine_count > 0)
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "quarantine", "its office",
                "moveup quarantine list says what to do with each"},
            "Letters in quarantine: %s", text);
    if (r->refused > 0)
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "refused", "its office",
                "moveup queue says why"},
            "%" PRIu64 " of its letters were refused", r->refused);
    if (r->asked > 0 && overdue > 0)
        judge_find(j,
            &(struct judge_finding){
                VERDICT_WARNING, "requests", "its office", "moveup inbox"},
            "%" PRIu64 " requests of other schools are open, one overdue by %s",
            r->asked, clock_age(overdue, text, sizeof text));
}

static void judge_reading(struct judging *j, const struct report *r)
{
    uint64_t records = 0, read = 0;
    wall oldest = {0};
    unsigned days;

    for (size_t i = 0; i < r->in_count; i++) {
        const wall unread = r->in[i].unread;

        records += r->in[i].leavers;
        read += r->in[i].read;
        if (oldest.ms == 0 || (unread.ms != 0 && unread.ms < oldest.ms))
            oldest = unread;
    }
    days = verdict_school_days(oldest, j->survey->now);
    judge_find(j,
        &(struct judge_finding){
            judge_grade(days, READ_WARN_DAYS, READ_CRITICAL_DAYS), "unread",
            "its transition lead", "moveup list --why, then moveup read UPN"},
        "%" PRIu64 " records, %" PRIu64 " read; one has waited %u school days",
        records, read, days);
}

/* What others sent to this school, as they report it: it is this one that has
 * to do something. */
static void judge_arrival(struct judging *j)
{
    const struct survey *survey = j->survey;
    wall unreceived = {0}, unapplied = {0};
    char text[SAID_AGE_SIZE];

    for (size_t i = 0; i < survey->school_count; i++) {
        const struct survey_school *author = &survey->schools[i];

        if (author->state != SURVEY_GOOD)
            continue;
        for (size_t k = 0; k < author->report.out_count; k++) {
            const struct report_pair *pair = &author->report.out[k];

            if (!laestab_equal(
                    &pair->school, &j->verdict->school->entry->laestab))
                continue;
            unreceived = survey_earlier(unreceived, pair->unreceived);
            unapplied = survey_earlier(unapplied, pair->unapplied);
        }
    }
    judge_find(j,
        &(struct judge_finding){judge_grade(judge_since(j, unreceived),
                                    24 * SPAN_HOUR_MS, 72 * SPAN_HOUR_MS),
            "unreceived", JUDGE_TECHNICIAN,
            "See that the agent runs and reaches the hub: moveup doctor"},
        "Mail for it is not received, the oldest for %s",
        clock_age(judge_since(j, unreceived), text, sizeof text));
    if (unreceived.ms == unapplied.ms)
        return;
    judge_find(j,
        &(struct judge_finding){judge_grade(judge_since(j, unapplied),
                                    48 * SPAN_HOUR_MS, 96 * SPAN_HOUR_MS),
            "unapplied", JUDGE_TECHNICIAN,
            "moveup quarantine list; moveup doctor"},
        "Mail for it is received and not applied, the oldest for %s",
        clock_age(judge_since(j, unapplied), text, sizeof text));
}

/* A restriction that the other school does not know of is dangerous, so it is
 * said of each pair. */
static void judge_urgent(struct judging *j, const struct report *r)
{
    for (size_t i = 0; i < r->out_count; i++) {
        const struct report_pair *pair = &r->out[i];
        const int64_t age = judge_since(j, pair->urgent);
        const char *name = survey_name(j->survey, &pair->school);
        char text[SAID_AGE_SIZE], who[200];

        snprintf(who, sizeof who, "%s and this school", name);
        judge_find(j,
            &(struct judge_finding){
                judge_grade(age, 4 * SPAN_HOUR_MS, 24 * SPAN_HOUR_MS), "urgent",
                who,
                "Ring them: they may not know of it; their agent: moveup "
                "doctor, quarantine list"},
            "A restriction or recall is not confirmed by %s for %s", name,
            clock_age(age, text, sizeof text));
    }
}

static void judge_conduct(struct judging *j)
{
    const struct survey_school *s = j->verdict->school;

    judge_find(j,
        &(struct judge_finding){
            judge_grade((int64_t)s->complaints, COMPLAINTS_WARN, 0),
            "senseless", JUDGE_TECHNICIAN,
            "Update its agent; if that does not help, moveup cluster revoke"},
        "Sent %" PRIu64 " senseless messages since the hub was started",
        s->complaints);
    judge_find(j,
        &(struct judge_finding){
            judge_grade((int64_t)s->crowded, CROWDED_WARN, 0), "connections",
            JUDGE_TECHNICIAN,
            "Look for a second agent or a script with this school's keys; if "
            "nobody knows of one, moveup cluster revoke"},
        "Had %" PRIu64 " connections too many since the hub was started",
        s->crowded);
}

static void judge_report(struct judging *j)
{
    const struct report *r = &j->verdict->school->report;

    judge_urgent(j, r);
    judge_clock(j, r);
    judge_version(j, r);
    judge_mail(j, r);
    judge_reading(j, r);
    judge_machine(j, r);
}

static void judge_active(struct judging *j)
{
    const struct survey_school *s = j->verdict->school;
    const char *hub = s->hub == NULL ? "" : s->hub;

    if (s->state == SURVEY_FORGED)
        judge_find(j,
            &(struct judge_finding){VERDICT_CRITICAL, "forged", JUDGE_YOU,
                "Ring the school; if it enrolled anew it must join and "
                "restart; else somebody lies at that hub"},
            "The report that %s gave is not signed with its key", hub);
    else if (s->state == SURVEY_UNREADABLE)
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "unreadable", JUDGE_YOU,
                "Install the newest Moveup here"},
            "Its report is of a version that cannot be read here");
    else if (s->state == SURVEY_SILENT)
        judge_unheard(j);
    else
        judge_silence(j);
    judge_certificate(j);
    judge_arrival(j);
    if (s->state == SURVEY_GOOD)
        judge_report(j);
    judge_conduct(j);
}

static void judge_gone(struct judging *j)
{
    const struct survey_school *s = j->verdict->school;
    char text[SAID_AGE_SIZE];

    if (s->turned_away > 0)
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "revoked",
                JUDGE_TECHNICIAN,
                "Stop the agent there; if the school should be in: moveup "
                "cluster enrol --readmit"},
            "%s, and still comes: turned away %" PRIu64 " times, last %s ago",
            s->entry->status == MEMBER_CLOSED ? "Closed" : "Revoked",
            s->turned_away,
            clock_age(judge_since(j, s->turned_away_at), text, sizeof text));
}

void symptoms_of(struct judging *j)
{
    if (j->verdict->school->entry->status == MEMBER_ACTIVE)
        judge_active(j);
    else
        judge_gone(j);
}
