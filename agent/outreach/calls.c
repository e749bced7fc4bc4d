#include "outreach/calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool low_attendance(const struct leaver *leaver)
{
    const struct leaver_year *newest = NULL;

    for (size_t i = 0; i < leaver->year_count; i++)
        if (newest == NULL || leaver->years[i].year > newest->year)
            newest = &leaver->years[i];
    return newest != NULL && newest->possible > 0 &&
           (int64_t)newest->attended * 100 < (int64_t)newest->possible * 90;
}

enum call_tier calls_tier(const struct leaver *leaver)
{
    if (strcmp(leaver->sen_provision, "E") == 0 ||
        leaver->in_care == STATED_YES)
        return CALL_ENHANCED;
    if (strcmp(leaver->sen_provision, "K") == 0 ||
        leaver->medical_flag == STATED_YES || low_attendance(leaver) ||
        strcmp(leaver->service_child, "Y") == 0)
        return CALL_TARGETED;
    return CALL_UNIVERSAL;
}

static int compare(const void *a, const void *b)
{
    const struct call_family *x = a;
    const struct call_family *y = b;

    if (x->state != y->state) /* READY is the higher number and goes first */
        return x->state > y->state ? -1 : 1;
    if (x->tier != y->tier)
        return x->tier > y->tier ? -1 : 1;
    if (x->oldest_record.ms != y->oldest_record.ms)
        return x->oldest_record.ms < y->oldest_record.ms ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

void calls_order(struct call_family *families, size_t count)
{
    for (size_t i = 0; i < count; i++)
        families[i].state =
            families[i].has_point ? CALL_READY : CALL_NO_CONTACT_POINT;
    if (count > 0)
        qsort(families, count, sizeof families[0], compare);
}

const char *calls_state_name(enum call_state state)
{
    return state == CALL_READY ? "ready" : "no-contact-point";
}

struct date calls_deadline(struct date entry, struct date today)
{
    struct date start = entry;

    if (!date_is_set(start)) {
        start = (struct date){today.year, 9, 2};
        if (date_compare(start, today) < 0)
            start.year++;
    }
    return date_from_day_number(date_day_number(start) - 1);
}

static bool can_ring(const struct leaver_point *point)
{
    return point->kind <= POINT_ALTERNATE && point->dial[0] != '\0';
}

static bool suggest_kind(struct call_suggestion *out,
    const struct visible_contact *contact, enum point_kind kind)
{
    for (size_t i = 0; i < contact->point_count; i++) {
        const struct leaver_point *point = contact->points[i];

        if (!can_ring(point) || point->kind != kind)
            continue;
        out->contact = contact->contact->number;
        out->point = point->number;
        return true;
    }
    return false;
}

void calls_suggest(struct call_suggestion *out, const struct visible *visible)
{
    static const enum point_kind order[] = {
        POINT_MOBILE, POINT_HOME, POINT_ALTERNATE, POINT_WORK};
    static const char *const words[] = {
        "the mobile", "home", "the other number", "work"};

    *out = (struct call_suggestion){.band = "EVE", .why = ""};
    for (size_t c = 0; c < visible->count; c++)
        for (size_t k = 0; k < 4; k++) {
            if (!suggest_kind(out, &visible->contacts[c], order[k]))
                continue;
            snprintf(out->why, sizeof out->why,
                "Nobody has tried yet: %s contact with a number, %s first, in "
                "the evening when most parents are at home",
                c == 0 ? "the first" : "the next", words[k]);
            return;
        }
    snprintf(out->why, sizeof out->why,
        "No number can be rung: ask the primary school for one");
}
