#include "wire/leaver_form.h"

#include <stddef.h>

#include "leaver.pb-c.h"
#include "record/leaver.h"

_Static_assert(
    (int)POINT_OTHER == MOVEUP__V1__POINT_KIND__POINT_OTHER &&
        (int)INTERPRETER_BSL == MOVEUP__V1__INTERPRETER__INTERPRETER_BSL &&
        (int)RESTRICTION_PUPIL_NOT_TO_BE_NAMED ==
            MOVEUP__V1__RESTRICTION_KIND__RESTRICTION_PUPIL_NOT_TO_BE_NAMED &&
        (int)BASIS_SCHOOL_DECISION ==
            MOVEUP__V1__RESTRICTION_BASIS__BASIS_SCHOOL_DECISION &&
        (int)STATED_NO == MOVEUP__V1__STATED__STATED_NO,
    "values are those of proto/leaver.proto");
_Static_assert(sizeof(enum stated) == sizeof(int) &&
                   sizeof(enum point_kind) == sizeof(int) &&
                   sizeof(enum interpreter) == sizeof(int) &&
                   sizeof(enum restriction_kind) == sizeof(int) &&
                   sizeof(enum restriction_basis) == sizeof(int),
    "choices are written as ints");

#define VALUE(KIND, STRUCT, MEMBER, NAME)                                      \
    {                                                                          \
        .name = (NAME), .kind = (KIND), .at = offsetof(struct STRUCT, MEMBER)  \
    }
#define TEXT(STRUCT, MEMBER, NAME) VALUE(DIRECT_TEXT, STRUCT, MEMBER, NAME)
#define CHOICE(STRUCT, MEMBER, LEAST, MOST, NAME)                              \
    {                                                                          \
        .name = (NAME), .kind = DIRECT_CHOICE,                                 \
        .at = offsetof(struct STRUCT, MEMBER), .least = (LEAST),               \
        .most = (MOST)                                                         \
    }
#define STATED(STRUCT, MEMBER, NAME)                                           \
    CHOICE(STRUCT, MEMBER, NOT_STATED, STATED_NO, NAME)
#define PART(STRUCT, MEMBER, FORM, NAME)                                       \
    {                                                                          \
        .name = (NAME), .kind = DIRECT_PART,                                   \
        .at = offsetof(struct STRUCT, MEMBER), .form = &(FORM)                 \
    }
#define MANY(KIND, STRUCT, MEMBER, COUNT, MOST, FORM, NAME)                    \
    {                                                                          \
        .name = (NAME), .kind = (KIND), .at = offsetof(struct STRUCT, MEMBER), \
        .count_at = offsetof(struct STRUCT, COUNT), .most = (MOST),            \
        .form = (FORM)                                                         \
    }
#define FORM(FIELDS, STRUCT, NEEDED)                                           \
    {                                                                          \
        .fields = (FIELDS), .count = sizeof(FIELDS) / sizeof(FIELDS)[0],       \
        .size = sizeof(struct STRUCT), .needed = (NEEDED),                     \
        .limit = LEAVER_MAX_TEXT                                               \
    }
/* Field number N stands at N - 1. */
#define NUMBER(N) [(N)-1]
#define NEED(N) (UINT64_C(1) << (N))

static const struct direct_field ADDRESS_FIELDS[] = {
    NUMBER(1) = TEXT(leaver_address, lines[0], "address"),
    NUMBER(2) = TEXT(leaver_address, lines[1], "address"),
    NUMBER(3) = TEXT(leaver_address, lines[2], "address"),
    NUMBER(4) = TEXT(leaver_address, lines[3], "address"),
    NUMBER(5) = TEXT(leaver_address, lines[4], "address"),
    NUMBER(6) = TEXT(leaver_address, lines[5], "address"),
    NUMBER(7) = TEXT(leaver_address, lines[6], "address"),
    NUMBER(8) = TEXT(leaver_address, postcode, "postcode"),
    NUMBER(9) = TEXT(leaver_address, uprn, "UPRN"),
};
static const struct direct_form ADDRESS =
    FORM(ADDRESS_FIELDS, leaver_address, 0);

static const struct direct_field LANGUAGE_FIELDS[] = {
    NUMBER(1) = TEXT(leaver_language, type, "language type"),
    NUMBER(2) = TEXT(leaver_language, code, "language"),
};
static const struct direct_form LANGUAGE =
    FORM(LANGUAGE_FIELDS, leaver_language, 0);

static const struct direct_field NEED_FIELDS[] = {
    NUMBER(1) = VALUE(DIRECT_UINT32, leaver_need, rank, "need rank"),
    NUMBER(2) = TEXT(leaver_need, type, "need"),
    NUMBER(3) = VALUE(DIRECT_DATE, leaver_need, start, "need start"),
    NUMBER(4) = VALUE(DIRECT_DATE, leaver_need, end, "need end"),
};
static const struct direct_form NEEDS = FORM(NEED_FIELDS, leaver_need, 0);

