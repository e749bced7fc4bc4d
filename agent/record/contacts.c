#include "record/contacts.h"

#include <string.h>

#include "base/arena.h"
#include "record/name.h"
#include "record/take.h"

bool contacts_before(
    const struct leaver_contact *a, const struct leaver_contact *b)
{
    if (a->order == b->order)
        return a->number < b->number;
    return a->order != 0 && (b->order == 0 || a->order < b->order);
}

static void sort(struct leaver *leaver)
{
    for (size_t i = 1; i < leaver->contact_count; i++) {
        const struct leaver_contact moving = leaver->contacts[i];
        size_t at = i;

        for (; at > 0 && contacts_before(&moving, &leaver->contacts[at - 1]);
             at--)
            leaver->contacts[at] = leaver->contacts[at - 1];
        leaver->contacts[at] = moving;
    }
}

void contacts_number(struct leaver *fresh)
{
    /* Until they have one, the place in the file breaks ties of order. */
    for (size_t i = 0; i < fresh->contact_count; i++)
        fresh->contacts[i].number = (uint32_t)i + 1;
    sort(fresh);
    for (size_t i = 0; i < fresh->contact_count; i++) {
        struct leaver_contact *contact = &fresh->contacts[i];

        contact->number = (uint32_t)i + 1;
        for (size_t j = 0; j < contact->point_count; j++)
            contact->points[j].number = (uint32_t)j + 1;
    }
}

static bool same_point(
    const struct leaver_point *a, const struct leaver_point *b)
{
    return a->kind == b->kind && strcmp(a->raw, b->raw) == 0 &&
           strcmp(a->dial, b->dial) == 0;
}

static uint32_t number_of_point(
    const struct leaver_contact *contact, const char *raw)
{
    for (size_t i = 0; i < contact->point_count; i++)
        if (strcmp(contact->points[i].raw, raw) == 0)
            return contact->points[i].number;
    return 0;
}

static bool has_number(
    const struct leaver_point *points, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++)
        if (points[i].number == number)
            return true;
    return false;
}

/* The fresh points under the numbers that the known ones of the same text have;
 * the same text twice gets a number of its own. */
static void take_points(struct leaver_contact *out,
    const struct leaver_contact *fresh, struct arena *arena)
{
    const size_t count = fresh->point_count;
    struct leaver_point *points = arena_take(arena, count * sizeof *points);
    uint32_t last = 0;

    for (size_t i = 0; i < out->point_count; i++)
        if (out->points[i].number > last)
            last = out->points[i].number;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = number_of_point(out, fresh->points[i].raw);

        if (number == 0 || has_number(points, i, number))
            number = ++last;
        points[i] = fresh->points[i];
        points[i].number = number;
    }
    out->points = points;
    out->point_count = count;
}

static bool points_differ(
    const struct leaver_contact *known, const struct leaver_contact *fresh)
{
    if (known->point_count != fresh->point_count)
        return fresh->point_count > 0;
    for (size_t i = 0; i < known->point_count; i++)
        if (!same_point(&known->points[i], &fresh->points[i]))
            return true;
    return false;
}

static bool take_names(
    struct leaver_contact *out, const struct leaver_contact *fresh)
{
    bool changed = take_text(&out->title, fresh->title);

    changed |= take_text(&out->surname, fresh->surname);
    changed |= take_text(&out->forename, fresh->forename);
    changed |= take_text(&out->middle_names, fresh->middle_names);
    changed |= take_text(&out->sex, fresh->sex);
    return changed;
}

static bool take_languages(
    struct leaver_contact *out, const struct leaver_contact *fresh)
{
    bool changed = take_text(&out->language, fresh->language);

    if (fresh->interpreter != INTERPRETER_UNKNOWN &&
        fresh->interpreter != out->interpreter) {
        out->interpreter = fresh->interpreter;
        changed = true;
    }
    return changed;
}

