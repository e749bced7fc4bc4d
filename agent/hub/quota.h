/*
 * quota - is there room for a letter?  Limits of the recipient's mailbox, of
 * what one sender has lying here in all, and of the disk.  Receipts may use a
 * reserve beyond each of them: they are what lets authors forget, and so what
 * empties a full cluster.
 */
#ifndef HUB_QUOTA_H
#define HUB_QUOTA_H

#include "base/attr.h"
#include "record/reason.h"
#include "wire/stream.h"

struct settings_hub;

/* What a letter takes beside its bytes; without it small ones would be free. */
#define QUOTA_LETTER_BYTES 512

struct quota_use {
    uint64_t letters, bytes;
};

struct quota_question {
    enum lane lane;
    uint64_t bytes;
    struct quota_use mailbox; /* of the recipient */
    struct quota_use sender;  /* of the author's letters in all mailboxes */
    uint64_t free_disk;       /* bytes */
};

/** REASON_NONE, REASON_QUOTA or REASON_DISK_FULL. */
enum reason quota_check(
    const struct settings_hub *settings, const struct quota_question *question);

#endif
