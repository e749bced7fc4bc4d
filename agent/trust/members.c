#include "trust/members.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/seal.h"
#include "trust/hubcerts.h"
#include "trust/words.h"

/* A school and its certificates, parsed. */
struct entry {
    const struct directory_school *school;
    struct cert *sign[DIRECTORY_MAX_CERTIFICATES];
    struct cert *encrypt[DIRECTORY_MAX_CERTIFICATES];
};

/* Whose a transport key is. */
struct key_owner {
    const char *curve_key;
    const struct directory_school *school; /* NULL: a hub's, a person's */
};

struct members {
    struct arena arena; /* content and the two indexes */
    struct buf signed_directory;
    struct digest digest;
    struct directory_content content;
    const struct cert *authority; /* borrowed while loading: who issued all */
    struct cert *next_signer;
    struct cert *next_authority;
    bool by_next_signer;
    struct entry *entries; /* sorted by laestab */
    size_t entry_count;
    struct hubcerts hubs;
    struct key_owner *owners; /* of the active members' keys, sorted */
    size_t owner_count;
};

static int by_laestab(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return strcmp(x->school->laestab.text, y->school->laestab.text);
}

static int by_key(const void *a, const void *b)
{
    const struct key_owner *x = a, *y = b;

    return strcmp(x->curve_key, y->curve_key);
}

static int verify_with(struct members *members, struct buf *content,
    struct cert *signer, const struct cert *authority, wall now,
    struct err *err)
{
    int rc = cert_check(signer, authority, CERT_DIRECTORY, err);

    if (rc == 0)
        rc = cert_check_time(signer, now, err);
    if (rc < 0)
        return err_wrap(err, rc, "the directory's signer");
    rc = seal_verify(content, &members->digest,
        buf_bytes(&members->signed_directory), signer, err);
    return rc < 0 ? err_wrap(err, rc, "directory") : 0;
}

/* Add the signed content to content, once somebody we trust has signed it. */
static int verify(struct members *members, struct buf *content,
    const struct members_trust *trust, wall now, struct err *err)
{
    int rc = verify_with(
        members, content, trust->signer, trust->authority, now, err);

    members->authority = trust->authority;
    if ((rc != ERR_SIGNATURE && rc != ERR_CERTIFICATE) ||
        trust->next_signer == NULL)
        return rc;
    if (trust->next_authority != NULL)
        members->authority = trust->next_authority;
    members->by_next_signer = true;
    return verify_with(
        members, content, trust->next_signer, members->authority, now, err);
}

static int check_times(const struct directory_content *content,
    const struct members_trust *trust, wall now, struct err *err)
{
    char day[CLOCK_TEXT_SIZE];

    if (content->version == 0 || content->soft_expiry.ms < content->issued.ms ||
        content->hard_expiry.ms < content->soft_expiry.ms)
        return err_set(
            err, ERR_MALFORMED, "directory: version and dates make no sense");
    if (content->version < trust->seen)
        return err_set(err, ERR_STATE,
            "directory %" PRIu64 " is older than %" PRIu64
            ", which was seen here before",
            content->version, trust->seen);
    if (!trust->even_expired && now.ms >= content->hard_expiry.ms)
        return err_set(err, ERR_STATE,
            "directory %" PRIu64
            " expired on %s; ask the cluster administrator "
            "for a newer one",
            content->version, clock_format(content->hard_expiry, day));
    return 0;
}

static int parse_one(struct cert **out, struct bytes der,
    const struct cert *authority, enum cert_profile profile, struct err *err)
{
    SCOPED(cert_freep) struct cert *cert = NULL;
    int rc = cert_parse(&cert, der, err);

    if (rc == 0)
        rc = cert_check(cert, authority, profile, err);
    if (rc == 0)
        *out = TAKE(cert);
    return rc;
}

static int parse_school(struct entry *entry,
    const struct directory_school *school, const struct cert *authority,
    struct err *err)
{
    int rc = 0;

    entry->school = school;
    if (school->sign_count > DIRECTORY_MAX_CERTIFICATES ||
        school->encrypt_count > DIRECTORY_MAX_CERTIFICATES)
        return err_set(err, ERR_TOO_BIG, "directory: too many certificates");
    for (size_t i = 0; rc == 0 && i < school->sign_count; i++)
        rc = parse_one(&entry->sign[i], school->sign_certificates[i], authority,
            CERT_SIGN, err);
    for (size_t i = 0; rc == 0 && i < school->encrypt_count; i++)
        rc = parse_one(&entry->encrypt[i], school->encrypt_certificates[i],
            authority, CERT_ENCRYPT, err);
    return rc < 0 ? err_wrap(err, rc, school->laestab.text) : 0;
}

