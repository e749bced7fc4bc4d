#include "outreach/reach.h"

#include <string.h>

#include "record/name.h"

#define PUPIL_NUMBERS 100 /* contact 2 of the second pupil is 102 */

/* --- people --- */

struct family {
    const struct reach_pupil *pupils;
    size_t count;
};

/* Never about a child's care, whatever a record says of responsibility. */
static bool is_professional(const char *relationship)
{
    static const char *const codes[] = {"SWR", "DOC", "RLG", "HTC", "TCH"};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i], relationship) == 0)
            return true;
    return false;
}

static bool is_parent(const char *relationship)
{
    static const char *const codes[] = {
        "PAM", "PAF", "STM", "STF", "FOM", "FOF", "CAR"};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i], relationship) == 0)
            return true;
    return false;
}

/* Care or parental responsibility.  Silence is not "no": a mother counts. */
static bool has_care(const struct leaver_contact *contact)
{
    if (is_professional(contact->relationship))
        return false;
    return contact->responsibility == STATED_YES ||
           contact->lives_with == STATED_YES ||
           (is_parent(contact->relationship) &&
               contact->responsibility != STATED_NO);
}

static bool same_person(
    const struct leaver_contact *a, const struct leaver_contact *b)
{
    return name_same(a->surname, b->surname) &&
           name_same(a->forename, b->forename);
}

/* The same person in a sibling's record; within one record two people may well
 * have one name. */
static struct reach_person *find_shared(struct reach *reach,
    const struct reach_pupil *pupil, const struct leaver_contact *contact)
{
    for (size_t i = 0; i < reach->count + reach->died; i++)
        if (reach->people[i].record != pupil->record &&
            same_person(reach->people[i].seen->contact, contact))
            return &reach->people[i];
    return NULL;
}

static struct reach_point *find_value(
    struct reach_person *person, const char *value)
{
    for (size_t i = 0; i < person->point_count; i++)
        if (strcmp(person->points[i].value, value) == 0)
            return &person->points[i];
    return NULL;
}

static struct reach_point *add_point(
    struct reach_person *person, const struct reach_point *fresh)
{
    struct reach_point *point = find_value(person, fresh->value);

    if (point != NULL || person->point_count == REACH_MAX_POINTS)
        return point;
    point = &person->points[person->point_count++];
    *point = *fresh;
    for (size_t i = 0; i + 1 < person->point_count; i++)
        if (person->points[i].number >= point->number)
            point->number = person->points[i].number + 1;
    return point;
}

/* A number that one child's record lists freely is a restricted adult's in the
 * other's: whoever rings it about either might have him answer. */
static bool is_anothers(const struct family *family,
    const struct leaver_contact *contact, const char *value)
{
    for (size_t i = 0; family->count > 1 && i < family->count; i++)
        if (family->pupils[i].visible->withheld > 0 &&
            visible_betrays_another(family->pupils[i].leaver, contact, value))
            return true;
    return false;
}

static void add_points(struct reach_person *person, const struct family *family,
    const struct visible_contact *seen)
{
    for (size_t i = 0; i < seen->point_count; i++) {
        const struct leaver_point *from = seen->points[i];
        const bool dials = from->dial[0] != '\0';
        const struct reach_point point = {
            .number = from->number,
            .kind = from->kind,
            .value = dials ? from->dial : from->raw,
            /* no note of a call has room for more */
            .dials = dials && strlen(from->dial) <= EVENT_MAX_NAME,
            .status = POINT_UNVERIFIED,
            .source = SOURCE_RECORD,
            .note = "",
        };

        if (is_anothers(family, seen->contact, point.value))
            person->number_withheld = true;
        else
            add_point(person, &point);
    }
}

static void add_person(struct reach *out, const struct family *family,
    size_t place, const struct visible_contact *seen)
{
    const struct reach_pupil *pupil = &family->pupils[place];
    const struct leaver_contact *contact = seen->contact;
    struct reach_person *person = find_shared(out, pupil, contact);

    if (person == NULL) {
        if (out->count == REACH_MAX_PEOPLE)
            return;
        person = &out->people[out->count++];
        memset(person, 0, sizeof *person);
        person->n = contact->number + PUPIL_NUMBERS * (uint32_t)place;
        person->record = pupil->record;
        person->contact = contact->number;
        person->seen = seen;
        person->language = contact->language;
        person->interpreter = contact->interpreter;
    }
    person->pupils |= 1U << place;
    person->counts |= has_care(contact) ? 1U << place : 0;
    person->no_voicemail |= seen->no_voicemail;
    person->no_text |= seen->no_text;
    person->number_withheld |= seen->point_withheld;
    add_points(person, family, seen);
}

