#include "record/merge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "record/contacts.h"
#include "record/take.h"

void merge_note(struct merge_report *report, const char *fmt, ...)
{
    char change[sizeof report->changes[0]];
    va_list args;

    va_start(args, fmt);
    vsnprintf(change, sizeof change, fmt, args);
    va_end(args);
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->changes[i], change) == 0)
            return;
    if (report->count < MERGE_MAX_CHANGES)
        memcpy(report->changes[report->count++], change, sizeof change);
}

static bool same_date(struct date a, struct date b)
{
    return date_compare(a, b) == 0;
}

struct text_field {
    const char *name;
    size_t offset;
};

#define FIELD(name, member)                                                    \
    {                                                                          \
        name, offsetof(struct leaver, member)                                  \
    }

static const struct text_field TEXTS[] = {
    FIELD("former UPN", former_upn),
    FIELD("ULN", uln),
    FIELD("surname", surname),
    FIELD("forename", forename),
    FIELD("preferred surname", preferred_surname),
    FIELD("preferred forename", preferred_forename),
    FIELD("middle names", middle_names),
    FIELD("former surname", former_surname),
    FIELD("sex", sex),
    FIELD("year group", nc_year),
    FIELD("ethnicity", ethnicity),
    FIELD("ethnicity source", ethnicity_source),
    FIELD("service child", service_child),
    FIELD("enrolment status", enrol_status),
    FIELD("care authority", care_authority),
    FIELD("SEN provision", sen_provision),
    FIELD("e-mail", email),
    FIELD("phone", phone),
    FIELD("strengths", strengths),
    FIELD("how the name is said", say_name),
};

static void merge_values(
    struct leaver *out, const struct leaver *fresh, struct merge_report *report)
{
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (take_text((const char **)((char *)out + TEXTS[i].offset),
                *(const char *const *)((const char *)fresh + TEXTS[i].offset)))
            merge_note(report, "%s", TEXTS[i].name);
    if (take_date(&out->dob, fresh->dob))
        merge_note(report, "date of birth");
    if (take_stated(&out->medical_flag, fresh->medical_flag))
        merge_note(report, "medical flag");
    if (take_stated(&out->fsm, fresh->fsm))
        merge_note(report, "free school meals");
    if (take_stated(&out->in_care, fresh->in_care))
        merge_note(report, "in care");
    if (take_address(&out->address, &fresh->address))
        merge_note(report, "address");
    if (take_date(&out->entry_date, fresh->entry_date))
        merge_note(report, "entry date");
    if (fresh->destination.text[0] != '\0' &&
        !laestab_equal(&out->destination, &fresh->destination)) {
        out->destination = fresh->destination;
        merge_note(report, "destination");
    }
}

/* ---- lists that a file states whole ---- */

static bool same_language(
    const struct leaver_language *a, const struct leaver_language *b)
{
    return strcmp(a->type, b->type) == 0 && strcmp(a->code, b->code) == 0;
}

static bool same_need(const struct leaver_need *a, const struct leaver_need *b)
{
    return a->rank == b->rank && strcmp(a->type, b->type) == 0 &&
           same_date(a->start, b->start) && same_date(a->end, b->end);
}

static bool same_year(const struct leaver_year *a, const struct leaver_year *b)
{
    return a->year == b->year && strcmp(a->school, b->school) == 0 &&
           a->possible == b->possible && a->attended == b->attended &&
           a->authorised == b->authorised && a->unauthorised == b->unauthorised;
}

static bool same_result(
    const struct leaver_result *a, const struct leaver_result *b)
{
    return strcmp(a->stage, b->stage) == 0 &&
           strcmp(a->locale, b->locale) == 0 && strcmp(a->year, b->year) == 0 &&
           strcmp(a->subject, b->subject) == 0 &&
           strcmp(a->method, b->method) == 0 &&
           strcmp(a->component, b->component) == 0 &&
           strcmp(a->status, b->status) == 0 &&
           strcmp(a->qualifier, b->qualifier) == 0 &&
           strcmp(a->result, b->result) == 0 && same_date(a->date, b->date);
}

static bool same_school(
    const struct leaver_school *a, const struct leaver_school *b)
{
    return strcmp(a->laestab, b->laestab) == 0 && strcmp(a->urn, b->urn) == 0 &&
           strcmp(a->name, b->name) == 0 && same_date(a->entry, b->entry) &&
           same_date(a->leaving, b->leaving) &&
           strcmp(a->reason, b->reason) == 0;
}

