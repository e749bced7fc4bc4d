#include "store/families.h"

#include "store/statement.h"

static const char MEMBER[] =
    "SELECT family, joined FROM members JOIN families ON id = family"
    " WHERE tag = ?1";
static const char ADD_MEMBER[] =
    "INSERT INTO members (tag, family) VALUES (?1, ?2)"
    " ON CONFLICT (tag) DO NOTHING";
static const char JOINED[] = "SELECT joined FROM families WHERE id = ?1";
static const char NEW_FAMILY[] =
    "INSERT INTO families (joined, created_at) VALUES (0, ?1)";
static const char JOIN[] = "UPDATE families SET joined = ?2 WHERE id = ?1";
static const char MOVE_RECORDS[] =
    "UPDATE records SET family = ?2 WHERE family = ?1";
static const char MOVE_OFFERS[] =
    "UPDATE offers SET family = ?2 WHERE family = ?1";
static const char MOVE_HAPPENINGS[] =
    "UPDATE happenings SET family = ?2 WHERE family = ?1";

static const char CHILDREN[] =
    "SELECT (SELECT count(*) FROM records WHERE family = ?1) +"
    " (SELECT count(*) FROM offers WHERE family = ?1"
    "  AND id NOT IN (SELECT id FROM records))";

/* Follow a family to the one that it was joined to.  Ends: joined < id. */
static int follow(int64_t *family, struct db *db, struct err *err)
{
    for (;;) {
        SCOPED(statement_end) struct statement st = statement_start(db, JOINED);
        int64_t joined;
        int rc;

        statement_put_int(&st, *family);
        rc = statement_step(&st, err);
        if (rc < 0)
            return rc;
        joined = rc == 1 ? statement_get_int(&st) : 0;
        if (joined <= 0 || joined >= *family)
            return 0;
        *family = joined;
    }
}

/* 0 in *family if the person is in none. */
static int find_member(
    int64_t *family, struct db *db, const struct tag *person, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, MEMBER);
    int rc;

    *family = 0;
    statement_put_tag(&st, person);
    rc = statement_step(&st, err);
    if (rc <= 0)
        return rc;
    *family = statement_get_int(&st);
    return statement_get_int(&st) == 0 ? 0 : follow(family, db, err);
}

static int new_family(int64_t *family, struct db *db, wall now, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, NEW_FAMILY);
    int rc;

    statement_put_wall(&st, now);
    rc = statement_run(&st, err);
    *family = statement_inserted(db);
    return rc;
}

static int run_pair(
    struct db *db, const char *text, int64_t from, int64_t to, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);

    statement_put_int(&st, from);
    statement_put_int(&st, to);
    return statement_run(&st, err);
}

/* Make one family of two.  *family is the smaller id afterwards. */
static int join(int64_t *family, struct db *db, int64_t other, struct err *err)
{
    const int64_t to = *family < other ? *family : other;
    const int64_t from = *family < other ? other : *family;
    int rc;

    if (from == to)
        return 0;
    rc = run_pair(db, JOIN, from, to, err);
    if (rc == 0)
        rc = run_pair(db, MOVE_RECORDS, from, to, err);
    if (rc == 0)
        rc = run_pair(db, MOVE_HAPPENINGS, from, to, err);
    if (rc == 0)
        rc = run_pair(db, MOVE_OFFERS, from, to, err);
    db->stamp.joins++;
    *family = to;
    return rc;
}

static int count_children(
    int64_t *count, struct db *db, int64_t family, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, CHILDREN);
    int rc;

    statement_put_int(&st, family);
    rc = statement_step(&st, err);
    if (rc == 1)
        *count = statement_get_int(&st);
    return rc < 0 ? rc : 0;
}

/* Whoever stands in the records of a whole class (the school's office, a
 * surgery) makes no family of it: nobody could ring such a one, and those
 * beyond what a case can hold would be in no list. */
static int take(int64_t *family, struct db *db, int64_t found, struct err *err)
{
    int64_t here = 0;
    int64_t more = 0;
    int rc = 0;

    if (found == *family)
        return 0;
    if (*family != 0)
        rc = count_children(&here, db, *family, err);
    if (rc == 0)
        rc = count_children(&more, db, found, err);
    if (rc < 0 || here + more >= FAMILIES_MAX_CHILDREN)
        return rc;
    if (*family != 0)
        return join(family, db, found, err);
    *family = found;
    return 0;
}

static int add_member(
    struct db *db, int64_t family, const struct tag *person, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, ADD_MEMBER);

    statement_put_tag(&st, person);
    statement_put_int(&st, family);
    return statement_run(&st, err);
}

/* The family of those people who have one, 0 if none has; how many have. */
static int find_family(int64_t *family, size_t *known, struct db *db,
    const struct families_people *people, struct err *err)
{
    *family = 0;
    *known = 0;
    for (size_t i = 0; i < people->count; i++) {
        int64_t found = 0;
        int rc = find_member(&found, db, &people->tags[i], err);

        if (rc == 0 && found != 0)
            rc = take(family, db, found, err);
        if (rc < 0)
            return rc;
        *known += found != 0;
    }
    return 0;
}

int families_of(int64_t *family, struct db *db,
    const struct families_people *people, wall now, struct err *err)
{
    size_t known;
    int rc = find_family(family, &known, db, people, err);

    if (rc == 0 && *family == 0)
        rc = new_family(family, db, now, err);
    if (known == people->count)
        return rc;
    for (size_t i = 0; rc == 0 && i < people->count; i++)
        rc = add_member(db, *family, &people->tags[i], err);
    return rc;
}
