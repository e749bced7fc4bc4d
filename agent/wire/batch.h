/*
 * batch - what is signed: some consecutive changes of one stream, or receipts.
 *
 *   batch    = header, previous, created, item+
 *   item     = leaver | heartbeat | read | receipt | refusal | tombstone
 *            | destroyed | request | answer | family | held | diary
 *
 * The header inside repeats the clear one.  In LANE_URGENT and LANE_NORMAL item
 * i has the number first + i.  In LANE_RECEIPT items have no numbers.
 * previous is the SHA-256 of the signed content of the batch before (zeros for
 * the first of an epoch).
 */
#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "outreach/coarse.h"
#include "outreach/event.h"
#include "record/reason.h"
#include "record/restriction.h"
#include "record/used.h"
#include "wire/diary.h"
#include "wire/stream.h"

struct err;

#define BATCH_MAX_BYTES ((size_t)900 * 1024) /* of signed content */
#define BATCH_MAX_ITEMS 500
#define BATCH_MAX_EXCEPTIONS 256 /* of one receipt, ascending */
#define BATCH_MAX_ROLE 23        /* bytes */
#define BATCH_MAX_STATEMENT 1000 /* bytes */
#define BATCH_MAX_ASK 500        /* bytes of a request's or answer's text */
#define BATCH_MAX_VALUE 320      /* bytes of a number or address */
#define BATCH_MAX_TUTOR 80       /* bytes of a tutor's name */

enum item_kind {
    ITEM_LEAVER = 1, /* a new revision of a leaver record, whole */
    ITEM_HEARTBEAT,  /* nothing new: proves that nothing is missing */
    ITEM_READ,       /* a named person has read the record */
    ITEM_RECEIPT,    /* LANE_RECEIPT only */
    ITEM_REFUSAL,    /* LANE_RECEIPT only */
    ITEM_TOMBSTONE,  /* destroy the record, and never take an older one again */
    ITEM_DESTROYED,  /* that was done */
    ITEM_REQUEST,    /* the secondary asks about a family */
    ITEM_ANSWER,     /* the primary answers */
    ITEM_FAMILY,     /* how far first contact has come */
    ITEM_HELD,       /* a restriction that the author seems to have forgotten */
    ITEM_DIARY,      /* key dates and open sessions */
};

/* Why a record is to be destroyed. */
enum tombstone_kind {
    TOMBSTONE_RECALLED = 1, /* the author takes it back */
    TOMBSTONE_MOVED = 2,    /* the child goes to another school */
};

struct exception {
    uint64_t first, last; /* numbers that were not applied */
    enum reason reason;   /* REASON_MISSING: never came */
};

/* Everything of stream (signer's peer -> signer) up to here. */
struct receipt {
    enum lane lane;
    struct id epoch;
    uint64_t received;  /* highest number seen */
    uint64_t applied;   /* all up to here are applied, but for exceptions */
    struct digest head; /* content digest of the batch that ended at applied */
    struct exception *exceptions;
    size_t exception_count;
    const char *statement; /* the same in a sentence, for whoever reads the
                            * file with openssl */
};

/* An envelope that could not be taken; what its clear header said. */
struct refusal {
    struct id envelope;
    enum lane lane;
    struct id epoch;
    uint64_t first, last;
    enum reason reason;
};

struct batch_item {
    enum item_kind kind;
    union {
        struct {
            const char *upn; /* that the recipient may know the child by: the
                              * record's own, or the one it replaces */
            uint64_t revision;
            struct bytes record; /* wire/record's bytes; LEAVER */
        } leaver;
        struct {
            const char *upn;
            uint64_t revision;
            const char *role; /* "SENCO" */
            wall at;
        } read;
        struct {
            const char *upn;   /* as leaver.upn */
            uint64_t revision; /* this one and all before it */
            enum tombstone_kind kind;
        } tombstone;
        struct {
            const char *upn; /* as in the tombstone */
            uint64_t revision;
            wall at;
        } destroyed;
        struct {
            uint64_t request; /* number that the secondary drew */
            const char *upn;
            uint64_t revision;
            enum request_kind kind;
            uint32_t contact, point; /* of that record; 0: none */
            const char *text;        /* of a question; "" */
            struct date due;
        } request;
        struct {
            uint64_t request; /* 0: another school asked */
            const char *upn;
            bool accepted;
            bool from_parent;           /* the parent told the primary */
            uint32_t contact;           /* of that record; 0: none */
            enum point_kind point_kind; /* 0: no new number or address */
            const char *value;          /* E.164 or an e-mail; "" none */
            const char *text;           /* "" none */
        } answer;
        struct {
            const char *upn;
            enum coarse state;
            struct date day;         /* of that step; unset: not told */
            const char *tutor;       /* "" not decided */
            const struct used *used; /* by role, each once */
            size_t used_count;
        } family;
        struct {
            const char *upn; /* as the author's letter named it */
            struct restriction restriction;
            /* of its contact, as the recipient has it; "" */
            const char *source_id, *surname, *forename;
        } held;
        struct diary diary;
        struct receipt receipt;
        struct refusal refusal;
    } u;
};

struct batch {
    struct header header;
    struct digest previous;
    wall created;
    uint64_t incarnation; /* the author's: how often its database went back */
    uint64_t heard;       /* the recipient's, as the author last heard it */
    uint64_t progress;    /* what the author ever wrote, with this */
    uint64_t heard_progress; /* the recipient's, in that incarnation */
    struct batch_item *items;
    size_t count;
};

/** Errors: ERR_TOO_BIG, ERR_MALFORMED (items do not fill the range, text that
 * is not clean). */
MUST_CHECK int batch_encode(
    struct buf *out, const struct batch *batch, struct err *err);

/**
 * Read signed bytes (after the signature was verified, and not before).
 * Everything in *out lives in arena.  The header's fields make sense, as in
 * envelope_decode(); that they equal the clear ones is the caller's check.  The
 * records inside are not read.  A reason that this version has no name for
 * becomes REASON_BAD_BATCH.
 *
 * Errors: ERR_TOO_BIG, ERR_MALFORMED.
 */
MUST_CHECK int batch_decode(struct batch *out, struct bytes content,
    struct arena *arena, struct err *err);

#endif