static bool same_text(const char *const *a, const char *const *b)
{
    return strcmp(*a, *b) == 0;
}

/* Replace out->list by fresh->list unless that is empty; report a difference.
 * For every kind of list, so a macro over its names. */
#define TAKE_LIST(list, count, same, name)                                     \
    do {                                                                       \
        bool differs = fresh->count > 0 && fresh->count != out->count;         \
                                                                               \
        for (size_t i = 0; !differs && i < fresh->count; i++)                  \
            differs = !same(&out->list[i], &fresh->list[i]);                   \
        if (differs) {                                                         \
            out->list = fresh->list;                                           \
            out->count = fresh->count;                                         \
            merge_note(report, name);                                          \
        }                                                                      \
    } while (0)

static void merge_lists(
    struct leaver *out, const struct leaver *fresh, struct merge_report *report)
{
    TAKE_LIST(languages, language_count, same_language, "languages");
    TAKE_LIST(needs, need_count, same_need, "needs");
    TAKE_LIST(years, year_count, same_year, "attendance");
    TAKE_LIST(results, result_count, same_result, "results");
    TAKE_LIST(schools, school_count, same_school, "school history");
    TAKE_LIST(disabilities, disability_count, same_text, "disabilities");
}

void merge_number(struct leaver *fresh)
{
    contacts_number(fresh);
}

void merge_leavers(struct leaver *out, const struct leaver *known,
    const struct leaver *fresh, struct arena *arena,
    struct merge_report *report)
{
    *report = (struct merge_report){.count = 0};
    *out = *known;
    merge_values(out, fresh, report);
    merge_lists(out, fresh, report);
    if (fresh->contact_count > 0)
        contacts_merge(out, fresh, arena, report);
}

static struct restriction *by_id(
    const struct leaver *leaver, const struct id *id)
{
    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (id_equal(&leaver->restrictions[i].id, id))
            return &leaver->restrictions[i];
    return NULL;
}

bool merge_lacks(
    const struct leaver *leaver, const struct restriction *restriction)
{
    const struct restriction *known = by_id(leaver, &restriction->id);

    return known == NULL ||
           (known->ended.ms == 0 && restriction->ended.ms != 0);
}

/* The number that the person of a restriction of `from` has in `to`. */
static uint32_t person_in(struct leaver *to, const struct leaver *from,
    const struct restriction *restriction, struct arena *arena)
{
    const struct leaver_contact *person =
        leaver_contact(from, restriction->contact);
    const struct leaver_contact *here;

    if (person == NULL)
        return 0;
    here = contacts_same_person(to, person);
    if (here != NULL)
        return here->number;
    return restriction_hides(restriction) ? contacts_keep(to, person, arena)
                                          : 0;
}

/* Where another one can go: at the end, or over one that has ended. */
static struct restriction *place_for(
    struct leaver *to, const struct restriction *fresh)
{
    if (to->restriction_count < LEAVER_MAX_RESTRICTIONS)
        return &to->restrictions[to->restriction_count++];
    for (size_t i = 0; fresh->ended.ms == 0 && i < to->restriction_count; i++)
        if (to->restrictions[i].ended.ms != 0)
            return &to->restrictions[i];
    return NULL;
}

size_t merge_restrictions(
    struct leaver *to, const struct leaver *from, struct arena *arena)
{
    const size_t before = to->restriction_count;
    struct restriction *all =
        arena_take(arena, (before + from->restriction_count + 1) * sizeof *all);
    size_t changes = 0;

    if (before > 0)
        memcpy(all, to->restrictions, before * sizeof *all);
    to->restrictions = all;
    for (size_t i = 0; i < from->restriction_count; i++) {
        const struct restriction *one = &from->restrictions[i];
        struct restriction *place = by_id(to, &one->id);

        if (!merge_lacks(to, one))
            continue;
        if (place != NULL) {
            place->ended = one->ended;
            place->evidence = one->evidence;
        } else if ((place = place_for(to, one)) != NULL) {
            *place = *one;
            place->contact = 0; /* until it is known who has it here */
            place->contact = person_in(to, from, one, arena);
        }
        changes += place != NULL;
    }
    return changes;
}

void merge_shorten(struct leaver *leaver, size_t keep)
{
    for (size_t i = keep; i < leaver->restriction_count; i++)
        leaver->restrictions[i].note = leaver->restrictions[i].evidence = "";
}
