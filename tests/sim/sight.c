#include "sight.h"

#include <string.h>

#include "record/visible.h"

static bool same_tag(const struct tag *a, const struct tag *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* By its tag at the school that is looked at: its author, or a secondary. */
struct pupil *sight_find(const struct node *node, const struct tag *tag)
{
    struct oracle *oracle = node->world->oracle;
    const size_t school = node->index;

    for (size_t i = 0; i < oracle->count; i++) {
        struct pupil *pupil = &oracle->pupils[i];

        if (school < 2
                ? school == pupil->author && same_tag(tag, &pupil->at_author)
                : same_tag(tag, &pupil->at[school].tag))
            return pupil;
    }
    return NULL;
}

/* Contacts (by number) that the record shows. */
uint32_t sight_shown(const struct leaver *leaver)
{
    struct visible seen;
    uint32_t bits = 0;

    visible_contacts(&seen, leaver);
    for (size_t i = 0; i < seen.count; i++)
        bits |= 1u << seen.contacts[i].contact->number;
    return bits;
}

/* Contacts that a restriction of this record takes out. */
uint32_t sight_restricted(const struct leaver *leaver)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (restriction_hides(&leaver->restrictions[i]))
            bits |= 1u << leaver->restrictions[i].contact;
    return bits;
}

/* Contacts that the primary's newest file did not have. */
uint32_t sight_left_out(const struct leaver *leaver)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < leaver->contact_count; i++)
        if (leaver->contacts[i].left_out)
            bits |= 1u << leaver->contacts[i].number;
    return bits;
}
