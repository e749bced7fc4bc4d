#include "record/visible.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "record/contacts.h"
#include "record/name.h"
#include "record/phone.h"

#define MAX_WORDS_BETWEEN 4
#define MIN_PARTIAL_DIGITS 6 /* a local number: found inside a longer one */
#define MIN_NUMBER_DIGITS 9  /* a whole number */
#define MIN_DIGITS 4         /* shorter says nothing: "ask for 12" */

/* Which contacts are hidden, by their place in leaver.contacts. */
struct hidden {
    const struct leaver *leaver;
    size_t total; /* contacts looked at */
    size_t count;
    bool at[LEAVER_MAX_CONTACTS];
};

/* ---- texts: does one hold what identifies a hidden contact? ---- */

/* Folded text, to be freed. */
static char *fold(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *folded = mem_alloc(size);

    return name_fold(folded, size, text);
}

/* Where words stands in text as whole words, or NULL. */
static const char *find_words(const char *text, const char *words)
{
    const size_t len = strlen(words);

    for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
        if ((at == text || at[-1] == ' ') &&
            (at[len] == '\0' || at[len] == ' '))
            return at;
    return NULL;
}

static size_t count_words(const char *from, const char *to)
{
    size_t words = 0;

    for (bool in_word = false; from < to; from++) {
        if (*from != ' ' && !in_word)
            words++;
        in_word = *from != ' ';
    }
    return words;
}

/* first and then second, near to each other, in folded text. */
static bool near(const char *text, const char *first, const char *second)
{
    const char *at = text;

    while ((at = find_words(at, first)) != NULL) {
        const char *end = at + strlen(first);
        const char *next = *end == '\0' ? NULL : find_words(end + 1, second);

        if (next != NULL && count_words(end, next) <= MAX_WORDS_BETWEEN)
            return true;
        if (*end == '\0')
            return false;
        at = end + 1;
    }
    return false;
}

static bool names_contact(
    const char *folded, const struct leaver_contact *contact)
{
    SCOPED(mem_freep) char *surname = fold(contact->surname);
    SCOPED(mem_freep) char *forename = fold(contact->forename);

    if (surname[0] == '\0' || forename[0] == '\0')
        return false;
    return near(folded, forename, surname) || near(folded, surname, forename);
}

static bool holds_run(const char *text, const struct phone_run *wanted)
{
    const char *key = phone_significant(wanted);
    struct phone_run run;

    if (strlen(key) < MIN_DIGITS)
        return false;
    while (phone_next_run(&run, &text)) {
        if (strcmp(phone_significant(&run), key) == 0)
            return true;
        if (strlen(key) >= MIN_PARTIAL_DIGITS &&
            strstr(run.digits, key) != NULL)
            return true;
    }
    return false;
}

/* Any number in wanted stands in text too.  The digits of an e-mail are no
 * number unless they are long enough for one: jo2016@... */
static bool holds_number(const char *text, const char *wanted)
{
    const size_t least = strchr(wanted, '@') != NULL ? MIN_NUMBER_DIGITS : 0;
    struct phone_run run;

    while (phone_next_run(&run, &wanted))
        if (run.count >= least && holds_run(text, &run))
            return true;
    return false;
}

/* The e-mail in wanted, which may have words around it, stands in text. */
static bool holds_email(const char *text, const char *wanted)
{
    static const char AROUND[] = " <>()[],;:\"'";
    const char *at = strchr(wanted, '@');
    const char *start = at;
    SCOPED(mem_freep) char *email = NULL;

    if (at == NULL)
        return false;
    while (start > wanted && strchr(AROUND, start[-1]) == NULL)
        start--;
    email = mem_text(start);
    email[(size_t)(at - start) + strcspn(at, AROUND)] = '\0';
    return strcasestr(text, email) != NULL;
}

static bool holds_value(const char *text, const char *wanted)
{
    return holds_email(text, wanted) || holds_number(text, wanted);
}

static bool holds_point(const char *text, const struct leaver_point *point)
{
    return holds_value(text, point->raw) ||
           (point->dial[0] != '\0' && holds_value(text, point->dial));
}

/* "12 High Street", folded, from line i on; a number that has a line of its own
 * is taken with the next.  NULL where no such thing begins. */
