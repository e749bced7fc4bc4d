#include "wire/diary.h"

#include "base/err.h"
#include "batch.pb-c.h"
#include "wire/field.h"
#include "wire/pool.h"

/* Sixty sessions of three short texts each, and what protobuf-c adds. */
#define MAX_MEMORY ((size_t)256 * 1024)

static const int TYPES[2] = {SESSION_NEW_INTAKE_EVENING, SESSION_INDUCTION_DAY};

static void write_session(Moveup__V1__DiarySession *to,
    struct field_check *check, const struct diary_session *from)
{
    moveup__v1__diary_session__init(to);
    to->number = from->number;
    to->type = (uint32_t)from->type;
    to->cancelled = from->cancelled;
    to->title = field_put_text(check, from->title, DIARY_MAX_TITLE, "title");
    to->start = (uint64_t)from->start.ms;
    to->end = (uint64_t)from->end.ms;
    to->place = field_put_text(check, from->place, DIARY_MAX_PLACE, "place");
    to->online = from->online;
    to->step_free = from->step_free;
    to->creche = from->creche;
    to->learning = from->learning_linked;
    to->interpreters = field_put_text(
        check, from->interpreters, DIARY_MAX_INTERPRETERS, "interpreters");
}

void diary_write(Moveup__V1__DiaryItem *out, struct field_check *check,
    struct arena *arena, const struct diary *diary)
{
    moveup__v1__diary_item__init(out);
    out->entry = field_put_date(diary->entry);
    out->induction = field_put_date(diary->induction);
    out->term_end = field_put_date(diary->term_end);
    field_count(check, diary->count, DIARY_MAX_SESSIONS, "sessions");
    if (check->rc < 0 || diary->count == 0)
        return;
    out->n_sessions = diary->count;
    out->sessions = (Moveup__V1__DiarySession **)field_row(
        arena, diary->count, sizeof(Moveup__V1__DiarySession));
    for (size_t i = 0; i < diary->count; i++)
        write_session(out->sessions[i], check, &diary->sessions[i]);
}

static void read_session(struct diary_session *to, struct field_check *check,
    const Moveup__V1__DiarySession *from, uint64_t least)
{
    to->number =
        (uint32_t)field_number(check, from->number, least, "session number");
    to->type = (enum session_type)field_enum(check,
        from->type > INT32_MAX ? -1 : (int)from->type, TYPES, "session type");
    to->cancelled = from->cancelled != 0;
    to->title = field_text(check, from->title, DIARY_MAX_TITLE, "title");
    to->start = field_time(check, from->start, "start");
    to->end = field_time(check, from->end, "end");
    to->place = field_text(check, from->place, DIARY_MAX_PLACE, "place");
    to->online = from->online != 0;
    to->step_free = from->step_free != 0;
    to->creche = from->creche != 0;
    to->learning_linked = from->learning != 0;
    to->interpreters = field_text(
        check, from->interpreters, DIARY_MAX_INTERPRETERS, "interpreters");
    if (to->end.ms < to->start.ms || to->start.ms == 0)
        field_refuse(check, ERR_MALFORMED, "end", "is before the start");
}

void diary_read(struct diary *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__DiaryItem *src)
{
    struct diary_session *list;
    uint64_t least = 1;

    *out = (struct diary){.entry = field_date(check, src->entry, "entry day"),
        .induction = field_date(check, src->induction, "induction day"),
        .term_end = field_date(check, src->term_end, "end of term")};
    field_count(check, src->n_sessions, DIARY_MAX_SESSIONS, "sessions");
    if (check->rc < 0 || src->n_sessions == 0)
        return;
    list = arena_take(arena, src->n_sessions * sizeof *list);
    for (size_t i = 0; i < src->n_sessions; i++) {
        read_session(&list[i], check, src->sessions[i], least);
        least = (uint64_t)list[i].number + 1;
    }
    out->sessions = list;
    out->count = src->n_sessions;
}

int diary_encode(struct buf *out, const struct diary *diary, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct field_check check = {"diary", err, 0};
    Moveup__V1__DiaryItem message;
    size_t size;

    diary_write(&message, &check, &arena, diary);
    if (check.rc < 0)
        return check.rc;
    size = moveup__v1__diary_item__get_packed_size(&message);
    if (size > DIARY_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "diary: is too large");
    out->len += moveup__v1__diary_item__pack(&message, buf_reserve(out, size));
    return 0;
}

int diary_decode(
    struct diary *out, struct bytes wire, struct arena *arena, struct err *err)
{
    struct field_check check = {"diary", err, 0};
    struct diary diary;
    struct pool pool;
    const Moveup__V1__DiaryItem *message;

    if (wire.len > DIARY_MAX_BYTES)
        return err_set(err, ERR_TOO_BIG, "diary: is too large");
    pool_on_arena(&pool, arena, MAX_MEMORY);
    message = pool_unpack(&pool, &moveup__v1__diary_item__descriptor, wire);
    if (message == NULL)
        return err_set(err, ERR_MALFORMED, "diary: cannot be read");
    diary_read(&diary, &check, arena, message);
    if (check.rc == 0)
        *out = diary;
    return check.rc;
}
