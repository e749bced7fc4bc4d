#include "trust/draft.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "trust/authority.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define PROTOCOL 1 /* the oldest that members may speak */

static void set_dates(struct directory_content *content, wall now)
{
    content->issued = now;
    content->soft_expiry.ms = now.ms + AUTHORITY_SOFT_DAYS * DAY_MS;
    content->hard_expiry.ms = now.ms + AUTHORITY_HARD_DAYS * DAY_MS;
}

void draft_first(struct draft *out, const char *cluster,
    const struct directory_administrator *administrator, wall now)
{
    struct directory_administrator *copy;

    *out = (struct draft){.arena = ARENA_EMPTY};
    copy = arena_take(&out->arena, sizeof *copy);
    *copy = *administrator;
    out->content = (struct directory_content){
        .cluster = cluster,
        .version = 1,
        .minimum_protocol = PROTOCOL,
        .administrators = copy,
        .administrator_count = 1,
    };
    set_dates(&out->content, now);
}

static void *copy_list(struct arena *arena, const void *list, size_t size,
    size_t count, size_t more)
{
    void *copy = arena_take(arena, (count + more + 1) * size);

    if (count > 0)
        memcpy(copy, list, count * size);
    return copy;
}

/* A member that has not come with its new transport key by now does not need
 * the old one either. */
static void end_former_key(char *former, enum member_status status,
    const struct bytes *newest, wall now)
{
    SCOPED(cert_freep) struct cert *cert = NULL;

    if (former[0] == '\0')
        return;
    if (status != MEMBER_ACTIVE || newest == NULL ||
        cert_parse(&cert, *newest, NULL) < 0 ||
        cert_start(cert).ms + AUTHORITY_OVERLAP_DAYS * DAY_MS <= now.ms)
        former[0] = '\0';
}

static void end_former_keys(struct directory_content *content, wall now)
{
    for (size_t i = 0; i < content->school_count; i++) {
        struct directory_school *school = &content->schools[i];

        end_former_key(school->former_curve_key, school->status,
            school->sign_count > 0 ? &school->sign_certificates[0] : NULL, now);
    }
    for (size_t i = 0; i < content->hub_count; i++) {
        struct directory_hub *hub = &content->hubs[i];

        end_former_key(hub->former_curve_key, hub->status,
            hub->sign_count > 0 ? &hub->sign_certificates[0] : NULL, now);
    }
}

int draft_next(struct draft *out, const struct members *from, size_t more,
    wall now, struct err *err)
{
    const struct directory_content *old = members_content(from);
    struct directory_content *content = &out->content;
    char day[CLOCK_TEXT_SIZE];

    if (now.ms < old->issued.ms)
        return err_set(err, ERR_STATE,
            "this machine's clock is behind: the last directory was issued "
            "at %s; set the clock first",
            clock_format(old->issued, day));
    *out = (struct draft){.arena = ARENA_EMPTY, .content = *old};
    content->version = old->version + 1;
    content->previous = *members_digest(from);
    content->schools = copy_list(&out->arena, old->schools,
        sizeof *old->schools, old->school_count, more);
    content->hubs = copy_list(
        &out->arena, old->hubs, sizeof *old->hubs, old->hub_count, more);
    content->next_signer = content->next_authority = (struct bytes){NULL, 0};
    end_former_keys(content, now);
    set_dates(content, now);
    return 0;
}

struct directory_school *draft_school(
    struct draft *draft, const struct laestab *laestab)
{
    struct directory_content *content = &draft->content;

    for (size_t i = 0; i < content->school_count; i++)
        if (laestab_equal(&content->schools[i].laestab, laestab))
            return &content->schools[i];
    return NULL;
}

struct directory_hub *draft_hub(struct draft *draft, const char *endpoint)
{
    struct directory_content *content = &draft->content;

    for (size_t i = 0; i < content->hub_count; i++)
        if (strcmp(content->hubs[i].endpoint, endpoint) == 0)
            return &content->hubs[i];
    return NULL;
}

struct directory_school *draft_add_school(struct draft *draft)
{
    return &draft->content.schools[draft->content.school_count++];
}

struct directory_hub *draft_add_hub(struct draft *draft)
{
    return &draft->content.hubs[draft->content.hub_count++];
}

int draft_reissue(struct draft *draft, struct bytes **list, size_t count,
    const struct draft_issuer *issuer, struct err *err)
{
    struct bytes *fresh = arena_take(&draft->arena, count * sizeof *fresh + 1);

    for (size_t i = 0; i < count; i++) {
        SCOPED(cert_freep) struct cert *old = NULL;
        SCOPED(cert_freep) struct cert *cert = NULL;
        SCOPED(key_freep) struct key *key = NULL;
        int rc = cert_parse(&old, (*list)[i], err);

        if (rc == 0)
            rc = cert_key(&key, old, err);
        if (rc == 0)
            rc = cert_issue(&cert, issuer->profile, &issuer->subject, key,
                issuer->cert, issuer->key, cert_start(old), cert_expiry(old),
                err);
        if (rc < 0)
            return rc;
        fresh[i].len = cert_der(cert).len;
        fresh[i].data =
            (const uint8_t *)arena_copy(&draft->arena, cert_der(cert));
    }
    *list = fresh;
    return 0;
}

/* So long ago that nothing signed with it can still be on its way. */
static bool is_expired(struct bytes der, wall now)
{
    SCOPED(cert_freep) struct cert *cert = NULL;

    return cert_parse(&cert, der, NULL) < 0 ||
           cert_expiry(cert).ms + AUTHORITY_OVERLAP_DAYS * DAY_MS <= now.ms;
}

void draft_put_cert(struct draft *draft, struct bytes **list, size_t *count,
    struct bytes der, bool keep_old, wall now)
{
    struct bytes *fresh =
        arena_take(&draft->arena, DIRECTORY_MAX_CERTIFICATES * sizeof *fresh);
    size_t kept = 0;

    fresh[kept++] = der;
    for (size_t i = 0; keep_old && i < *count; i++)
        if (kept < DIRECTORY_MAX_CERTIFICATES && !is_expired((*list)[i], now))
            fresh[kept++] = (*list)[i];
    *list = fresh;
    *count = kept;
}

static int sign(struct buf *out, const struct draft *draft,
    const struct draft_pen *pen, struct err *err)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    int rc = directory_encode(&content, &draft->content, err);

    if (rc < 0)
        return rc;
    return seal_sign(
        out, NULL, buf_bytes(&content), pen->key, pen->signer, err);
}

int draft_publish(struct members **out, const struct draft *draft,
    const struct draft_pen *pen, wall now, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(pen->dir, "directory.cms");
    SCOPED(mem_freep)
    char *copy = mem_format(
        "%s/history/%" PRIu64 ".cms", pen->dir, draft->content.version);
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(members_freep) struct members *members = NULL;
    const struct members_trust trust = {
        .authority = pen->authority, .signer = pen->signer};
    int rc = sign(&file, draft, pen, err);

    if (rc == 0)
        rc = members_load(&members, buf_bytes(&file), &trust, now, err);
    if (rc == 0)
        rc = file_write(copy, buf_bytes(&file), FILE_PUBLIC, err);
    if (rc == 0)
        rc = file_write(path, buf_bytes(&file), FILE_PUBLIC, err);
    if (rc == 0)
        *out = TAKE(members);
    return rc;
}

void draft_free(struct draft *draft)
{
    arena_free(&draft->arena);
}