static int index_schools(struct members *members, struct err *err)
{
    const struct directory_content *content = &members->content;

    members->entries = arena_take(&members->arena,
        (content->school_count + 1) * sizeof *members->entries);
    for (size_t i = 0; i < content->school_count; i++) {
        int rc = parse_school(&members->entries[i], &content->schools[i],
            members->authority, err);

        members->entry_count = i + 1;
        if (rc < 0)
            return rc;
    }
    qsort(members->entries, members->entry_count, sizeof *members->entries,
        by_laestab);
    for (size_t i = 1; i < members->entry_count; i++)
        if (by_laestab(&members->entries[i - 1], &members->entries[i]) == 0)
            return err_set(err, ERR_MALFORMED, "directory: %s is named twice",
                members->entries[i].school->laestab.text);
    return 0;
}

static void add_owner(struct members *members, const char *key,
    const struct directory_school *school)
{
    members->owners[members->owner_count++] = (struct key_owner){key, school};
}

static void add_keys(struct members *members, enum member_status status,
    const char *key, const char *former, const struct directory_school *school)
{
    if (status != MEMBER_ACTIVE)
        return;
    add_owner(members, key, school);
    if (former[0] != '\0')
        add_owner(members, former, school);
}

static int index_keys(struct members *members, struct err *err)
{
    const struct directory_content *content = &members->content;
    const size_t most = 2 * content->school_count + 2 * content->hub_count +
                        content->administrator_count + 1;

    members->owners =
        arena_take(&members->arena, most * sizeof *members->owners);
    for (size_t i = 0; i < content->school_count; i++)
        add_keys(members, content->schools[i].status,
            content->schools[i].curve_key, content->schools[i].former_curve_key,
            &content->schools[i]);
    for (size_t i = 0; i < content->hub_count; i++)
        add_keys(members, content->hubs[i].status, content->hubs[i].curve_key,
            content->hubs[i].former_curve_key, NULL);
    for (size_t i = 0; i < content->administrator_count; i++)
        add_owner(members, content->administrators[i].curve_key, NULL);
    qsort(
        members->owners, members->owner_count, sizeof *members->owners, by_key);
    for (size_t i = 1; i < members->owner_count; i++)
        if (by_key(&members->owners[i - 1], &members->owners[i]) == 0)
            return err_set(err, ERR_MALFORMED,
                "directory: one transport key belongs to two members");
    return 0;
}

/* Who signs after this one, and whether another authority comes with it. */
static int parse_next(struct members *members, struct err *err)
{
    const struct directory_content *content = &members->content;
    const struct cert *issuer = members->authority;
    int rc = 0;

    if (content->next_authority.len > 0) {
        rc = cert_parse(&members->next_authority, content->next_authority, err);
        if (rc == 0)
            rc = cert_check(members->next_authority, members->next_authority,
                CERT_AUTHORITY, err);
        if (rc == 0 && content->next_signer.len == 0)
            rc = err_set(err, ERR_MALFORMED,
                "directory: a new authority without its signer");
        issuer = members->next_authority;
    }
    if (rc == 0 && content->next_signer.len > 0)
        rc = parse_one(&members->next_signer, content->next_signer, issuer,
            CERT_DIRECTORY, err);
    return rc;
}

int members_load(struct members **out, struct bytes signed_directory,
    const struct members_trust *trust, wall now, struct err *err)
{
    SCOPED(members_freep) struct members *members = mem_alloc(sizeof *members);
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    int rc;

    if (signed_directory.len > MEMBERS_MAX_SIGNED)
        return err_set(err, ERR_TOO_BIG, "directory: %zu bytes, limit %zu",
            signed_directory.len, (size_t)MEMBERS_MAX_SIGNED);
    buf_add(&members->signed_directory, signed_directory);
    rc = verify(members, &content, trust, now, err);
    if (rc == 0)
        rc = directory_decode(
            &members->content, buf_bytes(&content), &members->arena, err);
    if (rc == 0)
        rc = check_times(&members->content, trust, now, err);
    if (rc == 0)
        rc = parse_next(members, err);
    if (rc == 0)
        rc = index_schools(members, err);
    if (rc == 0)
        rc = hubcerts_load(
            &members->hubs, &members->content, members->authority, err);
    members->authority = NULL;
    if (rc == 0)
        rc = index_keys(members, err);
    if (rc == 0)
        *out = TAKE(members);
    return rc;
}

const struct directory_content *members_content(const struct members *members)
{
    return &members->content;
}

struct bytes members_signed(const struct members *members)
{
    return buf_bytes(&members->signed_directory);
}

uint64_t members_version(const struct members *members)
{
    return members->content.version;
}

const struct digest *members_digest(const struct members *members)
{
    return &members->digest;
}

struct cert *members_next_signer(const struct members *members)
{
    return members->next_signer;
}

struct cert *members_next_authority(const struct members *members)
{
    return members->next_authority;
}

