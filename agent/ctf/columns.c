#include "ctf/columns.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctf/checks.h"
#include "record/phone.h"

/* X(name, most code points, example); those of one contact stand in CONTACT. */
#define PUPIL(X)                                                               \
    X(upn, 13, "V873200119001")                                                \
    X(surname, 100, "Abbotsworth")                                             \
    X(forename, 100, "Isla")                                                   \
    X(preferred_forename, 100, "")                                             \
    X(preferred_surname, 100, "")                                              \
    X(dob, 10, "2015-03-31")                                                   \
    X(sex, 10, "F")                                                            \
    X(destination, 10, "8734500")                                              \
    X(nc_year, 10, "6")                                                        \
    X(ethnicity, 10, "WBRI")                                                   \
    X(home_language, 10, "ENG")                                                \
    X(sen_provision, 10, "K")                                                  \
    X(sen_need_1, 10, "SLCN")                                                  \
    X(sen_need_2, 10, "")                                                      \
    X(sen_need_3, 10, "")                                                      \
    X(in_care, 10, "no")                                                       \
    X(fsm, 10, "no")                                                           \
    X(medical_flag, 10, "no")                                                  \
    X(service_child, 10, "N")                                                  \
    X(entry_date, 10, "")                                                      \
    X(strengths, 1000, "Draws maps; helps new children settle")                \
    X(say_name, 100, "EYE-la")                                                 \
    X(address_1, 100, "12 Elder Row")                                          \
    X(address_2, 100, "Fenside")                                               \
    X(address_3, 100, "")                                                      \
    X(postcode, 12, "CB99 1AB")

#define CONTACT(X)                                                             \
    X(id, 64, "100234")                                                        \
    X(title, 40, "Mrs")                                                        \
    X(surname, 100, "Abbotsworth")                                             \
    X(forename, 100, "Helen")                                                  \
    X(relationship, 10, "PAM")                                                 \
    X(responsibility, 10, "yes")                                               \
    X(language, 10, "ENG")                                                     \
    X(interpreter, 10, "no")                                                   \
    X(mobile, 70, "07700 900118")                                              \
    X(home, 70, "01632 960001")                                                \
    X(work, 70, "")                                                            \
    X(email, 254, "helen@example.org")                                         \
    X(order, 10, "1")                                                          \
    X(address_as_child, 10, "yes")                                             \
    X(address_1, 100, "")                                                      \
    X(address_2, 100, "")                                                      \
    X(address_3, 100, "")                                                      \
    X(postcode, 12, "")

#define ADDRESS_LINES 3

struct column {
    const char *name;
    unsigned limit;
    const char *example;
};

#define X(name, limit, example) {#name, limit, example},
static const struct column OF_PUPIL[] = {PUPIL(X)};
static const struct column OF_CONTACT[] = {CONTACT(X)};
#undef X

#define X(name, limit, example) P_##name,
enum { PUPIL(X) PUPIL_COLUMNS };
#undef X
#define X(name, limit, example) C_##name,
enum { CONTACT(X) CONTACT_COLUMNS };
#undef X

_Static_assert(
    COLUMNS_COUNT == PUPIL_COLUMNS + COLUMNS_CONTACTS * CONTACT_COLUMNS,
    "COLUMNS_COUNT is the number of columns");

static const struct column *column_at(int column)
{
    if (column < PUPIL_COLUMNS)
        return &OF_PUPIL[column];
    return &OF_CONTACT[(column - PUPIL_COLUMNS) % CONTACT_COLUMNS];
}

/* 1 to COLUMNS_CONTACTS, or 0 for a column of the pupil. */
static int contact_of(int column)
{
    return column < PUPIL_COLUMNS
               ? 0
               : (column - PUPIL_COLUMNS) / CONTACT_COLUMNS + 1;
}

const char *columns_name(char out[COLUMNS_NAME_SIZE], int column)
{
    if (contact_of(column) == 0)
        snprintf(out, COLUMNS_NAME_SIZE, "%s", column_at(column)->name);
    else
        snprintf(out, COLUMNS_NAME_SIZE, "contact%d_%s", contact_of(column),
            column_at(column)->name);
    return out;
}

int columns_find(const char *name)
{
    char known[COLUMNS_NAME_SIZE];

    for (int i = 0; i < COLUMNS_COUNT; i++)
        if (strcasecmp(columns_name(known, i), name) == 0)
            return i;
    return -1;
}

