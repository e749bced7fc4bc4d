/* Enrolment request files, which arrive by e-mail from anybody. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "trust/papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct enrolment_request request, again;
    struct digest digest, same;
    struct err err = {0};
    SCOPED(buf_free) struct buf padded = BUF_EMPTY;

    if (papers_read_request(
            &request, &digest, (struct bytes){data, size}, &arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort(); /* refused without a reason */
        return 0;
    }
    if (papers_check_member(&request, NULL) < 0)
        abort(); /* accepted what nobody may be */

    /* White space around it is all that may differ, and changes nothing. */
    buf_add(&padded, bytes_of("\r\n "));
    buf_add(&padded, (struct bytes){data, size});
    buf_add(&padded, bytes_of("\n\n"));
    if (papers_read_request(&again, &same, buf_bytes(&padded), &arena, NULL) <
            0 ||
        memcmp(&digest, &same, sizeof digest) != 0)
        abort();
    return 0;
}