static bool take_contact_address(
    struct leaver_contact *out, const struct leaver_contact *fresh)
{
    struct leaver_contact none;

    leaver_contact_init(&none);
    if (fresh->address_as_pupil) {
        if (out->address_as_pupil)
            return false;
        out->address_as_pupil = true;
        out->address = none.address;
        return true;
    }
    if (!take_address(&out->address, &fresh->address))
        return false;
    out->address_as_pupil = false;
    return true;
}

static bool take_order(
    struct leaver_contact *out, const struct leaver_contact *fresh)
{
    if (fresh->order == 0 || fresh->order == out->order)
        return false;
    out->order = fresh->order;
    return true;
}

static void merge_contact(struct leaver_contact *out,
    const struct leaver_contact *fresh, struct arena *arena,
    struct merge_report *report)
{
    const struct {
        bool changed;
        const char *what;
    } changes[] = {
        {out->left_out, "listed again"},
        {take_names(out, fresh), "name"},
        {take_text(&out->source_id, fresh->source_id), "identifier"},
        {take_order(out, fresh), "order"},
        {take_text(&out->relationship, fresh->relationship), "relationship"},
        {take_stated(&out->responsibility, fresh->responsibility),
            "parental responsibility"},
        {take_stated(&out->court_order, fresh->court_order), "court order"},
        {take_stated(&out->lives_with, fresh->lives_with), "lives with"},
        {take_languages(out, fresh), "language"},
        {take_contact_address(out, fresh), "address"},
        {points_differ(out, fresh), "phones"},
    };

    if (points_differ(out, fresh))
        take_points(out, fresh, arena);
    out->left_out = false;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        if (changes[i].changed)
            merge_note(report, "contact %u %s", out->number, changes[i].what);
}

static bool same_source(
    const struct leaver_contact *a, const struct leaver_contact *b)
{
    return a->source_id[0] != '\0' && strcmp(a->source_id, b->source_id) == 0;
}

static bool same_names(
    const struct leaver_contact *a, const struct leaver_contact *b)
{
    return name_same(a->surname, b->surname) &&
           name_same(a->forename, b->forename);
}

/* Which known contact each fresh one is; both by their place. */
struct matches {
    const struct leaver *known;
    const struct leaver *fresh;
    size_t known_of[LEAVER_MAX_CONTACTS]; /* NONE: not known yet */
    bool taken[LEAVER_MAX_CONTACTS];      /* the known one is matched */
};
#define NONE LEAVER_MAX_CONTACTS

static void match_by(struct matches *m,
    bool (*same)(const struct leaver_contact *, const struct leaver_contact *))
{
    for (size_t f = 0; f < m->fresh->contact_count; f++)
        for (size_t k = 0;
             m->known_of[f] == NONE && k < m->known->contact_count; k++)
            if (!m->taken[k] &&
                same(&m->known->contacts[k], &m->fresh->contacts[f])) {
                m->known_of[f] = k;
                m->taken[k] = true;
            }
}

static void match(
    struct matches *m, const struct leaver *known, const struct leaver *fresh)
{
    *m = (struct matches){.known = known, .fresh = fresh};
    for (size_t i = 0; i < LEAVER_MAX_CONTACTS; i++)
        m->known_of[i] = NONE;
    match_by(m, same_source);
    match_by(m, same_names);
}

/* A number that no contact and no restriction has ever had. */
static uint32_t free_number(const struct leaver *known)
{
    uint32_t last = 0;

    for (size_t i = 0; i < known->contact_count; i++)
        if (known->contacts[i].number > last)
            last = known->contacts[i].number;
    for (size_t i = 0; i < known->restriction_count; i++)
        if (known->restrictions[i].contact > last)
            last = known->restrictions[i].contact;
    return last + 1;
}

static void add_fresh(struct leaver *out, const struct matches *m,
    struct arena *arena, struct merge_report *report)
{
    uint32_t number = free_number(m->known);

