/*
 * numbers - what a parent told us of a number or address: a new one, or that
 * one is right.  It comes before whatever the primary says (domain 2.2).
 */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "base/err.h"

#define MOST_TYPED 319 /* bytes */

/* What was told, while it is taken down. */
struct telling {
    struct request *request;
    struct casework_file *file;
    const struct reach_person *person;
    struct event event;
    char value[320];
};

static int find_person(struct telling *t, struct err *err)
{
    int64_t n = 0;
    int rc = desk_case(&t->file, t->request, err);

    if (rc == 0)
        rc = args_number(&n, t->request->args, "contact", 1, 3299, err);
    if (rc < 0)
        return rc;
    t->person = reach_person(&t->file->reach, (uint32_t)n);
    t->request->next = "moveup card CASE shows the contacts and their numbers";
    return t->person != NULL ? 0
                             : err_set(err, ERR_NOT_FOUND,
                                   "there is no contact %d to show", (int)n);
}

static enum point_kind kind_of(const char *value)
{
    if (strchr(value, '@') != NULL)
        return POINT_EMAIL;
    return strncmp(value, "+447", 4) == 0 ? POINT_MOBILE : POINT_HOME;
}

static int read_new(struct telling *t, const char *typed, struct err *err)
{
    struct event_point *p = &t->event.u.point;

    p->value = desk_value(t->value, typed);
    p->kind = kind_of(p->value);
    t->request->next = "moveup number 118 --contact 1 --new \"07700 900142\"";
    if (p->value[0] == '\0')
        return err_set(
            err, ERR_USAGE, "that is neither a telephone number nor an e-mail");
    t->request->next = "Ask your safeguarding lead";
    for (size_t i = 0; i < t->file->pupil_count; i++)
        if (visible_betrays(&t->file->pupils[i]->leaver, p->value))
            return err_set(err, ERR_DENIED,
                "that number belongs to somebody who must not be contacted");
    return 0;
}

static int read_right(struct telling *t, int64_t number, struct err *err)
{
    struct event_point *p = &t->event.u.point;
    const struct reach_point *point = reach_point(t->person, (uint32_t)number);

    if (point == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "that contact has no number %d", (int)number);
    p->value = point->value;
    p->kind = point->kind;
    return 0;
}

static int read_point(struct telling *t, struct err *err)
{
    const json_t *args = t->request->args;
    const bool right = json_object_get(args, "right") != NULL;
    const char *typed;
    int64_t number = 0;
    int rc = args_text(&typed, args, "new", MOST_TYPED, err);

    if (rc == 0 && right)
        rc = args_number(&number, args, "right", 1, 9999, err);
    if (rc < 0)
        return rc;
    if (right == (typed[0] != '\0'))
        return err_set(
            err, ERR_USAGE, "say one of --new NUMBER and --right POINT");
    t->event.u.point = (struct event_point){.record = t->person->record,
        .contact = t->person->contact,
        .status = POINT_VERIFIED,
        .source = SOURCE_PARENT,
        .note = "they told us"};
    return right ? read_right(t, number, err) : read_new(t, typed, err);
}

int numbers_told(json_t **result, struct request *request, struct err *err)
{
    struct telling t = {.request = request, .event = {.kind = EVENT_POINT}};
    int rc = find_person(&t, err);

    if (rc == 0)
        rc = read_point(&t, err);
    if (rc < 0)
        return rc;
    request->next = "";
    t.event.family = t.file->family;
    rc = desk_store(request, &t.event, "number", err);
    if (rc == 0)
        *result = card_answer(request, t.event.family);
    return rc;
}
