/*
 * verdict - what is the matter with each school, who must act and what to do:
 * pure judgement of a survey.
 *
 *   what                                       warning      critical
 *   no report                                  1/4 of       [--silent, 24 h]
 *   certificates end in                        30 days      7 days
 *   clock off by                               1 min        10 min
 *   a restriction or recall is not confirmed   4 h          24 h
 *   mail for it is not received                24 h         72 h
 *   mail is received and not applied           48 h         96 h
 *   a record is applied and nobody read it     10 school    20 school days
 *   free disk under                            1 GiB        256 MiB
 *   last backup older than (or none)           7 days       -
 *   quarantine, refused letters, requests overdue, an old version, directory
 *   older than a day, senseless messages, too many connections, a revoked
 *   school that still comes: a warning; a signature that is not its own, too
 *   old a protocol: critical
 *
 * School days are Monday to Friday: holidays are not known here.
 */
#ifndef CLI_VERDICT_H
#define CLI_VERDICT_H

#include "cli/survey.h"

enum verdict_level { VERDICT_OK, VERDICT_WARNING, VERDICT_CRITICAL };

struct verdict_finding {
    enum verdict_level level;
    const char *code; /* "silent", for programs */
    char *text;       /* what is wrong */
    char *who;        /* must act */
    const char *next; /* what to do */
};

#define VERDICT_MAX_FINDINGS 24

struct verdict {
    const struct survey_school *school;
    enum verdict_level level; /* the worst finding's */
    struct verdict_finding findings[VERDICT_MAX_FINDINGS]; /* worst first */
    size_t count;
};

struct verdict_rules {
    int64_t silent_ms; /* no report for so long is critical */
};

/** "ok", "warning", "critical". */
const char *verdict_word(enum verdict_level level);

/** The verdict of every school that is active, or revoked and still coming;
 * worst first.  In the survey's arena.  Returns how many. */
size_t verdict_schools(struct verdict **out, struct survey *survey,
    const struct verdict_rules *rules);

/** Of the hubs, as if they were one school (school is NULL). */
void verdict_hubs(struct verdict *out, struct survey *survey);

/** School days between two times. */
unsigned verdict_school_days(wall from, wall to);

/** Is version a lower than b, number by number ("0.9" < "0.10")? */
bool verdict_is_older(const char *a, const char *b);

#endif
