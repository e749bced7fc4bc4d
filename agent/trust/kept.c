#include "trust/kept.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/cert.h"
#include "trust/folder.h"

#define NOW "directory.crt"
#define NEXT "directory-next.crt"
#define AUTHORITY "authority.crt"
#define NEXT_AUTHORITY "authority-next.crt"
#define FORMER "directory-former.crt"
#define FORMER_AUTHORITY "authority-former.crt"
#define BRIDGE "directory-bridge.cms"

#define MAX_MARK 96 /* bytes: a version, a space, 64 hex digits, LF */

static bool same_cert(const struct cert *a, const struct cert *b)
{
    const struct bytes x = cert_der(a), y = cert_der(b);

    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

int kept_load_signers(
    struct kept_signers *out, const char *state, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    int rc = folder_load_cert(&out->authority, folder, AUTHORITY, err);

    if (rc == 0)
        rc = folder_load_cert(&out->now, folder, NOW, err);
    if (rc == 0 && folder_has(folder, NEXT))
        rc = folder_load_cert(&out->next, folder, NEXT, err);
    if (rc == 0 && folder_has(folder, NEXT_AUTHORITY))
        rc =
            folder_load_cert(&out->next_authority, folder, NEXT_AUTHORITY, err);
    if (rc == 0 && out->next_authority != NULL &&
        same_cert(out->next_authority, out->authority)) {
        cert_free(out->next_authority); /* it is in force */
        out->next_authority = NULL;
    }
    return rc;
}

struct members_trust kept_trust(const struct kept_signers *signers)
{
    return (struct members_trust){
        .authority = signers->authority,
        .signer = signers->now,
        .next_signer = signers->next,
        .next_authority = signers->next_authority,
    };
}

void kept_signers_free(struct kept_signers *signers)
{
    cert_free(signers->now);
    cert_free(signers->next);
    cert_free(signers->authority);
    cert_free(signers->next_authority);
}

/* The announced one has signed. */
static int move_on(
    struct kept_signers *signers, const char *folder, struct err *err)
{
    int rc = 0;

    if (signers->next_authority != NULL)
        rc = folder_save_cert(folder, AUTHORITY, signers->next_authority, err);
    if (rc == 0)
        rc = folder_save_cert(folder, NOW, signers->next, err);
    if (rc < 0)
        return rc;
    if (signers->next_authority != NULL) {
        cert_free(signers->authority);
        signers->authority = TAKE(signers->next_authority);
    }
    cert_free(signers->now);
    signers->now = TAKE(signers->next);
    return 0;
}

static int note_cert(struct cert **kept, const char *folder, const char *name,
    const struct cert *named, struct err *err)
{
    SCOPED(cert_freep) struct cert *copy = NULL;
    int rc = cert_parse(&copy, cert_der(named), err);

    if (rc == 0)
        rc = folder_save_cert(folder, name, copy, err);
    if (rc < 0)
        return rc;
    cert_free(*kept);
    *kept = TAKE(copy);
    return 0;
}

/* The order matters: whatever a crash leaves, one of the two pairs on disk
 * verifies the stored directory. */
int kept_follow_signers(struct kept_signers *signers, const char *state,
    const struct members *accepted, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    const struct cert *named = members_next_signer(accepted);
    const struct cert *authority = members_next_authority(accepted);
    int rc = 0;

    if (members_by_next_signer(accepted) && signers->next != NULL)
        rc = move_on(signers, folder, err);
    if (rc < 0 || named == NULL || same_cert(named, signers->now) ||
        (signers->next != NULL && same_cert(named, signers->next)))
        return rc;
    if (authority != NULL)
        rc = note_cert(
            &signers->next_authority, folder, NEXT_AUTHORITY, authority, err);
    return rc < 0 ? rc : note_cert(&signers->next, folder, NEXT, named, err);
}

int kept_store_bridge(const char *state, const struct members *last,
    const struct kept_signers *by, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    SCOPED(mem_freep) char *path = file_path(state, BRIDGE);
    int rc = folder_save_cert(folder, FORMER_AUTHORITY, by->authority, err);

    if (rc == 0)
        rc = folder_save_cert(folder, FORMER, by->now, err);
    return rc < 0 ? rc
                  : file_write(path, members_signed(last), FILE_PUBLIC, err);
}

int kept_load_bridge(
    struct members **out, const char *state, wall now, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    SCOPED(mem_freep) char *path = file_path(state, BRIDGE);
    SCOPED(kept_signers_free) struct kept_signers former = {0};
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct members_trust trust;
    int rc = file_read(&file, path, MEMBERS_MAX_SIGNED, err);

    if (rc == 0)
        rc = folder_load_cert(&former.authority, folder, FORMER_AUTHORITY, err);
    if (rc == 0)
        rc = folder_load_cert(&former.now, folder, FORMER, err);
    if (rc < 0)
        return rc;
    trust = kept_trust(&former);
    return members_load(out, buf_bytes(&file), &trust, now, err);
}

static int parse_mark(struct kept_mark *out, struct buf *text, struct err *err)
{
    char *line, *hex;

    buf_add(text, (struct bytes){(const uint8_t *)"", 1});
    line = (char *)text->data;
    line[strcspn(line, "\n")] = '\0';
    out->version = strtoull(line, &hex, 10);
    if (line[0] < '0' || line[0] > '9' || out->version == 0 || *hex != ' ' ||
        !text_unhex(out->digest.bytes, DIGEST_SIZE, hex + 1))
        return err_set(err, ERR_MALFORMED,
            "directory.seen is damaged; restore it from a backup, or ask the "
            "cluster administrator for a new welcome and remove it");
    return 0;
}

int kept_read_mark(struct kept_mark *out, const char *state, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(state, "directory.seen");
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    int rc = file_read(&text, path, MAX_MARK, err);

    *out = (struct kept_mark){0};
    if (rc == ERR_NOT_FOUND)
        return 0;
    return rc < 0 ? rc : parse_mark(out, &text, err);
}

static int write_mark(
    const char *state, const struct members *members, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(state, "directory.seen");
    SCOPED(buf_free) struct buf line = BUF_EMPTY;
    const struct digest *digest = members_digest(members);
    char hex[2 * DIGEST_SIZE + 1];

    buf_format(&line, "%" PRIu64 " %s\n", members_version(members),
        text_hex(hex, (struct bytes){digest->bytes, DIGEST_SIZE}));
    return file_write(path, buf_bytes(&line), FILE_PUBLIC, err);
}

bool kept_is_marked(const struct kept_mark *mark, const struct members *members)
{
    return mark->version == members_version(members) &&
           memcmp(&mark->digest, members_digest(members),
               sizeof mark->digest) == 0;
}

int kept_check(
    const struct kept_mark *mark, const struct members *fresh, struct err *err)
{
    const uint64_t version = members_version(fresh);

    if (version < mark->version)
        return err_set(err, ERR_STATE,
            "directory %" PRIu64 " is older than %" PRIu64
            ", which was seen here before",
            version, mark->version);
    if (version == mark->version && !kept_is_marked(mark, fresh))
        return err_set(err, ERR_STATE,
            "there are two different directories %" PRIu64
            "; tell the cluster administrator at once",
            version);
    return 0;
}

int kept_load(struct members **out, const char *state,
    const struct members_trust *trust, wall now, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(state, "directory.cms");
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    SCOPED(members_freep) struct members *members = NULL;
    struct members_trust marked = *trust;
    struct kept_mark mark;
    int rc = kept_read_mark(&mark, state, err);

    if (rc == 0)
        rc = file_read(&file, path, MEMBERS_MAX_SIGNED, err);
    marked.seen = mark.version;
    if (rc == 0)
        rc = members_load(&members, buf_bytes(&file), &marked, now, err);
    if (rc == 0)
        rc = kept_check(&mark, members, err);
    if (rc == 0 && !kept_is_marked(&mark, members))
        rc = write_mark(state, members, err);
    if (rc == 0)
        *out = TAKE(members);
    return rc;
}

int kept_store(
    const char *state, const struct members *members, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(state, "directory.cms");
    int rc = file_write(path, members_signed(members), FILE_PUBLIC, err);

    return rc < 0 ? rc : write_mark(state, members, err);
}
