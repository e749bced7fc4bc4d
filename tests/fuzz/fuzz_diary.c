/* Any bytes as a school's diary: a refusal has a reason, and what is taken is
 * within its limits and comes back the same when it is encoded again. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/diary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void look(const struct diary *diary)
{
    must(diary->count <= DIARY_MAX_SESSIONS);
    for (size_t i = 0; i < diary->count; i++) {
        const struct diary_session *session = &diary->sessions[i];

        must(strlen(session->title) <= DIARY_MAX_TITLE);
        must(strlen(session->place) <= DIARY_MAX_PLACE);
        must(strlen(session->interpreters) <= DIARY_MAX_INTERPRETERS);
        must(session->number > (i == 0 ? 0 : session[-1].number));
    }
}

static void again(const struct diary *diary)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf first = BUF_EMPTY;
    SCOPED(buf_free) struct buf second = BUF_EMPTY;
    struct diary back;

    must(diary_encode(&first, diary, NULL) == 0);
    must(diary_decode(&back, buf_bytes(&first), &arena, NULL) == 0);
    must(diary_encode(&second, &back, NULL) == 0);
    must(first.len == second.len);
    must(first.len == 0 || memcmp(first.data, second.data, first.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct err err = {.text = ""};
    struct diary diary;

    if (diary_decode(&diary, (struct bytes){data, size}, &arena, &err) < 0) {
        must(err.text[0] != '\0');
        return 0;
    }
    look(&diary);
    again(&diary);
    return 0;
}