static const struct direct_field POINT_FIELDS[] = {
    NUMBER(1) = VALUE(DIRECT_UINT32, leaver_point, number, "point number"),
    NUMBER(2) =
        CHOICE(leaver_point, kind, POINT_MOBILE, POINT_OTHER, "point kind"),
    NUMBER(3) = TEXT(leaver_point, raw, "contact point"),
    NUMBER(4) = TEXT(leaver_point, dial, "contact point"),
};
static const struct direct_form POINT =
    FORM(POINT_FIELDS, leaver_point, NEED(2));

static const struct direct_field CONTACT_FIELDS[] = {
    NUMBER(1) = VALUE(DIRECT_UINT32, leaver_contact, number, "contact number"),
    NUMBER(2) = VALUE(DIRECT_UINT32, leaver_contact, order, "contact order"),
    NUMBER(3) = TEXT(leaver_contact, source_id, "contact id"),
    NUMBER(4) = TEXT(leaver_contact, title, "contact title"),
    NUMBER(5) = TEXT(leaver_contact, surname, "contact surname"),
    NUMBER(6) = TEXT(leaver_contact, forename, "contact forename"),
    NUMBER(7) = TEXT(leaver_contact, middle_names, "contact middle names"),
    NUMBER(8) = TEXT(leaver_contact, sex, "contact sex"),
    NUMBER(9) = TEXT(leaver_contact, relationship, "relationship"),
    NUMBER(10) =
        STATED(leaver_contact, responsibility, "parental responsibility"),
    NUMBER(11) = STATED(leaver_contact, court_order, "court order"),
    NUMBER(12) = STATED(leaver_contact, lives_with, "lives with"),
    NUMBER(13) = TEXT(leaver_contact, language, "contact language"),
    NUMBER(14) = CHOICE(leaver_contact, interpreter, INTERPRETER_UNKNOWN,
        INTERPRETER_BSL, "interpreter"),
    NUMBER(15) =
        VALUE(DIRECT_BOOL, leaver_contact, address_as_pupil, "address"),
    NUMBER(16) = PART(leaver_contact, address, ADDRESS, "address"),
    NUMBER(17) = VALUE(DIRECT_BOOL, leaver_contact, left_out, "left out"),
    NUMBER(18) = MANY(DIRECT_ROWS, leaver_contact, points, point_count,
        LEAVER_MAX_POINTS, &POINT, "contact points"),
};
static const struct direct_form CONTACT =
    FORM(CONTACT_FIELDS, leaver_contact, 0);

static const struct direct_field YEAR_FIELDS[] = {
    NUMBER(1) = VALUE(DIRECT_SINT16, leaver_year, year, "year"),
    NUMBER(2) = TEXT(leaver_year, school, "attendance school"),
    NUMBER(3) = VALUE(DIRECT_SINT32, leaver_year, possible, "possible"),
    NUMBER(4) = VALUE(DIRECT_SINT32, leaver_year, attended, "attended"),
    NUMBER(5) = VALUE(DIRECT_SINT32, leaver_year, authorised, "authorised"),
    NUMBER(6) = VALUE(DIRECT_SINT32, leaver_year, unauthorised, "unauthorised"),
};
static const struct direct_form YEAR = FORM(YEAR_FIELDS, leaver_year, 0);

static const struct direct_field RESULT_FIELDS[] = {
    NUMBER(1) = TEXT(leaver_result, stage, "result stage"),
    NUMBER(2) = TEXT(leaver_result, locale, "result locale"),
    NUMBER(3) = TEXT(leaver_result, year, "result year"),
    NUMBER(4) = TEXT(leaver_result, subject, "result subject"),
    NUMBER(5) = TEXT(leaver_result, method, "result method"),
    NUMBER(6) = TEXT(leaver_result, component, "result component"),
    NUMBER(7) = TEXT(leaver_result, status, "result status"),
    NUMBER(8) = TEXT(leaver_result, qualifier, "result qualifier"),
    NUMBER(9) = TEXT(leaver_result, result, "result"),
    NUMBER(10) = VALUE(DIRECT_DATE, leaver_result, date, "result date"),
};
static const struct direct_form RESULT = FORM(RESULT_FIELDS, leaver_result, 0);

static const struct direct_field SCHOOL_FIELDS[] = {
    NUMBER(1) = TEXT(leaver_school, laestab, "school number"),
    NUMBER(2) = TEXT(leaver_school, urn, "school URN"),
    NUMBER(3) = TEXT(leaver_school, name, "school name"),
    NUMBER(4) = VALUE(DIRECT_DATE, leaver_school, entry, "school entry"),
    NUMBER(5) = VALUE(DIRECT_DATE, leaver_school, leaving, "school leaving"),
    NUMBER(6) = TEXT(leaver_school, reason, "leaving reason"),
};
static const struct direct_form SCHOOL = FORM(SCHOOL_FIELDS, leaver_school, 0);

