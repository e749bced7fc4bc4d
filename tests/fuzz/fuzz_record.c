/* Any bytes are either a record that we can write ourselves and read again
 * to the same, or refused with a reason. */
#include <stdlib.h>

#include "base/err.h"
#include "wire/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct leaver value;
    struct leaver again;
    struct err err = {.text = ""};

    if (record_decode(&value, (struct bytes){data, len}, &arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    if (record_encode_own(&once, &value, NULL) < 0 ||
        record_decode(&again, buf_bytes(&once), &arena, NULL) < 0 ||
        record_encode_own(&twice, &again, NULL) < 0)
        abort();
    if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
        abort();
    return 0;
}
