#include "wire/unpack.h"

#include "base/arena.h"
#include "base/err.h"
#include "leaver.pb-c.h"

static const int STATED[2] = {NOT_STATED, STATED_NO};
static const int INTERPRETERS[2] = {INTERPRETER_UNKNOWN, INTERPRETER_BSL};
static const int POINTS[2] = {POINT_MOBILE, POINT_OTHER};
static const int RESTRICTIONS[2] = {
    RESTRICTION_DO_NOT_CONTACT, RESTRICTION_PUPIL_NOT_TO_BE_NAMED};
static const int BASES[2] = {BASIS_COURT_ORDER, BASIS_SCHOOL_DECISION};

_Static_assert(
    (int)POINT_OTHER == MOVEUP__V1__POINT_KIND__POINT_OTHER &&
        (int)INTERPRETER_BSL == MOVEUP__V1__INTERPRETER__INTERPRETER_BSL &&
        (int)RESTRICTION_PUPIL_NOT_TO_BE_NAMED ==
            MOVEUP__V1__RESTRICTION_KIND__RESTRICTION_PUPIL_NOT_TO_BE_NAMED &&
        (int)BASIS_SCHOOL_DECISION ==
            MOVEUP__V1__RESTRICTION_BASIS__BASIS_SCHOOL_DECISION &&
        (int)STATED_NO == MOVEUP__V1__STATED__STATED_NO,
    "values are those of proto/leaver.proto");

/* Where arrays go; the first refusal is kept. */
struct unpacker {
    struct field_check *check;
    struct arena *arena;
};

static const char *text(
    struct unpacker *unpacker, ProtobufCBinaryData src, const char *name)
{
    return field_text(unpacker->check, src, LEAVER_MAX_TEXT, name);
}

static enum stated stated(
    struct unpacker *unpacker, Moveup__V1__Stated src, const char *name)
{
    return (enum stated)field_enum(unpacker->check, (int)src, STATED, name);
}

/* Room for count structs of size, or NULL if there are none.  The pool's limit
 * was on messages, which are larger than these. */
static void *room(struct unpacker *unpacker, size_t count, size_t size)
{
    return count == 0 ? NULL : arena_take(unpacker->arena, count * size);
}

static void unpack_address(struct unpacker *unpacker,
    struct leaver_address *out, const Moveup__V1__Address *src)
{
    static const Moveup__V1__Address none = MOVEUP__V1__ADDRESS__INIT;
    const Moveup__V1__Address *from = src == NULL ? &none : src;
    const ProtobufCBinaryData lines[7] = {from->line1, from->line2, from->line3,
        from->line4, from->line5, from->line6, from->line7};

    for (size_t i = 0; i < 7; i++)
        out->lines[i] = text(unpacker, lines[i], "address");
    out->postcode = text(unpacker, from->postcode, "postcode");
    out->uprn = text(unpacker, from->uprn, "UPRN");
}

static void unpack_point(struct unpacker *unpacker, struct leaver_point *out,
    const Moveup__V1__Point *src)
{
    out->number = src->number;
    out->kind = (enum point_kind)field_enum(
        unpacker->check, (int)src->kind, POINTS, "point kind");
    out->raw = text(unpacker, src->raw, "contact point");
    out->dial = text(unpacker, src->dial, "contact point");
}

static void unpack_person(struct unpacker *unpacker, struct leaver_contact *out,
    const Moveup__V1__Contact *src)
{
    out->number = src->number;
    out->order = src->order;
    out->source_id = text(unpacker, src->source_id, "contact id");
    out->title = text(unpacker, src->title, "contact title");
    out->surname = text(unpacker, src->surname, "contact surname");
    out->forename = text(unpacker, src->forename, "contact forename");
    out->middle_names =
        text(unpacker, src->middle_names, "contact middle names");
    out->sex = text(unpacker, src->sex, "contact sex");
    out->relationship = text(unpacker, src->relationship, "relationship");
    out->responsibility =
        stated(unpacker, src->responsibility, "parental responsibility");
    out->court_order = stated(unpacker, src->court_order, "court order");
    out->lives_with = stated(unpacker, src->lives_with, "lives with");
    out->language = text(unpacker, src->language, "contact language");
    out->interpreter = (enum interpreter)field_enum(
        unpacker->check, (int)src->interpreter, INTERPRETERS, "interpreter");
    out->address_as_pupil = src->address_as_pupil != 0;
    out->left_out = src->left_out != 0;
}

