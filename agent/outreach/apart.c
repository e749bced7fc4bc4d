#include "outreach/apart.h"

static bool same_person(const struct sessions_family *f, int64_t record,
    uint32_t contact, const struct reach_person *person)
{
    const struct reach_person *found =
        reach_who(f->reach, f->pupils, f->pupil_count, record, contact);

    return found != NULL && found->n == person->n;
}

static bool is_known(const struct leaver *leaver, uint32_t contact)
{
    return contact != 0 && leaver_contact(leaver, contact) != NULL;
}

bool apart_keep(const struct sessions_family *f, const struct reach_person *a,
    const struct reach_person *b)
{
    if (a->n == b->n)
        return false;
    for (size_t i = 0; i < f->pupil_count; i++) {
        const struct leaver *leaver = f->pupils[i].leaver;
        const int64_t record = f->pupils[i].record;

        for (size_t j = 0; j < leaver->restriction_count; j++) {
            const struct restriction *r = &leaver->restrictions[j];

            if (r->kind != RESTRICTION_NOT_TOGETHER_WITH || r->ended.ms != 0)
                continue;
            /* Of the whole pupil, or nobody can tell of whom: of everybody. */
            if (!is_known(leaver, r->contact) ||
                same_person(f, record, r->contact, a) ||
                same_person(f, record, r->contact, b))
                return true;
        }
    }
    return false;
}
