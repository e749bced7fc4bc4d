#include "store/people.h"

#include <stdio.h>

#include "base/err.h"
#include "store/statement.h"

/* In the order in which one of several is shown to others: whoever answers for
 * more comes first. */
static const struct {
    enum role role;
    const char *word;
    const char *shown;
} ROLES[] = {
    {ROLE_DSL, "dsl", "DSL"},
    {ROLE_SENCO, "senco", "SENCO"},
    {ROLE_LEAD, "lead", "LEAD"},
    {ROLE_HEAD_OF_YEAR, "head-of-year", "HEAD_OF_YEAR"},
    {ROLE_TUTOR, "tutor", "TUTOR"},
    {ROLE_CALLER, "caller", "CALLER"},
    {ROLE_OFFICE, "office", "OFFICE"},
    {ROLE_ADMIN, "admin", "ADMIN"},
};

#define ROLE_COUNT (sizeof ROLES / sizeof ROLES[0])
#define STAFF_COLUMNS "login, name, roles, languages, active"

static const char PUT[] =
    "INSERT INTO staff (" STAFF_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (login) DO UPDATE SET name = excluded.name,"
    " roles = excluded.roles, languages = excluded.languages,"
    " active = excluded.active";
static const char FIND[] =
    "SELECT " STAFF_COLUMNS " FROM staff WHERE login = ?1";
static const char EACH[] = "SELECT " STAFF_COLUMNS " FROM staff ORDER BY login";
static const char AUDIT[] =
    "INSERT INTO audit (at, login, action, pupil, family, detail)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char AUDIT_EACH[] =
    "SELECT id, at, login, action, family, detail, pupil FROM audit"
    " WHERE at >= ?1 ORDER BY id";

/* 0 for a word that is no role. */
static unsigned role_of(const char *word, size_t len)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (strlen(ROLES[i].word) == len &&
            strncmp(ROLES[i].word, word, len) == 0)
            return ROLES[i].role;
    return 0;
}

static const char *all_roles(char *text, size_t size)
{
    unsigned all = 0;

    for (size_t i = 0; i < ROLE_COUNT; i++)
        all |= ROLES[i].role;
    return people_roles_format(all, text, size);
}

int people_roles_parse(unsigned *out, const char *text, struct err *err)
{
    unsigned roles = 0;
    char known[120];

    for (const char *word = text;; word++) {
        const size_t len = strcspn(word, ",");
        const unsigned role = role_of(word, len);

        if (role == 0)
            return err_set(err, ERR_USAGE,
                "not a list of roles; the roles are %s",
                all_roles(known, sizeof known));
        roles |= role;
        word += len;
        if (*word == '\0')
            break;
    }
    *out = roles;
    return 0;
}

const char *people_roles_format(unsigned roles, char *text, size_t size)
{
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < ROLE_COUNT && len < size; i++)
        if ((roles & ROLES[i].role) != 0)
            len += (size_t)snprintf(text + len, size - len, "%s%s",
                len > 0 ? "," : "", ROLES[i].word);
    return text;
}

const char *people_main_role(unsigned roles)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if ((roles & ROLES[i].role) != 0)
            return ROLES[i].shown;
    return "";
}

int people_put(struct db *db, const struct staff *staff, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, PUT);

    statement_put_text(&st, staff->login);
    statement_put_text(&st, staff->name);
    statement_put_int(&st, staff->roles);
    statement_put_text(&st, staff->languages);
    statement_put_int(&st, staff->active);
    return statement_run(&st, err);
}

static void read_staff(struct staff *out, struct statement *st)
{
    *out = (struct staff){.roles = 0};
    statement_get_text(st, out->login, sizeof out->login);
    statement_get_text(st, out->name, sizeof out->name);
    out->roles = (unsigned)statement_get_int(st);
    statement_get_text(st, out->languages, sizeof out->languages);
    out->active = statement_get_int(st) != 0;
}

int people_find(
    struct staff *out, struct db *db, const char *login, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, FIND);
    int rc;

    statement_put_text(&st, login);
    rc = statement_step(&st, err);
    if (rc == 0)
        return err_set(err, ERR_NOT_FOUND, "no such member of staff");
    if (rc < 0)
        return rc;
    read_staff(out, &st);
    return 0;
}

int people_each(struct db *db,
    int (*visit)(void *arg, const struct staff *staff), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, EACH);
    struct staff staff;
    int rc;

    while ((rc = statement_step(&st, err)) == 1) {
        read_staff(&staff, &st);
        rc = visit(arg, &staff);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int people_audit(struct db *db, wall at, const char *login, const char *action,
    const struct tag *pupil, int64_t family, const char *detail,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, AUDIT);

    statement_put_wall(&st, at);
    statement_put_text(&st, login);
    statement_put_text(&st, action);
    if (pupil != NULL)
        statement_put_tag(&st, pupil);
    else
        statement_put_null(&st);
    statement_put_int(&st, family);
    statement_put_text(&st, detail);
    return statement_run(&st, err);
}

static void read_audit(struct audit_row *out, struct statement *st)
{
    struct bytes pupil;

    *out = (struct audit_row){.id = statement_get_int(st)};
    out->at = statement_get_wall(st);
    statement_get_text(st, out->login, sizeof out->login);
    statement_get_text(st, out->action, sizeof out->action);
    out->family = statement_get_int(st);
    statement_get_text(st, out->detail, sizeof out->detail);
    pupil = statement_get_blob(st, NULL);
    out->has_pupil = pupil.len == sizeof out->pupil.bytes;
    if (out->has_pupil)
        memcpy(out->pupil.bytes, pupil.data, pupil.len);
}

int people_audit_each(struct db *db, wall since,
    int (*visit)(void *arg, const struct audit_row *row), void *arg,
    struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, AUDIT_EACH);
    struct audit_row row;
    int rc;

    statement_put_wall(&st, since);
    while ((rc = statement_step(&st, err)) == 1) {
        read_audit(&row, &st);
        rc = visit(arg, &row);
        if (rc != 0)
            return rc;
    }
    return rc;
}
