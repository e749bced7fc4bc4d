#include "trust/admission.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "trust/authority.h"
#include "trust/papers.h"
#include "trust/words.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)
#define NAME_SIZE 160

/* A transport key names one member for ever, whatever became of it. */
static int check_curve_key(const struct directory_content *content,
    const struct enrolment_request *request, struct err *err)
{
    const char *owner = NULL;

    for (size_t i = 0; i < content->school_count; i++)
        if ((strcmp(content->schools[i].curve_key, request->curve_key) == 0 ||
                strcmp(content->schools[i].former_curve_key,
                    request->curve_key) == 0) &&
            (request->kind == ENROLMENT_HUB ||
                !laestab_equal(
                    &content->schools[i].laestab, &request->laestab)))
            owner = content->schools[i].laestab.text;
    for (size_t i = 0; i < content->hub_count; i++)
        if ((strcmp(content->hubs[i].curve_key, request->curve_key) == 0 ||
                strcmp(content->hubs[i].former_curve_key, request->curve_key) ==
                    0) &&
            (request->kind != ENROLMENT_HUB ||
                strcmp(content->hubs[i].endpoint, request->endpoint) != 0))
            owner = content->hubs[i].endpoint;
    for (size_t i = 0; i < content->administrator_count; i++)
        if (strcmp(content->administrators[i].curve_key, request->curve_key) ==
            0)
            owner = "an administrator";
    if (owner == NULL)
        return 0;
    return err_set(err, ERR_EXISTS,
        "this request's transport key belongs to %s already", owner);
}

static int refuse_old_key(struct err *err)
{
    return err_set(err, ERR_DENIED,
        "this request brings keys that were revoked; the school must enrol "
        "in a new --state, with new keys");
}

static bool certifies(
    const struct bytes *list, size_t count, const struct key *key)
{
    for (size_t i = 0; i < count; i++) {
        SCOPED(cert_freep) struct cert *cert = NULL;

        if (cert_parse(&cert, list[i], NULL) == 0 && cert_matches(cert, key))
            return true;
    }
    return false;
}

/* A school that is not active comes back only when told to, and with keys that
 * were not its own before. */
static int check_return(const struct directory_school *school,
    const struct enrolment_request *request, const struct key *sign,
    const struct key *encrypt, struct err *err)
{
    if (strcmp(school->curve_key, request->curve_key) == 0 ||
        certifies(school->sign_certificates, school->sign_count, sign) ||
        certifies(school->encrypt_certificates, school->encrypt_count, encrypt))
        return refuse_old_key(err);
    return 0;
}

static int may_return(const char *who, enum member_status status,
    const struct admission_issuer *issuer, struct err *err)
{
    if (status == MEMBER_ACTIVE || issuer->readmit)
        return 0;
    return err_set(err, ERR_DENIED,
        "%s is %s; to take it back with new keys, add --readmit", who,
        words_status(status));
}

static int issue(struct bytes *out, struct draft *draft,
    const struct admission_issuer *issuer, enum cert_profile profile,
    const struct cert_subject *subject, const struct key *key, struct err *err)
{
    const wall from = {issuer->now.ms - AUTHORITY_BACKDATE_HOURS * HOUR_MS};
    const wall until = {issuer->now.ms + AUTHORITY_SCHOOL_DAYS * 24 * HOUR_MS};
    SCOPED(cert_freep) struct cert *cert = NULL;
    int rc = cert_issue(&cert, profile, subject, key, issuer->cert, issuer->key,
        from, until, err);

    if (rc < 0)
        return rc;
    out->len = cert_der(cert).len;
    out->data = (uint8_t *)arena_copy(&draft->arena, cert_der(cert));
    return 0;
}

static int issue_both(struct admission *admission, struct draft *draft,
    const struct admission_issuer *issuer, const struct key *sign,
    const struct key *encrypt, struct err *err)
{
    char name[NAME_SIZE];
    const struct cert_subject subject = {name, draft->content.cluster};
    int rc;

    snprintf(name, sizeof name, "%s %s", admission->request.laestab.text,
        admission->request.name);
    rc = issue(&admission->sign_certificate, draft, issuer, CERT_SIGN, &subject,
        sign, err);
    if (rc == 0)
        rc = issue(&admission->encrypt_certificate, draft, issuer, CERT_ENCRYPT,
            &subject, encrypt, err);
    return rc;
}