static void unpack_contact(struct unpacker *unpacker,
    struct leaver_contact *out, const Moveup__V1__Contact *src)
{
    unpack_person(unpacker, out, src);
    unpack_address(unpacker, &out->address, src->address);
    field_count(
        unpacker->check, src->n_points, LEAVER_MAX_POINTS, "contact points");
    out->points = room(unpacker, src->n_points, sizeof *out->points);
    out->point_count = src->n_points;
    for (size_t i = 0; i < src->n_points; i++)
        unpack_point(unpacker, &out->points[i], src->points[i]);
}

static void unpack_contacts(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(
        unpacker->check, src->n_contacts, LEAVER_MAX_CONTACTS, "contacts");
    out->contacts = room(unpacker, src->n_contacts, sizeof *out->contacts);
    out->contact_count = src->n_contacts;
    for (size_t i = 0; i < src->n_contacts; i++)
        unpack_contact(unpacker, &out->contacts[i], src->contacts[i]);
}

static void unpack_languages(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(
        unpacker->check, src->n_languages, LEAVER_MAX_LANGUAGES, "languages");
    out->languages = room(unpacker, src->n_languages, sizeof *out->languages);
    out->language_count = src->n_languages;
    for (size_t i = 0; i < src->n_languages; i++) {
        out->languages[i].type =
            text(unpacker, src->languages[i]->type, "language type");
        out->languages[i].code =
            text(unpacker, src->languages[i]->code, "language");
    }
}

static void unpack_needs(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(unpacker->check, src->n_needs, LEAVER_MAX_NEEDS, "needs");
    out->needs = room(unpacker, src->n_needs, sizeof *out->needs);
    out->need_count = src->n_needs;
    for (size_t i = 0; i < src->n_needs; i++) {
        const Moveup__V1__Need *from = src->needs[i];
        struct leaver_need *to = &out->needs[i];

        to->rank = from->rank;
        to->type = text(unpacker, from->type, "need");
        to->start = field_date(unpacker->check, from->start, "need start");
        to->end = field_date(unpacker->check, from->end, "need end");
    }
}

static void unpack_disabilities(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(unpacker->check, src->n_disabilities, LEAVER_MAX_DISABILITIES,
        "disabilities");
    out->disabilities =
        room(unpacker, src->n_disabilities, sizeof *out->disabilities);
    out->disability_count = src->n_disabilities;
    for (size_t i = 0; i < src->n_disabilities; i++)
        out->disabilities[i] =
            text(unpacker, src->disabilities[i], "disability");
}

static void unpack_year(struct unpacker *unpacker, struct leaver_year *out,
    const Moveup__V1__Year *src)
{
    if (src->year < INT16_MIN || src->year > INT16_MAX)
        field_refuse(unpacker->check, ERR_MALFORMED, "year", "is out of range");
    out->year = (int16_t)src->year;
    out->school = text(unpacker, src->school, "attendance school");
    out->possible = src->possible;
    out->attended = src->attended;
    out->authorised = src->authorised;
    out->unauthorised = src->unauthorised;
}

static void unpack_years(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(unpacker->check, src->n_years, LEAVER_MAX_YEARS, "years");
    out->years = room(unpacker, src->n_years, sizeof *out->years);
    out->year_count = src->n_years;
    for (size_t i = 0; i < src->n_years; i++)
        unpack_year(unpacker, &out->years[i], src->years[i]);
}

static void unpack_result(struct unpacker *unpacker, struct leaver_result *out,
    const Moveup__V1__Result *src)
{
    out->stage = text(unpacker, src->stage, "result stage");
    out->locale = text(unpacker, src->locale, "result locale");
    out->year = text(unpacker, src->year, "result year");
    out->subject = text(unpacker, src->subject, "result subject");
    out->method = text(unpacker, src->method, "result method");
    out->component = text(unpacker, src->component, "result component");
    out->status = text(unpacker, src->status, "result status");
    out->qualifier = text(unpacker, src->qualifier, "result qualifier");
    out->result = text(unpacker, src->result, "result");
    out->date = field_date(unpacker->check, src->date, "result date");
}

static void unpack_results(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(unpacker->check, src->n_results, LEAVER_MAX_RESULTS, "results");
    out->results = room(unpacker, src->n_results, sizeof *out->results);
    out->result_count = src->n_results;
    for (size_t i = 0; i < src->n_results; i++)
        unpack_result(unpacker, &out->results[i], src->results[i]);
}

static void unpack_school(struct unpacker *unpacker, struct leaver_school *out,
    const Moveup__V1__School *src)
{
    out->laestab = text(unpacker, src->laestab, "school number");
    out->urn = text(unpacker, src->urn, "school URN");
    out->name = text(unpacker, src->name, "school name");
    out->entry = field_date(unpacker->check, src->entry, "school entry");
    out->leaving = field_date(unpacker->check, src->leaving, "school leaving");
    out->reason = text(unpacker, src->reason, "leaving reason");
}

