#include "cli/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/said.h"

#define TEXT_SIZE 300

static char *keep(struct survey *survey, const char *text)
{
    const size_t size = strlen(text) + 1;

    return memcpy(arena_take(&survey->arena, size), text, size);
}

void judge_find(
    struct judging *j, const struct judge_finding *found, const char *fmt, ...)
{
    struct verdict *v = j->verdict;
    char text[TEXT_SIZE];
    va_list args;

    if (found->level == VERDICT_OK || v->count == VERDICT_MAX_FINDINGS)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    v->findings[v->count++] =
        (struct verdict_finding){found->level, found->code,
            keep(j->survey, text), keep(j->survey, found->who), found->next};
    if (found->level > v->level)
        v->level = found->level;
}

enum verdict_level judge_grade(int64_t value, int64_t warning, int64_t critical)
{
    if (critical > 0 && value >= critical)
        return VERDICT_CRITICAL;
    return value >= warning ? VERDICT_WARNING : VERDICT_OK;
}

enum verdict_level judge_disk(uint64_t mib)
{
    if (mib < JUDGE_DISK_CRITICAL_MIB)
        return VERDICT_CRITICAL;
    return mib < JUDGE_DISK_WARN_MIB ? VERDICT_WARNING : VERDICT_OK;
}

int64_t judge_since(const struct judging *j, wall then)
{
    return then.ms == 0 ? 0 : j->survey->now.ms - then.ms;
}

void judge_hub(struct judging *j, const struct survey_hub *hub)
{
    const struct directory_content *directory =
        members_content(j->survey->members);
    const int64_t off = llabs(hub->skew_ms);
    const char *name = hub->entry->name;
    char text[SAID_AGE_SIZE];

    if (!hub->answered) {
        judge_find(j,
            &(struct judge_finding){VERDICT_CRITICAL, "hub-away",
                "who looks after the hub",
                "systemctl status moveup-hub; can this machine reach its "
                "port?"},
            "%s (%s) does not answer: %s", name, hub->entry->endpoint,
            hub->text);
        return;
    }
    judge_find(j,
        &(struct judge_finding){
            judge_grade(off, JUDGE_SKEW_WARN_MS, JUDGE_SKEW_CRITICAL_MS),
            "hub-clock", "who looks after the hub, or you",
            "Turn on network time: timedatectl set-ntp true"},
        "The clocks of %s and of this machine are %s apart", name,
        clock_age(off, text, sizeof text));
    if (hub->directory < directory->version)
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "hub-directory", JUDGE_YOU,
                "moveup cluster publish"},
            "%s has directory %" PRIu64 " of %" PRIu64, name, hub->directory,
            directory->version);
    judge_find(j,
        &(struct judge_finding){judge_disk(hub->disk_free_mib), "hub-disk",
            "who looks after the hub", "Make room on its disk"},
        "Only %" PRIu64 " MiB of disk are free at %s", hub->disk_free_mib,
        name);
    if (verdict_is_older(hub->software, MOVEUP_VERSION))
        judge_find(j,
            &(struct judge_finding){VERDICT_WARNING, "hub-version",
                "who looks after the hub", "Install the newest Moveup there"},
            "%s runs version %s; this is " MOVEUP_VERSION, name, hub->software);
}