    for (size_t i = 0; i < m->fresh->contact_count; i++) {
        struct leaver_contact *contact = &out->contacts[out->contact_count++];

        if (m->known_of[i] != NONE) {
            *contact = m->known->contacts[m->known_of[i]];
            merge_contact(contact, &m->fresh->contacts[i], arena, report);
            continue;
        }
        *contact = m->fresh->contacts[i];
        contact->number = number++;
        contact->point_count = 0;
        take_points(contact, &m->fresh->contacts[i], arena);
        merge_note(report, "contact %u added", contact->number);
    }
}

static void add_left_out(
    struct leaver *out, const struct matches *m, struct merge_report *report)
{
    for (size_t i = 0; i < m->known->contact_count; i++) {
        struct leaver_contact *contact = &out->contacts[out->contact_count];

        if (m->taken[i])
            continue;
        *contact = m->known->contacts[i];
        if (!contact->left_out)
            merge_note(report, "contact %u left out", contact->number);
        contact->left_out = true;
        out->contact_count++;
    }
}

/* A restriction, also an ended one, needs the contact that it names. */
static bool is_named(const struct leaver *leaver, uint32_t number)
{
    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (leaver->restrictions[i].contact == number)
            return true;
    return false;
}

/* The contact that can best be spared: left out before listed, last first. */
static size_t spare(const struct leaver *leaver)
{
    size_t listed = leaver->contact_count - 1;

    for (size_t i = leaver->contact_count; i-- > 0;) {
        if (is_named(leaver, leaver->contacts[i].number))
            continue;
        if (leaver->contacts[i].left_out)
            return i;
        if (is_named(leaver, leaver->contacts[listed].number))
            listed = i;
    }
    return listed;
}

static void keep_to_limit(struct leaver *out, struct merge_report *report)
{
    while (out->contact_count > LEAVER_MAX_CONTACTS) {
        const size_t i = spare(out);

        merge_note(report, "contact %u dropped", out->contacts[i].number);
        memmove(&out->contacts[i], &out->contacts[i + 1],
            (out->contact_count - i - 1) * sizeof *out->contacts);
        out->contact_count--;
    }
}

void contacts_merge(struct leaver *out, const struct leaver *fresh,
    struct arena *arena, struct merge_report *report)
{
    const struct leaver known = *out;
    struct matches m;

    match(&m, &known, fresh);
    out->contacts = arena_take(arena,
        (known.contact_count + fresh->contact_count) * sizeof *out->contacts);
    out->contact_count = 0;
    add_fresh(out, &m, arena, report);
    add_left_out(out, &m, report);
    keep_to_limit(out, report);
    sort(out);
}

const struct leaver_contact *contacts_same_person(
    const struct leaver *leaver, const struct leaver_contact *person)
{
    for (size_t i = 0; i < leaver->contact_count; i++)
        if (same_source(&leaver->contacts[i], person))
            return &leaver->contacts[i];
    for (size_t i = 0; i < leaver->contact_count; i++)
        if (same_names(&leaver->contacts[i], person))
            return &leaver->contacts[i];
    return NULL;
}

uint32_t contacts_keep(struct leaver *leaver,
    const struct leaver_contact *person, struct arena *arena)
{
    const size_t count = leaver->contact_count;
    struct leaver_contact *all = arena_take(arena, (count + 1) * sizeof *all);
    struct leaver_contact *kept = &all[count];

    if (count >= LEAVER_MAX_CONTACTS)
        return 0;
    if (count > 0)
        memcpy(all, leaver->contacts, count * sizeof *all);
    *kept = *person;
    kept->left_out = true;
    if (kept->number == 0 || leaver_contact(leaver, kept->number) != NULL ||
        is_named(leaver, kept->number))
        kept->number = free_number(leaver);
    const uint32_t number = kept->number;

    leaver->contacts = all;
    leaver->contact_count++;
    sort(leaver);
    return number;
}
