/*
 * judge - how findings are written down, for verdict.c, symptoms.c and hubs in
 * judge.c itself.
 */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "base/attr.h"
#include "cli/verdict.h"

#define JUDGE_TECHNICIAN "its technician"
#define JUDGE_YOU "you"
#define JUDGE_DISK_WARN_MIB 1024
#define JUDGE_DISK_CRITICAL_MIB 256
#define JUDGE_SKEW_WARN_MS ((int64_t)60 * 1000)
#define JUDGE_SKEW_CRITICAL_MS (10 * JUDGE_SKEW_WARN_MS)

struct judging {
    struct verdict *verdict;
    struct survey *survey;
    const struct verdict_rules *rules;
};

/* next is a constant. */
struct judge_finding {
    enum verdict_level level; /* OK: it is not written down */
    const char *code, *who, *next;
};

void judge_find(struct judging *j, const struct judge_finding *found,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

/** From these limits on; critical 0: never. */
enum verdict_level judge_grade(
    int64_t value, int64_t warning, int64_t critical);

/** Free disk. */
enum verdict_level judge_disk(uint64_t mib);

/** How long ago; 0 for a time that is none. */
int64_t judge_since(const struct judging *j, wall then);

/** What is the matter with a hub. */
void judge_hub(struct judging *j, const struct survey_hub *hub);

#endif
