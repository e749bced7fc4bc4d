/* survey_town - signed reports of a real authority's schools, as hubs hand them
 * to the administrator. */
#ifndef TESTS_SURVEY_TOWN_H
#define TESTS_SURVEY_TOWN_H

#include "town_trust.h"

#include "cli/survey.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "wire/report.h"

#define SURVEY_MINUTE ((int64_t)60 * 1000)
#define SURVEY_HOUR (60 * SURVEY_MINUTE)
#define SURVEY_DAY (24 * SURVEY_HOUR)

struct survey_town {
    struct town_trust *trust;
    struct survey survey;
};

/* A report with which nothing is the matter, made a minute ago. */
static inline struct report survey_town_good(int who)
{
    return (struct report){.school = town_school(who),
        .at = {TOWN_NOW.ms - SURVEY_MINUTE},
        .software = MOVEUP_VERSION,
        .protocol = 1,
        .directory = 2,
        .skew_known = true,
        .disk_free_mib = 20000,
        .backup_at = {TOWN_NOW.ms - SURVEY_DAY}};
}

static inline void survey_town_sign(struct buf *out,
    const struct survey_town *town, int who, const struct report *report)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(key_freep) struct key *key = NULL;
    const struct laestab school = town_school(who);
    char path[160];

    snprintf(path, sizeof path, "%s/%s/identity/sign.key", town->trust->folder,
        TOWN_NAMES[who]);
    MUST(key_load(&key, path, NULL, err));
    MUST(report_encode(&content, report, err));
    MUST(seal_sign(out, NULL, buf_bytes(&content), key,
        members_sign_cert(
            authority_members(town->trust->authority), &school, 0),
        err));
}

/* The hub at endpoint says this of a school; report may be signed by another.
 * heard 0: the hub did not hear it. */
static inline void survey_town_hub(struct survey_town *town,
    const char *endpoint, struct hubreport_school school,
    const struct buf *signed_report)
{
    uint8_t *kept = arena_take(&town->survey.arena, signed_report->len + 1);
    const struct hubreport report = {.schools = &school, .school_count = 1};

    if (signed_report->len > 0)
        memcpy(kept, signed_report->data, signed_report->len);
    school.report = (struct bytes){kept, signed_report->len};
    survey_add(&town->survey, endpoint, &report);
}

/* The school's own report, which the hub got a minute ago. */
static inline void survey_town_report(
    struct survey_town *town, int who, const struct report *report)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    survey_town_sign(&wire, town, who, report);
    survey_town_hub(town, "tcp://first:1",
        (struct hubreport_school){.school = town_school(who),
            .heard = {TOWN_NOW.ms - SURVEY_MINUTE},
            .reported = {TOWN_NOW.ms - SURVEY_MINUTE}},
        &wire);
}

static inline int survey_town_set_up(void **state)
{
    struct survey_town *town = mem_alloc(sizeof *town);

    town->trust = *state; /* of the group */
    survey_init(
        &town->survey, authority_members(town->trust->authority), TOWN_NOW);
    *state = town;
    return 0;
}

static inline int survey_town_tear_down(void **state)
{
    struct survey_town *town = *state;

    *state = town->trust;
    survey_free(&town->survey);
    free(town);
    return 0;
}

static inline int survey_town_found(void **state)
{
    *state = town_found();
    return 0;
}

static inline int survey_town_end(void **state)
{
    town_end(*state);
    return 0;
}

#define SURVEY_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(                                           \
        name, survey_town_set_up, survey_town_tear_down)

#endif
