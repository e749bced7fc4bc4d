#include "record/reason.h"

#include <stddef.h>

struct entry {
    enum reason reason;
    const char *code;
    const char *sentence;
    const char *next;
};

#define ASK_SENDER_DOCTOR "Ask the sending school to run: moveup doctor"
#define ASK_ADMINISTRATOR "Ask the cluster administrator"
#define REPORT_IT                                                              \
    "Tell the cluster administrator: this does not happen by accident"

static const struct entry REASONS[] = {
    {REASON_NONE, "none", "No reason was given", "Nothing to do"},
    {REASON_TOO_LARGE, "too-large", "The message is larger than is allowed",
        ASK_SENDER_DOCTOR},
    {REASON_BAD_HEADER, "bad-header",
        "The outside of the message cannot be read", ASK_SENDER_DOCTOR},
    {REASON_NOT_FOR_US, "not-for-us",
        "The message is addressed to another school",
        "Nothing was opened; tell the cluster administrator"},
    {REASON_UNKNOWN_SENDER, "unknown-sender",
        "The sender is not in the cluster's directory",
        "Ask the cluster administrator whether the school has been enrolled"},
    {REASON_SENDER_REVOKED, "sender-revoked",
        "The sender's place in the cluster has been taken away",
        "Ask the cluster administrator why the school was revoked"},
    {REASON_NOT_AUTHENTICATED, "not-authenticated",
        "The message is sealed in a way that does not show changes", REPORT_IT},
    {REASON_CANNOT_DECRYPT, "cannot-decrypt",
        "The message was altered, or sealed for a key we do not have",
        "If our keys were renewed, ask the sending school to send again"},
    {REASON_BAD_SIGNATURE, "bad-signature",
        "The signature is not that of the school it names", ASK_SENDER_DOCTOR},
    {REASON_BAD_BATCH, "bad-batch",
        "The signed content cannot be read by this version",
        "Compare versions with the sending school: moveup doctor"},
    {REASON_HEADER_MISMATCH, "header-mismatch",
        "What was signed was meant for another address than the one outside",
        REPORT_IT},
    {REASON_REPLAY, "replay",
        "The message belongs to a part of the conversation that was closed",
        "Nothing to do: it had no effect"},
    {REASON_EQUIVOCATION, "equivocation",
        "The sender used the same number for two different messages",
        "Ask the sending school whether a backup was restored"},
    {REASON_NEW_SCHEMA, "new-schema",
        "The message was written by a newer version of Moveup",
        "Update Moveup here, then: moveup quarantine retry"},
    {REASON_OLD_SCHEMA, "old-schema",
        "The message was written by a version that is too old",
        "Ask the sending school to update Moveup and send again"},
    {REASON_EXPIRED_CERTIFICATE, "expired-certificate",
        "The sender's certificate has expired",
        "Ask the sending school to renew its certificate with the cluster "
        "administrator"},
    {REASON_WRONG_USAGE, "wrong-usage",
        "The certificate is not meant for this use", ASK_ADMINISTRATOR},
    {REASON_SIGNED_BEFORE, "signed-before-revocation",
        "It was signed before its sender was revoked, and came after",
        "Ask the cluster administrator whether it can be trusted, then: moveup "
        "quarantine approve, or drop"},
    {REASON_NOT_OURS, "not-ours",
        "No child of this number is expected from that school",
        "Ask the two schools which of them the child is leaving for"},
    {REASON_UPN_CONFLICT, "upn-conflict",
        "Two schools have sent a child with this UPN",
        "Ask both schools to compare name and date of birth, not by e-mail; "
        "the "
        "one that has no such child recalls it, and the other's is then taken "
        "by itself"},
    {REASON_OLD_REVISION, "old-revision", "A newer record is already here",
        "Nothing to do: the newer record stays"},
    {REASON_SCHOOL_CLOSED, "school-closed",
        "The school has closed or changed its number",
        "Where another school follows it, its mail goes there by itself"},
    {REASON_MASS_RECALL, "mass-recall",
        "After a restore the sender would have many records destroyed at once",
        "Ring the sending school; if it means that: moveup approve LAESTAB"},
    {REASON_UNKNOWN_RECIPIENT, "unknown-recipient",
        "The recipient is not in the cluster's directory",
        "Check the LAESTAB; ask the cluster administrator to enrol the school"},
    {REASON_QUOTA, "quota", "The recipient's mailbox at the hub is full",
        "Nothing is lost: it is sent again by itself when there is room"},
    {REASON_DISK_FULL, "disk-full", "The hub's disk is full",
        "Nothing is lost: tell whoever looks after the hub"},
    {REASON_NOT_AUTHOR, "not-author",
        "The message names another school as its author than the one "
        "connected",
        REPORT_IT},
    {REASON_NOT_ADMINISTRATOR, "not-administrator",
        "Only the cluster administrator may ask for this", ASK_ADMINISTRATOR},
    {REASON_FENCED, "fenced",
        "Another agent of this school has taken over the mailbox",
        "Stop all but one agent with this school's keys"},
    {REASON_OLD_DIRECTORY, "old-directory",
        "The directory is older than the one already known",
        "Publish the newest one: moveup cluster publish"},
    {REASON_BAD_REQUEST, "bad-request", "The hub could not read the request",
        "Compare versions of the agent and the hub: moveup doctor"},
    {REASON_EXPIRING, "expiring",
        "The recipient has not fetched it from the hub for most of the time "
        "that mail is kept",
        "Ring the recipient: its agent does not run or cannot reach the hub"},
    {REASON_EXPIRED, "expired",
        "The recipient did not fetch it from the hub in the time that mail is "
        "kept",
        "When the recipient's agent runs again, send again: moveup leavers "
        "send"},
    {REASON_MISSING, "missing", "A message of this number never came",
        "Nothing to do: the sender sends it again by itself"},
};

static const struct entry *find(unsigned number)
{
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if ((unsigned)REASONS[i].reason == number)
            return &REASONS[i];
    return &REASONS[0];
}

const char *reason_code(enum reason reason)
{
    return find((unsigned)reason)->code;
}

const char *reason_sentence(enum reason reason)
{
    return find((unsigned)reason)->sentence;
}

const char *reason_next_step(enum reason reason)
{
    return find((unsigned)reason)->next;
}

enum reason reason_from_number(unsigned number)
{
    return find(number)->reason;
}