static char *street_at(const struct leaver_address *address, size_t i)
{
    SCOPED(mem_freep) char *line = fold(address->lines[i]);
    SCOPED(mem_freep) char *next = NULL;

    if (line[0] < '0' || line[0] > '9')
        return NULL;
    if (strchr(line, ' ') != NULL)
        return TAKE(line);
    if (i + 1 == sizeof address->lines / sizeof address->lines[0])
        return NULL;
    next = fold(address->lines[i + 1]);
    return next[0] == '\0' ? NULL : mem_format("%s %s", line, next);
}

/* Where the contact lives.  Who is said to live with the pupil has no address
 * that would be a secret here. */
static bool holds_address(
    const char *folded, const struct leaver_contact *contact)
{
    for (size_t i = 0;
         i < sizeof contact->address.lines / sizeof contact->address.lines[0] &&
         !contact->address_as_pupil;
         i++) {
        SCOPED(mem_freep) char *street = street_at(&contact->address, i);

        if (street != NULL && find_words(folded, street) != NULL)
            return true;
    }
    return false;
}

/* The text itself, or its folded form, tells of this contact. */
static bool tells_of(
    const char *text, const char *folded, const struct leaver_contact *contact)
{
    if (names_contact(folded, contact) || holds_address(folded, contact))
        return true;
    for (size_t i = 0; i < contact->point_count; i++)
        if (holds_point(text, &contact->points[i]))
            return true;
    return false;
}

static bool betrays(const struct hidden *hidden, const char *text)
{
    SCOPED(mem_freep) char *folded = NULL;

    if (hidden->count == 0 || text[0] == '\0')
        return false;
    folded = fold(text);
    for (size_t i = 0; i < hidden->total; i++)
        if (hidden->at[i] &&
            tells_of(text, folded, &hidden->leaver->contacts[i]))
            return true;
    return false;
}

/* ---- who is hidden ---- */

static void hide(struct hidden *hidden, size_t i)
{
    hidden->count += !hidden->at[i];
    hidden->at[i] = true;
}

static void hide_restricted(
    struct hidden *hidden, const struct restriction *restriction)
{
    bool found = false;

    for (size_t i = 0; i < hidden->total; i++)
        if (hidden->leaver->contacts[i].number == restriction->contact) {
            hide(hidden, i);
            found = true;
        }
    if (restriction->contact != 0 && found)
        return;
    for (size_t i = 0; i < hidden->total; i++)
        hide(hidden, i);
}

static bool same_person(
    const struct leaver_contact *a, const struct leaver_contact *b)
{
    if (a->source_id[0] != '\0' && strcmp(a->source_id, b->source_id) == 0)
        return true;
    if (a->forename[0] == '\0' && b->forename[0] == '\0')
        return name_same(a->surname, b->surname);
    return name_same(a->surname, b->surname) &&
           name_same(a->forename, b->forename);
}

/* The name as some output may write it, in either order. */
static bool name_betrays(
    const struct hidden *hidden, const struct leaver_contact *c)
{
    SCOPED(mem_freep)
    char *spoken = mem_format(
        "%s %s %s %s", c->title, c->forename, c->middle_names, c->surname);
    SCOPED(mem_freep)
    char *listed = mem_format("%s %s %s", c->surname, c->forename, c->title);

    return betrays(hidden, spoken) || betrays(hidden, listed);
}

static bool looks_hidden(
    const struct hidden *hidden, const struct leaver_contact *contact)
{
    for (size_t i = 0; i < hidden->total; i++)
        if (hidden->at[i] && same_person(&hidden->leaver->contacts[i], contact))
            return true;
    return name_betrays(hidden, contact);
}

/* Again and again: who is hidden for his name may have a source_id that a third
 * contact has too. */
static void hide_doubles(struct hidden *hidden)
{
    size_t before;

    do {
        before = hidden->count;
        for (size_t i = 0; i < hidden->total; i++)
            if (!hidden->at[i] &&
                looks_hidden(hidden, &hidden->leaver->contacts[i]))
                hide(hidden, i);
    } while (hidden->count > before);
}

static void find_hidden(struct hidden *hidden, const struct leaver *leaver)
{
    *hidden = (struct hidden){.leaver = leaver};
    hidden->total = leaver->contact_count < LEAVER_MAX_CONTACTS
                        ? leaver->contact_count
                        : LEAVER_MAX_CONTACTS;
    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (restriction_hides(&leaver->restrictions[i]))
            hide_restricted(hidden, &leaver->restrictions[i]);
    if (hidden->count > 0)
        hide_doubles(hidden);
}

/* ---- what is left ---- */

