#include "wire/pack.h"

#include "base/arena.h"
#include "leaver.pb-c.h"

/* Where the messages go; the first text that may not be sent is kept. */
struct packer {
    struct field_check *check;
    struct arena *arena;
};

static ProtobufCBinaryData text(
    struct packer *packer, const char *src, const char *name)
{
    return field_put_text(packer->check, src, LEAVER_MAX_TEXT, name);
}

static Moveup__V1__Address *pack_address(
    struct packer *packer, const struct leaver_address *src)
{
    Moveup__V1__Address *out = arena_take(packer->arena, sizeof *out);
    ProtobufCBinaryData *const lines[7] = {&out->line1, &out->line2,
        &out->line3, &out->line4, &out->line5, &out->line6, &out->line7};
    size_t stated = 0;

    moveup__v1__address__init(out);
    for (size_t i = 0; i < 7; i++) {
        *lines[i] = text(packer, src->lines[i], "address");
        stated += lines[i]->len;
    }
    out->postcode = text(packer, src->postcode, "postcode");
    out->uprn = text(packer, src->uprn, "UPRN");
    return stated + out->postcode.len + out->uprn.len > 0 ? out : NULL;
}

static void pack_point(struct packer *packer, Moveup__V1__Point *out,
    const struct leaver_point *src)
{
    moveup__v1__point__init(out);
    out->number = src->number;
    out->kind = (Moveup__V1__PointKind)src->kind;
    out->raw = text(packer, src->raw, "contact point");
    out->dial = text(packer, src->dial, "contact point");
}

static void pack_person(struct packer *packer, Moveup__V1__Contact *out,
    const struct leaver_contact *src)
{
    moveup__v1__contact__init(out);
    out->number = src->number;
    out->order = src->order;
    out->source_id = text(packer, src->source_id, "contact id");
    out->title = text(packer, src->title, "contact title");
    out->surname = text(packer, src->surname, "contact surname");
    out->forename = text(packer, src->forename, "contact forename");
    out->middle_names = text(packer, src->middle_names, "contact middle names");
    out->sex = text(packer, src->sex, "contact sex");
    out->relationship = text(packer, src->relationship, "relationship");
    out->responsibility = (Moveup__V1__Stated)src->responsibility;
    out->court_order = (Moveup__V1__Stated)src->court_order;
    out->lives_with = (Moveup__V1__Stated)src->lives_with;
    out->language = text(packer, src->language, "contact language");
    out->interpreter = (Moveup__V1__Interpreter)src->interpreter;
    out->address_as_pupil = src->address_as_pupil;
    out->left_out = src->left_out;
}

static void pack_contact(struct packer *packer, Moveup__V1__Contact *out,
    const struct leaver_contact *src)
{
    pack_person(packer, out, src);
    out->address = pack_address(packer, &src->address);
    out->n_points = src->point_count;
    out->points = (Moveup__V1__Point **)field_row(
        packer->arena, src->point_count, sizeof(Moveup__V1__Point));
    for (size_t i = 0; i < src->point_count; i++)
        pack_point(packer, out->points[i], &src->points[i]);
}

static void pack_contacts(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_contacts = src->contact_count;
    out->contacts = (Moveup__V1__Contact **)field_row(
        packer->arena, src->contact_count, sizeof(Moveup__V1__Contact));
    for (size_t i = 0; i < src->contact_count; i++)
        pack_contact(packer, out->contacts[i], &src->contacts[i]);
}

static void pack_languages(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_languages = src->language_count;
    out->languages = (Moveup__V1__Language **)field_row(
        packer->arena, src->language_count, sizeof(Moveup__V1__Language));
    for (size_t i = 0; i < src->language_count; i++) {
        moveup__v1__language__init(out->languages[i]);
        out->languages[i]->type =
            text(packer, src->languages[i].type, "language type");
        out->languages[i]->code =
            text(packer, src->languages[i].code, "language");
    }
}

static void pack_needs(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_needs = src->need_count;
    out->needs = (Moveup__V1__Need **)field_row(
        packer->arena, src->need_count, sizeof(Moveup__V1__Need));
    for (size_t i = 0; i < src->need_count; i++) {
        const struct leaver_need *from = &src->needs[i];
        Moveup__V1__Need *to = out->needs[i];

        moveup__v1__need__init(to);
        to->rank = from->rank;
        to->type = text(packer, from->type, "need");
        to->start = field_put_date(from->start);
        to->end = field_put_date(from->end);
    }
}

static void pack_disabilities(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_disabilities = src->disability_count;
    out->disabilities = arena_take(
        packer->arena, src->disability_count * sizeof *out->disabilities);
    for (size_t i = 0; i < src->disability_count; i++)
        out->disabilities[i] = text(packer, src->disabilities[i], "disability");
}

static void pack_years(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_years = src->year_count;
    out->years = (Moveup__V1__Year **)field_row(
        packer->arena, src->year_count, sizeof(Moveup__V1__Year));
    for (size_t i = 0; i < src->year_count; i++) {
        const struct leaver_year *from = &src->years[i];
        Moveup__V1__Year *to = out->years[i];

        moveup__v1__year__init(to);
        to->year = from->year;
        to->school = text(packer, from->school, "attendance school");
        to->possible = from->possible;
        to->attended = from->attended;
        to->authorised = from->authorised;
        to->unauthorised = from->unauthorised;
    }
}

