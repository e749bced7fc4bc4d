#include "agentd/mail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agentd/admit.h"
#include "agentd/agent.h"
#include "agentd/apply.h"
#include "agentd/incarnation.h"
#include "agentd/plea.h"
#include "agentd/progress.h"
#include "agentd/receipts.h"
#include "agentd/reporting.h"
#include "agentd/spare.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/cert.h"
#include "crypto/seal.h"
#include "store/heldback.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/owed.h"
#include "wire/batch.h"
#include "wire/envelope.h"

/* A letter on its way through the checks. */
struct opening {
    struct agent *agent;
    const struct mail_letter *letter;
    struct arena arena;
    struct buf signed_content;
    struct bytes content; /* within signed_content */
    struct digest digest;
    struct batch batch;
    const struct cert *signer; /* whose signature it is */
    wall now;
    bool approved; /* by a person, though its author was revoked since */
};

static void opening_free(struct opening *o)
{
    arena_free(&o->arena);
    buf_free(&o->signed_content);
}

static enum reason reason_of_decrypt(int rc)
{
    return rc == ERR_TOO_BIG  ? REASON_TOO_LARGE
           : rc == ERR_DENIED ? REASON_NOT_AUTHENTICATED
                              : REASON_CANNOT_DECRYPT;
}

/* Recipient and author, before any cryptography. */
static enum reason check_parties(const struct opening *o, struct err *err)
{
    const struct header *header = &o->letter->header;

    if (!laestab_equal(&header->recipient, &o->agent->identity->laestab)) {
        (void)err_set(err, ERR_DENIED, "addressed to another school");
        return REASON_NOT_FOR_US;
    }
    return admit_author(o->agent, header, err);
}

/* Try each certificate that the directory lists for the author: two while keys
 * are being rotated. */
static enum reason verify(struct opening *o, struct err *err)
{
    enum reason reason = REASON_BAD_SIGNATURE;
    struct cert *cert;

    (void)err_set(err, ERR_SIGNATURE, "the author has no valid certificate");
    for (size_t i = 0;
         (cert = admit_cert(o->agent, &o->letter->header.author, i)) != NULL;
         i++) {
        if (admit_cert_time(cert, i, o->now, err) < 0) {
            reason = REASON_EXPIRED_CERTIFICATE;
            continue;
        }
        switch (seal_verify_within(&o->content, &o->digest,
            buf_bytes(&o->signed_content), cert, err)) {
        case 0:
            o->signer = cert;
            return REASON_NONE;
        case ERR_CERTIFICATE:
            reason = REASON_WRONG_USAGE;
            break;
        default:
            reason = REASON_BAD_SIGNATURE;
            break;
        }
    }
    return reason;
}

static bool same_header(const struct header *a, const struct header *b)
{
    return a->version == b->version && laestab_equal(&a->author, &b->author) &&
           laestab_equal(&a->recipient, &b->recipient) && a->lane == b->lane &&
           id_equal(&a->epoch, &b->epoch) && a->first == b->first &&
           a->last == b->last && a->ttl_days == b->ttl_days;
}

/* With our key, or one that was ours while the letter was on its way. */
static int decrypt(struct opening *o, struct err *err)
{
    const struct identity *me = o->agent->identity;
    int rc = seal_decrypt(&o->signed_content, o->letter->sealed,
        me->encrypt_key, me->encrypt_cert, err);

    for (size_t i = 0; rc == ERR_DECRYPT && i < me->former_count; i++)
        rc = seal_decrypt(&o->signed_content, o->letter->sealed,
            me->former[i].key, me->former[i].cert, err);
    return rc;
}

static enum reason open_letter(struct opening *o, struct err *err)
{
    enum reason reason = check_parties(o, err);
    int rc;