/* The point is one of a hidden contact's, or part of one. */
static bool is_shared(
    const struct hidden *hidden, const struct leaver_point *point)
{
    if (betrays(hidden, point->raw) || betrays(hidden, point->dial))
        return true;
    for (size_t i = 0; i < hidden->total; i++)
        for (size_t j = 0;
             hidden->at[i] && j < hidden->leaver->contacts[i].point_count; j++)
            if (holds_point(hidden->leaver->contacts[i].points[j].raw, point))
                return true;
    return false;
}

static void show_points(
    struct visible_contact *out, const struct hidden *hidden)
{
    const struct leaver_contact *contact = out->contact;

    for (size_t i = 0; i < contact->point_count && i < LEAVER_MAX_POINTS; i++)
        if (hidden->count > 0 && is_shared(hidden, &contact->points[i]))
            out->point_withheld = true;
        else
            out->points[out->point_count++] = &contact->points[i];
}

/* A restriction of that kind is in force for this contact or the pupil. */
static bool in_force(const struct leaver *leaver, enum restriction_kind kind,
    const struct leaver_contact *contact)
{
    for (size_t i = 0; i < leaver->restriction_count; i++) {
        const struct restriction *r = &leaver->restrictions[i];

        if (r->kind == kind && r->ended.ms == 0 &&
            (contact == NULL || r->contact == 0 ||
                r->contact == contact->number))
            return true;
    }
    return false;
}

static void show_contact(struct visible *out, const struct hidden *hidden,
    const struct leaver_contact *contact)
{
    struct visible_contact *shown = &out->contacts[out->count++];

    *shown = (struct visible_contact){
        .contact = contact,
        .no_voicemail =
            in_force(hidden->leaver, RESTRICTION_NO_VOICEMAIL, contact),
        .no_text = in_force(hidden->leaver, RESTRICTION_NO_TEXT, contact),
    };
    show_points(shown, hidden);
}

static bool address_betrays(
    const struct hidden *hidden, const struct leaver_address *address)
{
    const char *const *l = address->lines;
    SCOPED(mem_freep) char *whole = NULL;

    if (hidden->count == 0)
        return false;
    whole = mem_format(
        "%s %s %s %s %s %s %s", l[0], l[1], l[2], l[3], l[4], l[5], l[6]);
    return betrays(hidden, whole);
}

/* A record comes in call order from merge.h, but it came over the wire. */
static void sort(struct visible *out)
{
    for (size_t i = 1; i < out->count; i++) {
        const struct visible_contact moving = out->contacts[i];
        size_t at = i;

        for (; at > 0 &&
               contacts_before(moving.contact, out->contacts[at - 1].contact);
             at--)
            out->contacts[at] = out->contacts[at - 1];
        out->contacts[at] = moving;
    }
}

void visible_contacts(struct visible *out, const struct leaver *leaver)
{
    struct hidden hidden;

    find_hidden(&hidden, leaver);
    *out = (struct visible){
        .withheld = hidden.count,
        .address_withheld =
            in_force(leaver, RESTRICTION_DO_NOT_DISCLOSE_ADDRESS, NULL) ||
            address_betrays(&hidden, &leaver->address),
        .pupil_not_to_be_named =
            in_force(leaver, RESTRICTION_PUPIL_NOT_TO_BE_NAMED, NULL),
        .pupil_phone_withheld = betrays(&hidden, leaver->phone),
        .pupil_email_withheld = betrays(&hidden, leaver->email),
        .strengths_withheld = betrays(&hidden, leaver->strengths),
    };
    for (size_t i = 0; i < hidden.total; i++) {
        if (hidden.at[i])
            continue;
        show_contact(out, &hidden, &leaver->contacts[i]);
        if (address_betrays(&hidden, &leaver->contacts[i].address))
            out->address_withheld = true;
    }
    sort(out);
}

bool visible_betrays(const struct leaver *leaver, const char *text)
{
    struct hidden hidden;

    find_hidden(&hidden, leaver);
    return betrays(&hidden, text);
}

bool visible_betrays_another(const struct leaver *leaver,
    const struct leaver_contact *self, const char *text)
{
    struct hidden hidden;

    find_hidden(&hidden, leaver);
    for (size_t i = 0; i < hidden.total; i++)
        if (hidden.at[i] && same_person(&leaver->contacts[i], self)) {
            hidden.at[i] = false;
            hidden.count--;
        }
    return betrays(&hidden, text);
}
