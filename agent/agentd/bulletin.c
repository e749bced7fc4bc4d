/*
 * bulletin - at the primary: the sessions and key dates of the secondaries that
 * its leavers go to, as they told them (noticeboard.h).
 */
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/noticeboard.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/invitation.h"
#include "outreach/meeting.h"

static json_t *codes_json(const char *codes)
{
    json_t *list = json_array();

    while (*codes != '\0') {
        const size_t len = strcspn(codes, ",");

        json_array_append_new(list, json_stringn(codes, len));
        codes += len + strspn(codes + len, ",");
    }
    return list;
}

static json_t *session_json(const struct diary_session *s)
{
    SCOPED(buf_free) struct buf when = BUF_EMPTY;

    invitation_when(
        &when, &(struct event_session){.start = s->start, .end = s->end});
    buf_add(&when, (struct bytes){(const uint8_t *)"", 1});
    return json_pack("{s:I,s:s,s:s,s:s,s:s,s:o,s:o,s:s,s:b,s:b,s:b,s:b,s:o}",
        "session", (json_int_t)s->number, "type", meeting_type_name(s->type),
        "title", s->title[0] != '\0' ? s->title : meeting_type_text(s->type),
        "status",
        meeting_status_name(
            s->cancelled ? SESSION_CANCELLED : SESSION_PUBLISHED),
        "when", (const char *)when.data, "start", args_time(s->start.ms), "end",
        args_time(s->end.ms), "place", s->place, "online", s->online,
        "step_free", s->step_free, "creche", s->creche, "learning_linked",
        s->learning_linked, "interpreters", codes_json(s->interpreters));
}

static json_t *day_json(struct date day)
{
    char text[DATE_TEXT_SIZE];

    return date_is_set(day) ? json_string(date_format(day, text)) : json_null();
}

/* In the order in which they take place. */
static json_t *sessions_json(const struct diary *diary, bool all)
{
    const wall now = clock_wall();
    json_t *list = json_array();
    wall after = {INT64_MIN};

    for (size_t shown = 0; shown < diary->count;) {
        wall next = {INT64_MAX};

        for (size_t i = 0; i < diary->count; i++) {
            const wall start = diary->sessions[i].start;

            if (start.ms > after.ms && start.ms < next.ms)
                next = start;
        }
        for (size_t i = 0; i < diary->count; i++)
            if (diary->sessions[i].start.ms == next.ms) {
                shown++;
                if (all || diary->sessions[i].end.ms > now.ms)
                    json_array_append_new(
                        list, session_json(&diary->sessions[i]));
            }
        after = next;
    }
    return list;
}

struct board {
    struct request *request;
    json_t *list;
    struct laestab only; /* "" all */
    struct laestab *seen;
    size_t seen_count;
    struct err *err;
};

static void board_end(struct board *board)
{
    free(board->seen);
}

static int show_school(struct board *b, const struct laestab *school)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct agent *agent = b->request->agent;
    struct diary diary;
    wall told_at;
    json_int_t leavers = 0;
    int rc = noticeboard_leavers(&leavers, agent, school, b->err);

    if (rc == 0)
        rc = noticeboard_find(&diary, &told_at, agent, school, &arena, b->err);
    if (rc < 0)
        return rc;
    json_array_append_new(b->list,
        json_pack("{s:s,s:s,s:I,s:o,s:o,s:o,s:o,s:o}", "laestab", school->text,
            "name", agent_school_name(agent, school), "leavers", leavers,
            "told_at", args_time(told_at.ms), "entry", day_json(diary.entry),
            "induction", day_json(diary.induction), "term_end",
            day_json(diary.term_end), "sessions",
            sessions_json(&diary, args_flag(b->request->args, "all"))));
    return 0;
}

static int note_school(void *arg, const struct leavers_row *row)
{
    struct board *b = arg;

    if (row->sent_revision == 0 || row->recalled_at.ms != 0 ||
        (b->only.text[0] != '\0' &&
            !laestab_equal(&b->only, &row->destination)))
        return 0;
    for (size_t i = 0; i < b->seen_count; i++)
        if (laestab_equal(&b->seen[i], &row->destination))
            return 0;
    b->seen = mem_resize(b->seen, b->seen_count + 1, sizeof b->seen[0]);
    b->seen[b->seen_count++] = row->destination;
    return 0;
}

/* --to LAESTAB, or the school of one child. */
static int read_only(
    struct board *b, struct tag *child, struct request *request)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leavers_row row;
    struct leaver leaver;
    const char *upn;
    int rc = args_school(&b->only, request->args, "to", b->err);

    if (rc < 0 || json_object_get(request->args, "upn") == NULL)
        return rc;
    rc = args_upn(&upn, request->args, "upn", b->err);
    if (rc == 0)
        rc = roll_find(&row, &leaver, request->agent, upn, &arena, b->err);
    if (rc < 0)
        return rc;
    *child = row.tag;
    b->only = row.destination;
    request->next = "moveup leavers send sends it";
    return row.sent_revision == 0 || row.recalled_at.ms != 0
               ? err_set(b->err, ERR_STATE,
                     "no school has this child's record from us")
               : 0;
}

int bulletin_list(json_t **result, struct request *request, struct err *err)
{
    SCOPED(board_end)
    struct board b = {.request = request, .list = json_array(), .err = err};
    struct tag child = {{0}};
    const bool one = json_object_get(request->args, "upn") != NULL;
    int rc;

    *result = json_pack("{s:o}", "schools", b.list);
    rc = read_only(&b, &child, request);
    if (rc == 0)
        rc =
            leavers_each(request->agent->db, NULL, false, note_school, &b, err);
    for (size_t i = 0; rc == 0 && i < b.seen_count; i++)
        rc = show_school(&b, &b.seen[i]);
    return rc < 0 ? rc
                  : requests_audit(
                        request, "sessions", one ? &child : NULL, 0, "", err);
}
