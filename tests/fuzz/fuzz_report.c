/* Any bytes are either a school's report that we can write ourselves and read
 * again to the same, or refused with a reason; and so for a hub's. */
#include <stdlib.h>

#include "base/err.h"
#include "wire/attest.h"
#include "wire/hubreport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must_be_same(const struct buf *once, const struct buf *twice)
{
    if (once->len != twice->len ||
        (once->len > 0 && memcmp(once->data, twice->data, once->len) != 0))
        abort();
}

static void try_school(struct bytes wire)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct report value, again;
    struct err err = {.text = ""};

    if (report_decode(&value, wire, &arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    if (report_encode(&once, &value, NULL) < 0 ||
        report_decode(&again, buf_bytes(&once), &arena, NULL) < 0 ||
        report_encode(&twice, &again, NULL) < 0)
        abort();
    must_be_same(&once, &twice);
}

static void try_hub(struct bytes wire)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct hubreport value, again;
    struct err err = {.text = ""};

    if (hubreport_decode(&value, wire, &arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    if (hubreport_encode(&once, &value, NULL) < 0 ||
        hubreport_decode(&again, buf_bytes(&once), &arena, NULL) < 0 ||
        hubreport_encode(&twice, &again, NULL) < 0)
        abort();
    must_be_same(&once, &twice);
}

static void try_trace(struct bytes wire)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct hubreport_trace value, again;
    struct err err = {.text = ""};

    if (hubreport_decode_trace(&value, wire, &arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    if (hubreport_encode_trace(&once, &value, NULL) < 0 ||
        hubreport_decode_trace(&again, buf_bytes(&once), &arena, NULL) < 0 ||
        hubreport_encode_trace(&twice, &again, NULL) < 0)
        abort();
    must_be_same(&once, &twice);
}

static void try_attest(struct bytes wire)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf once = BUF_EMPTY;
    SCOPED(buf_free) struct buf twice = BUF_EMPTY;
    struct attest value, again;
    struct err err = {.text = ""};

    if (attest_decode(&value, wire, &arena, &err) < 0) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    if (attest_encode(&once, &value, NULL) < 0 ||
        attest_decode(&again, buf_bytes(&once), &arena, NULL) < 0 ||
        attest_encode(&twice, &again, NULL) < 0)
        abort();
    must_be_same(&once, &twice);
}

/* The first byte chooses whose it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static void (*const tries[])(struct bytes) = {
        try_school, try_hub, try_trace, try_attest};

    if (len > 0)
        tries[data[0] % 4]((struct bytes){data + 1, len - 1});
    return 0;
}
