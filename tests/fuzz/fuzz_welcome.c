/* Welcome files, and the text form that they share with requests. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "trust/armour.h"
#include "trust/papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text that is accepted has one form: written again it is read the same. */
static void check_armour(struct bytes text)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf written = BUF_EMPTY;
    struct armour armour = {.label = "WELCOME", .field = "For"};
    struct armour again = armour;

    if (armour_read(&armour, text, ENROLMENT_MAX_WELCOME, &arena, NULL) < 0)
        return;
    armour_write(&written, &armour);
    if (armour_read(&again, buf_bytes(&written), ENROLMENT_MAX_WELCOME, &arena,
            NULL) < 0 ||
        again.body.len != armour.body.len ||
        memcmp(again.body.data, armour.body.data, armour.body.len) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct bytes file = {data, size};
    struct enrolment_welcome welcome;
    struct err err = {0};

    check_armour(file);
    if (papers_read_welcome(&welcome, file, &arena, &err) < 0 &&
        err.text[0] == '\0')
        abort(); /* refused without a reason */
    return 0;
}
