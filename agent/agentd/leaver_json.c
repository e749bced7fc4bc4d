#include "agentd/leaver_json.h"

#include "agentd/args.h"
#include "base/mem.h"

const char *leaver_json_stated(enum stated stated)
{
    return stated == STATED_YES  ? "yes"
           : stated == STATED_NO ? "no"
                                 : "unknown";
}

const char *leaver_json_interpreter(enum interpreter interpreter)
{
    static const char *const names[] = {"unknown", "no", "spoken", "bsl"};

    return names[interpreter];
}

const char *leaver_json_kind(enum point_kind kind)
{
    static const char *const names[] = {"", "mobile", "home", "work",
        "alternate", "email", "textphone", "fax", "other"};

    return names[kind];
}

json_t *leaver_json_name(const struct leaver_contact *contact)
{
    SCOPED(mem_freep)
    char *name = mem_format("%s%s%s%s%s", contact->title,
        contact->title[0] == '\0' ? "" : " ", contact->forename,
        contact->forename[0] == '\0' ? "" : " ", contact->surname);

    return args_string(name);
}

static json_t *date_json(struct date date)
{
    char text[DATE_TEXT_SIZE];

    return date_is_set(date) ? json_string(date_format(date, text))
                             : json_null();
}

json_t *leaver_json_restriction(const struct restriction *r)
{
    char id[ID_TEXT_SIZE];

    return json_pack("{s:s,s:I,s:s,s:s,s:s,s:o,s:o,s:s,s:s}", "id",
        id_format(&r->id, id), "contact", (json_int_t)r->contact, "kind",
        restriction_kind_name(r->kind), "basis",
        restriction_basis_name(r->basis), "note", r->note, "from",
        args_time(r->from.ms), "ended", args_time(r->ended.ms), "evidence",
        r->evidence, "state", r->ended.ms == 0 ? "in-force" : "ended");
}

static json_t *points_json(const struct leaver_contact *contact)
{
    json_t *list = json_array();

    for (size_t i = 0; i < contact->point_count; i++) {
        const struct leaver_point *p = &contact->points[i];

        json_array_append_new(
            list, json_pack("{s:I,s:s,s:s,s:s}", "n", (json_int_t)p->number,
                      "kind", leaver_json_kind(p->kind), "value",
                      p->dial[0] != '\0' ? p->dial : p->raw, "raw", p->raw));
    }
    return list;
}

static json_t *address_json(const struct leaver_address *address)
{
    json_t *lines = json_array();

    for (size_t i = 0; i < 7; i++)
        if (address->lines[i][0] != '\0')
            json_array_append_new(lines, args_string(address->lines[i]));
    return json_pack(
        "{s:o,s:s}", "lines", lines, "postcode", address->postcode);
}

static bool is_restricted(const struct leaver *leaver, uint32_t number)
{
    for (size_t i = 0; i < leaver->restriction_count; i++)
        if (leaver->restrictions[i].contact == number &&
            restriction_hides(&leaver->restrictions[i]))
            return true;
    return false;
}

static json_t *contacts_json(const struct leaver *leaver)
{
    json_t *list = json_array();

    for (size_t i = 0; i < leaver->contact_count; i++) {
        const struct leaver_contact *c = &leaver->contacts[i];

        json_array_append_new(list,
            json_pack("{s:I,s:I,s:o,s:s,s:s,s:s,s:s,s:s,s:o,s:b,s:b,s:b}", "n",
                (json_int_t)c->number, "order", (json_int_t)c->order, "name",
                leaver_json_name(c), "relationship", c->relationship,
                "parental_responsibility",
                leaver_json_stated(c->responsibility), "court_order",
                leaver_json_stated(c->court_order), "language", c->language,
                "interpreter", leaver_json_interpreter(c->interpreter),
                "points", points_json(c), "address_as_pupil",
                c->address_as_pupil, "restricted",
                is_restricted(leaver, c->number), "left_out", c->left_out));
    }
    return list;
}