static void unpack_schools(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(unpacker->check, src->n_schools, LEAVER_MAX_SCHOOLS, "schools");
    out->schools = room(unpacker, src->n_schools, sizeof *out->schools);
    out->school_count = src->n_schools;
    for (size_t i = 0; i < src->n_schools; i++)
        unpack_school(unpacker, &out->schools[i], src->schools[i]);
}

void unpack_restriction(struct restriction *out, struct field_check *check,
    const Moveup__V1__Restriction *src)
{
    struct unpacker only_texts = {check, NULL};
    struct unpacker *unpacker = &only_texts;

    out->id = field_id(unpacker->check, src->id, "restriction id");
    out->kind = (enum restriction_kind)field_enum(
        unpacker->check, (int)src->kind, RESTRICTIONS, "restriction kind");
    out->basis = (enum restriction_basis)field_enum(
        unpacker->check, (int)src->basis, BASES, "restriction basis");
    out->contact = src->contact;
    out->note = text(unpacker, src->note, "restriction note");
    out->from = field_time(unpacker->check, src->from, "restriction start");
    out->ended = field_time(unpacker->check, src->ended, "restriction end");
    out->evidence = text(unpacker, src->evidence, "restriction evidence");
}

static void unpack_restrictions(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    field_count(unpacker->check, src->n_restrictions, LEAVER_MAX_RESTRICTIONS,
        "restrictions");
    out->restrictions =
        room(unpacker, src->n_restrictions, sizeof *out->restrictions);
    out->restriction_count = src->n_restrictions;
    for (size_t i = 0; i < src->n_restrictions; i++)
        unpack_restriction(
            &out->restrictions[i], unpacker->check, src->restrictions[i]);
}

static void unpack_names(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    out->upn = text(unpacker, src->upn, "UPN");
    out->former_upn = text(unpacker, src->former_upn, "former UPN");
    out->uln = text(unpacker, src->uln, "ULN");
    out->surname = text(unpacker, src->surname, "surname");
    out->forename = text(unpacker, src->forename, "forename");
    out->preferred_surname =
        text(unpacker, src->preferred_surname, "preferred surname");
    out->preferred_forename =
        text(unpacker, src->preferred_forename, "preferred forename");
    out->middle_names = text(unpacker, src->middle_names, "middle names");
    out->former_surname = text(unpacker, src->former_surname, "former surname");
    out->dob = field_date(unpacker->check, src->dob, "date of birth");
    out->sex = text(unpacker, src->sex, "sex");
    out->email = text(unpacker, src->email, "e-mail");
    out->phone = text(unpacker, src->phone, "telephone");
    out->strengths = text(unpacker, src->strengths, "strengths");
    out->say_name = text(unpacker, src->say_name, "how the name is said");
}

static void unpack_circumstances(struct unpacker *unpacker, struct leaver *out,
    const Moveup__V1__Leaver *src)
{
    out->nc_year = text(unpacker, src->nc_year, "NC year");
    out->ethnicity = text(unpacker, src->ethnicity, "ethnicity");
    out->ethnicity_source =
        text(unpacker, src->ethnicity_source, "ethnicity source");
    out->service_child = text(unpacker, src->service_child, "service child");
    out->enrol_status = text(unpacker, src->enrol_status, "enrol status");
    out->medical_flag = stated(unpacker, src->medical_flag, "medical flag");
    out->fsm = stated(unpacker, src->fsm, "free school meals");
    out->in_care = stated(unpacker, src->in_care, "in care");
    out->care_authority = text(unpacker, src->care_authority, "care authority");
    out->sen_provision = text(unpacker, src->sen_provision, "SEN provision");
    out->destination =
        field_laestab_or_none(unpacker->check, src->destination, "destination");
    out->entry_date =
        field_date(unpacker->check, src->entry_date, "entry date");
}

void unpack_leaver(struct leaver *out, struct field_check *check,
    struct arena *arena, const Moveup__V1__Leaver *src)
{
    struct unpacker unpacker = {check, arena};

    unpack_names(&unpacker, out, src);
    unpack_circumstances(&unpacker, out, src);
    unpack_address(&unpacker, &out->address, src->address);
    unpack_languages(&unpacker, out, src);
    unpack_needs(&unpacker, out, src);
    unpack_disabilities(&unpacker, out, src);
    unpack_contacts(&unpacker, out, src);
    unpack_years(&unpacker, out, src);
    unpack_results(&unpacker, out, src);
    unpack_schools(&unpacker, out, src);
    unpack_restrictions(&unpacker, out, src);
}