    if (reason != REASON_NONE)
        return reason;
    rc = decrypt(o, err);
    if (rc < 0)
        return reason_of_decrypt(rc);
    reason = verify(o, err);
    if (reason != REASON_NONE)
        return reason;
    rc = batch_decode(&o->batch, o->content, &o->arena, err);
    if (rc < 0)
        return rc == ERR_STATE ? REASON_NEW_SCHEMA : REASON_BAD_BATCH;
    if (!same_header(&o->batch.header, &o->letter->header)) {
        (void)err_set(err, ERR_DENIED,
            "the signed batch says another author, recipient or range");
        return REASON_HEADER_MISMATCH;
    }
    if (!admit_in_time(o->signer, o->batch.created, o->now)) {
        (void)err_set(err, ERR_CERTIFICATE,
            "signed after the author's certificate had expired");
        return REASON_EXPIRED_CERTIFICATE;
    }
    return admit_signed(
        o->agent, &o->letter->header, o->batch.created, o->approved, err);
}

static void owe(struct mail_debts *debts, const struct laestab *school)
{
    for (size_t i = 0; i < debts->count; i++)
        if (laestab_equal(&debts->schools[i], school))
            return;
    if (debts->count < MAIL_MAX_DEBTS)
        debts->schools[debts->count++] = *school;
}

bool mail_must_settle(const struct mail_debts *debts)
{
    return debts->count == MAIL_MAX_DEBTS;
}

/* A stranger, or a letter for somebody else, gets no answer; nor does a
 * receipt, or two schools that cannot read each other would answer for ever. */
static bool deserves_answer(const struct header *header, enum reason reason)
{
    return header->lane != LANE_RECEIPT && reason != REASON_NOT_FOR_US &&
           reason != REASON_UNKNOWN_SENDER && reason != REASON_SENDER_REVOKED &&
           reason != REASON_SIGNED_BEFORE && reason != REASON_SCHOOL_CLOSED;
}

/* Keep it for a person to see.  about: the letter's header, with the range that
 * this is about. */
static int put_aside_range(struct opening *o, struct header about,
    enum reason reason, const char *detail, struct err *err)
{
    const struct mail_letter *letter = o->letter;
    const struct header *header = &about;
    SCOPED(buf_free) struct buf encoded = BUF_EMPTY;
    struct quarantine_row row = {
        .at = o->now,
        .author = header->author,
        .lane = header->lane,
        .epoch = header->epoch,
        .envelope = letter->envelope,
        .first = header->first,
        .last = header->last,
        .reason = reason,
        .sealed = letter->sealed,
        .size = letter->sealed.len,
    };

    text_clean(row.detail, sizeof row.detail, detail);
    envelope_encode(&encoded, &letter->header);
    row.header = buf_bytes(&encoded);
    log_line(&o->agent->log, LOG_WARN, "mail put aside",
        "from=%s lane=%s first=%" PRIu64 " last=%" PRIu64
        " reason=%s detail=\"%s\"",
        header->author.text, stream_lane_name(header->lane), header->first,
        header->last, reason_code(reason), detail);
    return inbox_quarantine_add(o->agent->db, &row, err);
}

/* The whole letter; and the author is told, if it is a member. */
static int put_aside(struct opening *o, enum reason reason, const char *detail,
    struct mail_debts *debts, struct err *err)
{
    const struct header *header = &o->letter->header;
    const struct refusal refusal = {o->letter->envelope, header->lane,
        header->epoch, header->first, header->last, reason};
    int rc = put_aside_range(o, *header, reason, detail, err);

    if (rc < 0 || !deserves_answer(header, reason))
        return rc;
    rc = owed_add_refusal(o->agent->db, &header->author, &refusal, o->now, err);
    if (rc == 0)
        owe(debts, &header->author);
    return rc;
}

/* A record that was put aside: its family is not rung before a person has
 * looked at it. */
static int hold_back(
    struct opening *o, const struct batch_item *item, struct err *err)
{
    struct tag pupil;

