#include "agentd/reply.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "agentd/hearsay.h"
#include "agentd/plea.h"
#include "base/err.h"
#include "store/inbox.h"

#define STAYS_FIRST                                                            \
    "Thank you for the number. We have meanwhile checked another one with "    \
    "the "                                                                     \
    "parent and ring that first: is yours still in use?"

static bool is_known(const struct casework_file *file, int64_t record,
    const struct batch_item *item)
{
    for (size_t i = 0; i < file->event_count; i++) {
        const struct event_answer *a = &file->events[i].u.answer;

        if (file->events[i].kind == EVENT_ANSWER && a->record == record &&
            a->request == item->u.answer.request &&
            a->accepted == item->u.answer.accepted &&
            strcmp(a->value, item->u.answer.value) == 0 &&
            strcmp(a->text, item->u.answer.text) == 0)
            return true;
    }
    return false;
}

static void describe(char *out, size_t size, const struct agent *agent,
    const struct laestab *author, wall now)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
        "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct date day = date_today(now);

    snprintf(out, size, "number corrected by %s %d %s",
        agent_school_name(agent, author), day.day, months[day.month - 1]);
}

/* The parent gave us another number, or said that theirs is right, since we
 * asked: that one stays first. */
static bool parent_knows_better(
    const struct reach_person *person, const char *value)
{
    for (size_t i = 0; i < person->point_count; i++) {
        const struct reach_point *p = &person->points[i];

        if (p->source == SOURCE_PARENT && reach_usable(p) &&
            p->kind <= POINT_ALTERNATE && strcmp(p->value, value) != 0)
            return true;
    }
    return false;
}

static int add_point(struct agent *agent, const struct casework_file *file,
    const struct laestab *author, int64_t record, const struct batch_item *item,
    struct err *err)
{
    const struct reach_person *person = reach_who(&file->reach,
        file->reach_pupils, file->pupil_count, record, item->u.answer.contact);
    char note[EVENT_MAX_NAME];
    struct event event = {.kind = EVENT_POINT,
        .family = file->family,
        .at = clock_wall(),
        .login = ""};
    int rc;

    if (person == NULL)
        return 0;
    describe(note, sizeof note, agent, author, event.at);
    event.u.point = (struct event_point){.record = record,
        .contact = item->u.answer.contact,
        .kind = item->u.answer.point_kind,
        .value = item->u.answer.value,
        .status = POINT_UNVERIFIED,
        .source = item->u.answer.from_parent ? SOURCE_PARENT_TO_PRIMARY
                                             : SOURCE_PRIMARY,
        .request = item->u.answer.request,
        .note = note};
    rc = casework_add(agent, &event, err);
    if (rc == 0 && parent_knows_better(person, item->u.answer.value))
        rc = plea_question(agent, file, record, 0, "", STAYS_FIRST, err);
    return rc < 0 ? rc : 0;
}

static bool is_about_not_ours(
    const struct casework_file *file, uint64_t request)
{
    for (size_t i = 0; i < file->event_count; i++)
        if (file->events[i].kind == EVENT_REQUEST &&
            file->events[i].u.request.request == request)
            return file->events[i].u.request.kind == REQUEST_NOT_OURS;
    return false;
}

/* The child is ours after all: the family waits no longer, unless somebody
 * decided something since or there is another reason. */
static int go_on(struct agent *agent, const struct casework_file *file,
    const struct batch_item *item, struct err *err)
{
    const struct state *s = &file->state;
    struct event event = {.kind = EVENT_REVIEW,
        .family = file->family,
        .at = clock_wall(),
        .login = ""};

    if (!item->u.answer.accepted ||
        !is_about_not_ours(file, item->u.answer.request) || s->review == NULL ||
        strcmp(s->review->u.review.reason, PLEA_NOT_OURS) != 0 || s->concern ||
        s->complaint || s->stopped || s->refusal)
        return 0;
    event.u.review = (struct event_review){
        REVIEW_RESUME, "", "ours: the primary school has answered"};
    return casework_add(agent, &event, err);
}

static int take(struct agent *agent, const struct casework_file *file,
    const struct inbox_record *row, const struct batch_item *item,
    struct err *err)
{
    struct event event = {.kind = EVENT_ANSWER,
        .family = file->family,
        .at = clock_wall(),
        .login = ""};
    bool fits;
    int rc;

    if (is_known(file, row->id, item))
        return 0;
    rc = hearsay_fits(&fits, agent, file->family, err);
    if (rc < 0 || !fits)
        return rc;
    event.u.answer = (struct event_answer){
        .request = item->u.answer.request,
        .accepted = item->u.answer.accepted,
        .record = row->id,
        .contact = item->u.answer.contact,
        .point_kind = item->u.answer.point_kind,
        .value = item->u.answer.value,
        .from_parent = item->u.answer.from_parent,
        .text = item->u.answer.text,
    };
    rc = casework_add(agent, &event, err);
    if (rc == 0)
        rc = go_on(agent, file, item, err);
    if (rc < 0 || item->u.answer.value[0] == '\0')
        return rc;
    return add_point(agent, file, &row->author, row->id, item, err);
}

int reply_take(enum reason *reason, struct agent *agent,
    const struct laestab *author, const struct batch_item *item,
    struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct casework_file *file;
    struct inbox_record row;
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, agent, item->u.answer.upn);
    rc = inbox_find_record(&row, agent->db, &tag, &arena, err);
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    if (!laestab_equal(&row.author, author)) {
        *reason = REASON_UPN_CONFLICT;
        (void)err_set(err, ERR_DENIED, "the record is another school's");
        return 0;
    }
    rc = casework_refresh(agent, err);
    if (rc < 0)
        return rc;
    file = casework_find(agent, row.family);
    return file == NULL ? 0 : take(agent, file, &row, item, err);
}