/* --- what happened since --- */

static bool is_hidden(
    const struct reach_pupil *pupils, size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (visible_betrays(pupils[i].leaver, value))
            return true;
    return false;
}

/* A statement of a lower source changes nothing about what a higher one said:
 * the parent's own word comes first (domain 2.2). */
static void set_status(struct reach *reach, const char *value,
    enum event_point_status status, wall at, enum event_source source)
{
    for (size_t i = 0; i < reach->count && value[0] != '\0'; i++) {
        struct reach_point *point = find_value(&reach->people[i], value);

        if (point == NULL || (point->source < source && point->since.ms != 0))
            continue;
        if (!reach_usable(point) && status <= POINT_VERIFIED)
            reach->newest = at;
        point->status = status;
        point->since = at;
        if (source < point->source)
            point->source = source;
    }
}

static void on_attempt(
    struct reach *reach, const struct event *event, struct reach_person *person)
{
    static const enum event_point_status after[] = {
        [POINT_AS_IS] = 0,
        [POINT_IS_WRONG] = POINT_WRONG,
        [POINT_IS_DEAD] = POINT_NOT_IN_SERVICE,
        [POINT_BOUNCES] = POINT_BOUNCED,
    };
    const struct event_attempt *attempt = &event->u.attempt;
    const struct outcome_row *row = outcome_row(attempt->outcome);

    if (row->point != POINT_AS_IS)
        set_status(reach, attempt->value, after[row->point], event->at,
            SOURCE_PARENT); /* whoever answered said so */
    else if (row->contact)
        set_status(
            reach, attempt->value, POINT_VERIFIED, event->at, SOURCE_PARENT);
    if (person == NULL || attempt->outcome != OUTCOME_LANGUAGE)
        return;
    if (attempt->language[0] != '\0')
        person->language = attempt->language;
    if (person->interpreter != INTERPRETER_BSL)
        person->interpreter = strcmp(person->language, "BSL") == 0
                                  ? INTERPRETER_BSL
                                  : INTERPRETER_SPOKEN;
}

static void on_point(
    struct reach *reach, const struct event *event, struct reach_person *person)
{
    const struct event_point *e = &event->u.point;
    const struct reach_point fresh = {
        .number = 1,
        .kind = e->kind,
        .value = e->value,
        .dials = true,
        .status = e->status,
        .source = e->source,
        .since = event->at,
        .note = e->note,
    };
    struct reach_point *point =
        person == NULL ? NULL : find_value(person, e->value);
    const bool outranked =
        point != NULL && point->since.ms != 0 && point->source < e->source;

    set_status(reach, e->value, e->status, event->at, e->source);
    if (person == NULL || e->status > POINT_VERIFIED || outranked)
        return;
    if (point == NULL && e->source == SOURCE_RECORD)
        return; /* a later revision of the record has it no more */
    if (point == NULL || e->status == POINT_UNVERIFIED)
        reach->newest = event->at; /* a number that nobody has tried */
    if (point == NULL)
        point = add_point(person, &fresh);
    if (point == NULL)
        return;
    point->source = e->source;
    point->note = e->note;
}

static void on_preference(
    struct reach_person *person, const struct event_preference *wishes)
{
    if (person == NULL)
        return;
    person->wishes = wishes;
    if (wishes->language[0] != '\0')
        person->language = wishes->language;
    if (wishes->interpreter != INTERPRETER_UNKNOWN)
        person->interpreter = wishes->interpreter;
}

static void on_died(struct reach_person *person, const struct event_died *died)
{
    if (person != NULL)
        person->died = !died->mistaken;
}

/* All of them, those who died too. */
static struct reach_person *was(struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count, int64_t record,
    uint32_t contact)
{
    for (size_t i = 0; i < reach->count + reach->died; i++)
        if (reach->people[i].record == record &&
            reach->people[i].contact == contact)
            return &reach->people[i];
    for (size_t i = 0; i < pupil_count; i++) {
        const struct visible *visible = pupils[i].visible;

        for (size_t j = 0; pupils[i].record == record && j < visible->count;
             j++)
            if (visible->contacts[j].contact->number == contact)
                return find_shared(
                    reach, &pupils[i], visible->contacts[j].contact);
    }
    return NULL;
}