const char *columns_missing(const bool present[COLUMNS_COUNT])
{
    static const int needed[] = {P_upn, P_surname, P_forename, P_dob, P_sex};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!present[needed[i]])
            return OF_PUPIL[needed[i]].name;
    return NULL;
}

unsigned columns_limit(int column)
{
    return column_at(column)->limit;
}

/* The first contact is the example; the others are left empty. */
const char *columns_example(int column)
{
    return contact_of(column) > 1 ? "" : column_at(column)->example;
}

/* ---- meaning ---- */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

/* "" is no statement.  What is neither is a finding of that level. */
static enum stated read_stated(struct pupil *pupil, enum finding_level level,
    const char *name, const char *text)
{
    static const char *const yes[] = {"yes", "y", "true", "1", NULL};
    static const char *const no[] = {"no", "n", "false", "0", NULL};

    if (is_one_of(text, yes))
        return STATED_YES;
    if (is_one_of(text, no))
        return STATED_NO;
    if (text[0] != '\0')
        findings_add(&pupil->findings, level, "bad-boolean", pupil->at,
            "%s \"%.40s\" is not yes or no", name, text);
    return NOT_STATED;
}

static void take_destination(
    struct pupil *pupil, const char *text, const struct laestab *me)
{
    struct laestab *out = &pupil->leaver.destination;

    if (text[0] == '\0' || strcasecmp(text, "XXXXXXX") == 0 ||
        strcasecmp(text, "MMMMMMM") == 0)
        findings_add(&pupil->findings, FINDING_WARN, "no-destination",
            pupil->at, "no school to send to");
    else if (laestab_parse(out, text, NULL) != 0)
        findings_add(&pupil->findings, FINDING_HOLD, "bad-destination",
            pupil->at, "destination is not a LAESTAB like 8734500");
    else if (laestab_equal(out, me))
        findings_add(&pupil->findings, FINDING_HOLD, "bad-destination",
            pupil->at, "destination is this school itself");
}

static void take_needs(
    struct pupil *pupil, const char *const values[COLUMNS_COUNT])
{
    for (int i = P_sen_need_1; i <= P_sen_need_3; i++) {
        struct leaver_need *need;

        if (values[i][0] == '\0')
            continue;
        checks_code(
            pupil, FINDING_HOLD, CODES_SEN_TYPE, OF_PUPIL[i].name, values[i]);
        need = pupil_add_need(pupil);
        need->rank = (uint32_t)(i - P_sen_need_1) + 1;
        need->type = values[i];
    }
}

static void take_language(struct pupil *pupil, const char *code)
{
    struct leaver_language *language;

    if (code[0] == '\0')
        return;
    checks_code(pupil, FINDING_WARN, CODES_LANGUAGE, "home_language", code);
    language = pupil_add_language(pupil);
    language->type = "H";
    language->code = code;
}

/* Lines that are left out are closed up. */
static void take_address(struct leaver_address *out, const char *const *lines,
    size_t count, const char *postcode)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        if (lines[i][0] != '\0')
            out->lines[used++] = lines[i];
    out->postcode = postcode;
}

static void check_codes(
    struct pupil *pupil, const char *const values[COLUMNS_COUNT])
{
    checks_code(
        pupil, FINDING_WARN, CODES_ETHNICITY, "ethnicity", values[P_ethnicity]);
    checks_code(pupil, FINDING_HOLD, CODES_SEN_PROVISION, "sen_provision",
        values[P_sen_provision]);
    checks_code(pupil, FINDING_WARN, CODES_SERVICE_CHILD, "service_child",
        values[P_service_child]);
}