    if (item->kind != ITEM_LEAVER)
        return 0;
    agent_upn_tag(&pupil, o->agent, item->u.leaver.upn);
    return heldback_add(o->agent->db, &o->letter->envelope, &pupil, err);
}

static const char SUSPECT[] = "it cannot be applied by this version";

/* A suspect: its numbers are known, and nothing of it is tried. */
static int apply_nothing(
    struct opening *o, struct inbox_stream *stream, struct err *err)
{
    const struct header *header = &o->letter->header;
    int rc = put_aside_range(o, *header, REASON_BAD_BATCH, SUSPECT, err);

    intake_put_aside(
        &stream->intake, header->first, header->last, REASON_BAD_BATCH);
    for (size_t i = 0; rc == 0 && i < o->batch.count; i++)
        rc = hold_back(o, &o->batch.items[i], err);
    return rc;
}

/* Apply what is new in the batch.  Numbers that the stream has had already are
 * passed over; items that cannot be applied become holes with their reason. */
static int apply_items(struct opening *o, struct inbox_stream *stream,
    struct mail_debts *debts, struct err *err)
{
    struct apply_letter from = {
        .batch = &o->batch, .signed_batch = buf_bytes(&o->signed_content)};
    int rc = spare_count(&from.spared, &from.of, o->agent, &o->batch, err);

    for (size_t i = 0; rc == 0 && i < o->batch.count; i++) {
        struct err why = {.text = ""};
        enum reason reason = REASON_NONE;
        const uint64_t seq = o->batch.header.first + i;

        rc = apply_item(&reason, o->agent, &from, &o->batch.items[i], &why);

        debts->destroyed |= from.destroyed;
        if (rc < 0) {
            *err = why;
            return rc;
        }
        if (reason == REASON_NONE)
            continue;
        intake_put_aside(&stream->intake, seq, seq, reason);
        struct header about = o->letter->header;

        about.first = about.last = seq;
        rc = put_aside_range(o, about, reason, why.text, err);
        if (rc == 0)
            rc = hold_back(o, &o->batch.items[i], err);
    }
    return rc == 0 && from.follows
               ? plea_follow(o->agent, &o->batch.header.author, err)
               : rc;
}

/* From before its author's database went back: what it says is still true and
 * is applied (a restriction most of all), but it moves no stream. */
static int take_late(
    struct opening *o, struct mail_debts *debts, struct err *err)
{
    struct apply_letter from = {.batch = &o->batch,
        .signed_batch = buf_bytes(&o->signed_content),
        .late = true};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < o->batch.count; i++) {
        enum reason reason;

        rc = apply_item(&reason, o->agent, &from, &o->batch.items[i], err);
        debts->destroyed |= from.destroyed;
    }
    return rc;
}

/* Two contents came under one number: nothing more of that epoch is taken until
 * its author opens a new one. */
static char *frozen_key(const struct laestab *author, enum lane lane)
{
    return mem_format("frozen %s %s", author->text, stream_lane_name(lane));
}

int mail_is_frozen(bool *frozen, struct agent *agent,
    const struct laestab *author, enum lane lane, const struct id *epoch,
    struct err *err)
{
    SCOPED(mem_freep) char *key = frozen_key(author, lane);
    char text[ID_TEXT_SIZE];
    char stored[ID_TEXT_SIZE] = "";
    int rc = db_get(agent->db, key, stored, sizeof stored, err);

    *frozen = strcmp(stored, id_format(epoch, text)) == 0;
    return rc;
}

static int freeze(struct opening *o, struct mail_debts *debts, struct err *err)
{
    SCOPED(mem_freep)
    char *key = frozen_key(&o->batch.header.author, o->batch.header.lane);
    char epoch[ID_TEXT_SIZE];
    int rc = db_set(
        o->agent->db, key, id_format(&o->batch.header.epoch, epoch), err);

    return rc < 0 ? rc
                  : put_aside(o, REASON_EQUIVOCATION,
                        "this number came before with another content; the "
                        "stream is frozen until its author opens a new epoch",
                        debts, err);
}

