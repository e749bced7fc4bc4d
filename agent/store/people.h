/*
 * people - members of staff with their roles, and who did what (audit).
 *
 * Staff: login (the operating-system user), name, roles, languages.  Audit rows
 * name the pupil by tag only.
 */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "store/leavers.h"

enum role {
    ROLE_CALLER = 1 << 0,
    ROLE_LEAD = 1 << 1,
    ROLE_SENCO = 1 << 2,
    ROLE_DSL = 1 << 3, /* designated safeguarding lead */
    ROLE_OFFICE = 1 << 4,
    ROLE_ADMIN = 1 << 5,
    ROLE_HEAD_OF_YEAR = 1 << 6,
    ROLE_TUTOR = 1 << 7,
};

struct staff {
    char login[33];
    char name[81];
    unsigned roles;     /* of enum role */
    char languages[81]; /* "en,so" */
    bool active;
};

/** "caller,lead" to a set.  Errors: ERR_USAGE with the list of roles (also for
 * an empty one). */
MUST_CHECK int people_roles_parse(
    unsigned *out, const char *text, struct err *err);
/** The set as text, "lead,caller".  Returns text (120 bytes hold them all). */
const char *people_roles_format(unsigned roles, char *text, size_t size);
/** The one role to show others: "DSL", "SENCO", "LEAD", ... in this order; ""
 * for none. */
const char *people_main_role(unsigned roles);

/** Insert, or replace by login. */
MUST_CHECK int people_put(
    struct db *db, const struct staff *staff, struct err *err);
/** Errors: ERR_NOT_FOUND. */
MUST_CHECK int people_find(
    struct staff *out, struct db *db, const char *login, struct err *err);
MUST_CHECK int people_each(struct db *db,
    int (*visit)(void *arg, const struct staff *staff), void *arg,
    struct err *err);

/** action: a fixed word ("card.show"); pupil and family may be NULL and 0;
 * detail holds no personal data.  Texts are cut to the sizes of audit_row when
 * they are read. */
MUST_CHECK int people_audit(struct db *db, wall at, const char *login,
    const char *action, const struct tag *pupil, int64_t family,
    const char *detail, struct err *err);

struct audit_row {
    int64_t id;
    wall at;
    char login[33];
    char action[33];
    struct tag pupil;
    bool has_pupil;
    int64_t family;
    char detail[121];
};
/** In the order in which they were written. */
MUST_CHECK int people_audit_each(struct db *db, wall since,
    int (*visit)(void *arg, const struct audit_row *row), void *arg,
    struct err *err);

#endif
