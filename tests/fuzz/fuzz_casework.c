/* Any bytes as any kind of event: a refusal has a reason, and what is taken
 * comes back the same when it is encoded again. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/casework.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct event *event)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf first = BUF_EMPTY;
    SCOPED(buf_free) struct buf second = BUF_EMPTY;
    struct event back = {.kind = event->kind};

    if (casework_encode(&first, event, NULL) < 0 ||
        casework_decode(&back, buf_bytes(&first), &arena, NULL) < 0 ||
        casework_encode(&second, &back, NULL) < 0 || first.len != second.len ||
        (first.len > 0 && memcmp(first.data, second.data, first.len) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct err err = {.text = ""};
    struct event event = {.kind = EVENT_LEASE};

    if (size == 0)
        return 0;
    event.kind = (enum event_kind)(data[0] % (EVENT_LAST + 2));
    if (casework_decode(
            &event, (struct bytes){data + 1, size - 1}, &arena, &err) == 0)
        again(&event);
    else if (err.text[0] == '\0')
        abort();
    return 0;
}