/* Until the agent has come with the new key it can only come with the old. */
static void note_former_key(
    char *former, const char *now, const char *fresh, bool again)
{
    if (!again)
        former[0] = '\0';
    else if (strcmp(now, fresh) != 0)
        memcpy(former, now, CURVE_KEY_SIZE);
}

static void write_entry(struct draft *draft, struct directory_school *school,
    const struct admission *admission, wall now)
{
    const struct enrolment_request *request = &admission->request;
    const bool again = school->status == MEMBER_ACTIVE;

    if (!again)
        school->status_since = now;
    school->laestab = request->laestab;
    school->urn = request->urn;
    school->name = request->name;
    school->phase = request->phase;
    school->status = MEMBER_ACTIVE;
    school->reason = "";
    note_former_key(
        school->former_curve_key, school->curve_key, request->curve_key, again);
    memcpy(school->curve_key, request->curve_key, CURVE_KEY_SIZE);
    draft_put_cert(draft, &school->sign_certificates, &school->sign_count,
        admission->sign_certificate, again, now);
    draft_put_cert(draft, &school->encrypt_certificates, &school->encrypt_count,
        admission->encrypt_certificate, again, now);
}

static int enter_school(struct admission *admission, struct draft *draft,
    const struct admission_issuer *issuer, struct err *err)
{
    const struct enrolment_request *request = &admission->request;
    struct directory_school *school = draft_school(draft, &request->laestab);
    SCOPED(key_freep) struct key *sign = NULL;
    SCOPED(key_freep) struct key *encrypt = NULL;
    int rc = key_from_public(&sign, request->sign_key, err);

    if (rc == 0)
        rc = key_from_public(&encrypt, request->encrypt_key, err);
    if (rc == 0 && school != NULL)
        rc = may_return(request->laestab.text, school->status, issuer, err);
    if (rc == 0 && school != NULL && school->status != MEMBER_ACTIVE)
        rc = check_return(school, request, sign, encrypt, err);
    if (rc == 0)
        rc = issue_both(admission, draft, issuer, sign, encrypt, err);
    if (rc < 0)
        return rc;
    if (school == NULL)
        school = draft_add_school(draft);
    write_entry(draft, school, admission, issuer->now);
    return 0;
}

/* As check_return(), of a hub. */
static int check_hub_return(const struct directory_hub *hub,
    const struct enrolment_request *request, const struct key *sign,
    struct err *err)
{
    if (strcmp(hub->curve_key, request->curve_key) == 0 ||
        (sign != NULL &&
            certifies(hub->sign_certificates, hub->sign_count, sign)))
        return refuse_old_key(err);
    return 0;
}

static int issue_hub(struct admission *admission, struct draft *draft,
    const struct admission_issuer *issuer, const struct key *sign,
    struct err *err)
{
    char name[NAME_SIZE];
    const struct cert_subject subject = {name, draft->content.cluster};

    snprintf(name, sizeof name, "hub %s", admission->request.name);
    return issue(&admission->sign_certificate, draft, issuer, CERT_HUB,
        &subject, sign, err);
}

/* A hub of an older version has no key to sign with: what it had certificates
 * for before counts no more.  One that changes its keys (trust/hubkeys.h) goes
 * on with its old transport key for a while; one that was made anew has lost
 * it. */
static void write_hub(struct draft *draft, struct directory_hub *hub,
    const struct admission *admission, wall now)
{
    const struct enrolment_request *request = &admission->request;
    const bool again = hub->status == MEMBER_ACTIVE;

    hub->endpoint = request->endpoint;
    hub->name = request->name;
    hub->status = MEMBER_ACTIVE;
    note_former_key(hub->former_curve_key, hub->curve_key, request->curve_key,
        again && request->renews);
    memcpy(hub->curve_key, request->curve_key, CURVE_KEY_SIZE);
    if (admission->sign_certificate.len == 0)
        hub->sign_count = 0;
    else
        draft_put_cert(draft, &hub->sign_certificates, &hub->sign_count,
            admission->sign_certificate, again, now);
}

