/*
 * wire_sample - a leaver as a school has one, for tests and fuzz seeds of the
 * wire: two contacts, needs, results, a restriction; every field stated once,
 * each with a value of its own.  The people are made up; the numbers are
 * Ofcom's for drama.
 */
#ifndef TESTS_WIRE_SAMPLE_H
#define TESTS_WIRE_SAMPLE_H

#include "base/arena.h"
#include "record/leaver.h"

#define WIRE_SAMPLE_UPN "B801200005001"

static inline void wire_sample_contact(
    struct leaver_contact *out, struct arena *arena, uint32_t number)
{
    leaver_contact_init(out);
    out->number = number;
    out->order = number;
    out->source_id = number == 1 ? "SIMS-4711" : "SIMS-4712";
    out->title = number == 1 ? "Mrs" : "Mr";
    out->surname = "Okafor-Wren";
    out->forename = number == 1 ? "Ngozi" : "Si\xc3\xb4n";
    out->middle_names = "Ada";
    out->sex = number == 1 ? "F" : "M";
    out->relationship = number == 1 ? "PAM" : "PAF";
    out->responsibility = STATED_YES;
    out->court_order = number == 1 ? STATED_NO : STATED_YES;
    out->lives_with = number == 1 ? STATED_YES : STATED_NO;
    out->language = "IBO";
    out->interpreter = INTERPRETER_SPOKEN;
    out->address_as_pupil = number == 1;
    out->left_out = number == 2;
    if (number == 2) {
        out->address.lines[0] = "Flat 3";
        out->address.lines[6] = "Sampleshire";
        out->address.postcode = "ZZ99 3WZ";
    }
    out->points = arena_take(arena, 3 * sizeof *out->points);
    out->point_count = 3;
    out->points[0] =
        (struct leaver_point){1, POINT_MOBILE, "07700 900118", "+447700900118"};
    out->points[1] =
        (struct leaver_point){2, POINT_HOME, "01632 960001", "+441632960001"};
    out->points[2] = (struct leaver_point){
        3, POINT_EMAIL, "ngozi@example.org", "ngozi@example.org"};
}

static inline void wire_sample_lists(struct leaver *out, struct arena *arena)
{
    static const char *const subjects[] = {"REA", "WRI", "MAT", "GPS", "SCI"};

    out->languages = arena_take(arena, 2 * sizeof *out->languages);
    out->language_count = 2;
    out->languages[0] = (struct leaver_language){"F", "IBO"};
    out->languages[1] = (struct leaver_language){"H", "ENG"};
    out->needs = arena_take(arena, 2 * sizeof *out->needs);
    out->need_count = 2;
    out->needs[0] =
        (struct leaver_need){1, "SEMH", {2023, 9, 4}, {2026, 7, 17}};
    out->needs[1] = (struct leaver_need){2, "SLCN", {2024, 1, 8}, {0, 0, 0}};
    out->disabilities = arena_take(arena, sizeof *out->disabilities);
    out->disability_count = 1;
    out->disabilities[0] = "HEAR";
    out->years = arena_take(arena, 2 * sizeof *out->years);
    out->year_count = 2;
    out->years[0] =
        (struct leaver_year){2024, "Hillside Primary", 380, 361, 15, 4};
    out->years[1] =
        (struct leaver_year){2025, "Hillside Primary", 290, 281, 9, -1};
    out->results = arena_take(arena, 5 * sizeof *out->results);
    out->result_count = 5;
    for (size_t i = 0; i < 5; i++)
        out->results[i] = (struct leaver_result){"KS2", "NAT", "2026",
            subjects[i], "TT", "SCR", "R", "NM", "104", {2026, 7, 7}};
    out->schools = arena_take(arena, sizeof *out->schools);
    out->school_count = 1;
    out->schools[0] = (struct leaver_school){"8732001", "100001",
        "Hillside Primary", {2019, 9, 4}, {2026, 7, 17}, "PM"};
}

static inline void wire_sample_restrictions(
    struct leaver *out, struct arena *arena)
{
    out->restrictions = arena_take(arena, 2 * sizeof *out->restrictions);
    out->restriction_count = 2;
    out->restrictions[0] = (struct restriction){.id = {{1, 0, 2}},
        .kind = RESTRICTION_DO_NOT_CONTACT,
        .basis = BASIS_COURT_ORDER,
        .contact = 2,
        .note = "Order seen on paper",
        .from = {1790000000000},
        .evidence = ""};
    out->restrictions[1] = (struct restriction){.id = {{3}},
        .kind = RESTRICTION_NO_TEXT,
        .basis = BASIS_PARENT_REQUEST,
        .note = "",
        .from = {1790000000001},
        .ended = {1790000000002},
        .evidence = "Withdrawn in writing"};
}

/** Everything is in arena or is constant. */
static inline void wire_sample_leaver(struct leaver *out, struct arena *arena)
{
    leaver_init(out);
    out->upn = WIRE_SAMPLE_UPN;
    out->former_upn = "X00180001701A";
    out->uln = "1234567890";
    out->surname = "Okafor-Wren";
    out->forename = "Chidi";
    out->preferred_surname = "Okafor";
    out->preferred_forename = "Chi";
    out->middle_names = "Emeka";
    out->former_surname = "Wren";
    out->dob = (struct date){2016, 2, 29};
    out->sex = "M";
    out->nc_year = "6";
    out->ethnicity = "BAFR";
    out->ethnicity_source = "P";
    out->service_child = "N";
    out->enrol_status = "C";
    out->medical_flag = STATED_YES;
    out->fsm = STATED_NO;
    out->in_care = STATED_YES;
    out->care_authority = "873";
    out->sen_provision = "K";
    out->email = "chidi@example.org";
    out->phone = "01632 960002";
    out->say_name = "CHEE-dee";
    out->strengths = "Draws maps of imaginary islands; kind to younger ones";
    for (size_t i = 0; i < 7; i++)
        out->address.lines[i] = (const char *const[]){"1 Hill View", "Upper",
            "Lower", "Middleton", "Nearby", "Town", "Sampleshire"}[i];
    out->address.postcode = "ZZ99 3VZ";
    out->address.uprn = "10001234567";
    out->destination = (struct laestab){"8734500"};
    out->entry_date = (struct date){2026, 9, 3};
    out->contacts = arena_take(arena, 2 * sizeof *out->contacts);
    out->contact_count = 2;
    wire_sample_contact(&out->contacts[0], arena, 1);
    wire_sample_contact(&out->contacts[1], arena, 2);
    wire_sample_lists(out, arena);
    wire_sample_restrictions(out, arena);
}

#endif
