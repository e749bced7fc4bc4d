/*
 * reason - why something was refused, held or put aside: one list, with a code
 * for JSON, a sentence for people and the next step (domain 2.10).
 *
 * The numbers travel in receipts and refusals (proto/batch.proto); they are
 * never changed or used again.
 */
#ifndef RECORD_REASON_H
#define RECORD_REASON_H

enum reason {
    REASON_NONE = 0,
    /* envelopes and batches */
    REASON_TOO_LARGE = 1,
    REASON_BAD_HEADER = 2,
    REASON_NOT_FOR_US = 3,     /* the recipient is another school */
    REASON_UNKNOWN_SENDER = 4, /* not in the directory */
    REASON_SENDER_REVOKED = 5,
    REASON_NOT_AUTHENTICATED = 6, /* not AuthEnvelopedData */
    REASON_CANNOT_DECRYPT = 7,    /* altered, or sealed for another key */
    REASON_BAD_SIGNATURE = 8,     /* includes wrong signer, EKU, expiry */
    REASON_BAD_BATCH = 9,         /* signed, but not a batch we can read */
    REASON_HEADER_MISMATCH = 10,  /* signed fields differ from the header:
                                   * re-sealed or re-addressed */
    REASON_REPLAY = 11,           /* an epoch that was closed */
    REASON_EQUIVOCATION = 12,     /* same epoch and number, another content */
    REASON_NEW_SCHEMA = 13,
    REASON_OLD_SCHEMA = 14,
    REASON_EXPIRED_CERTIFICATE = 15,
    REASON_WRONG_USAGE = 16,   /* key usage or EKU of the certificate */
    REASON_SIGNED_BEFORE = 17, /* of a school that was revoked since */
    /* changes */
    REASON_NOT_OURS = 20,     /* no such placement */
    REASON_UPN_CONFLICT = 21, /* two schools claim this UPN */
    REASON_OLD_REVISION = 22,
    REASON_SCHOOL_CLOSED = 23,
    REASON_MASS_RECALL = 24, /* after a restore: it waits for a person */
    /* the hub's refusals */
    REASON_UNKNOWN_RECIPIENT = 40,
    REASON_QUOTA = 41,
    REASON_DISK_FULL = 42,
    REASON_NOT_AUTHOR = 43, /* the header names another than the peer */
    REASON_NOT_ADMINISTRATOR = 44,
    REASON_FENCED = 45, /* another session took this mailbox */
    REASON_OLD_DIRECTORY = 46,
    REASON_BAD_REQUEST = 47,
    REASON_EXPIRING = 48, /* a letter that nobody fetches: most of its life */
    REASON_EXPIRED = 49,  /* ...or all of it is over; the hub has it no more */
    REASON_MISSING = 60,  /* a number that never came (in receipts) */
};

/** "bad-signature": the code in JSON and logs. */
const char *reason_code(enum reason reason);

/** "The signature is not that of the school it names" */
const char *reason_sentence(enum reason reason);

/** What to do: "Ask the sending school to run: moveup doctor" */
const char *reason_next_step(enum reason reason);

/** REASON_NONE for a number that this version does not know. */
enum reason reason_from_number(unsigned number);

#endif