static void pack_result(struct packer *packer, Moveup__V1__Result *out,
    const struct leaver_result *src)
{
    moveup__v1__result__init(out);
    out->stage = text(packer, src->stage, "result stage");
    out->locale = text(packer, src->locale, "result locale");
    out->year = text(packer, src->year, "result year");
    out->subject = text(packer, src->subject, "result subject");
    out->method = text(packer, src->method, "result method");
    out->component = text(packer, src->component, "result component");
    out->status = text(packer, src->status, "result status");
    out->qualifier = text(packer, src->qualifier, "result qualifier");
    out->result = text(packer, src->result, "result");
    out->date = field_put_date(src->date);
}

static void pack_results(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_results = src->result_count;
    out->results = (Moveup__V1__Result **)field_row(
        packer->arena, src->result_count, sizeof(Moveup__V1__Result));
    for (size_t i = 0; i < src->result_count; i++)
        pack_result(packer, out->results[i], &src->results[i]);
}

static void pack_schools(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_schools = src->school_count;
    out->schools = (Moveup__V1__School **)field_row(
        packer->arena, src->school_count, sizeof(Moveup__V1__School));
    for (size_t i = 0; i < src->school_count; i++) {
        const struct leaver_school *from = &src->schools[i];
        Moveup__V1__School *to = out->schools[i];

        moveup__v1__school__init(to);
        to->laestab = text(packer, from->laestab, "school number");
        to->urn = text(packer, from->urn, "school URN");
        to->name = text(packer, from->name, "school name");
        to->entry = field_put_date(from->entry);
        to->leaving = field_put_date(from->leaving);
        to->reason = text(packer, from->reason, "leaving reason");
    }
}

void pack_restriction(Moveup__V1__Restriction *out, struct field_check *check,
    const struct restriction *src)
{
    struct packer only_texts = {check, NULL};
    struct packer *packer = &only_texts;

    moveup__v1__restriction__init(out);
    out->id = field_lend(src->id.bytes, ID_SIZE);
    out->kind = (Moveup__V1__RestrictionKind)src->kind;
    out->basis = (Moveup__V1__RestrictionBasis)src->basis;
    out->contact = src->contact;
    out->note = text(packer, src->note, "restriction note");
    out->from = (uint64_t)src->from.ms;
    out->ended = (uint64_t)src->ended.ms;
    out->evidence = text(packer, src->evidence, "restriction evidence");
}

static void pack_restrictions(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->n_restrictions = src->restriction_count;
    out->restrictions = (Moveup__V1__Restriction **)field_row(
        packer->arena, src->restriction_count, sizeof(Moveup__V1__Restriction));
    for (size_t i = 0; i < src->restriction_count; i++)
        pack_restriction(
            out->restrictions[i], packer->check, &src->restrictions[i]);
}

static void pack_names(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->upn = text(packer, src->upn, "UPN");
    out->uln = text(packer, src->uln, "ULN");
    out->surname = text(packer, src->surname, "surname");
    out->forename = text(packer, src->forename, "forename");
    out->preferred_surname =
        text(packer, src->preferred_surname, "preferred surname");
    out->preferred_forename =
        text(packer, src->preferred_forename, "preferred forename");
    out->middle_names = text(packer, src->middle_names, "middle names");
    out->former_surname = text(packer, src->former_surname, "former surname");
    out->dob = field_put_date(src->dob);
    out->sex = text(packer, src->sex, "sex");
    out->email = text(packer, src->email, "e-mail");
    out->phone = text(packer, src->phone, "telephone");
    out->strengths = text(packer, src->strengths, "strengths");
    out->say_name = text(packer, src->say_name, "how the name is said");
}

static void pack_circumstances(
    struct packer *packer, Moveup__V1__Leaver *out, const struct leaver *src)
{
    out->nc_year = text(packer, src->nc_year, "NC year");
    out->ethnicity = text(packer, src->ethnicity, "ethnicity");
    out->ethnicity_source =
        text(packer, src->ethnicity_source, "ethnicity source");
    out->service_child = text(packer, src->service_child, "service child");
    out->enrol_status = text(packer, src->enrol_status, "enrol status");
    out->medical_flag = (Moveup__V1__Stated)src->medical_flag;
    out->fsm = (Moveup__V1__Stated)src->fsm;
    out->in_care = (Moveup__V1__Stated)src->in_care;
    out->care_authority = text(packer, src->care_authority, "care authority");
    out->sen_provision = text(packer, src->sen_provision, "SEN provision");
    out->destination = field_put_laestab(&src->destination);
    out->entry_date = field_put_date(src->entry_date);
}

Moveup__V1__Leaver *pack_leaver(
    struct field_check *check, struct arena *arena, const struct leaver *leaver)
{
    struct packer packer = {check, arena};
    Moveup__V1__Leaver *out = arena_take(arena, sizeof *out);

    moveup__v1__leaver__init(out);
    pack_names(&packer, out, leaver);
    pack_circumstances(&packer, out, leaver);
    out->address = pack_address(&packer, &leaver->address);
    pack_languages(&packer, out, leaver);
    pack_needs(&packer, out, leaver);
    pack_disabilities(&packer, out, leaver);
    pack_contacts(&packer, out, leaver);
    pack_years(&packer, out, leaver);
    pack_results(&packer, out, leaver);
    pack_schools(&packer, out, leaver);
    pack_restrictions(&packer, out, leaver);
    return out;
}
