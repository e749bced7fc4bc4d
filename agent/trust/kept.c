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

#define NEXT "directory-next.crt"

#define MAX_MARK 96 /* bytes: a version, a space, 64 hex digits, LF */

int kept_load_signers(
    struct kept_signers *out, const char *state, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    int rc = folder_load_cert(&out->now, folder, "directory.crt", err);

    if (rc == 0 && folder_has(folder, NEXT))
        rc = folder_load_cert(&out->next, folder, NEXT, err);
    return rc;
}

void kept_signers_free(struct kept_signers *signers)
{
    cert_free(signers->now);
    cert_free(signers->next);
}

static bool same_cert(const struct cert *a, const struct cert *b)
{
    const struct bytes x = cert_der(a), y = cert_der(b);

    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

/* The order matters: whatever a crash leaves, one of the two certificates on
 * disk verifies the stored directory. */
int kept_follow_signers(struct kept_signers *signers, const char *state,
    const struct members *accepted, struct err *err)
{
    SCOPED(mem_freep) char *folder = file_path(state, "identity");
    SCOPED(cert_freep) struct cert *next = NULL;
    const struct cert *named = members_next_signer(accepted);
    int rc = 0;

    if (members_by_next_signer(accepted) && signers->next != NULL) {
        rc = folder_save_cert(folder, "directory.crt", signers->next, err);
        if (rc < 0)
            return rc;
        cert_free(signers->now);
        signers->now = TAKE(signers->next);
    }
    if (named == NULL || same_cert(named, signers->now) ||
        (signers->next != NULL && same_cert(named, signers->next)))
        return 0;
    rc = cert_parse(&next, cert_der(named), err);
    if (rc == 0)
        rc = folder_save_cert(folder, NEXT, next, err);
    if (rc < 0)
        return rc;
    cert_free(signers->next);
    signers->next = TAKE(next);
    return 0;
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