static int enter_hub(struct admission *admission, struct draft *draft,
    const struct admission_issuer *issuer, struct err *err)
{
    const struct enrolment_request *request = &admission->request;
    struct directory_hub *hub = draft_hub(draft, request->endpoint);
    SCOPED(key_freep) struct key *sign = NULL;
    int rc = request->sign_key.len == 0
                 ? 0
                 : key_from_public(&sign, request->sign_key, err);

    if (rc == 0 && hub != NULL)
        rc = may_return(request->endpoint, hub->status, issuer, err);
    if (rc == 0 && hub != NULL && hub->status != MEMBER_ACTIVE)
        rc = check_hub_return(hub, request, sign, err);
    if (rc == 0 && sign != NULL)
        rc = issue_hub(admission, draft, issuer, sign, err);
    if (rc < 0)
        return rc;
    write_hub(draft, hub == NULL ? draft_add_hub(draft) : hub, admission,
        issuer->now);
    return 0;
}

int admission_enter(struct admission *out, struct draft *draft,
    const struct admission_issuer *issuer, struct bytes file, struct err *err)
{
    int rc = papers_read_request(
        &out->request, &out->digest, file, &draft->arena, err);

    if (rc == 0)
        rc = check_curve_key(&draft->content, &out->request, err);
    if (rc < 0)
        return rc;
    return out->request.kind == ENROLMENT_HUB
               ? enter_hub(out, draft, issuer, err)
               : enter_school(out, draft, issuer, err);
}

/* --- a school that changes its keys --- */

/* The newest certificate's key has signed it, and that is the one that the
 * request is to replace. */
static int open_renewal(struct buf *file, wall *since,
    const struct directory_school *school, struct bytes renewal,
    struct err *err)
{
    SCOPED(cert_freep) struct cert *cert = NULL;
    int rc;

    if (school->sign_count == 0)
        return err_set(err, ERR_DENIED, "%s has no certificate to renew",
            school->laestab.text);
    rc = cert_parse(&cert, school->sign_certificates[0], err);
    if (rc < 0)
        return rc;
    since->ms = cert_start(cert).ms + AUTHORITY_BACKDATE_HOURS * HOUR_MS;
    return seal_verify(file, NULL, renewal, cert, err);
}

/* One that was answered before, or would be at any time to come: whoever keeps
 * it could bring old keys back with it. */
static int check_fresh(const struct enrolment_request *request, wall since,
    wall now, struct err *err)
{
    if (request->created.ms <= since.ms)
        return err_set(err, ERR_DENIED,
            "%s asked for this before its newest certificates were issued; it "
            "must ask again: moveup keys rotate --anew",
            request->laestab.text);
    if (request->created.ms > now.ms + AUTHORITY_BACKDATE_HOURS * HOUR_MS)
        return err_set(err, ERR_DENIED,
            "the clock of %s is more than a day ahead; it must set it and ask "
            "again: moveup keys rotate --anew",
            request->laestab.text);
    return 0;
}

int admission_renew(struct draft *draft, const struct admission_issuer *issuer,
    const struct laestab *laestab, struct bytes renewal, struct err *err)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    struct directory_school *school = draft_school(draft, laestab);
    struct admission admission = {.sign_certificate = {NULL, 0}};
    wall since = {0};
    int rc;

    if (school == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "there is no school %s here", laestab->text);
    if (school->status != MEMBER_ACTIVE)
        return err_set(err, ERR_DENIED, "%s is %s", laestab->text,
            words_status(school->status));
    rc = open_renewal(&file, &since, school, renewal, err);
    if (rc == 0)
        rc = papers_read_request(&admission.request, &admission.digest,
            buf_bytes(&file), &draft->arena, err);
    if (rc == 0 && (admission.request.kind != ENROLMENT_SCHOOL ||
                       !laestab_equal(&admission.request.laestab, laestab)))
        rc = err_set(
            err, ERR_DENIED, "it is of another school than %s", laestab->text);
    if (rc == 0)
        rc = check_fresh(&admission.request, since, issuer->now, err);
    if (rc == 0)
        rc = check_curve_key(&draft->content, &admission.request, err);
    if (rc < 0)
        return rc;
    admission.request.urn = school->urn; /* it may have changed meanwhile */
    admission.request.name = school->name;
    admission.request.phase = school->phase;
    return enter_school(&admission, draft, issuer, err);
}
