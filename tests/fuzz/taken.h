/* taken - what must hold of leavers taken from a file of any bytes: the
 * promises of leaver.h, a reason for each refusal, and no difference by the
 * pieces in which the bytes came. */
#ifndef TESTS_TAKEN_H
#define TESTS_TAKEN_H

#include <stdlib.h>

#include "../unit/import_room.h"
#include "base/text.h"

static inline void taken_must(bool held)
{
    if (!held)
        abort();
}

static inline void taken_must_be_clean(const char *text)
{
    const struct bytes bytes = bytes_of(text);

    taken_must(bytes.len <= LEAVER_MAX_TEXT && text_is_utf8(bytes) &&
               text_is_clean(bytes));
}

static inline void taken_look_contact(const struct leaver_contact *contact)
{
    taken_must_be_clean(contact->surname);
    taken_must_be_clean(contact->forename);
    taken_must_be_clean(contact->relationship);
    taken_must(contact->point_count <= LEAVER_MAX_POINTS);
    for (size_t i = 0; i < contact->point_count; i++) {
        taken_must_be_clean(contact->points[i].raw);
        taken_must_be_clean(contact->points[i].dial);
    }
}

static inline void taken_look(void *arg, const struct leaver *leaver)
{
    (void)arg;
    taken_must_be_clean(leaver->upn);
    taken_must_be_clean(leaver->surname);
    taken_must_be_clean(leaver->forename);
    taken_must_be_clean(leaver->sen_provision);
    taken_must_be_clean(leaver->strengths);
    taken_must_be_clean(leaver->say_name);
    for (size_t i = 0; i < 7; i++)
        taken_must_be_clean(leaver->address.lines[i]);
    taken_must(leaver->contact_count <= LEAVER_MAX_CONTACTS);
    for (size_t i = 0; i < leaver->contact_count; i++) {
        taken_must(leaver->contacts[i].number == i + 1);
        taken_look_contact(&leaver->contacts[i]);
    }
    taken_must(leaver->result_count <= LEAVER_MAX_RESULTS);
    taken_must(leaver->need_count <= LEAVER_MAX_NEEDS);
}

/* The same file, whole and in pieces; frees both. */
static inline void taken_compare(struct import *whole, struct import *part)
{
    taken_must(strcmp(import_story(whole), import_story(part)) == 0);
    taken_must(strcmp(import_details(whole), import_details(part)) == 0);
    taken_must((whole->rc != 0) == (whole->refusal.level == FINDING_REFUSE));
    taken_must(whole->rc == 0 || whole->refusal.detail[0] != '\0');
    import_free(whole);
    import_free(part);
}

#endif
