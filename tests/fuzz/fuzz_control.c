/* Any bytes as a request: refused with a reason, or a request that says the
 * same when it is written and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "control/control.h"
#include "control/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(int holds)
{
    if (!holds)
        abort();
}

/* Written anew, it decodes to the same. */
static void round_trip(const struct control_request *first)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct control_request second;

    /* Escapes may make it longer than what came in. */
    if (frame_add(&out, first->json, CONTROL_MAX_REQUEST, NULL) < 0)
        return;
    check(frame_length(out.data) == out.len - FRAME_HEADER);
    check(control_decode_request(&second, out.data + FRAME_HEADER,
              out.len - FRAME_HEADER, NULL) == 0);
    check(strcmp(first->command, second.command) == 0);
    check(strcmp(first->as, second.as) == 0);
    check(json_equal(first->json, second.json));
    control_request_end(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct control_request request;
    struct err err = {0};
    const int rc = control_decode_request(&request, data, len, &err);

    if (rc < 0) {
        check(rc == ERR_MALFORMED || rc == ERR_TOO_BIG || rc == ERR_STATE);
        check(err.code == (enum err_code)rc && err.text[0] != '\0');
        check(request.json == NULL);
        return 0;
    }
    check(request.command[0] != '\0' && strlen(request.command) <= 64);
    check(text_is_clean(bytes_of(request.command)));
    check(text_is_clean(bytes_of(request.as)));
    check(json_is_object(request.args));
    round_trip(&request);
    control_request_end(&request);
    return 0;
}
