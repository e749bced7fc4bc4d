#include "trust/papers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "trust/armour.h"
#include "trust/members.h"

/* The readable line: for people, and part of what the fingerprint covers. */
static const char *describe(
    char text[ARMOUR_MAX_ABOUT], const struct enrolment_request *request)
{
    snprintf(text, ARMOUR_MAX_ABOUT, "%s %s",
        request->kind == ENROLMENT_HUB ? "hub" : request->laestab.text,
        request->name);
    return text;
}

int papers_write_request(struct buf *out,
    const struct enrolment_request *request, const struct key *sign_key,
    struct err *err)
{
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    SCOPED(buf_free) struct buf signature = BUF_EMPTY;
    char about[ARMOUR_MAX_ABOUT];
    struct armour armour = {.label = "REQUEST", .field = "From"};

    enrolment_encode_request(&body, request);
    if (sign_key != NULL) {
        int rc = key_sign(&signature, sign_key, buf_bytes(&body), err);

        if (rc < 0)
            return rc;
    }
    armour.about = describe(about, request);
    armour.signature = buf_bytes(&signature);
    armour.body = buf_bytes(&body);
    armour_write(out, &armour);
    return 0;
}

/* The sender holds the key that the request names. */
static int check_possession(const struct enrolment_request *request,
    const struct armour *armour, struct err *err)
{
    SCOPED(key_freep) struct key *sign = NULL;
    SCOPED(key_freep) struct key *encrypt = NULL;
    int rc;

    if (request->sign_key.len == 0)
        return armour->signature.len == 0
                   ? 0
                   : err_set(err, ERR_MALFORMED,
                         "a request without a signing key has no signature");
    rc = key_from_public(&sign, request->sign_key, err);
    if (rc == 0 && request->kind == ENROLMENT_SCHOOL)
        rc = key_from_public(&encrypt, request->encrypt_key, err);
    if (rc == 0)
        rc = key_verify(sign, armour->body, armour->signature, err);
    return rc;
}

/* The digest is taken of the one accepted form of the file (trust/armour.h),
 * whatever mail programs did to its line ends. */
static void digest_of(struct digest *out, const struct armour *armour)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;

    armour_write(&text, armour);
    hash_sha256(out, buf_bytes(&text));
}

int papers_read_request(struct enrolment_request *out, struct digest *digest,
    struct bytes file, struct arena *arena, struct err *err)
{
    struct armour armour = {.label = "REQUEST", .field = "From"};
    char about[ARMOUR_MAX_ABOUT];
    struct err inner;
    int rc = armour_read(&armour, file, ENROLMENT_MAX_REQUEST, arena, err);

    if (rc == 0)
        rc = enrolment_decode_request(out, armour.body, arena, err);
    if (rc < 0)
        return rc;
    if (papers_check_member(out, &inner) < 0)
        return err_set(err, ERR_MALFORMED, "request: %.200s", inner.text);
    if (strcmp(describe(about, out), armour.about) != 0)
        return err_set(err, ERR_MALFORMED,
            "the request's first line is not what is inside it");
    rc = check_possession(out, &armour, err);
    if (rc == 0)
        digest_of(digest, &armour);
    return rc;
}

int papers_load_own(struct papers_own *out, const char *folder, struct err *err)
{
    SCOPED(mem_freep) char *path = file_path(folder, "request");
    int rc = file_read(&out->file, path, PAPERS_MAX_REQUEST_FILE, err);

    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_NOT_FOUND,
            "nobody is enrolled in this folder; run: moveup enrol");
    if (rc < 0)
        return rc;
    rc = papers_read_request(
        &out->request, &out->digest, buf_bytes(&out->file), &out->arena, err);
    return rc < 0 ? err_wrap(err, rc, path) : 0;
}

void papers_own_free(struct papers_own *own)
{
    arena_free(&own->arena);
    buf_free(&own->file);
}

static const char *addressee(const struct enrolment_welcome *welcome)
{
    return welcome->kind == ENROLMENT_HUB ? "hub" : welcome->laestab.text;
}

void papers_write_welcome(
    struct buf *out, const struct enrolment_welcome *welcome)
{
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    struct armour armour = {.label = "WELCOME", .field = "For"};

    enrolment_encode_welcome(&body, welcome);
    armour.about = addressee(welcome);
    armour.body = buf_bytes(&body);
    armour_write(out, &armour);
}

int papers_read_welcome(struct enrolment_welcome *out, struct bytes file,
    struct arena *arena, struct err *err)
{
    struct armour armour = {.label = "WELCOME", .field = "For"};
    int rc = armour_read(&armour, file, ENROLMENT_MAX_WELCOME, arena, err);

    if (rc == 0)
        rc = enrolment_decode_welcome(out, armour.body, arena, err);
    if (rc < 0)
        return rc;
    if (armour.signature.len > 0)
        return err_set(err, ERR_MALFORMED, "a welcome has no signature line");
    if (strcmp(armour.about, addressee(out)) != 0)
        return err_set(err, ERR_MALFORMED,
            "the welcome's first line is not what is inside it");
    return 0;
}

static bool is_digits(const char *text, size_t count)
{
    return text != NULL && strlen(text) == count &&
           strspn(text, "0123456789") == count;
}

/* HOST:PORT that others can dial: no wildcard. */
static bool is_address(const char *host)
{
    static const char HOST[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_[]:";
    const char *colon = strrchr(host, ':');
    size_t digits;

    if (colon == NULL || colon == host || strspn(host, HOST) != strlen(host) ||
        strncmp(host, "0.0.0.0:", 8) == 0)
        return false;
    digits = strspn(colon + 1, "0123456789");
    return digits > 0 && digits <= 5 && colon[1 + digits] == '\0' &&
           strtol(colon + 1, NULL, 10) >= 1 &&
           strtol(colon + 1, NULL, 10) <= 65535;
}

static bool is_endpoint(const char *text)
{
    return text != NULL && strlen(text) <= DIRECTORY_MAX_NAME &&
           strncmp(text, "tcp://", 6) == 0 && is_address(text + 6);
}

int papers_check_member(
    const struct enrolment_request *request, struct err *err)
{
    const size_t len = request->name == NULL ? 0 : strlen(request->name);

    if (len == 0 || len > DIRECTORY_MAX_NAME ||
        !text_is_clean(bytes_of(request->name)))
        return err_set(err, ERR_USAGE,
            "a name has 1 to %d bytes of ordinary text", DIRECTORY_MAX_NAME);
    if (request->kind == ENROLMENT_HUB)
        return is_endpoint(request->endpoint)
                   ? 0
                   : err_set(err, ERR_USAGE,
                         "a hub's address has the form tcp://HOST:PORT, as "
                         "schools will dial it");
    if (!is_digits(request->laestab.text, LAESTAB_SIZE - 1))
        return err_set(
            err, ERR_USAGE, "a LAESTAB is seven digits, like 8732001");
    if (!is_digits(request->urn, 6))
        return err_set(err, ERR_USAGE, "a URN is six digits, like 100001");
    if (request->phase < PHASE_PRIMARY || request->phase > PHASE_SPECIAL)
        return err_set(err, ERR_USAGE,
            "a phase is primary, middle, secondary, all-through or special");
    return 0;
}