static void add_support(json_t *one, const struct leaver *leaver)
{
    json_t *needs = json_array();
    json_t *languages = json_array();
    json_t *disabilities = json_array();

    for (size_t i = 0; i < leaver->need_count; i++)
        json_array_append_new(needs,
            json_pack("{s:I,s:s}", "rank", (json_int_t)leaver->needs[i].rank,
                "type", leaver->needs[i].type));
    for (size_t i = 0; i < leaver->language_count; i++)
        json_array_append_new(
            languages, json_pack("{s:s,s:s}", "type", leaver->languages[i].type,
                           "code", leaver->languages[i].code));
    for (size_t i = 0; i < leaver->disability_count; i++)
        json_array_append_new(
            disabilities, args_string(leaver->disabilities[i]));
    json_object_set_new(one, "needs", needs);
    json_object_set_new(one, "languages", languages);
    json_object_set_new(one, "disabilities", disabilities);
}

static void add_history(json_t *one, const struct leaver *leaver)
{
    json_t *years = json_array();
    json_t *results = json_array();
    json_t *schools = json_array();

    for (size_t i = 0; i < leaver->year_count; i++) {
        const struct leaver_year *y = &leaver->years[i];

        json_array_append_new(years,
            json_pack("{s:i,s:s,s:i,s:i,s:i,s:i}", "year", y->year, "school",
                y->school, "possible", y->possible, "attended", y->attended,
                "authorised", y->authorised, "unauthorised", y->unauthorised));
    }
    for (size_t i = 0; i < leaver->result_count; i++) {
        const struct leaver_result *r = &leaver->results[i];

        json_array_append_new(results,
            json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "stage", r->stage,
                "year", r->year, "subject", r->subject, "method", r->method,
                "component", r->component, "qualifier", r->qualifier, "result",
                r->result, "date", date_json(r->date)));
    }
    for (size_t i = 0; i < leaver->school_count; i++) {
        const struct leaver_school *s = &leaver->schools[i];

        json_array_append_new(schools,
            json_pack("{s:s,s:s,s:o,s:o,s:s}", "laestab", s->laestab, "name",
                s->name, "entry", date_json(s->entry), "leaving",
                date_json(s->leaving), "reason", s->reason));
    }
    json_object_set_new(one, "attendance", years);
    json_object_set_new(one, "results", results);
    json_object_set_new(one, "schools", schools);
}

json_t *leaver_json_whole(const struct leaver *leaver)
{
    json_t *restrictions = json_array();
    json_t *one = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}",
        "upn", leaver->upn, "surname", leaver->surname, "forename",
        leaver->forename, "preferred_surname", leaver->preferred_surname,
        "preferred_forename", leaver->preferred_forename, "middle_names",
        leaver->middle_names, "dob", date_json(leaver->dob), "sex", leaver->sex,
        "nc_year", leaver->nc_year, "ethnicity", leaver->ethnicity,
        "service_child", leaver->service_child, "sen_provision",
        leaver->sen_provision, "medical_flag",
        leaver_json_stated(leaver->medical_flag), "fsm",
        leaver_json_stated(leaver->fsm), "in_care",
        leaver_json_stated(leaver->in_care), "strengths", leaver->strengths,
        "say_name", leaver->say_name);

    for (size_t i = 0; i < leaver->restriction_count; i++)
        json_array_append_new(
            restrictions, leaver_json_restriction(&leaver->restrictions[i]));
    json_object_set_new(one, "to", args_string(leaver->destination.text));
    json_object_set_new(one, "entry_date", date_json(leaver->entry_date));
    json_object_set_new(one, "address", address_json(&leaver->address));
    json_object_set_new(one, "contacts", contacts_json(leaver));
    json_object_set_new(one, "restrictions", restrictions);
    add_support(one, leaver);
    add_history(one, leaver);
    return one;
}
