/* Any bytes are either exactly what encoding the header gives, or refused with
 * a reason. */
#include <stdlib.h>

#include "base/err.h"
#include "wire/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    SCOPED(buf_free) struct buf again = BUF_EMPTY;
    struct header header;
    struct err err = {.text = ""};

    if (envelope_decode(&header, (struct bytes){data, len}, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    envelope_encode(&again, &header);
    if (again.len != len || memcmp(again.data, data, len) != 0)
        abort();
    return 0;
}