static void take_pupil(struct pupil *pupil,
    const char *const values[COLUMNS_COUNT], const struct laestab *me)
{
    struct leaver *out = &pupil->leaver;

    out->upn = values[P_upn];
    out->surname = values[P_surname];
    out->forename = values[P_forename];
    out->preferred_forename = values[P_preferred_forename];
    out->preferred_surname = values[P_preferred_surname];
    out->sex = values[P_sex];
    out->nc_year = values[P_nc_year];
    out->ethnicity = values[P_ethnicity];
    out->sen_provision = values[P_sen_provision];
    out->service_child = values[P_service_child];
    out->strengths = values[P_strengths];
    out->say_name = values[P_say_name];
    pupil_take_dob(pupil, values[P_dob]);
    take_destination(pupil, values[P_destination], me);
    check_codes(pupil, values);
    take_language(pupil, values[P_home_language]);
    take_needs(pupil, values);
    out->in_care =
        read_stated(pupil, FINDING_WARN, "in_care", values[P_in_care]);
    out->fsm = read_stated(pupil, FINDING_WARN, "fsm", values[P_fsm]);
    out->medical_flag = read_stated(
        pupil, FINDING_WARN, "medical_flag", values[P_medical_flag]);
    pupil_take_date(
        pupil, "entry_date", &out->entry_date, values[P_entry_date]);
    take_address(
        &out->address, values + P_address_1, ADDRESS_LINES, values[P_postcode]);
}

static enum interpreter read_interpreter(struct pupil *pupil, const char *text)
{
    if (strcasecmp(text, "no") == 0)
        return INTERPRETER_NO;
    if (strcasecmp(text, "spoken") == 0)
        return INTERPRETER_SPOKEN;
    if (strcasecmp(text, "bsl") == 0)
        return INTERPRETER_BSL;
    if (text[0] != '\0')
        findings_add(&pupil->findings, FINDING_WARN, "unknown-code", pupil->at,
            "interpreter \"%.40s\" is not no, spoken or bsl", text);
    return INTERPRETER_UNKNOWN;
}

static void take_points(struct pupil *pupil, struct leaver_contact *contact,
    const char *const *values)
{
    static const struct {
        int column;
        enum point_kind kind;
    } points[] = {
        {C_mobile, POINT_MOBILE},
        {C_home, POINT_HOME},
        {C_work, POINT_WORK},
        {C_email, POINT_EMAIL},
    };

    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        if (values[points[i].column][0] != '\0')
            pupil_add_point(
                pupil, contact, points[i].kind, values[points[i].column]);
}

/* The contact's own, or "as the child"; silence says neither. */
static void take_home(struct pupil *pupil, struct leaver_contact *contact,
    const char *const *values)
{
    const enum stated as_child = read_stated(
        pupil, FINDING_WARN, "address_as_child", values[C_address_as_child]);

    take_address(&contact->address, values + C_address_1, ADDRESS_LINES,
        values[C_postcode]);
    contact->address_as_pupil = as_child == STATED_YES;
    if (as_child != STATED_YES || (contact->address.lines[0][0] == '\0' &&
                                      contact->address.postcode[0] == '\0'))
        return;
    contact->address_as_pupil = false;
    findings_add(&pupil->findings, FINDING_WARN, "two-addresses", pupil->at,
        "a contact has an address and address_as_child yes: the address is "
        "taken");
}

static bool are_empty(const char *const *values)
{
    for (int i = 0; i < CONTACT_COLUMNS; i++)
        if (values[i][0] != '\0')
            return false;
    return true;
}

static void take_contact(
    struct pupil *pupil, int place, const char *const *values)
{
    struct leaver_contact *out;
    const size_t digits = strspn(values[C_order], "0123456789");

    if (are_empty(values))
        return;
    out = pupil_add_contact(pupil);
    out->order = (uint32_t)place;
    if (digits > 0 && digits <= 3 && values[C_order][digits] == '\0')
        out->order = (uint32_t)strtoul(values[C_order], NULL, 10);
    out->source_id = values[C_id];
    out->title = values[C_title];
    out->surname = values[C_surname];
    out->forename = values[C_forename];
    out->relationship = values[C_relationship];
    checks_code(pupil, FINDING_WARN, CODES_RELATIONSHIP, "relationship",
        out->relationship);
    out->responsibility = read_stated(
        pupil, FINDING_HOLD, "responsibility", values[C_responsibility]);
    out->language = values[C_language];
    checks_code(
        pupil, FINDING_WARN, CODES_LANGUAGE, "contact language", out->language);
    out->interpreter = read_interpreter(pupil, values[C_interpreter]);
    take_points(pupil, out, values);
    take_home(pupil, out, values);
}

void columns_take(struct pupil *pupil, const char *const values[COLUMNS_COUNT],
    const struct laestab *me)
{
    take_pupil(pupil, values, me);
    for (int i = 0; i < COLUMNS_CONTACTS; i++)
        take_contact(
            pupil, i + 1, values + PUPIL_COLUMNS + i * CONTACT_COLUMNS);
}