static int take_numbered(
    struct opening *o, struct mail_debts *debts, struct err *err)
{
    const struct header *header = &o->batch.header;
    struct inbox_stream stream;
    struct intake_offer offer = {header->epoch, header->first, header->last,
        o->batch.previous, o->digest, false};
    int rc = inbox_stream(&stream, &offer.epoch_seen, o->agent->db,
        &header->author, header->lane, &header->epoch, err);
    bool frozen = false;

    if (rc == 0)
        rc = mail_is_frozen(&frozen, o->agent, &header->author, header->lane,
            &header->epoch, err);
    if (rc < 0)
        return rc;
    if (frozen)
        return put_aside(
            o, REASON_EQUIVOCATION, "the stream is frozen", debts, err);
    switch (intake_offer(&stream.intake, &offer)) {
    case INTAKE_APPLY:
        rc = o->letter->suspect ? apply_nothing(o, &stream, err)
                                : apply_items(o, &stream, debts, err);
        stream.heard_at = o->now;
        if (rc == 0)
            rc = inbox_put_stream(o->agent->db, &stream, err);
        break;
    case INTAKE_DUPLICATE:
        break;
    case INTAKE_FORKED:
        return freeze(o, debts, err);
    case INTAKE_CLOSED:
        return put_aside(
            o, REASON_REPLAY, "an epoch that was closed", debts, err);
    case INTAKE_TOO_MANY_HOLES:
        /* Left at the hub it would use up the credit that other schools' mail
         * needs.  Without a receipt its author sends it again. */
        log_line(&o->agent->log, LOG_WARN,
            "too many numbers are missing before a letter: not taken now",
            "from=%s lane=%s first=%" PRIu64, header->author.text,
            stream_lane_name(header->lane), header->first);
        break;
    }
    owe(debts, &header->author);
    return rc;
}

static int take(struct opening *o, struct mail_debts *debts, struct err *err)
{
    struct err why = {.text = ""};
    const enum reason reason = open_letter(o, &why);
    bool stale = false;
    int rc;

    if (reason != REASON_NONE)
        return put_aside(o, reason, why.text, debts, err);
    if (o->letter->suspect)
        return o->letter->header.lane == LANE_RECEIPT
                   ? put_aside(o, REASON_BAD_BATCH, SUSPECT, debts, err)
                   : take_numbered(o, debts, err);
    rc = incarnation_heard(&stale, o->agent, &o->batch, err);
    if (rc < 0)
        return rc;
    if (o->letter->header.lane != LANE_RECEIPT)
        return stale ? take_late(o, debts, err) : take_numbered(o, debts, err);
    if (stale)
        return 0;
    debts->got_receipts = true;
    return receipts_take(
        o->agent, &o->batch, buf_bytes(&o->signed_content), o->now, err);
}

int mail_take(struct agent *agent, const struct mail_letter *letter,
    struct mail_debts *debts, struct err *err)
{
    SCOPED(opening_free)
    struct opening o = {.agent = agent, .letter = letter, .now = clock_wall()};

    return take(&o, debts, err);
}

int mail_approve(struct agent *agent, const struct mail_letter *letter,
    struct mail_debts *debts, struct err *err)
{
    SCOPED(opening_free)
    struct opening o = {.agent = agent,
        .letter = letter,
        .now = clock_wall(),
        .approved = true};

    return take(&o, debts, err);
}

int mail_settle(struct agent *agent, struct mail_debts *debts, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < debts->count; i++)
        rc = receipts_write(agent, &debts->schools[i], err);
    debts->count = 0;
    return rc;
}

void mail_committed(struct agent *agent, struct mail_debts *debts)
{
    if (debts->destroyed)
        (void)db_checkpoint(agent->db);
    debts->destroyed = false;
    progress_expect(agent->progress);
    reporting_expect(agent->reporting);
}
