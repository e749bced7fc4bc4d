#include "hub/quota.h"

#include <stdbool.h>

#include "conf/settings.h"

#define MIB ((uint64_t)1024 * 1024)
#define RECEIPT_SHARE 8 /* receipts: an eighth more than the quota... */
#define RECEIPT_DISK_SHARE                                                     \
    4 /* ...and down to a quarter of the disk reserve                          \
       */

static bool fits(
    const struct quota_use *use, uint64_t bytes, uint64_t limit, bool receipt)
{
    const uint64_t used =
        use->bytes + use->letters * QUOTA_LETTER_BYTES + QUOTA_LETTER_BYTES;

    if (receipt)
        limit += limit / RECEIPT_SHARE;
    return used <= limit && bytes <= limit - used;
}

enum reason quota_check(
    const struct settings_hub *settings, const struct quota_question *question)
{
    const bool receipt = question->lane == LANE_RECEIPT;
    const uint64_t reserve = (uint64_t)settings->disk_reserve_mib * MIB;

    if (question->free_disk <
        (receipt ? reserve / RECEIPT_DISK_SHARE : reserve) + question->bytes)
        return REASON_DISK_FULL;
    if (!fits(&question->mailbox, question->bytes,
            (uint64_t)settings->mailbox_mib * MIB, receipt) ||
        !fits(&question->sender, question->bytes,
            (uint64_t)settings->sender_mib * MIB, receipt))
        return REASON_QUOTA;
    return REASON_NONE;
}
