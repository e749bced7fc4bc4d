#include "cli/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "cli/judge.h"
#include "cli/said.h"
#include "cli/span.h"
#include "cli/symptoms.h"
#include "outreach/schooldays.h"

const char *verdict_word(enum verdict_level level)
{
    static const char *const words[] = {"ok", "warning", "critical"};

    return words[level];
}

unsigned verdict_school_days(wall from, wall to)
{
    const int32_t last = date_day_number(date_today(to));
    static const struct schooldays never = {.count = 0};
    unsigned days = 0;

    if (from.ms == 0)
        return 0;
    for (int32_t day = date_day_number(date_today(from)) + 1;
         day <= last && days < 1000; day++)
        days += schooldays_is_open(&never, date_from_day_number(day));
    return days;
}

bool verdict_is_older(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        char *end_a, *end_b;
        const unsigned long left = strtoul(a, &end_a, 10);
        const unsigned long right = strtoul(b, &end_b, 10);

        if (left != right)
            return left < right;
        if (end_a == a || end_b == b)
            return false; /* no number: not comparable */
        a = *end_a == '.' ? end_a + 1 : end_a;
        b = *end_b == '.' ? end_b + 1 : end_b;
    }
    return false;
}

/* Stable: findings come in the order of their weight. */
static void sort_findings(struct verdict *v)
{
    for (size_t i = 1; i < v->count; i++)
        for (size_t k = i;
             k > 0 && v->findings[k - 1].level < v->findings[k].level; k--) {
            const struct verdict_finding other = v->findings[k];

            v->findings[k] = v->findings[k - 1];
            v->findings[k - 1] = other;
        }
}

static int worst_first(const void *a, const void *b)
{
    const struct verdict *left = a;
    const struct verdict *right = b;

    if (left->level != right->level)
        return (int)right->level - (int)left->level;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(
        left->school->entry->laestab.text, right->school->entry->laestab.text);
}

size_t verdict_schools(struct verdict **out, struct survey *survey,
    const struct verdict_rules *rules)
{
    size_t count = 0;

    *out =
        arena_take(&survey->arena, (survey->school_count + 1) * sizeof **out);
    for (size_t i = 0; i < survey->school_count; i++) {
        struct judging j = {&(*out)[count], survey, rules};
        const bool active = survey->schools[i].entry->status == MEMBER_ACTIVE;

        *j.verdict = (struct verdict){.school = &survey->schools[i]};
        symptoms_of(&j);
        sort_findings(j.verdict);
        count += active || j.verdict->count > 0;
    }
    qsort(*out, count, sizeof **out, worst_first);
    return count;
}

void verdict_hubs(struct verdict *out, struct survey *survey)
{
    const struct directory_content *directory =
        members_content(survey->members);
    struct judging j = {out, survey, NULL};
    const int64_t soft = directory->soft_expiry.ms - survey->now.ms;
    const int64_t hard = directory->hard_expiry.ms - survey->now.ms;
    char text[SAID_AGE_SIZE];

    *out = (struct verdict){.school = NULL};
    for (size_t i = 0; i < survey->hub_count; i++)
        judge_hub(&j, &survey->hubs[i]);
    if (soft <= 0)
        judge_find(&j,
            &(struct judge_finding){
                hard <= 7 * SPAN_DAY_MS ? VERDICT_CRITICAL : VERDICT_WARNING,
                "directory-expiry", JUDGE_YOU,
                "moveup cluster publish --renew"},
            "The directory is old; nobody accepts it in %s",
            clock_age(hard < 0 ? 0 : hard, text, sizeof text));
    sort_findings(out);
}
