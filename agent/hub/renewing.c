#include "hub/renewing.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "store/renewals.h"

#define CLOSING_DAYS 30
#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* What a renewal is for: it is answered once the directory lists another. */
static struct digest newest_certificate(const struct directory_school *school)
{
    struct digest digest = {{0}};

    if (school->sign_count > 0)
        hash_sha256(&digest, school->sign_certificates[0]);
    return digest;
}

void renewing_ask(struct visit *visit)
{
    const struct renewals_row row = {.school = visit->school->laestab,
        .certificate = newest_certificate(visit->school),
        .at = visit->now->wall,
        .renewal = visit->body};

    if (visit->body.len == 0)
        visit_complain(visit, REASON_BAD_REQUEST);
    else if (visit->body.len > HUBTALK_MAX_RENEWAL)
        visit_complain(visit, REASON_TOO_LARGE);
    else if (!drain_renewal(&visit->engine->drain, &row))
        visit_refuse(visit, REASON_DISK_FULL);
    else
        visit_answer(visit, &(struct hubtalk){.kind = HUBTALK_RENEWAL_IS,
                                .school = row.school});
}

static bool is_answered(
    const struct members *members, const struct renewals_row *row)
{
    const struct directory_school *school =
        members_school(members, &row->school);
    const struct digest now =
        school == NULL ? (struct digest){{0}} : newest_certificate(school);

    return school == NULL || school->status != MEMBER_ACTIVE ||
           memcmp(&now, &row->certificate, sizeof now) != 0;
}

void renewing_list(struct visit *visit)
{
    struct engine *engine = visit->engine;
    struct hubtalk talk = {.kind = HUBTALK_RENEWAL_IS};
    struct renewals_row row = {.school = visit->talk.school};
    int rc;

    do {
        const struct laestab after = row.school;

        arena_clear(&engine->arena);
        rc = renewals_next(&row, engine->db, &after, &engine->arena, NULL);
    } while (rc > 0 && is_answered(visit->members, &row));
    if (rc < 0) {
        visit_refuse(visit, REASON_DISK_FULL);
        return;
    }
    if (rc > 0)
        talk.school = row.school;
    visit_say(engine, visit->peer, &talk,
        rc > 0 ? row.renewal : (struct bytes){NULL, 0});
}

static const struct directory_school *just_closed(
    const struct members *members, const char *curve_key, wall now)
{
    const struct directory_content *content = members_content(members);

    for (size_t i = 0; i < content->school_count; i++) {
        const struct directory_school *school = &content->schools[i];

        if (school->status == MEMBER_CLOSED &&
            strcmp(school->curve_key, curve_key) == 0 &&
            now.ms < school->status_since.ms + CLOSING_DAYS * DAY_MS)
            return school;
    }
    return NULL;
}

const struct directory_school *renewing_admits(struct engine *engine,
    const struct members *members, const char *curve_key, wall now)
{
    const struct directory_school *school =
        members_by_curve_key(members, curve_key);
    bool came = false;

    if (school == NULL)
        return members_is_administrator(members, curve_key)
                   ? NULL
                   : just_closed(members, curve_key, now);
    if (strcmp(school->curve_key, curve_key) == 0)
        return school;
    return renewals_came(&came, engine->db, &school->laestab, school->curve_key,
               NULL) == 0 &&
                   came
               ? NULL
               : school;
}

void renewing_came(struct visit *visit)
{
    const struct directory_school *school = visit->school;
    struct engine *engine = visit->engine;
    bool came = false;

    if (school->former_curve_key[0] == '\0' ||
        strcmp(visit->peer->curve_key, school->curve_key) != 0 ||
        renewals_came(
            &came, engine->db, &school->laestab, school->curve_key, NULL) < 0 ||
        came || !drain_came(&engine->drain, school))
        return;
    log_line(engine->log, LOG_INFO,
        "a school has come with its new transport key; the one before ends",
        "school=%s", school->laestab.text);
}
