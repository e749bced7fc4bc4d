/* family - for tests: invented leavers with contacts, made in a few words. */
#ifndef TESTS_FAMILY_H
#define TESTS_FAMILY_H

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "record/leaver.h"
#include "record/merge.h"
#include "record/phone.h"

struct family {
    struct arena arena;
    struct leaver leaver;
    struct leaver_contact contacts[LEAVER_MAX_CONTACTS];
    struct restriction restrictions[LEAVER_MAX_RESTRICTIONS];
};

static inline void family_init(struct family *family)
{
    *family = (struct family){.arena = ARENA_EMPTY};
    leaver_init(&family->leaver);
    family->leaver.upn = "V873200119001";
    family->leaver.surname = "Okoro";
    family->leaver.forename = "Tariq";
    family->leaver.contacts = family->contacts;
    family->leaver.restrictions = family->restrictions;
}

/* With the number and order that come next. */
static inline struct leaver_contact *family_add(
    struct family *family, const char *forename, const char *surname)
{
    struct leaver_contact *contact =
        &family->contacts[family->leaver.contact_count++];

    leaver_contact_init(contact);
    contact->number = (uint32_t)family->leaver.contact_count;
    contact->order = contact->number;
    contact->forename = forename;
    contact->surname = surname;
    contact->points =
        arena_take(&family->arena, LEAVER_MAX_POINTS * sizeof *contact->points);
    return contact;
}

static inline void family_point(
    struct family *family, struct leaver_contact *contact, const char *raw)
{
    const bool email = strchr(raw, '@') != NULL;
    char dial[PHONE_DIAL_SIZE];
    struct leaver_point *point = &contact->points[contact->point_count++];

    *point = (struct leaver_point){
        .number = (uint32_t)contact->point_count,
        .kind = email ? POINT_EMAIL : POINT_MOBILE,
        .raw = raw,
        .dial = email ? raw : arena_text(&family->arena, phone_dial(dial, raw)),
    };
}

static inline struct restriction *family_restrict(
    struct family *family, enum restriction_kind kind, uint32_t contact)
{
    struct restriction *restriction =
        &family->restrictions[family->leaver.restriction_count++];

    *restriction = (struct restriction){
        .kind = kind, .contact = contact, .note = "", .evidence = ""};
    return restriction;
}

static inline void family_free(struct family *family)
{
    arena_free(&family->arena);
}

#endif
