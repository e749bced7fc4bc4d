/* Any bytes, read as a request and as a welcome, are either one that we can
 * write ourselves and read again to the same, or refused with a reason. */
#include <stdlib.h>

#include "base/err.h"
#include "wire/enrolment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void try_request(struct bytes wire, struct arena *arena)
{
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct enrolment_request request;
    struct err err = {.text = ""};

    if (enrolment_decode_request(&request, wire, arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    enrolment_encode_request(&once, &request);
    if (enrolment_decode_request(&request, buf_bytes(&once), arena, NULL) < 0)
        abort();
    enrolment_encode_request(&twice, &request);
    if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
        abort();
}

static void try_welcome(struct bytes wire, struct arena *arena)
{
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct enrolment_welcome welcome;
    struct err err = {.text = ""};

    if (enrolment_decode_welcome(&welcome, wire, arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    enrolment_encode_welcome(&once, &welcome);
    if (enrolment_decode_welcome(&welcome, buf_bytes(&once), arena, NULL) < 0)
        abort();
    enrolment_encode_welcome(&twice, &welcome);
    if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;

    try_request((struct bytes){data, len}, &arena);
    try_welcome((struct bytes){data, len}, &arena);
    return 0;
}
