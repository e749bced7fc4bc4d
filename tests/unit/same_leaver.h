/* same_leaver - that two leavers are equal, field by field.  Comparing their
 * bytes would not see a field that both ways forget. */
#ifndef TESTS_SAME_LEAVER_H
#define TESTS_SAME_LEAVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/leaver.h"

#define SAME_TEXT(field) assert_string_equal(a->field, b->field)
#define SAME_NUMBER(field) assert_int_equal(a->field, b->field)
#define SAME_DATE(field) assert_int_equal(date_compare(a->field, b->field), 0)

static inline void assert_same_address(
    const struct leaver_address *a, const struct leaver_address *b)
{
    for (size_t i = 0; i < 7; i++)
        SAME_TEXT(lines[i]);
    SAME_TEXT(postcode);
    SAME_TEXT(uprn);
}

static inline void assert_same_contact(
    const struct leaver_contact *a, const struct leaver_contact *b)
{
    SAME_NUMBER(number);
    SAME_NUMBER(order);
    SAME_TEXT(source_id);
    SAME_TEXT(title);
    SAME_TEXT(surname);
    SAME_TEXT(forename);
    SAME_TEXT(middle_names);
    SAME_TEXT(sex);
    SAME_TEXT(relationship);
    SAME_NUMBER(responsibility);
    SAME_NUMBER(court_order);
    SAME_NUMBER(lives_with);
    SAME_TEXT(language);
    SAME_NUMBER(interpreter);
    SAME_NUMBER(address_as_pupil);
    SAME_NUMBER(left_out);
    assert_same_address(&a->address, &b->address);
    SAME_NUMBER(point_count);
    for (size_t i = 0; i < a->point_count; i++) {
        SAME_NUMBER(points[i].number);
        SAME_NUMBER(points[i].kind);
        SAME_TEXT(points[i].raw);
        SAME_TEXT(points[i].dial);
    }
}

static inline void assert_same_names(
    const struct leaver *a, const struct leaver *b)
{
    SAME_TEXT(upn);
    SAME_TEXT(uln);
    SAME_TEXT(surname);
    SAME_TEXT(forename);
    SAME_TEXT(preferred_surname);
    SAME_TEXT(preferred_forename);
    SAME_TEXT(middle_names);
    SAME_TEXT(former_surname);
    SAME_DATE(dob);
    SAME_TEXT(sex);
    SAME_TEXT(nc_year);
    SAME_TEXT(ethnicity);
    SAME_TEXT(ethnicity_source);
    SAME_TEXT(service_child);
    SAME_TEXT(enrol_status);
    SAME_NUMBER(medical_flag);
    SAME_NUMBER(fsm);
    SAME_NUMBER(in_care);
    SAME_TEXT(care_authority);
    SAME_TEXT(sen_provision);
    SAME_TEXT(email);
    SAME_TEXT(phone);
    SAME_TEXT(strengths);
    SAME_TEXT(say_name);
    SAME_TEXT(destination.text);
    SAME_DATE(entry_date);
}

static inline void assert_same_results(
    const struct leaver *a, const struct leaver *b)
{
    SAME_NUMBER(result_count);
    for (size_t i = 0; i < a->result_count; i++) {
        SAME_TEXT(results[i].stage);
        SAME_TEXT(results[i].locale);
        SAME_TEXT(results[i].year);
        SAME_TEXT(results[i].subject);
        SAME_TEXT(results[i].method);
        SAME_TEXT(results[i].component);
        SAME_TEXT(results[i].status);
        SAME_TEXT(results[i].qualifier);
        SAME_TEXT(results[i].result);
        SAME_DATE(results[i].date);
    }
}

static inline void assert_same_lists(
    const struct leaver *a, const struct leaver *b)
{
    SAME_NUMBER(language_count);
    for (size_t i = 0; i < a->language_count; i++) {
        SAME_TEXT(languages[i].type);
        SAME_TEXT(languages[i].code);
    }
    SAME_NUMBER(need_count);
    for (size_t i = 0; i < a->need_count; i++) {
        SAME_NUMBER(needs[i].rank);
        SAME_TEXT(needs[i].type);
        SAME_DATE(needs[i].start);
        SAME_DATE(needs[i].end);
    }
    SAME_NUMBER(disability_count);
    for (size_t i = 0; i < a->disability_count; i++)
        SAME_TEXT(disabilities[i]);
    SAME_NUMBER(year_count);
    for (size_t i = 0; i < a->year_count; i++) {
        SAME_NUMBER(years[i].year);
        SAME_TEXT(years[i].school);
        SAME_NUMBER(years[i].possible);
        SAME_NUMBER(years[i].attended);
        SAME_NUMBER(years[i].authorised);
        SAME_NUMBER(years[i].unauthorised);
    }
    SAME_NUMBER(school_count);
    for (size_t i = 0; i < a->school_count; i++) {
        SAME_TEXT(schools[i].laestab);
        SAME_TEXT(schools[i].urn);
        SAME_TEXT(schools[i].name);
        SAME_DATE(schools[i].entry);
        SAME_DATE(schools[i].leaving);
        SAME_TEXT(schools[i].reason);
    }
}

static inline void assert_same_leaver(
    const struct leaver *a, const struct leaver *b)
{
    assert_same_names(a, b);
    assert_same_address(&a->address, &b->address);
    assert_same_lists(a, b);
    assert_same_results(a, b);
    SAME_NUMBER(contact_count);
    for (size_t i = 0; i < a->contact_count; i++)
        assert_same_contact(&a->contacts[i], &b->contacts[i]);
    SAME_NUMBER(restriction_count);
    for (size_t i = 0; i < a->restriction_count; i++) {
        assert_true(id_equal(&a->restrictions[i].id, &b->restrictions[i].id));
        SAME_NUMBER(restrictions[i].kind);
        SAME_NUMBER(restrictions[i].basis);
        SAME_NUMBER(restrictions[i].contact);
        SAME_TEXT(restrictions[i].note);
        SAME_NUMBER(restrictions[i].from.ms);
        SAME_NUMBER(restrictions[i].ended.ms);
        SAME_TEXT(restrictions[i].evidence);
    }
}

#undef SAME_TEXT
#undef SAME_NUMBER
#undef SAME_DATE

#endif
