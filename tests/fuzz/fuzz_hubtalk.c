/* Any bytes are either a talk that encodes and decodes to the same, or refused
 * with a reason; a letter's bytes are exactly what encoding it gives. */
#include <stdlib.h>

#include "base/err.h"
#include "wire/hubtalk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct hubtalk talk;
    struct hubtalk again;
    struct err err = {.text = ""};

    if (hubtalk_decode(&talk, (struct bytes){data, len}, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    hubtalk_encode(&once, &talk);
    if (once.len > HUBTALK_MAX_BYTES ||
        hubtalk_decode(&again, buf_bytes(&once), NULL) < 0)
        abort();
    hubtalk_encode(&twice, &again);
    if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
        abort();
    if ((talk.kind == HUBTALK_PUT || talk.kind == HUBTALK_MAIL) &&
        (once.len != len || memcmp(once.data, data, len) != 0))
        abort();
    return 0;
}
