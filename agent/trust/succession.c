#include "trust/succession.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "trust/draft.h"
#include "trust/papers.h"
#include "trust/words.h"

#define MAX_REASON 200 /* bytes */

static int find_successor(struct directory_school **out, struct draft *draft,
    const struct authority_change *change, struct err *err)
{
    *out = NULL;
    if (change->successor == NULL)
        return 0;
    *out = draft_school(draft, change->successor);
    if (*out == NULL)
        return err_set(err, ERR_NOT_FOUND,
            "there is no school %s here to follow; enrol it first",
            change->successor->text);
    if ((*out)->status != MEMBER_ACTIVE)
        return err_set(err, ERR_DENIED, "%s is %s: it can follow nobody",
            change->successor->text, words_status((*out)->status));
    return 0;
}

static int add_predecessor(struct draft *draft, struct directory_school *school,
    const struct laestab *before, struct err *err)
{
    const size_t count = school->predecessor_count;
    struct laestab *list =
        arena_take(&draft->arena, (count + 1) * sizeof *school->predecessors);

    for (size_t i = 0; i < count; i++) {
        if (laestab_equal(&school->predecessors[i], before))
            return 0;
        list[i] = school->predecessors[i];
    }
    if (count == DIRECTORY_MAX_PREDECESSORS)
        return err_set(err, ERR_TOO_BIG,
            "%s follows %d schools already, and no more can be named",
            school->laestab.text, DIRECTORY_MAX_PREDECESSORS);
    list[count] = *before;
    school->predecessors = list;
    school->predecessor_count = count + 1;
    return 0;
}

static int close_one(struct draft *draft, const struct laestab *laestab,
    struct directory_school *successor, const char *reason, wall now,
    struct err *err)
{
    struct directory_school *school = draft_school(draft, laestab);

    if (school == NULL)
        return err_set(
            err, ERR_NOT_FOUND, "there is no school %s here", laestab->text);
    if (school == successor)
        return err_set(
            err, ERR_DENIED, "%s cannot follow itself", laestab->text);
    if (school->status == MEMBER_CLOSED && successor == NULL)
        return err_set(
            err, ERR_EXISTS, "school %s is closed already", laestab->text);
    if (school->status != MEMBER_CLOSED)
        school->status_since = now;
    school->status = MEMBER_CLOSED;
    school->reason = reason;
    school->former_curve_key[0] = '\0';
    if (successor == NULL)
        return 0;
    school->successor = successor->laestab;
    return add_predecessor(draft, successor, laestab, err);
}

static int close_all(struct draft *draft, const struct authority_change *change,
    wall now, struct err *err)
{
    struct directory_school *successor;
    int rc = find_successor(&successor, draft, change, err);

    if (rc == 0 && (strlen(change->reason) > MAX_REASON ||
                       !text_is_clean(bytes_of(change->reason))))
        rc = err_set(err, ERR_USAGE,
            "a reason has at most %d bytes of plain text", MAX_REASON);
    for (size_t i = 0; rc == 0 && i < change->count; i++)
        rc = close_one(
            draft, &change->schools[i], successor, change->reason, now, err);
    return rc;
}

static int rename_one(
    struct draft *draft, const struct authority_change *change, struct err *err)
{
    struct directory_school *school = draft_school(draft, &change->schools[0]);
    struct enrolment_request as = {.kind = ENROLMENT_SCHOOL, .endpoint = ""};
    int rc;

    if (school == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no school %s here",
            change->schools[0].text);
    as.laestab = school->laestab;
    as.name = change->name != NULL ? change->name : school->name;
    as.urn = change->urn != NULL ? change->urn : school->urn;
    as.phase = change->phase != 0 ? change->phase : school->phase;
    rc = papers_check_member(&as, err);
    if (rc < 0)
        return rc;
    school->name = as.name;
    school->urn = as.urn;
    school->phase = as.phase;
    return 0;
}

int succession_enter(struct draft *draft, const struct authority_change *change,
    wall now, struct err *err)
{
    return change->move == AUTHORITY_CLOSE ? close_all(draft, change, now, err)
                                           : rename_one(draft, change, err);
}

const struct directory_school *succession_of(
    const struct members *members, const struct laestab *laestab)
{
    const struct directory_school *at = members_school(members, laestab);

    /* A line of schools that comes back to itself has nobody at its end. */
    for (size_t i = 0; at != NULL && i < DIRECTORY_MAX_SCHOOLS; i++) {
        if (at->status == MEMBER_ACTIVE)
            return i == 0 ? NULL : at;
        if (at->status != MEMBER_CLOSED || at->successor.text[0] == '\0')
            return NULL;
        at = members_school(members, &at->successor);
    }
    return NULL;
}