static struct reach_person *who(struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count, int64_t record,
    uint32_t contact)
{
    struct reach_person *person =
        was(reach, pupils, pupil_count, record, contact);

    return person == NULL || person->died ? NULL : person;
}

const struct reach_person *reach_was(const struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count, int64_t record,
    uint32_t contact)
{
    return was(
        (struct reach *)(uintptr_t)reach, pupils, pupil_count, record, contact);
}

const struct reach_person *reach_who(const struct reach *reach,
    const struct reach_pupil *pupils, size_t pupil_count, int64_t record,
    uint32_t contact)
{
    return who(
        (struct reach *)(uintptr_t)reach, pupils, pupil_count, record, contact);
}

static void apply(struct reach *out, const struct reach_pupil *pupils,
    size_t pupil_count, const struct event *e)
{
    if (e->kind == EVENT_ATTEMPT)
        on_attempt(out, e,
            was(out, pupils, pupil_count, e->u.attempt.record,
                e->u.attempt.contact));
    else if (e->kind == EVENT_POINT &&
             !is_hidden(pupils, pupil_count, e->u.point.value))
        on_point(out, e,
            was(out, pupils, pupil_count, e->u.point.record,
                e->u.point.contact));
    else if (e->kind == EVENT_PREFERENCE)
        on_preference(was(out, pupils, pupil_count, e->u.preference.record,
                          e->u.preference.contact),
            &e->u.preference);
    else if (e->kind == EVENT_DIED)
        on_died(
            was(out, pupils, pupil_count, e->u.died.record, e->u.died.contact),
            &e->u.died);
}

/* Behind the others: nobody looks there but for who was spoken to. */
static void part_died(struct reach *out)
{
    struct reach_person died;

    for (size_t i = out->count; i > 0; i--) {
        if (!out->people[i - 1].died)
            continue;
        died = out->people[i - 1];
        memmove(&out->people[i - 1], &out->people[i],
            (out->count - i) * sizeof died);
        out->people[--out->count] = died;
        out->died++;
    }
}

void reach_gather(struct reach *out, const struct reach_pupil *pupils,
    size_t pupil_count, const struct event *events, size_t event_count)
{
    const struct family family = {pupils, pupil_count};

    out->count = 0;
    out->died = 0;
    out->withheld = 0;
    out->has_point = false;
    out->newest = (wall){0};
    for (size_t i = 0; i < pupil_count && i < REACH_MAX_PEOPLE; i++) {
        const struct visible *visible = pupils[i].visible;

        if (visible->withheld > out->withheld)
            out->withheld = visible->withheld;
        for (size_t j = 0; j < visible->count; j++)
            add_person(out, &family, i, &visible->contacts[j]);
    }
    for (size_t i = 0; i < event_count; i++)
        apply(out, pupils, pupil_count, &events[i]);
    part_died(out);
    for (size_t i = 0; i < out->count; i++)
        for (size_t j = 0; j < out->people[i].point_count; j++)
            out->has_point |= reach_usable(&out->people[i].points[j]);
}

/* --- looking --- */

const struct reach_person *reach_person(const struct reach *reach, uint32_t n)
{
    for (size_t i = 0; i < reach->count; i++)
        if (reach->people[i].n == n)
            return &reach->people[i];
    return NULL;
}

const struct reach_point *reach_point(
    const struct reach_person *person, uint32_t number)
{
    for (size_t i = 0; i < person->point_count; i++)
        if (person->points[i].number == number)
            return &person->points[i];
    return NULL;
}

bool reach_usable(const struct reach_point *point)
{
    return point->dials && point->status <= POINT_VERIFIED &&
           point->kind != POINT_FAX && point->kind != POINT_OTHER;
}

bool reach_rings(const struct reach_point *point)
{
    return reach_usable(point) && point->kind <= POINT_ALTERNATE;
}

const char *reach_status_name(enum event_point_status status)
{
    static const char *const names[] = {"unverified", "verified", "wrong",
        "not-in-service", "bounced", "do-not-use", "superseded"};

    return names[status - 1];
}