bool members_by_next_signer(const struct members *members)
{
    return members->by_next_signer;
}

bool members_is_stale(const struct members *members, wall now)
{
    return now.ms >= members->content.soft_expiry.ms;
}

bool members_is_expired(const struct members *members, wall now)
{
    return now.ms >= members->content.hard_expiry.ms;
}

static const struct entry *find(
    const struct members *members, const struct laestab *laestab)
{
    const struct directory_school school = {.laestab = *laestab};
    const struct entry key = {.school = &school};

    return bsearch(&key, members->entries, members->entry_count,
        sizeof *members->entries, by_laestab);
}

const struct directory_school *members_school(
    const struct members *members, const struct laestab *laestab)
{
    const struct entry *entry = find(members, laestab);

    return entry == NULL ? NULL : entry->school;
}

const struct directory_school *members_by_curve_key(
    const struct members *members, const char *curve_key)
{
    const struct key_owner key = {curve_key, NULL};
    const struct key_owner *owner = bsearch(&key, members->owners,
        members->owner_count, sizeof *members->owners, by_key);

    return owner == NULL ? NULL : owner->school;
}

bool members_is_administrator(
    const struct members *members, const char *curve_key)
{
    const struct directory_administrator *all = members->content.administrators;

    for (size_t i = 0; i < members->content.administrator_count; i++)
        if (strcmp(all[i].curve_key, curve_key) == 0)
            return true;
    return false;
}

const struct directory_hub *members_hub(
    const struct members *members, const char *endpoint)
{
    const struct directory_hub *all = members->content.hubs;

    for (size_t i = 0; i < members->content.hub_count; i++)
        if (strcmp(all[i].endpoint, endpoint) == 0)
            return &all[i];
    return NULL;
}

struct cert *members_hub_cert(
    const struct members *members, const char *endpoint, size_t i)
{
    const struct directory_hub *hub = members_hub(members, endpoint);

    if (hub == NULL || hub->status != MEMBER_ACTIVE || i >= hub->sign_count)
        return NULL;
    return members->hubs.of[hub - members->content.hubs][i];
}

struct cert *members_sign_cert(
    const struct members *members, const struct laestab *laestab, size_t i)
{
    const struct entry *entry = find(members, laestab);

    return entry == NULL || entry->school->status != MEMBER_ACTIVE
               ? NULL
               : members_former_cert(members, laestab, i);
}

struct cert *members_former_cert(
    const struct members *members, const struct laestab *laestab, size_t i)
{
    const struct entry *entry = find(members, laestab);

    return entry == NULL || i >= entry->school->sign_count ? NULL
                                                           : entry->sign[i];
}

int members_encrypt_cert(struct cert **out, const struct members *members,
    const struct laestab *laestab, wall now, struct err *err)
{
    const struct entry *entry = find(members, laestab);

    if (members_is_expired(members, now))
        return err_set(err, ERR_DENIED,
            "directory %" PRIu64 " has expired; ask the cluster administrator "
            "for a newer one",
            members->content.version);
    if (entry == NULL)
        return err_set(err, ERR_NOT_FOUND, "school %s is not in the directory",
            laestab->text);
    if (entry->school->status != MEMBER_ACTIVE)
        return err_set(err, ERR_DENIED, "school %s is %s", laestab->text,
            words_status(entry->school->status));
    for (size_t i = 0; i < entry->school->encrypt_count; i++)
        if (cert_check_time(entry->encrypt[i], now, NULL) == 0) {
            *out = entry->encrypt[i];
            return 0;
        }
    return err_set(err, ERR_CERTIFICATE,
        "school %s has no encryption certificate that is valid today",
        laestab->text);
}

wall members_expiry(
    const struct members *members, const struct laestab *laestab)
{
    const struct entry *entry = find(members, laestab);
    wall sign, encrypt;

    if (entry == NULL || entry->school->status != MEMBER_ACTIVE ||
        entry->sign[0] == NULL || entry->encrypt[0] == NULL)
        return (wall){0};
    sign = cert_expiry(entry->sign[0]);
    encrypt = cert_expiry(entry->encrypt[0]);
    return sign.ms < encrypt.ms ? sign : encrypt;
}

static void free_entry(struct entry *entry)
{
    for (size_t i = 0; i < DIRECTORY_MAX_CERTIFICATES; i++) {
        cert_free(entry->sign[i]);
        cert_free(entry->encrypt[i]);
    }
}

void members_free(struct members *members)
{
    if (members == NULL)
        return;
    for (size_t i = 0; i < members->entry_count; i++)
        free_entry(&members->entries[i]);
    hubcerts_free(&members->hubs);
    cert_free(members->next_signer);
    cert_free(members->next_authority);
    arena_free(&members->arena);
    buf_free(&members->signed_directory);
    free(members);
}