static const struct direct_field RESTRICTION_FIELDS[] = {
    NUMBER(1) = VALUE(DIRECT_ID, restriction, id, "restriction id"),
    NUMBER(2) = CHOICE(restriction, kind, RESTRICTION_DO_NOT_CONTACT,
        RESTRICTION_PUPIL_NOT_TO_BE_NAMED, "restriction kind"),
    NUMBER(3) = CHOICE(restriction, basis, BASIS_COURT_ORDER,
        BASIS_SCHOOL_DECISION, "restriction basis"),
    NUMBER(4) =
        VALUE(DIRECT_UINT32, restriction, contact, "restriction contact"),
    NUMBER(5) = TEXT(restriction, note, "restriction note"),
    NUMBER(6) = VALUE(DIRECT_TIME, restriction, from, "restriction start"),
    NUMBER(7) = VALUE(DIRECT_TIME, restriction, ended, "restriction end"),
    NUMBER(8) = TEXT(restriction, evidence, "restriction evidence"),
};
static const struct direct_form RESTRICTION =
    FORM(RESTRICTION_FIELDS, restriction, NEED(1) | NEED(2) | NEED(3));

static const struct direct_field LEAVER_FIELDS[] = {
    NUMBER(1) = TEXT(leaver, upn, "UPN"),
    NUMBER(2) = TEXT(leaver, former_upn, "former UPN"),
    NUMBER(3) = TEXT(leaver, uln, "ULN"),
    NUMBER(4) = TEXT(leaver, surname, "surname"),
    NUMBER(5) = TEXT(leaver, forename, "forename"),
    NUMBER(6) = TEXT(leaver, preferred_surname, "preferred surname"),
    NUMBER(7) = TEXT(leaver, preferred_forename, "preferred forename"),
    NUMBER(8) = TEXT(leaver, middle_names, "middle names"),
    NUMBER(9) = TEXT(leaver, former_surname, "former surname"),
    NUMBER(10) = VALUE(DIRECT_DATE, leaver, dob, "date of birth"),
    NUMBER(11) = TEXT(leaver, sex, "sex"),
    NUMBER(12) = TEXT(leaver, nc_year, "NC year"),
    NUMBER(13) = TEXT(leaver, ethnicity, "ethnicity"),
    NUMBER(14) = TEXT(leaver, ethnicity_source, "ethnicity source"),
    NUMBER(15) = TEXT(leaver, service_child, "service child"),
    NUMBER(16) = TEXT(leaver, enrol_status, "enrol status"),
    NUMBER(17) = STATED(leaver, medical_flag, "medical flag"),
    NUMBER(18) = STATED(leaver, fsm, "free school meals"),
    NUMBER(19) = STATED(leaver, in_care, "in care"),
    NUMBER(20) = TEXT(leaver, care_authority, "care authority"),
    NUMBER(21) = TEXT(leaver, sen_provision, "SEN provision"),
    NUMBER(22) = TEXT(leaver, email, "e-mail"),
    NUMBER(23) = TEXT(leaver, phone, "telephone"),
    NUMBER(24) = TEXT(leaver, strengths, "strengths"),
    NUMBER(25) = PART(leaver, address, ADDRESS, "address"),
    NUMBER(26) = VALUE(DIRECT_LAESTAB, leaver, destination, "destination"),
    NUMBER(27) = VALUE(DIRECT_DATE, leaver, entry_date, "entry date"),
    NUMBER(28) = MANY(DIRECT_ROWS, leaver, languages, language_count,
        LEAVER_MAX_LANGUAGES, &LANGUAGE, "languages"),
    NUMBER(29) = MANY(DIRECT_ROWS, leaver, needs, need_count, LEAVER_MAX_NEEDS,
        &NEEDS, "needs"),
    NUMBER(30) = MANY(DIRECT_TEXTS, leaver, disabilities, disability_count,
        LEAVER_MAX_DISABILITIES, NULL, "disabilities"),
    NUMBER(31) = MANY(DIRECT_ROWS, leaver, contacts, contact_count,
        LEAVER_MAX_CONTACTS, &CONTACT, "contacts"),
    NUMBER(32) = MANY(DIRECT_ROWS, leaver, years, year_count, LEAVER_MAX_YEARS,
        &YEAR, "years"),
    NUMBER(33) = MANY(DIRECT_ROWS, leaver, results, result_count,
        LEAVER_MAX_RESULTS, &RESULT, "results"),
    NUMBER(34) = MANY(DIRECT_ROWS, leaver, schools, school_count,
        LEAVER_MAX_SCHOOLS, &SCHOOL, "schools"),
    NUMBER(35) = MANY(DIRECT_ROWS, leaver, restrictions, restriction_count,
        LEAVER_MAX_RESTRICTIONS, &RESTRICTION, "restrictions"),
    NUMBER(36) = TEXT(leaver, say_name, "how the name is said"),
};

const struct direct_form *leaver_form_table(void)
{
    static const struct direct_form form = FORM(LEAVER_FIELDS, leaver, 0);

    return &form;
}
